"""rename hint, location and rank

What to do about a failed source is a hint in every message, so the column is called so too. "Place"
had several meanings: where a problem is in its document is a location, the order of a mark's names
a rank. The comments of tables and columns, which PostgreSQL keeps, are put as plainly.

Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = (
    ("scheduled_sources", "mend", "hint"),
    ("problems", "place", "location"),
    ("mark_names", "place", "rank"),
)

COMMENTS = (
    (
        "authorships",
        "The place of one printed name on one paper.",
        "One printed name on one paper, with its position.",
    ),
    ("authorships.position", "1 for the first name", "Position of the name, 1 for the first"),
    (
        "corrections",
        "A person's word on a value; it outlives reloading and a newer extractor.",
        "One decision of a person; it outlives reloading and newer extractors.",
    ),
    (
        "corrections.retracted_at",
        "When it was taken back, UTC; null while it holds",
        "When it was retracted, UTC; null while it is in force",
    ),
    (
        "deliveries",
        "One digest sent to one address; it is written before sending, so that none goes twice.",
        "One digest sent to one address; written before sending, so that none is sent twice.",
    ),
    (
        "digest_entries",
        "That a paper stood in a digest, and how it stood there when last seen.",
        "One paper in a digest, with its rank and upvotes when last seen.",
    ),
    (
        "digest_entries.rank",
        "Best place of the paper in the digest's pages, 1 for the first",
        "Best rank of the paper in the digest's pages, 1 for the first",
    ),
    (
        "documents.copy_of_id",
        "Document with the same bytes that was loaded in its place",
        "Document with the same bytes that was loaded instead",
    ),
    (
        "documents.records_done",
        "Pieces (records and problems) of it that are in the catalog",
        "Records and problems of it that are in the catalog",
    ),
    (
        "mark_names",
        "A name that a marked paper had: what the mark holds on to.",
        "A name of a marked paper, by which the mark finds it again.",
    ),
    (
        "mark_names.rank",
        "0 for the name that counts most",
        "Rank of the name, 0 for the one that counts most",
    ),
    ("mark_tags", "A word that the owner sorts papers by.", "A tag that the owner put on a paper."),
    (
        "mark_tags.tag",
        "The word, in lower case, with hyphens for spaces",
        "The tag, in lower case, with hyphens for spaces",
    ),
    (
        "marks",
        "What the owner put on a paper: star, read, tags, note; it outlives the paper's documents.",
        "The owner's mark on a paper: star, read, tags, note; it outlives the paper's documents.",
    ),
    ("marks.note", "The owner's words on the paper", "The owner's note on the paper"),
    (
        "paper_categories",
        "That a paper is filed under a subject class.",
        "A subject class of a paper.",
    ),
    (
        "paper_sources",
        "One record as a document supplied it: what papers are computed from.",
        "One record as a document supplied it; papers are computed from these.",
    ),
    ("paper_sources.paper_id", "Paper that it tells of", "Paper that it describes"),
    (
        "paper_sources.position",
        "Its place in the document, 0 for the first",
        "Position of the record in the document, 0 for the first",
    ),
    (
        "paper_tasks",
        "That a source files a paper under a task.",
        "A task that a document states for a paper.",
    ),
    (
        "papers",
        "One paper, however many documents told of it; computed from all of them.",
        "One paper, computed from the records of all documents that describe it.",
    ),
    (
        "problems",
        "One piece of input that could not be used, with the reason.",
        "One record that could not be used, with the reason.",
    ),
    ("problems.document_id", "Document it stands in", "Document that contains it"),
    (
        "problems.location",
        "Where in the document, e.g. line 12",
        "Location in the document, e.g. line 12",
    ),
    ("problems.raw", "The piece itself, as it stood there", "The record as it was in the document"),
    ("problems.run_id", "Run that met it first", "Run that found it first"),
    (
        "received",
        "One answer of a publisher, its bytes kept as they came.",
        "One archived answer of a publisher, as received.",
    ),
    ("received.size", "Their number, before compression", "Size of the bytes before compression"),
    (
        "repository_checks",
        "What a host last said of a repository; it outlives the repository's row.",
        "The latest facts about a repository from its host; they outlive its row.",
    ),
    (
        "repository_checks.etag",
        "The host's mark of this answer: asked with it, it says only whether it changed",
        "ETag of the answer, for asking whether it has changed",
    ),
    ("runs.entries_added", "Digest entries that came", "Digest entries added"),
    ("runs.links_added", "Links that came", "Links added"),
    ("runs.papers_added", "Papers that came", "Papers added"),
    ("runs.papers_removed", "Papers that went", "Papers removed"),
    ("runs.problems", "Pieces of input that could not be used", "Records that could not be used"),
    ("runs.results_added", "Results that came", "Results added"),
    ("scheduled_sources.hint", "What to do about it", "Hint how to go on"),
    (
        "scheduled_sources.resume_at",
        "Instant before which the publisher asked not to be asked again, UTC",
        "End of the pause that the publisher asked for, UTC",
    ),
    ("tasks.name", "Name in lower case, whoever writes it how", "Name in lower case"),
    (
        "watermarks.part",
        "Part of the source with a course of its own, e.g. cs:cs:LG",
        "Part of the source with its own watermark, e.g. cs:cs:LG",
    ),
)
"""Table, or table.column under its new name; its comment before and after."""


def upgrade() -> None:
    for table, old, new in COLUMNS:
        # Without a batch: SQLite renames a column in place, with its indexes and constraints.
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    for name, _, comment in COMMENTS:
        _comment(name, comment)


def downgrade() -> None:
    for name, comment, _ in COMMENTS:
        _comment(name, comment)
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")


def _comment(name: str, comment: str) -> None:
    table, _, column = name.partition(".")
    if op.get_bind().dialect.name != "postgresql":  # SQLite keeps no comments
        return
    if column:
        op.alter_column(table, column, comment=comment)
    else:
        op.create_table_comment(table, comment)
