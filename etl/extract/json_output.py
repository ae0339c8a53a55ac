"""Convert an extraction to plain JSON objects with the fields of the answer key."""

from typing import Any

from catalog.domain.records import Extraction, LinkRecord, ResultRecord

RESULT_FIELDS = (
    "text", "start", "end", "value", "value_max", "unit", "metric", "metric_text", "dataset",
    "dataset_text", "task", "kind", "role", "sign", "model", "baseline", "sentence", "rule",
    "confidence", "row_confidence",
)  # fmt: skip
LINK_FIELDS = ("text", "url", "kind", "repo", "start", "end")


def as_object(paper_id: str | None, extraction: Extraction) -> dict[str, Any]:
    """Convert an extraction to one line of `catalog extract --jsonl`."""
    return {
        "id": paper_id,
        "metrics": [_fields(result, RESULT_FIELDS) for result in extraction.results],
        "links": [_fields(link, LINK_FIELDS) for link in extraction.links],
    }


def _fields(record: ResultRecord | LinkRecord, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the named fields; whole numbers have no decimal point, as in the answer key."""
    return {name: plain_number(getattr(record, name)) for name in names}


def plain_number(value: Any) -> Any:
    """Return a whole number without its decimal point, anything else as it is."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
