"""Write the digest as an HTML page that mail clients can show, too."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from catalog.domain.formatting import amount, plural, web
from catalog.domain.safe_text import printable
from catalog.reads.digest import Issue, Item


def html(issue: Issue) -> str:
    """Write the issue as an HTML page."""
    return _template().render(issue=issue)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("catalog.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "about_code": about_code,
        "amount": amount,
        "one_line": _one_line,
        "plural": plural,
        "web": web,
    }
    return environment.get_template("digest.html")


def about_code(item: Item) -> list[str]:
    """List the facts about a paper's repository: stars, stars a day, gone or moved."""
    repository = item.repository
    if repository is None:
        return []
    found = [] if repository.stars is None else [plural(repository.stars, "star")]
    if item.stars_per_day:
        found.append(f"{item.stars_per_day:+.2g} a day")
    if repository.state in {"gone", "moved"}:
        found.append(repository.state)
    return found


def _one_line(words: str) -> str:
    """Put the words on one line, with control characters and direction overrides visible."""
    return printable(" ".join(words.split()))
