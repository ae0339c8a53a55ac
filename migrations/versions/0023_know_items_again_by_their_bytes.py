"""know items again by their bytes

A document of which one part in a hundred changed need not be decoded whole: each record keeps the
hash of the item that it was read from, each document the version of the parser that read it.

Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEX = "ix_paper_sources_document_id_item_hash_position"


def upgrade() -> None:
    op.add_column(
        "documents",
        sa.Column(
            "parser_version",
            sa.String(),
            nullable=True,
            comment="Version of the parser that read all of it; null where that is not known",
        ),
    )
    op.add_column(
        "paper_sources",
        sa.Column(
            "item_hash",
            sa.BigInteger(),
            nullable=True,
            comment="First 8 bytes of the SHA-256 of the item that it was read from, which is not read "
            "again where a new version of the document has it; null where the item says more",
        ),
    )
    some = sa.text("item_hash IS NOT NULL")
    op.create_index(
        INDEX,
        "paper_sources",
        ["document_id", "item_hash", "position"],
        sqlite_where=some,
        postgresql_where=some,
    )


def downgrade() -> None:
    op.drop_index(INDEX, "paper_sources")
    op.drop_column("paper_sources", "item_hash")
    op.drop_column("documents", "parser_version")
