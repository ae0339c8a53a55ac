"""An issue as a page that mail clients show too: one column, inline styles, no script, no picture.

Mail clients drop style sheets and scripts; https://www.caniemail.com tells what they keep.
"""

from markupsafe import Markup, escape

from catalog.domain.formatting import amount, plural, web
from catalog.domain.safe_text import printable
from catalog.reads.digest import Issue, Item

FONT = "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif"
STYLES = {
    "body": f"margin:0;padding:0;background:#f4f4f2;{FONT};color:#1d1d1b",
    "outer": "width:100%;background:#f4f4f2;border-collapse:collapse",
    "inner": "width:100%;max-width:640px;margin:0 auto;background:#ffffff;border-collapse:collapse",
    "head": "padding:24px 24px 8px 24px",
    "h1": "margin:0;font-size:20px;line-height:26px;font-weight:600",
    "sub": "margin:4px 0 0 0;font-size:14px;line-height:20px;color:#5c5c57",
    "item": "padding:16px 24px;border-top:1px solid #e4e4df",
    "title": "margin:0;font-size:16px;line-height:22px;font-weight:600",
    "link": "color:#0b57a4;text-decoration:none",
    "small": "margin:2px 0 0 0;font-size:13px;line-height:18px;color:#5c5c57",
    "facts": "margin:6px 0 0 0;font-size:14px;line-height:20px",
    "number": "font-weight:600",
    "quote": "margin:6px 0 0 0;padding:0 0 0 10px;border-left:3px solid #d9d9d2;"
    "font-size:13px;line-height:18px;color:#3d3d3a",
}


def html(issue: Issue) -> str:
    """The issue as an HTML page."""
    items = Markup("").join(
        _item(place, item) for place, item in enumerate(issue.items, start=1)
    ) or _row("item", Markup('<p style="{}">Nothing was found.</p>').format(STYLES["facts"]))
    head = Markup('<h1 style="{}">{}</h1><p style="{}">{}</p>').format(
        STYLES["h1"], _say(issue.title), STYLES["sub"], issue.summary
    )
    return (
        Markup(
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            "<title>{title}</title>\n</head>\n"
            '<body style="{body}">\n'
            '<table role="presentation" style="{outer}"><tr><td>\n'
            '<table role="presentation" style="{inner}">\n{head}\n{items}\n</table>\n'
            "</td></tr></table>\n</body>\n</html>\n"
        )
        .format(title=_say(issue.title), head=_row("head", head), items=items, **_base())
        .__str__()
    )


def _base() -> dict[str, str]:
    return {name: STYLES[name] for name in ("body", "outer", "inner")}


def _row(style: str, inner: Markup) -> Markup:
    return Markup('<tr><td style="{}">{}</td></tr>').format(STYLES[style], inner)


def _item(place: int, item: Item) -> Markup:
    parts = [
        Markup('<p style="{}">{}. {}</p>').format(
            STYLES["title"], place, _link(item.address, item.title)
        )
    ]
    if item.authors:
        parts.append(Markup('<p style="{}">{}</p>').format(STYLES["small"], _say(item.authors)))
    about = _facts(item)
    if about:
        joined = Markup(" · ").join(about)
        parts.append(Markup('<p style="{}">{}</p>').format(STYLES["facts"], joined))
    parts += [
        Markup('<blockquote style="{}">{}</blockquote>').format(STYLES["quote"], _say(sentence))
        for sentence in item.evidence
    ]
    return _row("item", Markup("\n").join(parts))


def _facts(item: Item) -> list[Markup]:
    found = []
    for result in item.numbers:
        on = f"on {result['dataset']}" if result["dataset"] else ""
        found.append(
            Markup('<span style="{}">{}</span> {} {}').format(
                STYLES["number"], _say(amount(result)), _say(result["metric"] or ""), _say(on)
            )
        )
    if item.upvotes is not None:
        found.append(escape(plural(item.upvotes, "upvote")))
    if item.repository:
        found.append(_code(item))
    return found


def _code(item: Item) -> Markup:
    repository = item.repository or {}
    told = [] if repository["stars"] is None else [plural(repository["stars"], "star")]
    if item.stars_per_day:
        told.append(f"{item.stars_per_day:+.2g} a day")
    if repository["state"] in {"gone", "moved"}:
        told.append(repository["state"])
    beside = f" ({', '.join(told)})" if told else ""
    return Markup("code: {}{}").format(_link(repository["url"], repository["full_name"]), beside)


def _link(address: str | None, words: str) -> Markup:
    """An anchor, or the words alone where the address is none that a browser may follow."""
    if not web(address):
        return escape(_say(words))
    return Markup('<a href="{}" style="{}">{}</a>').format(address, STYLES["link"], _say(words))


def _say(words: str) -> str:
    """The words on one line, control characters and overrides of direction made visible."""
    return printable(" ".join(words.split()))
