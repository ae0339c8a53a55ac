"""Records into rows: the only part that knows both sides."""

from etl.load.batch import Counts, Extract, Writer
from etl.load.documents import (
    DocumentFacts,
    Plan,
    forget_document,
    note_copy,
    plan_document,
)
from etl.load.pieces import write_document

__all__ = [
    "Counts",
    "DocumentFacts",
    "Extract",
    "Plan",
    "Writer",
    "forget_document",
    "note_copy",
    "plan_document",
    "write_document",
]
