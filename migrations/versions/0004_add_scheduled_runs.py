"""add scheduled runs

What `catalog sync` has to remember between two mornings: how far each source has come, the bytes
that were received, what hosts say of repositories, and which digest went to whom.

Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "subject",
            sa.String(),
            nullable=False,
            comment="What was sent: a day's digest, or a saved search and the day",
        ),
        sa.Column("address", sa.String(), nullable=False, comment="Mail address, in lower case"),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="sent; sending: handed over or not, the run was cut off before it knew",
        ),
        sa.Column(
            "message_id", sa.String(), nullable=False, comment="Message-ID of the mail (RFC 5322)"
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False, comment="When, UTC"),
        sa.CheckConstraint("state IN ('sending', 'sent')", name=op.f("ck_deliveries_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("subject", "address", name=op.f("uq_deliveries_subject_address")),
        comment="One digest sent to one address; it is written before sending, so that none goes twice.",
    )
    op.create_table(
        "received",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column("source", sa.String(), nullable=False, comment="Source or command that asked"),
        sa.Column("address", sa.String(), nullable=False, comment="Address that was asked"),
        sa.Column(
            "document",
            sa.String(),
            nullable=True,
            comment="Name of the document that the bytes are in the catalog; null where they are none",
        ),
        sa.Column("format", sa.String(), nullable=True, comment="Format they are read as"),
        sa.Column("day", sa.Date(), nullable=True, comment="Day that was asked for"),
        sa.Column(
            "sha256", sa.String(), nullable=False, comment="SHA-256 of the bytes, hexadecimal"
        ),
        sa.Column(
            "size", sa.BigInteger(), nullable=False, comment="Their number, before compression"
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="The bytes, compressed (zlib)"),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When they first came, UTC",
        ),
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the same bytes last came in answer to the same question, UTC",
        ),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="new, used (read into the catalog), or refused (no such answer as was expected)",
        ),
        sa.CheckConstraint(
            "state IN ('new', 'used', 'refused')", name=op.f("ck_received_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received")),
        comment="One answer of a publisher, its bytes kept as they came.",
    )
    op.create_index("ix_received_address_id", "received", ["address", "id"])
    op.create_index("ix_received_document_id", "received", ["document", "id"])
    op.create_index("ix_received_source_received_at", "received", ["source", "received_at"])

    op.create_table(
        "repository_checks",
        sa.Column(
            "key",
            sa.String(),
            nullable=False,
            comment="host/owner/name in lower case, as in repositories",
        ),
        sa.Column("state", sa.String(), nullable=False, comment="alive, moved or gone"),
        sa.Column(
            "moved_to", sa.String(), nullable=True, comment="owner/name under which it now is"
        ),
        sa.Column("stars", sa.Integer(), nullable=True, comment="Stars"),
        sa.Column(
            "language", sa.String(), nullable=True, comment="Main language, as the host says"
        ),
        sa.Column("licence", sa.String(), nullable=True, comment="Licence, SPDX identifier"),
        sa.Column("archived", sa.Boolean(), nullable=True, comment="Whether the owner archived it"),
        sa.Column(
            "etag",
            sa.String(),
            nullable=True,
            comment="The host's mark of this answer: asked with it, it says only whether it changed",
        ),
        sa.Column(
            "checked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the host was asked, UTC",
        ),
        sa.CheckConstraint(
            "state IN ('alive', 'moved', 'gone')", name=op.f("ck_repository_checks_state_known")
        ),
        sa.CheckConstraint("stars >= 0", name=op.f("ck_repository_checks_stars_not_negative")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_repository_checks")),
        comment="What a host last said of a repository; it outlives the repository's row.",
    )
    op.create_index("ix_repository_checks_checked_at", "repository_checks", ["checked_at"])

    op.create_table(
        "repository_stars",
        sa.Column(
            "key",
            sa.String(),
            nullable=False,
            comment="host/owner/name in lower case, as in repositories",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="Day of the observation, UTC"),
        sa.Column(
            "stars", sa.Integer(), nullable=False, comment="Stars when last observed on that day"
        ),
        sa.CheckConstraint("stars >= 0", name=op.f("ck_repository_stars_stars_not_negative")),
        sa.PrimaryKeyConstraint("key", "day", name=op.f("pk_repository_stars")),
        comment="The stars of a repository on one day, as observed.",
    )
    op.create_index("ix_repository_stars_day", "repository_stars", ["day"])

    op.create_table(
        "scheduled_sources",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "name",
            sa.String(),
            nullable=False,
            comment="Its name in the configuration, e.g. hf-daily",
        ),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="What it is, e.g. hf-daily or folder"
        ),
        sa.Column(
            "is_configured",
            sa.Boolean(),
            nullable=False,
            comment="Whether the configuration still had it, enabled, in the last run of all sources",
        ),
        sa.Column(
            "stale_after",
            sa.Integer(),
            nullable=False,
            comment="Hours after its last success from which on it counts as stale",
        ),
        sa.Column(
            "tried_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was last run, UTC",
        ),
        sa.Column(
            "succeeded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a run of it last ended without failure, UTC",
        ),
        sa.Column(
            "failures",
            sa.Integer(),
            nullable=False,
            comment="Runs that failed since the last success",
        ),
        sa.Column(
            "error",
            sa.String(),
            nullable=True,
            comment="Why the last run failed; null if it did not",
        ),
        sa.Column("mend", sa.String(), nullable=True, comment="What to do about it"),
        sa.Column(
            "resume_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Instant before which the publisher asked not to be asked again, UTC",
        ),
        sa.CheckConstraint(
            "failures >= 0", name=op.f("ck_scheduled_sources_failures_not_negative")
        ),
        sa.CheckConstraint(
            "stale_after > 0", name=op.f("ck_scheduled_sources_stale_after_positive")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_scheduled_sources_name")),
        comment="One source that scheduled runs fetch from, and how its last run went.",
    )
    op.create_table(
        "watermarks",
        sa.Column("source_id", sa.Integer(), nullable=False, comment="Source"),
        sa.Column(
            "part",
            sa.String(),
            nullable=False,
            comment="Part of the source with a course of its own, e.g. cs:cs:LG",
        ),
        sa.Column(
            "through",
            sa.Date(),
            nullable=False,
            comment="Last day that was fetched after its end, and committed",
        ),
        sa.Column(
            "moved_at", sa.DateTime(timezone=True), nullable=False, comment="When that was, UTC"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["scheduled_sources.id"],
            name=op.f("fk_watermarks_source_id_scheduled_sources"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "part", name=op.f("pk_watermarks")),
        comment="The last day up to which all of a source's data is in the catalog.",
    )


def downgrade() -> None:
    op.drop_table("watermarks")
    op.drop_table("scheduled_sources")
    op.drop_index("ix_repository_stars_day", "repository_stars")

    op.drop_table("repository_stars")
    op.drop_index("ix_repository_checks_checked_at", "repository_checks")

    op.drop_table("repository_checks")
    op.drop_index("ix_received_source_received_at", "received")
    op.drop_index("ix_received_document_id", "received")
    op.drop_index("ix_received_address_id", "received")

    op.drop_table("received")
    op.drop_table("deliveries")
