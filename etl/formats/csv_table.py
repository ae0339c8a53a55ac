"""Parse tables of papers as CSV or TSV, by the names of their columns.

Names that Zotero, Scopus, IEEE and lists of papers use are known; others are given by --map.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import BinaryIO, TypeVar

from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import LinkRecord
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.decoding import folded, lines
from etl.formats.toolkit.json_items import Doubts, Outcome, problem, salvaged
from etl.formats.toolkit.references import Reference, dated, given_first, outcomes, words_in
from etl.formats.toolkit.stated_links import link
from etl.formats.toolkit.table_rows import SEPARATORS, Row, rows
from etl.formats.toolkit.unread_fields import tally

V = TypeVar("V")

COLUMNS: Mapping[str, frozenset[str]] = {
    "title": frozenset({"title", "papertitle", "documenttitle", "articletitle"}),
    "abstract": frozenset({"abstract", "abstractnote", "summary", "description"}),
    "authors": frozenset({"authors", "author", "authornames", "authorfullnames", "creators"}),
    "doi": frozenset({"doi", "paperdoi"}),
    "arxiv": frozenset({"arxiv", "arxivid", "arxivnumber", "eprint", "paperarxivid", "externalid"}),
    "identifier": frozenset({"openreviewid", "openreview", "openalex", "openalexid", "identifier"}),
    "url": frozenset({
        "url", "link", "paperurl", "paperlink", "pdf", "pdflink", "urlabs", "urlpdf", "page",
        "pageurl", "projectpage", "website", "homepage", "html",
    }),
    "code": frozenset({
        "code", "codeurl", "codelink", "repolink", "repourl", "repo", "repository", "github",
        "githuburl", "githubrepo", "githublink",
    }),
    "stars": frozenset({"stars", "repostar", "repostars", "githubstars"}),
    "date": frozenset({
        "date", "published", "publishedon", "publicationdate", "publishdate", "onlinedate",
        "publishedat", "firstseenon",
    }),
    "year": frozenset({"year", "publicationyear"}),
    "venue": frozenset({
        "venue", "journal", "conference", "publicationtitle", "sourcetitle", "booktitle",
        "proceeding", "proceedings",
    }),
    "keywords": frozenset({
        "keywords", "keyword", "tags", "manualtags", "automatictags", "authorkeywords",
        "indexkeywords", "ieeeterms",
    }),
    "tasks": frozenset({"task", "tasks", "topic", "topics"}),
    "categories": frozenset({"categories", "arxivcategories", "primarycategory", "subjects"}),
    "note": frozenset({"note", "notes", "extra", "comment", "comments", "remarks", "number"}),
}  # fmt: skip
"""What a column can hold -> names by which it is known, in lower case, letters and digits only."""
IGNORED = frozenset({
    # Of Zotero, Scopus and IEEE: where in a volume it stands, and of the library and its user.
    "key", "itemtype", "isbn", "issn", "dateadded", "datemodified", "accessdate", "pages",
    "numpages", "issue", "volume", "numberofvolumes", "journalabbreviation", "shorttitle", "series",
    "seriesnumber", "seriestext", "seriestitle", "publisher", "place", "language", "rights", "type",
    "archive", "archivelocation", "librarycatalog", "callnumber", "fileattachments",
    "linkattachments", "editor", "edition", "eid", "pagestart", "pageend", "pagecount", "citedby",
    "artno", "affiliations", "authorsid", "authoraffiliations", "documenttype", "source",
    "publicationstage", "openaccess", "startpage", "endpage", "license", "meetingname",
    "conferencename", "tweeturl", "lastupdate", "id",
})  # fmt: skip
"""Columns that are known and not read."""
NAMING = frozenset({"title", "doi", "arxiv"})
"""What a table of papers has a column of."""
TELLING = late_pattern(
    r"abstract(?:note)?|(?:paper)?doi|arxiv.*|paper.+|documenttitle|publicationtitle|sourcetitle|"
    r"conference|venue|journal|proceedings?"
)
"""Columns that tables of other things than papers do not have."""


def recognises(head: Head) -> bool:
    """Return true if the first line has the names of known columns, a title among them."""
    first = _first_line(head.text.splitlines())
    if first is None or len(first) > 20_000:
        return False
    _, header = _header(first, {})
    known = {role for role in map(_role, header) if role}
    tidy = all(len(name) <= 60 for name in header) and len({*header}) == len(header)
    tells = any(TELLING.fullmatch(_folded(name)) for name in header)
    return tidy and tells and len(known) > 1 and bool(known & NAMING)


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each row, and a problem for each that is broken.

    https://www.rfc-editor.org/rfc/rfc4180; separators are comma, tab, semicolon or bar. A column
    that `reading.columns` maps to something is that, whatever its name.

    Raises:
        FormatError: it has no first line with columns that name a paper, or a column that is
            mapped is missing.

    """
    yield from salvaged(_outcomes(lines(stream), reading))


def _outcomes(text: Iterator[str], reading: Reading) -> Iterator[Outcome]:
    skipped, first = 0, None
    for line in text:
        if line.strip():
            first = line
            break
        skipped += 1
    separator, header = _header(first or "", reading.columns)
    roles = _roles(header, reading.columns)
    if not NAMING & set(roles.values()) and "url" not in roles.values():
        raise FormatError(
            f"no column names a paper; its columns are {', '.join(header)[:300] or 'none'}",
            hint="say which does, e.g. --map title=NAME --map abstract=NAME; what can be mapped: "
            + ", ".join(COLUMNS),
        )
    for row in rows(chain([""] * skipped, text), separator, len(header)):
        where = f"line {row.line + 1}"
        if row.cells == header:
            continue  # the first line again, where files were joined
        try:
            yield from _paper(row, header, roles, where, reading.unread)
        except Exception as error:  # whatever one row holds, the others are read
            yield problem(where, error, separator.join(row.cells))


def _paper(
    row: Row, header: list[str], roles: Mapping[str, str], where: str, unread: Counter[str]
) -> Iterator[Outcome]:
    if row.fault:
        raise ValueError(row.fault)
    cells = {name: cell.strip() for name, cell in zip(header, row.cells, strict=True)}
    if not any(cells.values()):
        return
    unknown = (name for name, cell in cells.items() if cell and name not in roles)
    tally((name for name in unknown if _folded(name) not in IGNORED), unread)
    doubts = Doubts(where)
    yield from outcomes(_reference(cells, roles, doubts), where)
    yield from doubts


def _reference(cells: Mapping[str, str], roles: Mapping[str, str], doubts: Doubts) -> Reference:
    held: dict[str, list[tuple[str, str]]] = {}
    for name, role in roles.items():
        if text := _stated(cells[name]):
            held.setdefault(role, []).append((name, text))

    def first(role: str) -> str | None:
        return held[role][0][1] if role in held else None

    def read(role: str, convert: Callable[[str], V]) -> V | None:
        name, text = held[role][0] if role in held else (role, None)
        return doubts.value(name, convert, text)

    read("date", dated)
    read("year", dated)
    date = first("date")
    return Reference(
        title=first("title"),
        abstract=first("abstract"),
        authors=tuple(_names(first("authors") or "")),
        named=tuple(pair for role in ("arxiv", "doi", "identifier") for pair in held.get(role, ())),
        addresses=tuple(held.get("url", ())),
        remarks=tuple(held.get("note", ())),
        venue=first("venue"),
        year=first("year") or date,
        date=date,
        keywords=words_in(text for _, text in held.get("keywords", ())),
        tasks=words_in(text for _, text in held.get("tasks", ())),
        classes=tuple(re.split(r"[\s,;]+", first("categories") or "")),
        links=tuple(_code(held.get("code", ()), read("stars", _count), doubts)),
    )


def _stated(cell: str) -> str:
    """Return what a cell says; what programs write for nothing is nothing."""
    return "" if cell.casefold() in {"null", "none", "nan", "n/a", "na", "-", "\\n"} else cell


def _count(text: str) -> int:
    """Convert a number of stars; programs write ".0" behind those of a column with gaps.

    Raises:
        ValueError: it is none.

    """
    match = re.fullmatch(r"(\d{1,9})(?:\.0)?", text)
    if match is None:
        msg = f"{folded(text)[:50]!r} is no number of stars: expected e.g. 1234"
        raise ValueError(msg)
    return int(match[1])


def _code(
    held: Iterable[tuple[str, str]], stars: int | None, doubts: Doubts
) -> Iterator[LinkRecord]:
    for name, text in held:
        for address in re.split(r"[\s;,]+(?=http)|\s+", text):
            read = partial(link, found_in=name, stars=stars)
            found = doubts.value(name, read, address)
            if found:
                yield found


def _names(text: str) -> Iterator[str]:
    """Split authors at semicolons, else at commas.

    >>> list(_names("Doe, Jane; A Team")), list(_names("Jane Doe, Jo Roe and Al Poe"))
    (['Jane Doe', 'A Team'], ['Jane Doe', 'Jo Roe', 'Al Poe'])
    """
    bare = re.sub(r"\s*\(\d{5,}\)", "", text).strip()  # Scopus puts its numbers behind names
    if bare.startswith("[") and bare.endswith("]"):  # a list as Python prints it
        yield from (name for _, name in re.findall(r"(['\"])(.*?)\1", bare))
    elif ";" in bare or (re.fullmatch(r"[^,]+,[^,]+", bare) and " and " not in bare):
        yield from map(given_first, filter(str.strip, bare.split(";")))
    else:
        yield from split_authors(bare)


def _first_line(text: Iterable[str]) -> str | None:
    return next((line for line in text if line.strip()), None)


def _header(line: str, columns: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the separator by which a first line has most known columns, and its columns."""

    def found(separator: str) -> list[str]:
        row = next(rows([line], separator), None)
        return [name.strip().lstrip("\ufeff") for name in row.cells] if row else []

    wanted = {_folded(name) for name in columns.values()}

    def known(separator: str) -> tuple[int, int]:
        names = found(separator)
        return sum(1 for name in names if _role(name) or _folded(name) in wanted), len(names)

    best = max(SEPARATORS, key=known)
    return best, found(best)


def _roles(header: list[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return what each column holds; what is mapped comes before what is known.

    Raises:
        FormatError: a mapped column is not there.

    """
    by_name = {_folded(name): name for name in header}
    mapped = {}
    for role, name in columns.items():
        if _folded(name) not in by_name:
            raise FormatError(
                f"it has no column {name!r}; its columns are {', '.join(header)[:300]}",
                hint=f"map {role} to one of them",
            )
        mapped[by_name[_folded(name)]] = role
    taken = set(mapped.values())
    for name in header:
        known = _role(name)
        if known and name not in mapped and known not in taken:
            mapped[name] = known
    return mapped


def _role(name: str) -> str | None:
    bare = _folded(name)
    return next((role for role, names in COLUMNS.items() if bare in names), None)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


FORMAT = Format(
    name="csv",
    title="Table of papers as CSV or TSV",
    homepage="https://www.rfc-editor.org/rfc/rfc4180",
    licence="that of the sources it was made from",
    rank=40,
    recognises=recognises,
    parse=parse,
)
