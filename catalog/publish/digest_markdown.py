"""A digest day as Markdown, and as the entries of a feed."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from catalog.domain.formatting import amount, plural, web
from catalog.publish.atom import Entry

MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def markdown(data: Mapping[str, Any], address: Callable[[str], str]) -> str:
    """Write a day's digests as Markdown; `address` makes a path of the site absolute."""
    lines = [f"# Papers of {data['day']}", ""]
    for source in data["sources"]:
        lines += [f"## {_plain(source['source'])}: {plural(len(source['papers']), 'paper')}", ""]
        for place, paper in enumerate(source["papers"], start=1):
            lines += [_item(place, paper, address), ""]
    return "\n".join(lines)


def entries(data: Mapping[str, Any], address: Callable[[str], str]) -> list[Entry]:
    """Give one feed entry for each paper of a day; a paper of two digests is one."""
    found = {
        paper["key"]: Entry(
            address(paper["path"]), paper["label"], data["day"], summary="; ".join(facts(paper))
        )
        for source in data["sources"]
        for paper in source["papers"]
    }
    return list(found.values())


def facts(paper: Mapping[str, Any]) -> list[str]:
    """List what a line about a paper says beside the title."""
    found = [
        " ".join(
            part
            for part in (
                amount(result),
                result.metric or "",
                f"on {result.dataset}" if result.dataset else "",
            )
            if part
        )
        for result in paper["numbers"]
    ]
    if paper.get("upvotes") is not None:
        found.append(plural(paper["upvotes"], "upvote"))
    if paper["repository"]:
        stars = paper["repository"].stars
        starred = "" if stars is None else f" ({plural(stars, 'star')})"
        found.append(f"code: {paper['repository'].full_name}{starred}")
    return found


def _item(place: int, paper: Mapping[str, Any], address: Callable[[str], str]) -> str:
    lines = [f"{place}. [{_plain(paper['label'])}]({address(paper['path'])})"]
    about = facts({**paper, "repository": None})
    if about:
        lines.append("   " + _plain(" · ".join(about)))
    code = paper["repository"]
    if code and web(code.url):
        lines.append(f"   Code: <{code.url}>")
    return "  \n".join(lines)


def _plain(value: str) -> str:
    """Escape what Markdown would read as markup."""
    return MARKUP.sub(r"\\\1", " ".join(value.split()))
