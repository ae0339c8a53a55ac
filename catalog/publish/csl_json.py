"""Describe a paper in CSL-JSON, as Zotero, Pandoc and citeproc read it."""

import datetime as dt
from typing import Any

from catalog.domain.person_names import PersonName
from catalog.publish.citation import citation
from catalog.reads.paper import Paper

_TYPES = {"preprint": "article", "conference": "paper-conference", "journal": "article-journal"}


def csl_json(paper: Paper) -> dict[str, Any]:
    """Describe a paper as an item of CSL-JSON; see https://docs.citationstyles.org/.

    >>> csl_json(Paper(id=1, key="2503.00001", label="A title", authors=["Ann de Lee Jr."]))[
    ...     "author"]
    [{'family': 'Lee', 'given': 'Ann', 'non-dropping-particle': 'de', 'suffix': 'Jr.'}]
    """
    cited = citation(paper)
    fields = {
        "id": cited.key,
        "type": _TYPES[cited.kind],
        "title": cited.title,
        "author": [_name(name) for name in cited.authors],
        "issued": _date(cited.year, cited.day),
        "container-title": cited.venue,
        "publisher": "arXiv" if cited.kind == "preprint" and cited.arxiv_id else None,
        "number": f"arXiv:{cited.arxiv_id}" if cited.arxiv_id else None,
        "DOI": cited.doi,
        "URL": cited.url,
        "keyword": ", ".join(cited.keywords),
        "abstract": cited.abstract,
        "note": cited.note,
    }
    return {name: value for name, value in fields.items() if value}


def _name(name: PersonName) -> dict[str, str]:
    if name.is_team or not name.given:
        return {"literal": name.inverted}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


def _date(year: int | None, day: dt.date | None) -> dict[str, Any] | None:
    if day:
        return {"date-parts": [[day.year, day.month, day.day]]}
    return {"date-parts": [[year]]} if year else None
