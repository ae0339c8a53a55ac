"""add marks

What the owner of the catalog puts on papers belongs to the person, not to any document: it holds on
to a paper by its public names, so that it is found again after a reload, a merge or a split.

Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JOINED = {
    "sqlite": (
        "group_concat(tag, ', ') FROM (SELECT DISTINCT t.tag",
        "group_concat(note, char(10) || char(10)) FROM (SELECT k.note",
    ),
    "postgresql": (
        "string_agg(tag, ', ') FROM (SELECT DISTINCT t.tag",
        "string_agg(note, chr(10) || chr(10)) FROM (SELECT k.note",
    ),
}
"""Dialect -> the beginning of the queries that join a paper's tags, and its notes."""

V_MARKS = """
CREATE VIEW v_marks AS
SELECT p.id AS paper_id, p.key AS paper_key, p.label AS title, p.first_seen_on,
       p.has_code, p.has_results, m.starred_at IS NOT NULL AS starred,
       m.read_at IS NOT NULL AS "read", m.tags, m.note, m.starred_at, m.read_at, m.changed_at
  FROM (SELECT g.paper_id, g.starred_at, g.read_at, g.changed_at,
               (SELECT {tags} FROM mark_tags t JOIN marks k ON k.id = t.mark_id
                         WHERE k.paper_id = g.paper_id ORDER BY t.tag) tagged) AS tags,
               (SELECT {notes} FROM marks k
                         WHERE k.paper_id = g.paper_id AND k.note IS NOT NULL
                         ORDER BY k.made_at, k.id) noted) AS note
          FROM (SELECT paper_id, min(starred_at) AS starred_at, min(read_at) AS read_at,
                       max(changed_at) AS changed_at
                  FROM marks WHERE paper_id IS NOT NULL GROUP BY paper_id) g) m
  JOIN papers p ON p.id = m.paper_id
 WHERE m.starred_at IS NOT NULL OR m.read_at IS NOT NULL OR m.tags IS NOT NULL
    OR m.note IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False, comment="Our key; means nothing outside"),
        sa.Column(
            "paper_id",
            sa.Integer(),
            nullable=True,
            comment="Paper that has the first of the mark's names; null while none is in the catalog",
        ),
        sa.Column(
            "label",
            sa.String(),
            nullable=False,
            comment="The paper's title when it was marked, for people",
        ),
        sa.Column(
            "starred_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it got its star, UTC; null without one",
        ),
        sa.Column(
            "read_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was marked as read, UTC; null if it is unread",
        ),
        sa.Column("note", sa.String(), nullable=True, comment="The owner's words on the paper"),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the paper was first marked, UTC",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the mark was last changed, UTC",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["papers.id"],
            name=op.f("fk_marks_paper_id_papers"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        comment="What the owner put on a paper: star, read, tags, note; it outlives the paper's documents.",
    )
    op.create_index(op.f("ix_marks_paper_id"), "marks", ["paper_id"])
    op.create_table(
        "mark_names",
        sa.Column("mark_id", sa.Integer(), nullable=False, comment="Mark"),
        sa.Column(
            "scheme",
            sa.String(),
            nullable=False,
            comment="As in identifiers; or title, abstract: of a record without any",
        ),
        sa.Column(
            "value",
            sa.String(),
            nullable=False,
            comment="The name; of title and abstract the hash in paper_sources",
        ),
        sa.Column("place", sa.Integer(), nullable=False, comment="0 for the name that counts most"),
        sa.ForeignKeyConstraint(
            ["mark_id"],
            ["marks.id"],
            name=op.f("fk_mark_names_mark_id_marks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mark_id", "scheme", "value", name=op.f("pk_mark_names")),
        comment="A name that a marked paper had: what the mark holds on to.",
    )
    op.create_index(op.f("ix_mark_names_scheme_value"), "mark_names", ["scheme", "value"])
    op.create_table(
        "mark_tags",
        sa.Column("mark_id", sa.Integer(), nullable=False, comment="Mark"),
        sa.Column(
            "tag",
            sa.String(),
            nullable=False,
            comment="The word, in lower case, with hyphens for spaces",
        ),
        sa.ForeignKeyConstraint(
            ["mark_id"],
            ["marks.id"],
            name=op.f("fk_mark_tags_mark_id_marks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mark_id", "tag", name=op.f("pk_mark_tags")),
        comment="A word that the owner sorts papers by.",
    )
    op.create_index(op.f("ix_mark_tags_tag"), "mark_tags", ["tag"])
    tags, notes = JOINED[op.get_bind().dialect.name]
    op.execute(V_MARKS.format(tags=tags, notes=notes))


def downgrade() -> None:
    op.execute("DROP VIEW v_marks")
    for table in ("mark_tags", "mark_names", "marks"):
        op.drop_table(table)
