"""Convert entities, tags and TeX in titles, names and abstracts to plain text.

Records keep what their source wrote; what papers show, and the keys that they are found by, are
made of this. Titles and names become plain Unicode. An abstract keeps its TeX, for evidence is
counted in its characters and pages draw the mathematics; it loses entities, tags and line breaks.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from html.entities import html5
from itertools import groupby

from catalog.domain.late_patterns import late_pattern
from catalog.domain.tex_to_unicode import superscript, tex_to_unicode

_ENTITY = late_pattern(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
MOST_ESCAPED = 4
"""Times that a text may have been escaped; some have been three times."""

_INLINE = (
    "a|abbr|b|big|bold|cite|em|font|i|inf|italic|math|mark|monospace|roman|sc|scp|small|span|"
    "strike|strong|styled-content|sub|sup|tt|u|underline|inline-formula|tex-math|alternatives"
)
_BLOCKS = "br|p|div|li|ul|ol|h[1-6]|td|tr|table|blockquote|section|disp-formula"
_PREFIX = r"(?:jats|mml|m|ns\d+|xhtml)"
_TAG = late_pattern(
    rf"</?(?:{_PREFIX}:(?P<any>[A-Za-z][\w.-]*)|(?P<name>{_INLINE}|{_BLOCKS}))"
    r"(?:\s+[\w:.-]{1,80}\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']+))*+\s*/?>",
    re.IGNORECASE,
)
_BLOCK_NAME = late_pattern(
    rf"(?:{_BLOCKS}|sec|title|label|abstract|list|list-item|disp-quote)", re.IGNORECASE
)
_NO_TEXT = late_pattern(r"<!--[^<>]{0,2000}-->|<!\[CDATA\[|\]\]>")
_HEADING = late_pattern(
    rf"<(?:{_PREFIX}:)?title>\s*(?:abstract|summary)\s*[.:]?\s*</(?:{_PREFIX}:)?title>",
    re.IGNORECASE,
)
_RAISED = late_pattern(
    rf"<(?:{_PREFIX}:)?sup(?:\s[^<>]{{0,200}})?>([^<>]{{1,20}})</(?:{_PREFIX}:)?sup>", re.IGNORECASE
)
_MATHML_POWER = late_pattern(
    rf"<{_PREFIX}:msup(?:\s[^<>]{{0,200}})?>\s*<{_PREFIX}:m\w\w?(?:\s[^<>]{{0,200}})?>([^<>]{{1,40}})"
    rf"</{_PREFIX}:m\w\w?>\s*<{_PREFIX}:m\w\w?(?:\s[^<>]{{0,200}})?>([^<>]{{1,20}})"
    rf"</{_PREFIX}:m\w\w?>\s*</{_PREFIX}:msup>"
)
_TWICE = late_pattern(
    rf"<(?:{_PREFIX}:)?alternatives>(?P<held>(?:(?!alternatives).){{1,20000}}?)"
    rf"</(?:{_PREFIX}:)?alternatives>",
    re.DOTALL,
)
_IN_TEX = late_pattern(
    rf"<(?:{_PREFIX}:)?tex-math[^<>]{{0,200}}>(.{{1,5000}}?)</(?:{_PREFIX}:)?tex-math>", re.DOTALL
)

_INVISIBLE = late_pattern("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphens, and spaces without width: they part a word for whoever searches it."""
_DECOMPOSED = late_pattern("[\u0300-\u036f]")
_CUT_AT_HYPHEN = late_pattern(
    r"-(?<=[^\W\d_]-)\n[^\S\n]*(?=[^\W\d_])(?!(?:and|or|nor|to|und|oder|et|ou)\b)"
)
_BLANK_LINE = late_pattern(r"\n\s*\n")


def plain(text: str) -> str:
    r"""Convert a text of one line to plain Unicode: no entities, no tags, no TeX.

    >>> plain("Speech &amp;amp; Text: <i>Low-Resource</i> TiO<sub>2</sub>, 10<sup>-3</sup>")
    'Speech & Text: Low-Resource TiO2, 10⁻³'
    >>> plain(r"Learning \emph{without}   Forgetting in $O(\log n)$ Time \& Space")
    'Learning without Forgetting in O(log n) Time & Space'
    """
    if has_marks(text):
        text = tex_to_unicode(_INVISIBLE.sub("", without_markup(text)))
    if not text.isascii() and _DECOMPOSED.search(text):
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def has_marks(text: str) -> bool:
    """Tell whether a text may hold entities, tags, TeX or invisible characters."""
    # Looks for one sign each are ten times as fast as one pattern for all, or as a loop.
    return (
        "&" in text
        or "<" in text
        or "\\" in text
        or "$" in text
        or "{" in text
        or "~" in text
        or "`" in text
        or "--" in text
        or (not text.isascii() and _INVISIBLE.search(text) is not None)
    )


def may_hold_letters(text: str) -> bool:
    """Tell whether a text may hold marks of which letters or digits are made, or that hide some."""
    return "&" in text or "<" in text or "\\" in text or "$" in text


def are_plain(names: Iterable[str]) -> bool:
    """Tell at a glance whether names are plain as they are; false where it takes a closer look.

    >>> are_plain(("A. One", "B. Two")), are_plain(("A.  One",)), are_plain(("Zoë",))
    (True, False, False)
    """
    joined = " ".join(names)
    return (
        joined != ""
        and joined.isascii()
        and not has_marks(joined)
        and " ".join(joined.split()) == joined
    )


def plain_or_none(text: str | None) -> str | None:
    """Convert a text to plain Unicode; return None if nothing is left of it."""
    return (plain(text) or None) if text else None


def plain_abstract(text: str) -> str:
    r"""Remove entities, tags and line breaks from an abstract; keep paragraphs and TeX.

    >>> plain_abstract("<jats:p>We reach\n  95\\%, state-\nof-the-art,\nin &lt; 3\nms.</jats:p>")
    'We reach 95\\%, state-of-the-art, in < 3 ms.'
    >>> plain_abstract("First  paragraph.\n\n Second.")
    'First paragraph.\n\nSecond.'
    """
    if "&" in text or "<" in text:
        text = without_markup(text, between_blocks="\n\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = text.strip()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" in text and "-\n" in text:  # to find one character takes a fiftieth of the time
        text = _CUT_AT_HYPHEN.sub("-", text)
    flat = text.replace("\n", " ")
    if flat.isascii() and "  " not in flat and not _has_rare_space(flat):
        return flat
    if not _BLANK_LINE.search(text):
        return " ".join(text.split())
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n\n".join(" ".join(group) for held, group in groupby(lines, bool) if held)


def _has_rare_space(text: str) -> bool:
    """Tell whether a text of ASCII holds white space besides spaces and line feeds."""
    # Single looks take a twentieth of the time of `str.isprintable`.
    return (
        "\t" in text
        or "\v" in text
        or "\f" in text
        or "\r" in text
        or "\x1c" in text
        or "\x1d" in text
        or "\x1e" in text
        or "\x1f" in text
    )


def without_markup(text: str, between_blocks: str = " ") -> str:
    """Remove entities and the tags of HTML, JATS and MathML.

    What only looks like a tag ("<mask>", "a < b") stays.

    >>> without_markup("<p>The &lt;mask&gt; token <b>is</b> here</p>").strip()
    'The <mask> token is here'
    """
    for _ in range(MOST_ESCAPED):
        if "&" not in text or (unescaped := _ENTITY.sub(_unescaped, text)) == text:
            break
        text = unescaped
    if "<" not in text:
        return text
    text = _HEADING.sub("", _NO_TEXT.sub("", _TWICE.sub(_once, text)))
    text = _RAISED.sub(lambda match: superscript(match[1].strip()), text)
    text = _MATHML_POWER.sub(lambda match: match[1] + superscript(match[2].strip()), text)

    def gap(match: re.Match[str]) -> str:
        return between_blocks if _BLOCK_NAME.fullmatch(match["any"] or match["name"]) else ""

    return _TAG.sub(gap, text)


def _unescaped(match: re.Match[str]) -> str:
    """Return the character of an entity; U+FFFD for one that no text can hold."""
    if match.group()[1] != "#" and match.group()[1:] not in html5:
        return match.group()  # "&notes;", of which HTML would make "¬es;"
    return html.unescape(match.group()) or "\ufffd"


def _once(match: re.Match[str]) -> str:
    """Keep the TeX of a formula that is written in several ways."""
    tex = _IN_TEX.search(match["held"])
    return tex[1] if tex else match["held"]
