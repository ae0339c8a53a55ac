r"""Parse BibTeX and biblatex: entries of bibliographies, as Zotero and others export them.

pybtex, imported for the first entry, reads each. Entries are cut from the stream first, so that a
file of any size is read in the memory of one, and a broken one costs itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern
from catalog.domain.tex_to_unicode import tex_to_unicode
from etl.formats.contract import Format, FormatError, Head, Reading
from etl.formats.toolkit.decoding import folded, lines
from etl.formats.toolkit.json_items import Doubts, Outcome, problem, salvaged
from etl.formats.toolkit.references import Reference, arxiv_in, day_of, outcomes, words_in
from etl.formats.toolkit.unread_fields import tally

if TYPE_CHECKING:
    from pybtex.exceptions import PybtexError

READ = frozenset({
    "title", "subtitle", "abstract", "author", "doi", "eprint", "arxivid", "archiveprefix",
    "eprinttype", "eprintclass", "primaryclass", "url", "ee", "pdf", "link", "code", "github",
    "note", "howpublished", "annotation", "number", "volume", "journal", "journaltitle",
    "booktitle", "publisher", "school", "institution", "year", "month", "day", "date", "keywords",
    "keyword", "crossref", "venue", "project", "website", "comment", "pages", "eid",
})  # fmt: skip
IGNORED = frozenset({
    # Where in a volume it stands, and who printed it.
    "series", "edition", "chapter", "issue", "numpages", "articleno", "pagetotal", "isbn",
    "issn", "isbn-10", "isbn-13", "lccn", "location", "address", "organization", "editor",
    "volumes",
    "eventtitle", "eventdate", "venueaddress", "shortjournal", "journalsubtitle", "booksubtitle",
    "maintitle", "titleaddon", "booktitleaddon", "part", "issue_date", "acmid", "version",
    "shorttitle", "editora", "editoratype", "translator", "howpublishednote", "origdate",
    # Of the program that keeps the bibliography, and of its user.
    "file", "urldate", "lastchecked", "timestamp", "bibsource", "biburl", "langid", "language",
    "copyright", "rights", "annote", "type", "id", "ids", "groups", "owner", "abstractnote",
    "creationdate", "modificationdate", "date-added", "date-modified", "bdsk-url-1", "bdsk-url-2",
    "bdsk-file-1", "readstatus", "ranking", "priority", "mendeley-groups", "mendeley-tags", "nourl",
    "library", "entrysubtype", "pubstate", "options", "sortkey", "key", "hyphenation", "internal",
    "citeulike-article-id", "posted-at", "added-at", "interhash", "intrahash", "username", "cited",
    # Identifiers of other fields' catalogs.
    "pmid", "pmcid", "mrnumber", "mrclass", "zblnumber", "reportnumber", "adsurl", "adsnote",
    "slaccitation",
})  # fmt: skip
"""Fields that are known and not read."""
VOLUMES = {"proceedings", "mvproceedings", "collection", "mvcollection", "periodical", "mvbook"}
"""Entries of whole volumes: no papers, but what those in them refer to."""
NO_ENTRIES = {"string", "preamble", "comment"}
WAITING = 10_000
"""Entries that wait for the volume that they refer to, which stands behind them."""
LONGEST_ENTRY = 1_000_000
"""Characters; what is longer is no entry that people or programs write."""

_BEGIN = late_pattern(r"[ \t]*@[ \t]*[A-Za-z][\w-]*\s*[{(]")
_HEAD = late_pattern(
    r"^[ \t]*@[ \t]*([A-Za-z][\w-]*)\s*[{(]\s*(?:[^\s,={}()\"#%\\']+\s*,|[\w-]+\s*=)", re.M
)
_OTHER = late_pattern(r"\s*(?:[<{\[|]|```|#{1,6} |[-*+] \S)")
"""Lines of other formats, in which entries are quoted."""
_WHERE = late_pattern(r" in line \d+")
_SPECIAL = late_pattern(r"\{\\(?:[^{}]|\{[^{}]*\})*\}")
_DOUBLE = late_pattern(r"\{\{([^{}]*)\}\}")
_ESCAPED = late_pattern(r"\\([%&_#${}])")
_BACKSLASH = "\ue000"
"""Stands for a backslash of the text itself, which Zotero writes as a command."""
_MACRO = late_pattern(r"\\([A-Za-z]+)")
"""A journal as astronomers abbreviate it."""
_EXTENDED = late_pattern(
    r"(?<![a-z])(given|family|prefix|suffix)\s*=\s*(\"[^\"]*\"|\{[^{}]*\}|[^,]*)"
)
_URL = late_pattern(r"\\(?:url|href)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_NAMESAKE = late_pattern(r" \d{4}$")
"""What DBLP writes behind a name that several people have."""
_BRACED = late_pattern(r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}")


class Entry(Struct):
    """One entry, with its fields' names in lower case."""

    where: str
    kind: str
    key: str
    fields: dict[str, str]


def recognises(head: Head) -> bool:
    """Return true if an entry of BibTeX begins the document, after comments at most."""
    match = _HEAD.search(head.text)
    if match is None:
        return False
    before = head.text[: match.start()]
    return not any(_OTHER.match(line) for line in before.splitlines())


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Outcome]:
    """Yield a record for each entry, and a problem for each that is broken.

    https://www.bibtex.org/Format/. Entries of whole volumes give their name and day to the papers
    that refer to them by `crossref`, and are no papers themselves.

    Raises:
        FormatError: there is no entry in it, or it is no text.

    """
    yield from salvaged(_outcomes(_chunks(lines(stream)), reading.unread))


def _outcomes(chunks: Iterable[tuple[int, str]], unread: Counter[str]) -> Iterator[Outcome]:
    bibliography = _Bibliography(unread)
    found = False
    for number, text in chunks:
        for outcome in bibliography.read(number, text):
            found = True
            yield outcome
    yield from bibliography.rest()
    if not (found or bibliography.known):
        raise FormatError(
            "no entry such as @article{key, ...} is in it",
            hint="check the file, or name its format with --format",
        )


def _chunks(text: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Cut the text before each line that an entry begins on."""
    begun, parts, length = 1, [""], 0
    for number, line in enumerate(text, start=1):
        if _BEGIN.match(line) or length > LONGEST_ENTRY:
            yield begun, "\n".join(parts)
            begun, parts, length = number, [], 0
        parts.append(line)
        length += len(line)
    yield begun, "\n".join(parts)


class _Bibliography:
    """The abbreviations and the volumes that entries refer to."""

    def __init__(self, unread: Counter[str]) -> None:
        from pybtex.database.input.bibtex import month_names

        self.unread = unread
        self.macros: dict[str, str] = dict(month_names)
        self.volumes: dict[str, Mapping[str, str]] = {}
        self.waiting: list[Entry] = []
        self.known = False
        """Whether anything of BibTeX was read."""

    def read(self, number: int, text: str) -> Iterator[Outcome]:
        """Yield what becomes of the entries in a piece of text."""
        from pybtex.database.input.bibtex import LowLevelParser

        errors: list[PybtexError] = []
        parser = LowLevelParser(text, macros=self.macros, handle_error=errors.append)
        where, found = f"line {number}", False
        for kind, body in parser:
            kind = kind.lower()
            self.known = found = True
            if kind not in NO_ENTRIES and (body[1] or not errors):
                held = Entry(where, kind, body[0].lower(), _fields(body[1]))
                yield from self._entry(held, text)
                where = f"line {number}, behind {body[0]}"
        if (found or _BEGIN.match(text)) and not _is_comment(text):
            for error in errors:
                yield problem(f"line {number}", _why(error), text)

    def _entry(self, held: Entry, text: str) -> Iterator[Outcome]:
        tally(held.fields.keys() - READ - IGNORED, self.unread)
        if held.kind in VOLUMES:
            self.volumes[held.key] = held.fields
        elif (key := held.fields.get("crossref", "").lower()) and key not in self.volumes:
            self.waiting.append(held)
            if len(self.waiting) > WAITING:
                yield from _paper(self.waiting.pop(0), {})
        else:
            if held.kind == "book":  # a whole one, which others may be in
                self.volumes[held.key] = held.fields
            yield from _paper(held, self.volumes.get(key, {}), text)

    def rest(self) -> Iterator[Outcome]:
        """Yield the entries that waited for their volume."""
        for held in self.waiting:
            key = held.fields["crossref"]
            volume = self.volumes.get(key.lower())
            if volume is None:
                why = (
                    f"crossref: no entry {key!r} is in the document; the paper was kept without it"
                )
                yield problem(held.where, why, key)
            yield from _paper(held, volume or {})


def _why(error: "PybtexError") -> str:
    from pybtex.database.input.bibtex import UndefinedMacro

    kept = "what stands before it was read"
    if isinstance(error, UndefinedMacro):
        kept = "no @string defines it; the paper was kept without it"
    return f"{_WHERE.sub('', str(error))}; {kept}"


def _is_comment(text: str) -> bool:
    match = _BEGIN.match(text)
    return bool(match and "comment" in match.group().lower())


def _fields(held: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """Return the fields by name; of one that is there twice, as in mended entries, the first."""
    fields: dict[str, str] = {}
    for name, parts in held:
        fields.setdefault(name.lower(), "".join(parts))
    return fields


def _paper(held: Entry, volume: Mapping[str, str], text: str = "") -> Iterator[Outcome]:
    try:
        doubts = Doubts(held.where)
        yield from outcomes(_reference(held, volume, doubts), held.where)
        yield from doubts
    except Exception as error:  # whatever one entry holds, the others are read
        yield problem(held.where, error, text or str(held.fields))


def _reference(held: Entry, volume: Mapping[str, str], doubts: Doubts) -> Reference:
    field = {**_inherited(volume), **held.fields}
    prefix = (field.get("archiveprefix") or field.get("eprinttype") or "").lower()
    eprint = field.get("eprint", "")
    is_arxiv = prefix in {"arxiv", ""} and (prefix == "arxiv" or arxiv_in(eprint))
    title = _text(": ".join(filter(None, (field.get("title"), field.get("subtitle")))))
    year = field.get("year") or field.get("date")
    return Reference(
        title=folded(title),
        abstract=_text(field.get("abstract", "")),
        authors=tuple(_authors(field.get("author", ""), doubts)),
        named=(
            ("eprint", eprint if is_arxiv else None),
            ("arxivid", field.get("arxivid")),
            ("doi", _ESCAPED.sub(r"\1", field.get("doi", ""))),
        ),
        addresses=tuple(
            (name, _address(field.get(name, "")))
            for name in ("url", "ee", "pdf", "link", "code", "github", "project", "website")
        ),
        remarks=(
            *((name, _remark(field.get(name, ""))) for name in ("note", "howpublished", "comment")),
            *((name, _only_arxiv(field.get(name, ""))) for name in _ELSEWHERE),
        ),
        venue=_venue(field),
        year=year,
        date=field.get("date") or day_of(year, field.get("month"), field.get("day")),
        keywords=words_in(_text(field.get(name, "")) for name in ("keywords", "keyword")),
        classes=(field.get("primaryclass", ""), field.get("eprintclass", "")),
    )


_ELSEWHERE = ("journal", "journaltitle", "number", "volume", "publisher", "pages", "eid")
"""Fields of other things, where bibliographies also put the number at arXiv."""


def _only_arxiv(text: str) -> str | None:
    """Return the text of a field of other things if it is a number at arXiv.

    >>> _only_arxiv("arXiv preprint arXiv:1706.03762"), _only_arxiv("abs/1706.03762")
    ('arXiv preprint arXiv:1706.03762', 'abs/1706.03762')
    >>> _only_arxiv("7") is None
    True
    """
    folded_text = folded(text)
    match = re.fullmatch(
        r"(?:arxiv preprint )?(?:arxiv:|abs/)\s*(\S+)(?: \[\S+\])?", folded_text, re.I
    )
    return folded_text if match and arxiv_in(match[1]) else None


def _inherited(volume: Mapping[str, str]) -> dict[str, str]:
    """Return what a paper takes from the volume that it refers to."""
    held = {name: volume[name] for name in ("year", "date", "publisher") if name in volume}
    name = volume.get("booktitle") or volume.get("title")
    return {**held, **({"booktitle": name} if name else {})}


def _venue(field: Mapping[str, str]) -> str | None:
    names = ("booktitle", "journal", "journaltitle", "venue", "school", "institution", "publisher")
    texts = (_named(field.get(name, "")) for name in names)
    return next((text for text in texts if text and not _only_arxiv(text)), None)


def _named(value: str) -> str:
    text = folded(_text(value))
    macro = _MACRO.fullmatch(text)
    return macro[1].upper() if macro else text


def _address(text: str) -> str:
    r"""Return the address in a field: without \url, TeX's escapes and braces."""
    bare = re.sub(r"\\(?:url|href)\s*|\\(?=[%&_#$~])", "", _SPECIAL.sub(_plain, text))
    return bare.replace("{", " ").replace("}", " ").replace(r"\~", "~")


def _text(value: str) -> str:
    r"""Return a field's text: braces that protect capitals go, TeX that escapes becomes its sign.

    What is TeX in the text itself stays, as in every record.

    >>> _text(r"{{BERT}: O(\$n{\textasciicircum}2\$) at 95\% in {\'E}cole}")
    'BERT: O($n^2$) at 95% in École'
    """
    text = _SPECIAL.sub(_plain, value.replace(r"{\textbackslash}", _BACKSLASH))
    before = ""
    while text != before:
        before = text
        text = _DOUBLE.sub(r"{\1}", text.strip())
        if _BRACED.fullmatch(text):
            text = text[1:-1]
    return _ESCAPED.sub(r"\1", _without_braces(text)).replace(_BACKSLASH, "\\")


def _remark(value: str) -> str:
    return _text(_URL.sub(lambda match: _address(match[1]), value))


def _plain(match: re.Match[str]) -> str:
    return tex_to_unicode(match.group())


_GROUP = late_pattern(r"(?<![\\\w^_}])\{([^{}\\$]*)\}|(?<=[A-Za-z])(?<!\\)\{([A-Za-z]+)\}")


def _without_braces(text: str) -> str:
    r"""Remove braces around words; those of TeX's commands and of mathematics stay.

    >>> _without_braces(r"{A}nna{B}ee \emph{not} $x_{1}$")
    'AnnaBee \\emph{not} $x_{1}$'
    """
    parts = re.split(r"((?<!\\)\$[^$]*\$|\\[A-Za-z]+\s*\{[^{}]*\})", text)
    return "".join(
        part if place % 2 else _GROUP.sub(lambda match: match[1] or match[2] or "", part)
        for place, part in enumerate(parts)
    )


def _authors(text: str, doubts: Doubts) -> Iterator[str]:
    from pybtex.bibtex.utils import split_name_list

    for name in split_name_list(folded(text)):
        if name.lower() in {"others", "et al", "et al."}:
            continue
        found = doubts.value("author", _author, name)
        if found:
            yield found


def _author(name: str) -> str:
    """Return a name as it is printed, given name first; a team in braces is one name.

    >>> _author("{{Gemma Team}}"), _author("family=Doe, given=Jo, prefix=de, useprefix=true")
    ('Gemma Team', 'Jo de Doe')
    """
    from pybtex.database import InvalidNameString, Person

    bare = name.strip(" ,")
    if _BRACED.fullmatch(bare) and not bare.startswith("{\\"):
        return folded(_text(bare))
    if "family" in bare and len(parts := dict(_EXTENDED.findall(bare))) > 1:
        order = ("given", "prefix", "family", "suffix")
        return folded(_text(" ".join(parts.get(part, "").strip('" ') for part in order)))
    try:
        person = Person(bare)
    except InvalidNameString as error:
        msg = f'{bare[:100]!r} is no name: expected e.g. Doe, Jane, and "and" between names'
        raise ValueError(msg) from error
    printed = (
        *person.first_names, *person.middle_names, *person.prelast_names, *person.last_names,
        *person.lineage_names,
    )  # fmt: skip
    return _NAMESAKE.sub("", folded(_text(" ".join(printed))))


FORMAT = Format(
    name="bibtex",
    title="BibTeX and biblatex",
    homepage="https://www.bibtex.org/Format/",
    licence="that of the sources it was made from",
    rank=40,
    recognises=recognises,
    parse=parse,
)
