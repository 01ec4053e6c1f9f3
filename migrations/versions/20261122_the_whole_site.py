"""The whole site: sign-in with Google, the age question, tokens, collections, public pages, the usage log.

Pictures can have several references: the one that `generation.reference_id` named moves to a table of its own. The
column stays without meaning for the release before, and leaves with the next one (migrations/env.py).

Rules: import no models; safe with the release before; a column leaves over two releases; short locks.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_site"
down_revision = "20261122_rights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "age_refusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_age_refusal")),
        sa.UniqueConstraint("digest", name=op.f("uq_age_refusal_digest")),
    )
    op.create_table(
        "counted",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted")),
        sa.UniqueConstraint("digest", name=op.f("uq_counted_digest")),
    )
    op.create_table(
        "share_gone",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_share_gone")),
    )
    op.create_index(
        "ix_share_gone_waiting", "share_gone", ["at"], unique=False, postgresql_where=sa.text("purged_at IS NULL")
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False)
    op.create_table(
        "collection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_collection_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
    )
    op.create_index(op.f("ix_collection_account_id"), "collection", ["account_id"], unique=False)
    op.create_index("uq_collection_name", "collection", ["account_id", "name"], unique=True)
    op.create_table(
        "email_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("old_digest", sa.String(length=64), nullable=False),
        sa.Column("new_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_email_change_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("new_digest", name=op.f("uq_email_change_new_digest")),
        sa.UniqueConstraint("old_digest", name=op.f("uq_email_change_old_digest")),
    )
    op.create_index(op.f("ix_email_change_account_id"), "email_change", ["account_id"], unique=False)
    op.create_table(
        "idempotent_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("made", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_idempotent_call_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_call")),
    )
    op.create_index(op.f("ix_idempotent_call_account_id"), "idempotent_call", ["account_id"], unique=False)
    op.create_index("uq_idempotent_call_key", "idempotent_call", ["account_id", "key"], unique=True)
    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_identity_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("account_id", "provider", name="uq_identity_one_each"),
        sa.UniqueConstraint("provider", "subject", name="uq_identity_subject"),
    )
    op.create_index(op.f("ix_identity_account_id"), "identity", ["account_id"], unique=False)
    op.create_table(
        "policy_shown",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=200), nullable=False),
        sa.Column("how", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_policy_shown_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_shown")),
    )
    op.create_index(op.f("ix_policy_shown_account_id"), "policy_shown", ["account_id"], unique=False)
    op.create_index("uq_policy_shown_once", "policy_shown", ["account_id", "version", "how"], unique=True)
    op.create_table(
        "prompt_refusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=200), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_prompt_refusal_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_refusal")),
    )
    op.create_index(op.f("ix_prompt_refusal_account_id"), "prompt_refusal", ["account_id"], unique=False)
    op.create_index(
        "ix_prompt_refusal_waiting",
        "prompt_refusal",
        ["appealed_at"],
        unique=False,
        postgresql_where=sa.text("appealed_at IS NOT NULL AND decided_at IS NULL"),
    )
    op.create_table(
        "usage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=400), nullable=False),
        sa.Column("device", sa.String(length=20), nullable=False),
        sa.Column("feature", sa.String(length=100), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("referrer", sa.String(length=253), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_usage_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage")),
    )
    op.create_index("ix_usage_account_id_at", "usage", ["account_id", "at"], unique=False)
    op.create_index("ix_usage_at", "usage", ["at"], unique=False)
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.String(length=60)), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_webhook_endpoint_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index(op.f("ix_webhook_endpoint_account_id"), "webhook_endpoint", ["account_id"], unique=False)
    op.create_table(
        "generation_reference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("generation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reference_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["generation_id"], ["generation.id"], name=op.f("fk_generation_reference_generation_id")
        ),
        sa.ForeignKeyConstraint(["reference_id"], ["reference.id"], name=op.f("fk_generation_reference_reference_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_reference")),
    )
    op.create_index(
        op.f("ix_generation_reference_generation_id"), "generation_reference", ["generation_id"], unique=False
    )
    op.create_index(
        op.f("ix_generation_reference_reference_id"), "generation_reference", ["reference_id"], unique=False
    )
    op.create_index(
        "uq_generation_reference_position", "generation_reference", ["generation_id", "position"], unique=True
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("generation_id", sa.Uuid(), nullable=True),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_delivery_endpoint_id")),
        sa.ForeignKeyConstraint(["generation_id"], ["generation.id"], name=op.f("fk_webhook_delivery_generation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index(op.f("ix_webhook_delivery_endpoint_id"), "webhook_delivery", ["endpoint_id"], unique=False)
    op.create_index(op.f("ix_webhook_delivery_generation_id"), "webhook_delivery", ["generation_id"], unique=False)
    op.create_index(op.f("ix_webhook_delivery_state"), "webhook_delivery", ["state"], unique=False)
    op.create_table(
        "collection_image",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_collection_image_collection_id")),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_collection_image_image_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_image")),
    )
    op.create_index(op.f("ix_collection_image_collection_id"), "collection_image", ["collection_id"], unique=False)
    op.create_index(op.f("ix_collection_image_image_id"), "collection_image", ["image_id"], unique=False)
    op.create_index("uq_collection_image_once", "collection_image", ["collection_id", "image_id"], unique=True)
    op.create_table(
        "share",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("show_prompt", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("card_key", sa.String(length=200), nullable=True),
        sa.Column("shown_key", sa.String(length=200), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_share_account_id")),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_share_image_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("card_key", name=op.f("uq_share_card_key")),
        sa.UniqueConstraint("image_id", name=op.f("uq_share_image_id")),
        sa.UniqueConstraint("shown_key", name=op.f("uq_share_shown_key")),
    )
    op.create_index(op.f("ix_share_account_id"), "share", ["account_id"], unique=False)
    op.create_table(
        "share_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("share_id", sa.String(length=22), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=200), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_share_report_share_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_report")),
    )
    op.create_index(op.f("ix_share_report_contact"), "share_report", ["contact"], unique=False)
    op.create_index(op.f("ix_share_report_share_id"), "share_report", ["share_id"], unique=False)
    op.create_index(
        "ix_share_report_waiting", "share_report", ["at"], unique=False, postgresql_where=sa.text("decided_at IS NULL")
    )
    op.add_column("account", sa.Column("timezone", sa.String(length=40), nullable=False, server_default=sa.text("''")))
    op.add_column("account", sa.Column("name", sa.String(length=200), nullable=True))
    op.add_column("account", sa.Column("picture_key", sa.String(length=200), nullable=True))
    op.add_column("account", sa.Column("old_enough_on", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account", sa.Column("old_enough_in", sa.String(length=2), nullable=True))
    op.create_unique_constraint(op.f("uq_account_picture_key"), "account", ["picture_key"])
    op.add_column("generation", sa.Column("size", sa.String(length=200), nullable=False, server_default=sa.text("''")))
    op.add_column("generation", sa.Column("negative", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("generation", sa.Column("seed", sa.BigInteger(), nullable=True))
    op.add_column("generation", sa.Column("strength", sa.Integer(), nullable=True))
    op.add_column(
        "generation", sa.Column("via", sa.String(length=200), nullable=False, server_default=sa.text("'studio'"))
    )
    op.drop_index(op.f("ix_generation_reference_id"), table_name="generation")
    op.create_index(
        "ix_generation_words",
        "generation",
        [
            sa.literal_column(
                "to_tsvector('simple'::regconfig, regexp_replace(prompt, '([\\u2e80-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff])', ' \\1 ', 'g'))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.drop_constraint(op.f("fk_generation_reference_id"), "generation", type_="foreignkey")
    op.execute(
        "INSERT INTO generation_reference (id, generation_id, position, reference_id) "
        "SELECT gen_random_uuid(), id, 0, reference_id FROM generation WHERE reference_id IS NOT NULL"
    )
    op.add_column("image", sa.Column("handle", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("image", sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("image", sa.Column("polls", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("image", sa.Column("seed", sa.BigInteger(), nullable=True))
    op.add_column("image", sa.Column("marked_by", sa.String(length=200), nullable=True))
    op.add_column("image", sa.Column("stop_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("image", sa.Column("favourite_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("image", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("image", sa.Column("barred_for", sa.String(length=200), nullable=True))
    op.create_index(
        "ix_image_favourite",
        "image",
        ["generation_id"],
        unique=False,
        postgresql_where=sa.text("favourite_at IS NOT NULL"),
    )
    op.create_index(
        "ix_image_removed_at", "image", ["removed_at"], unique=False, postgresql_where=sa.text("removed_at IS NOT NULL")
    )
    # An address that was public once answers 410 for good, whichever way its page went.
    op.execute(
        "CREATE FUNCTION remember_gone_share() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO share_gone (digest, at) VALUES (encode(sha256(convert_to(OLD.id, 'UTF8')), 'hex'), now()) "
        "ON CONFLICT DO NOTHING; RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER share_is_remembered AFTER DELETE ON share FOR EACH ROW EXECUTE FUNCTION remember_gone_share()"
    )
    # Whoever watches an order is woken by any change of one of its pictures. The message is the order's id.
    op.execute(
        "CREATE FUNCTION tell_of_picture() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_notify('pictures', NEW.generation_id::text); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER image_is_told AFTER INSERT OR UPDATE OF state, handle, stop_at, not_before ON image "
        "FOR EACH ROW EXECUTE FUNCTION tell_of_picture()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER image_is_told ON image")
    op.execute("DROP FUNCTION tell_of_picture()")
    op.execute("DROP TRIGGER share_is_remembered ON share")
    op.execute("DROP FUNCTION remember_gone_share()")
    op.drop_index("ix_image_removed_at", table_name="image", postgresql_where=sa.text("removed_at IS NOT NULL"))
    op.drop_index("ix_image_favourite", table_name="image", postgresql_where=sa.text("favourite_at IS NOT NULL"))
    op.drop_column("image", "barred_for")
    op.drop_column("image", "removed_at")
    op.drop_column("image", "favourite_at")
    op.drop_column("image", "stop_at")
    op.drop_column("image", "marked_by")
    op.drop_column("image", "seed")
    op.drop_column("image", "polls")
    op.drop_column("image", "handed_in_at")
    op.drop_column("image", "handle")
    op.execute(
        "UPDATE generation SET reference_id = (SELECT used.reference_id FROM generation_reference used "
        "WHERE used.generation_id = generation.id AND used.position = 0)"
    )
    op.create_foreign_key(op.f("fk_generation_reference_id"), "generation", "reference", ["reference_id"], ["id"])
    op.drop_index("ix_generation_words", table_name="generation", postgresql_using="gin")
    op.create_index(op.f("ix_generation_reference_id"), "generation", ["reference_id"], unique=False)
    op.drop_column("generation", "via")
    op.drop_column("generation", "strength")
    op.drop_column("generation", "seed")
    op.drop_column("generation", "negative")
    op.drop_column("generation", "size")
    op.drop_constraint(op.f("uq_account_picture_key"), "account", type_="unique")
    op.drop_column("account", "old_enough_in")
    op.drop_column("account", "old_enough_on")
    op.drop_column("account", "picture_key")
    op.drop_column("account", "name")
    op.drop_column("account", "timezone")
    op.drop_index("ix_share_report_waiting", table_name="share_report", postgresql_where=sa.text("decided_at IS NULL"))
    op.drop_index(op.f("ix_share_report_share_id"), table_name="share_report")
    op.drop_index(op.f("ix_share_report_contact"), table_name="share_report")
    op.drop_table("share_report")
    op.drop_index(op.f("ix_share_account_id"), table_name="share")
    op.drop_table("share")
    op.drop_index("uq_collection_image_once", table_name="collection_image")
    op.drop_index(op.f("ix_collection_image_image_id"), table_name="collection_image")
    op.drop_index(op.f("ix_collection_image_collection_id"), table_name="collection_image")
    op.drop_table("collection_image")
    op.drop_index(op.f("ix_webhook_delivery_state"), table_name="webhook_delivery")
    op.drop_index(op.f("ix_webhook_delivery_generation_id"), table_name="webhook_delivery")
    op.drop_index(op.f("ix_webhook_delivery_endpoint_id"), table_name="webhook_delivery")
    op.drop_table("webhook_delivery")
    op.drop_index("uq_generation_reference_position", table_name="generation_reference")
    op.drop_index(op.f("ix_generation_reference_reference_id"), table_name="generation_reference")
    op.drop_index(op.f("ix_generation_reference_generation_id"), table_name="generation_reference")
    op.drop_table("generation_reference")
    op.drop_index(op.f("ix_webhook_endpoint_account_id"), table_name="webhook_endpoint")
    op.drop_table("webhook_endpoint")
    op.drop_index("ix_usage_at", table_name="usage")
    op.drop_index("ix_usage_account_id_at", table_name="usage")
    op.drop_table("usage")
    op.drop_index(
        "ix_prompt_refusal_waiting",
        table_name="prompt_refusal",
        postgresql_where=sa.text("appealed_at IS NOT NULL AND decided_at IS NULL"),
    )
    op.drop_index(op.f("ix_prompt_refusal_account_id"), table_name="prompt_refusal")
    op.drop_table("prompt_refusal")
    op.drop_index("uq_policy_shown_once", table_name="policy_shown")
    op.drop_index(op.f("ix_policy_shown_account_id"), table_name="policy_shown")
    op.drop_table("policy_shown")
    op.drop_index(op.f("ix_identity_account_id"), table_name="identity")
    op.drop_table("identity")
    op.drop_index("uq_idempotent_call_key", table_name="idempotent_call")
    op.drop_index(op.f("ix_idempotent_call_account_id"), table_name="idempotent_call")
    op.drop_table("idempotent_call")
    op.drop_index(op.f("ix_email_change_account_id"), table_name="email_change")
    op.drop_table("email_change")
    op.drop_index("uq_collection_name", table_name="collection")
    op.drop_index(op.f("ix_collection_account_id"), table_name="collection")
    op.drop_table("collection")
    op.drop_index(op.f("ix_api_token_account_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_index("ix_share_gone_waiting", table_name="share_gone", postgresql_where=sa.text("purged_at IS NULL"))
    op.drop_table("share_gone")
    op.drop_table("counted")
    op.drop_table("age_refusal")
