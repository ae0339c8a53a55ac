"""Format single cells of Datasette's tables: links, shares, yes and no.

A query may call any of its columns `label` or `dataset_slug`, and put a number or a blob into it:
what has not the type that a format expects is left to Datasette.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from catalog.domain.formatting import Measure, amount, count, day, link, number, outside, path
from catalog.site.highlight import Evidence, marked_sentence

Render = Callable[[Any, Mapping[str, Any]], Markup | str | None]


def yes_no(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Format a truth value; null stays empty."""
    if value is None:
        return None
    shown = ("yes", "✓") if value else ("no", "–")
    return Markup('<span class="{}" title="{}">{}</span>').format(shown[0], *shown)


def text_in(row: Mapping[str, Any], name: str) -> str | None:
    """Return a text of another column in the row; None if it is no text, or there is none."""
    value = row[name] if name in row.keys() else None  # noqa: SIM118 - rows of sqlite3
    return value if isinstance(value, str) and value else None


def paper_link(value: Any, row: Mapping[str, Any]) -> Markup | None:
    """Link a paper's title or key to its page."""
    key = text_in(row, "key") or text_in(row, "paper_key")
    return link(path("paper", key), value) if key and value else None


def arxiv_link(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Link an arXiv identifier to arXiv."""
    return outside(f"https://arxiv.org/abs/{value}", value) if value else None


def address(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Link an address to its target, shown without its scheme."""
    shown = str(value)
    return outside(shown, shown.removeprefix("https://")) if value else None


def share(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Format a share as per cent, with a bar."""
    if not isinstance(value, (int, float)):
        return None
    return Markup(
        '<span class="share"><meter min="0" max="1" value="{:.2f}" aria-hidden="true"></meter>'
        "{:.0%}</span>"
    ).format(value, value)


def thousands(value: Any, _row: Mapping[str, Any]) -> str | None:
    """Format a count with thousands separators."""
    return count(value) if isinstance(value, int) else None


def brief(value: Any, _row: Mapping[str, Any]) -> str | None:
    """Format a measured number briefly: 11.5M for 11500000."""
    return number(value) if isinstance(value, (int, float)) else None


def measured(value: Any, row: Mapping[str, Any]) -> Markup | str | None:
    """Format a result's value with its unit, coloured by its kind."""
    measure = _measure(value, row)
    if measure is None:
        return brief(value, row)
    kind = "absolute" if measure.kind == "absolute" else "relative"
    return Markup('<b class="amount {}">{}</b>').format(
        "other" if row["role"] == "other" else kind, amount(measure)
    )


def _measure(value: Any, row: Mapping[str, Any]) -> Measure | None:
    """Collect a measured value from the columns of its row; None if they are others."""
    if not {"unit", "kind", "role", "value_max", "text"} <= set(row.keys()):
        return None
    kind, text, most = text_in(row, "kind"), text_in(row, "text"), row["value_max"]
    numbers = [value] if most is None else [value, most]
    if not (kind and text and all(isinstance(one, (int, float)) for one in numbers)):
        return None
    return Measure(value, most, text_in(row, "unit"), kind, text, text_in(row, "sign"))


def a_day(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Format a day."""
    return Markup('<time datetime="{}">{}</time>').format(value, day(value)) if value else None


def instant(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Format an instant to the minute."""
    if not value:
        return None
    return Markup('<time datetime="{0}" title="{0} UTC">{1}</time>').format(value, str(value)[:16])


def sentence(value: Any, row: Mapping[str, Any]) -> Markup | None:
    """Format evidence with its number marked."""
    text, role, kind = (text_in(row, name) for name in ("text", "role", "kind"))
    if not (isinstance(value, str) and text and role and kind):
        return None
    return marked_sentence(Evidence(value, text, kind, role), around=90)


def tag(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Format a word of a closed vocabulary as a label."""
    return Markup('<span class="tag tag-{}">{}</span>').format(value, value) if value else None


def repository_link(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Link "owner/name" to the repository's page on the site."""
    return link(path("repository", str(value).lower()), value) if value else None


def day_link(value: Any, _row: Mapping[str, Any]) -> Markup | None:
    """Link a digest day to its page."""
    return link(path("digest", str(value)), day(value)) if value else None


CELLS: dict[tuple[str | None, str], Render] = {
    ("papers", "label"): paper_link,
    ("papers", "key"): paper_link,
    ("papers", "arxiv_id"): arxiv_link,
    ("repositories", "url"): address,
    ("repositories", "full_name"): repository_link,
    ("links", "url"): address,
    ("digests", "day"): day_link,
    ("datasets", "name"): lambda value, row: _slug_link("dataset", value, row),
    ("metrics", "name"): lambda value, row: _slug_link("metric", value, row),
    ("v_papers", "title"): paper_link,
    ("v_digest", "title"): paper_link,
    ("v_marks", "starred"): yes_no,
    ("v_marks", "read"): yes_no,
    ("v_digest", "day"): day_link,
    ("problems", "raw"): lambda value, _row: Markup("<code>{}</code>").format(str(value)[:300]),
    (None, "paper"): paper_link,
    (None, "title"): paper_link,
    (None, "paper_key"): paper_link,
    (None, "repository"): repository_link,
    (None, "dataset"): lambda value, row: _named_link("dataset", value, row),
    (None, "metric"): lambda value, row: _named_link("metric", value, row),
    (None, "sentence"): sentence,
    (None, "confidence"): share,
    (None, "stars"): thousands,
    (None, "upvotes"): thousands,
    (None, "value"): measured,
    (None, "value_max"): brief,
    (None, "parameters"): brief,
    (None, "kind"): tag,
    (None, "role"): tag,
    (None, "state"): tag,
    (None, "origin"): tag,
}
"""(table, column) -> how it is written; table None holds for every table, view and query."""


def _slug_link(kind: str, value: Any, row: Mapping[str, Any]) -> Markup | None:
    slug = text_in(row, "slug")
    return link(path(kind, slug), value) if slug else None


def _named_link(kind: str, value: Any, row: Mapping[str, Any]) -> Markup | None:
    """Link a dataset's or metric's name to its page, or to the leaderboard of both."""
    dataset, metric = text_in(row, "dataset_slug"), text_in(row, "metric_slug")
    if dataset and metric and kind == "dataset":
        return link(path("leaderboard", dataset, metric), value)
    slug = dataset if kind == "dataset" else metric
    return link(path(kind, slug), value) if slug else None


def render(value: Any, column: str, table: str | None, row: Mapping[str, Any]) -> Any:
    """Format one cell; None leaves it to Datasette."""
    if value is None or isinstance(value, (dict, bytes)):
        return None
    chosen = CELLS.get((table, column)) or CELLS.get((None, column)) or _by_name(column)
    return chosen(value, row) if chosen else None


def _by_name(column: str) -> Render | None:
    """Choose a format by the column's name: is_*, has_*, *_on, *_at."""
    if column.startswith(("is_", "has_")) or column in {"higher_is_better", "archived"}:
        return yes_no
    if column.endswith("_on") or column in {"day", "first_day", "last_day"}:
        return a_day
    return instant if column.endswith("_at") else None
