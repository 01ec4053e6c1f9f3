"""Every right, every clock: requests, what people add to them, what stands about a person.

Rules: import no models; safe with the release before; a column leaves over two releases; short locks.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_rights"
down_revision = "20261122_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "authorised_agent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agent_key", sa.String(length=200), nullable=False),
        sa.Column("verify_key", sa.String(length=200), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorised_agent")),
        sa.UniqueConstraint("agent_key", name=op.f("uq_authorised_agent_agent_key")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_authorised_agent_token_digest")),
    )
    op.create_table(
        "letter_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_template")),
    )
    op.create_index("ix_letter_template_newest", "letter_template", ["kind", "language", "at"], unique=False)
    op.create_table(
        "regime_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("regime", sa.String(length=200), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regime_change")),
    )
    op.create_index("ix_regime_change_newest", "regime_change", ["regime", "at"], unique=False)
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index("uq_saved_filter_name", "saved_filter", ["staff", "name"], unique=True)
    op.create_table(
        "staff_digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_digest")),
    )
    op.create_index("uq_staff_digest_once", "staff_digest", ["staff", "day"], unique=True)
    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    op.create_index("uq_suppression_once", "suppression", ["digest", "what"], unique=True)
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("case", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("subject", name=op.f("uq_tombstone_subject")),
    )
    op.create_table(
        "agent_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("fingerprint", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["authorised_agent.id"], name=op.f("fk_agent_message_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_message")),
    )
    op.create_index("uq_agent_message_once", "agent_message", ["agent_id", "fingerprint"], unique=True)
    op.create_table(
        "choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("policy_version", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("via", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_choice_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
    )
    op.create_index(op.f("ix_choice_account_id"), "choice", ["account_id"], unique=False)
    op.create_index("ix_choice_newest", "choice", ["account_id", "what", "at"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("records", postgresql.ARRAY(sa.String(length=100)), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Integer(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_legal_hold_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_account_id"), "legal_hold", ["account_id"], unique=False)
    op.create_index("ix_legal_hold_active", "legal_hold", ["account_id", "lifted_at"], unique=False)
    op.create_table(
        "identity_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked", sa.String(length=200), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["privacy_request.id"], name=op.f("fk_identity_check_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_check")),
        sa.UniqueConstraint("digest", name=op.f("uq_identity_check_digest")),
    )
    op.create_index(op.f("ix_identity_check_request_id"), "identity_check", ["request_id"], unique=False)
    op.create_table(
        "request_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("due", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["privacy_request.id"], name=op.f("fk_request_alert_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_alert")),
    )
    op.create_index(op.f("ix_request_alert_request_id"), "request_alert", ["request_id"], unique=False)
    op.create_index("uq_request_alert_once", "request_alert", ["request_id", "level", "due"], unique=True)
    op.create_table(
        "request_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("object_key", sa.String(length=200), nullable=False),
        sa.Column("wrapped_key", sa.String(length=400), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("wrapped_key <> ''", name=op.f("ck_request_attachment_is_locked")),
        sa.ForeignKeyConstraint(["request_id"], ["privacy_request.id"], name=op.f("fk_request_attachment_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_attachment")),
        sa.UniqueConstraint("object_key", name=op.f("uq_request_attachment_object_key")),
    )
    op.create_index(op.f("ix_request_attachment_request_id"), "request_attachment", ["request_id"], unique=False)
    op.create_table(
        "request_comment",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["privacy_request.id"], name=op.f("fk_request_comment_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_comment")),
    )
    op.create_index(op.f("ix_request_comment_request_id"), "request_comment", ["request_id"], unique=False)
    op.create_table(
        "request_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["privacy_request.id"], name=op.f("fk_request_letter_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_letter")),
    )
    op.create_index(op.f("ix_request_letter_request_id"), "request_letter", ["request_id"], unique=False)
    op.create_table(
        "restriction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.String(length=200), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_restriction_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["privacy_request.id"], name=op.f("fk_restriction_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index(op.f("ix_restriction_account_id"), "restriction", ["account_id"], unique=False)
    op.create_index(op.f("ix_restriction_request_id"), "restriction", ["request_id"], unique=False)
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_statement_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["privacy_request.id"], name=op.f("fk_statement_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(op.f("ix_statement_account_id"), "statement", ["account_id"], unique=False)
    op.create_index(op.f("ix_statement_request_id"), "statement", ["request_id"], unique=False)
    op.create_table(
        "package_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["package_id"], ["request_package.id"], name=op.f("fk_package_link_package_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_package_link_digest")),
    )
    op.create_index(op.f("ix_package_link_package_id"), "package_link", ["package_id"], unique=False)
    op.create_table(
        "request_comment_mention",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["request_comment.id"], name=op.f("fk_request_comment_mention_comment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_comment_mention")),
    )
    op.create_index(
        op.f("ix_request_comment_mention_comment_id"), "request_comment_mention", ["comment_id"], unique=False
    )
    op.create_index("ix_request_comment_mention_staff", "request_comment_mention", ["staff", "seen_at"], unique=False)
    op.add_column("account", sa.Column("closing_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("privacy_request", sa.Column("claimed_id", sa.Uuid(), nullable=True))
    op.add_column(
        "privacy_request", sa.Column("about", sa.String(length=200), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("privacy_request", sa.Column("details", sa.Text(), nullable=True))
    op.add_column("privacy_request", sa.Column("proposed", sa.String(length=400), nullable=True))
    op.add_column("privacy_request", sa.Column("country", sa.String(length=200), nullable=True))
    op.add_column("privacy_request", sa.Column("subdivision", sa.String(length=200), nullable=True))
    op.add_column(
        "privacy_request", sa.Column("zone", sa.String(length=200), nullable=False, server_default=sa.text("'UTC'"))
    )
    op.add_column(
        "privacy_request",
        sa.Column("channel", sa.String(length=200), nullable=False, server_default=sa.text("'centre'")),
    )
    op.add_column("privacy_request", sa.Column("outcome", sa.String(length=200), nullable=True))
    op.add_column("privacy_request", sa.Column("agent_id", sa.Uuid(), nullable=True))
    op.add_column("privacy_request", sa.Column("agent_reference", sa.String(length=200), nullable=True))
    op.add_column("privacy_request", sa.Column("callback", sa.String(length=400), nullable=True))
    op.add_column("privacy_request", sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("privacy_request", sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("privacy_request", sa.Column("paused_on", sa.Date(), nullable=True))
    op.add_column("privacy_request", sa.Column("paused_for", sa.String(length=200), nullable=True))
    op.add_column(
        "privacy_request", sa.Column("cooling", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("privacy_request", sa.Column("cool_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("privacy_request", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "privacy_request",
        sa.Column(
            "set_aside", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'::jsonb")
        ),
    )
    op.add_column("privacy_request", sa.Column("refused_for", sa.String(length=200), nullable=True))
    op.add_column("privacy_request", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("privacy_request", sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("privacy_request", sa.Column("appeal", sa.Text(), nullable=True))
    op.add_column("privacy_request", sa.Column("assigned_to", sa.Integer(), nullable=True))
    op.add_column("privacy_request", sa.Column("proposed_by", sa.Integer(), nullable=True))
    op.drop_index(op.f("ix_privacy_request_state_due_on"), table_name="privacy_request")
    op.create_index("ix_privacy_request_state_due_on", "privacy_request", ["state", "due_on", "number"], unique=False)
    op.drop_index(op.f("uq_privacy_request_open"), table_name="privacy_request", postgresql_where="(closed_at IS NULL)")
    op.create_index(
        "uq_privacy_request_open",
        "privacy_request",
        ["account_id", "kind", "about"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL AND state <> 'appealed'"),
    )
    op.create_index(op.f("ix_privacy_request_claimed_id"), "privacy_request", ["claimed_id"], unique=False)
    op.create_index("ix_privacy_request_closed_at", "privacy_request", ["closed_at", "number"], unique=False)
    op.create_index(op.f("ix_privacy_request_contact"), "privacy_request", ["contact"], unique=False)
    op.create_index(op.f("ix_privacy_request_merged_into"), "privacy_request", ["merged_into"], unique=False)
    op.create_index(
        "ix_privacy_request_mine",
        "privacy_request",
        ["assigned_to", "due_on", "number"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_privacy_request_open_due_on",
        "privacy_request",
        ["due_on", "number"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_privacy_request_received_at", "privacy_request", ["received_at", "number"], unique=False)
    op.create_index(
        "ix_privacy_request_unassigned",
        "privacy_request",
        ["due_on", "number"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND assigned_to IS NULL"),
    )
    op.create_index(
        "uq_privacy_request_agent_reference", "privacy_request", ["agent_id", "agent_reference"], unique=True
    )
    op.create_foreign_key(
        op.f("fk_privacy_request_merged_into"), "privacy_request", "privacy_request", ["merged_into"], ["id"]
    )
    op.create_foreign_key(op.f("fk_privacy_request_claimed_id"), "privacy_request", "account", ["claimed_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_privacy_request_agent_id"), "privacy_request", "authorised_agent", ["agent_id"], ["id"]
    )
    op.add_column(
        "request_package", sa.Column("wrapped_key", sa.String(length=400), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "request_step", sa.Column("phase", sa.String(length=200), nullable=False, server_default=sa.text("'carry out'"))
    )
    op.add_column(
        "request_step",
        sa.Column("after", postgresql.ARRAY(sa.String(length=200)), nullable=False, server_default=sa.text("'{}'")),
    )
    op.create_index(
        "ix_request_step_failed",
        "request_step",
        ["request_id"],
        unique=False,
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.add_column("sign_in", sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))

    # Requests that are under way go on as they began.
    op.execute("UPDATE request_step SET name = 'tell acknowledgement', phase = 'letter' WHERE name = 'acknowledge'")
    op.execute("UPDATE request_step SET phase = 'letter' WHERE name = 'tell refusal'")
    op.execute(
        "UPDATE request_step SET phase = 'prepare', state = CASE state WHEN 'waiting' THEN 'ready' ELSE state END "
        "WHERE name = 'count'"
    )
    op.execute(
        "UPDATE request_step s SET after = ARRAY[b.before] FROM (VALUES ('tell ready', 'build package'), "
        "('remove objects', 'erase rows'), ('note recipients', 'remove objects'), ('look again', 'note recipients'), "
        "('certify', 'look again'), ('tell erased', 'certify'), ('close', 'tell erased')) AS b(name, before) "
        "WHERE s.name = b.name"
    )
    op.execute(
        "UPDATE privacy_request SET answered_at = CASE WHEN state IN ('answered', 'refused') THEN closed_at END, "
        "acknowledged_at = received_at, outcome = CASE state WHEN 'answered' THEN 'granted' ELSE state END "
        "WHERE closed_at IS NOT NULL"
    )

    # Packages of the release before lie open: they expire now, and nothing opens them meanwhile.
    op.execute("UPDATE request_package SET expires_at = now(), wrapped_key = 'none' WHERE kind <> 'certificate'")
    op.execute(
        "ALTER TABLE request_package ADD CONSTRAINT ck_request_package_is_locked "
        "CHECK (kind = 'certificate' OR wrapped_key <> '')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE request_package DROP CONSTRAINT ck_request_package_is_locked")
    op.drop_column("sign_in", "proved_at")
    op.drop_index("ix_request_step_failed", table_name="request_step", postgresql_where=sa.text("state = 'failed'"))
    op.drop_column("request_step", "after")
    op.drop_column("request_step", "phase")
    op.drop_column("request_package", "wrapped_key")
    op.drop_constraint(op.f("fk_privacy_request_agent_id"), "privacy_request", type_="foreignkey")
    op.drop_constraint(op.f("fk_privacy_request_claimed_id"), "privacy_request", type_="foreignkey")
    op.drop_constraint(op.f("fk_privacy_request_merged_into"), "privacy_request", type_="foreignkey")
    op.drop_index("uq_privacy_request_agent_reference", table_name="privacy_request")
    op.drop_index(
        "ix_privacy_request_unassigned",
        table_name="privacy_request",
        postgresql_where=sa.text("closed_at IS NULL AND assigned_to IS NULL"),
    )
    op.drop_index("ix_privacy_request_received_at", table_name="privacy_request")
    op.drop_index(
        "ix_privacy_request_open_due_on", table_name="privacy_request", postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_index(
        "ix_privacy_request_mine", table_name="privacy_request", postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_index(op.f("ix_privacy_request_merged_into"), table_name="privacy_request")
    op.drop_index(op.f("ix_privacy_request_contact"), table_name="privacy_request")
    op.drop_index("ix_privacy_request_closed_at", table_name="privacy_request")
    op.drop_index(op.f("ix_privacy_request_claimed_id"), table_name="privacy_request")
    op.drop_index(
        "uq_privacy_request_open",
        table_name="privacy_request",
        postgresql_where=sa.text("closed_at IS NULL AND state <> 'appealed'"),
    )
    op.create_index(
        op.f("uq_privacy_request_open"),
        "privacy_request",
        ["account_id", "kind"],
        unique=True,
        postgresql_where="(closed_at IS NULL)",
    )
    op.drop_index("ix_privacy_request_state_due_on", table_name="privacy_request")
    op.create_index(op.f("ix_privacy_request_state_due_on"), "privacy_request", ["state", "due_on"], unique=False)
    op.drop_column("privacy_request", "proposed_by")
    op.drop_column("privacy_request", "assigned_to")
    op.drop_column("privacy_request", "appeal")
    op.drop_column("privacy_request", "appealed_at")
    op.drop_column("privacy_request", "merged_into")
    op.drop_column("privacy_request", "refused_for")
    op.drop_column("privacy_request", "set_aside")
    op.drop_column("privacy_request", "answered_at")
    op.drop_column("privacy_request", "cool_until")
    op.drop_column("privacy_request", "cooling")
    op.drop_column("privacy_request", "paused_for")
    op.drop_column("privacy_request", "paused_on")
    op.drop_column("privacy_request", "extended_at")
    op.drop_column("privacy_request", "acknowledged_at")
    op.drop_column("privacy_request", "callback")
    op.drop_column("privacy_request", "agent_reference")
    op.drop_column("privacy_request", "agent_id")
    op.drop_column("privacy_request", "outcome")
    op.drop_column("privacy_request", "channel")
    op.drop_column("privacy_request", "zone")
    op.drop_column("privacy_request", "subdivision")
    op.drop_column("privacy_request", "country")
    op.drop_column("privacy_request", "proposed")
    op.drop_column("privacy_request", "details")
    op.drop_column("privacy_request", "about")
    op.drop_column("privacy_request", "claimed_id")
    op.drop_column("account", "held_at")
    op.drop_column("account", "restricted_at")
    op.drop_column("account", "closing_at")
    op.drop_index("ix_request_comment_mention_staff", table_name="request_comment_mention")
    op.drop_index(op.f("ix_request_comment_mention_comment_id"), table_name="request_comment_mention")
    op.drop_table("request_comment_mention")
    op.drop_index(op.f("ix_package_link_package_id"), table_name="package_link")
    op.drop_table("package_link")
    op.drop_index(op.f("ix_statement_request_id"), table_name="statement")
    op.drop_index(op.f("ix_statement_account_id"), table_name="statement")
    op.drop_table("statement")
    op.drop_index(op.f("ix_restriction_request_id"), table_name="restriction")
    op.drop_index(op.f("ix_restriction_account_id"), table_name="restriction")
    op.drop_table("restriction")
    op.drop_index(op.f("ix_request_letter_request_id"), table_name="request_letter")
    op.drop_table("request_letter")
    op.drop_index(op.f("ix_request_comment_request_id"), table_name="request_comment")
    op.drop_table("request_comment")
    op.drop_index(op.f("ix_request_attachment_request_id"), table_name="request_attachment")
    op.drop_table("request_attachment")
    op.drop_index("uq_request_alert_once", table_name="request_alert")
    op.drop_index(op.f("ix_request_alert_request_id"), table_name="request_alert")
    op.drop_table("request_alert")
    op.drop_index(op.f("ix_identity_check_request_id"), table_name="identity_check")
    op.drop_table("identity_check")
    op.drop_index("ix_legal_hold_active", table_name="legal_hold")
    op.drop_index(op.f("ix_legal_hold_account_id"), table_name="legal_hold")
    op.drop_table("legal_hold")
    op.drop_index("ix_choice_newest", table_name="choice")
    op.drop_index(op.f("ix_choice_account_id"), table_name="choice")
    op.drop_table("choice")
    op.drop_index("uq_agent_message_once", table_name="agent_message")
    op.drop_table("agent_message")
    op.drop_table("tombstone")
    op.drop_index("uq_suppression_once", table_name="suppression")
    op.drop_table("suppression")
    op.drop_index("uq_staff_digest_once", table_name="staff_digest")
    op.drop_table("staff_digest")
    op.drop_index("uq_saved_filter_name", table_name="saved_filter")
    op.drop_table("saved_filter")
    op.drop_index("ix_regime_change_newest", table_name="regime_change")
    op.drop_table("regime_change")
    op.drop_index("ix_letter_template_newest", table_name="letter_template")
    op.drop_table("letter_template")
    op.drop_table("authorised_agent")
