"""Rows that leave by a clock are found by it, addresses without regard to case; a column without meaning leaves.

Rules: import no models; safe with the release before; a column leaves over two releases; short locks.
"""

from alembic import op
import sqlalchemy as sa


revision = '20261123_clocks'
down_revision = '20261122_site'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_index('ix_age_refusal_at', 'age_refusal', ['at'])
    op.create_index('ix_agent_message_at', 'agent_message', ['at'])
    op.create_index('ix_api_token_ended_at', 'api_token', ['ended_at'])
    op.create_index('ix_audit_entry_at', 'audit_entry', ['at'])
    op.create_index('ix_audit_segment_at', 'audit_segment', ['at'])
    op.create_index('ix_counted_until', 'counted', ['until'])
    op.create_index('ix_disclosure_at', 'disclosure', ['at'])
    op.create_index('ix_email_change_expires_at', 'email_change', ['expires_at'])
    op.create_index('ix_idempotent_call_at', 'idempotent_call', ['at'])
    op.create_index('ix_legal_hold_lifted_at', 'legal_hold', ['lifted_at'])
    op.create_index('ix_package_link_expires_at', 'package_link', ['expires_at'])
    op.create_index('ix_privacy_request_lower_contact', 'privacy_request', [sa.literal_column('lower(contact)')])
    op.create_index('ix_prompt_refusal_at', 'prompt_refusal', ['at'])
    op.create_index('ix_prompt_refusal_decided_at', 'prompt_refusal', ['decided_at'], postgresql_where=sa.text('decided_at IS NOT NULL'))
    op.create_index('ix_reference_used_at', 'reference', ['used_at'])
    op.create_index('ix_request_package_expires_at', 'request_package', ['expires_at'], postgresql_where=sa.text('expires_at IS NOT NULL'))
    op.create_index('ix_request_package_made_at', 'request_package', ['made_at'])
    op.drop_index(op.f('ix_share_report_contact'), table_name='share_report')
    op.create_index('ix_share_report_decided_at', 'share_report', ['decided_at'])
    op.create_index('ix_share_report_lower_contact', 'share_report', [sa.literal_column('lower(contact)')])
    op.create_index('ix_sign_in_seen_at', 'sign_in', ['seen_at'])
    op.create_index('ix_sign_in_link_expires_at', 'sign_in_link', ['expires_at'])
    op.create_index('ix_sign_in_link_lower_email', 'sign_in_link', [sa.literal_column('lower(email)')])
    op.create_index('ix_staff_digest_at', 'staff_digest', ['at'])
    op.create_index('ix_tombstone_at', 'tombstone', ['at'])
    op.create_index('ix_webhook_delivery_created_at', 'webhook_delivery', ['created_at'])
    op.drop_column("generation", "reference_id")
    # Why a step was skipped is a word of ours since; what was written freely there can name people.
    op.execute(
        "UPDATE request_step SET evidence = evidence - 'reason' WHERE state = 'skipped' "
        "AND evidence->>'reason' NOT IN ('impossible', 'disproportionate', 'another way')"
    )


def downgrade() -> None:
    op.add_column("generation", sa.Column("reference_id", sa.Uuid(), nullable=True))
    op.drop_index('ix_webhook_delivery_created_at', table_name='webhook_delivery')
    op.drop_index('ix_tombstone_at', table_name='tombstone')
    op.drop_index('ix_staff_digest_at', table_name='staff_digest')
    op.drop_index('ix_sign_in_link_lower_email', table_name='sign_in_link')
    op.drop_index('ix_sign_in_link_expires_at', table_name='sign_in_link')
    op.drop_index('ix_sign_in_seen_at', table_name='sign_in')
    op.drop_index('ix_share_report_lower_contact', table_name='share_report')
    op.drop_index('ix_share_report_decided_at', table_name='share_report')
    op.create_index(op.f('ix_share_report_contact'), 'share_report', ['contact'])
    op.drop_index('ix_request_package_made_at', table_name='request_package')
    op.drop_index('ix_request_package_expires_at', table_name='request_package', postgresql_where=sa.text('expires_at IS NOT NULL'))
    op.drop_index('ix_reference_used_at', table_name='reference')
    op.drop_index('ix_prompt_refusal_decided_at', table_name='prompt_refusal', postgresql_where=sa.text('decided_at IS NOT NULL'))
    op.drop_index('ix_prompt_refusal_at', table_name='prompt_refusal')
    op.drop_index('ix_privacy_request_lower_contact', table_name='privacy_request')
    op.drop_index('ix_package_link_expires_at', table_name='package_link')
    op.drop_index('ix_legal_hold_lifted_at', table_name='legal_hold')
    op.drop_index('ix_idempotent_call_at', table_name='idempotent_call')
    op.drop_index('ix_email_change_expires_at', table_name='email_change')
    op.drop_index('ix_disclosure_at', table_name='disclosure')
    op.drop_index('ix_counted_until', table_name='counted')
    op.drop_index('ix_audit_segment_at', table_name='audit_segment')
    op.drop_index('ix_audit_entry_at', table_name='audit_entry')
    op.drop_index('ix_api_token_ended_at', table_name='api_token')
    op.drop_index('ix_agent_message_at', table_name='agent_message')
    op.drop_index('ix_age_refusal_at', table_name='age_refusal')
