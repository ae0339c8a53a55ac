"""keep disputed identifiers

Two arXiv identifiers are two papers, whatever else they share: the DOI of a volume or of an erratum
names neither of them, and is kept beside both. Papers say by which rules they were computed, so that
`catalog reextract` finds those that older ones made: titles with TeX or entities in them, keys that
differ from source to source, papers joined by a volume's DOI.

Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COMMENTS = {
    "title": (
        "Title as printed, white space folded",
        "Title as plain Unicode: no TeX, no entities, no tags",
    ),
    "abstract": (
        "Abstract as supplied; offsets of results and links count its characters",
        "Abstract without entities, tags and line breaks, its TeX as supplied; offsets of results "
        "and links count its characters",
    ),
}
"""Column of papers -> its comment before and after; SQLite keeps none."""

V_SHARED_IDENTIFIERS = """
CREATE VIEW v_shared_identifiers AS
SELECT DISTINCT d.scheme, d.value, p.key AS paper_key, p.label AS title,
       q.key AS other_key, q.label AS other_title
  FROM disputed_identifiers d
  JOIN (SELECT scheme, value, paper_id FROM disputed_identifiers
        UNION ALL SELECT scheme, value, paper_id FROM identifiers) o
    ON o.scheme = d.scheme AND o.value = d.value AND o.paper_id <> d.paper_id
  JOIN papers p ON p.id = d.paper_id
  JOIN papers q ON q.id = o.paper_id
"""


def upgrade() -> None:
    op.create_table(
        "disputed_identifiers",
        sa.Column("paper_id", sa.Integer(), nullable=False, comment="Paper"),
        sa.Column("scheme", sa.String(), nullable=False, comment="As in identifiers"),
        sa.Column(
            "value",
            sa.String(),
            nullable=False,
            comment="The name: records of another paper of arXiv state it as well, as the DOI of a "
            "volume or of an erratum, or a person gave it to another paper",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_disputed_identifiers_paper_id_papers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "paper_id", "scheme", "value", name=op.f("pk_disputed_identifiers")
        ),
        comment="One identifier that a paper's records state and that does not name it.",
    )
    op.create_index(
        op.f("ix_disputed_identifiers_scheme_value"), "disputed_identifiers", ["scheme", "value"]
    )
    op.add_column(
        "papers",
        sa.Column(
            "merge_rules",
            sa.Integer(),
            nullable=True,
            comment="Number of the rules by which it was computed from its records; null where "
            "they had no number yet",
        ),
    )
    op.drop_index("ix_papers_extractor_version", "papers")
    op.create_index(
        op.f("ix_papers_extractor_version_merge_rules"),
        "papers",
        ["extractor_version", "merge_rules"],
    )
    op.execute(V_SHARED_IDENTIFIERS)
    _comment(1)


def downgrade() -> None:
    _comment(0)
    op.execute("DROP VIEW v_shared_identifiers")
    op.drop_index("ix_papers_extractor_version_merge_rules", "papers")
    op.create_index(op.f("ix_papers_extractor_version"), "papers", ["extractor_version"])
    op.drop_column("papers", "merge_rules")
    op.drop_table("disputed_identifiers")


def _comment(side: int) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for column, comments in COMMENTS.items():
            op.alter_column("papers", column, comment=comments[side])
