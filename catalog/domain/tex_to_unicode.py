r"""Convert TeX in titles and names to Unicode: accents, symbols, mathematics.

Metadata is not a TeX document: `%` is a per cent sign, `&` an ampersand, most dollar signs open
mathematics and some are money, and braces may be missing. So nothing is ever refused, and every
text is read in one pass. (pylatexenc was tried: it takes what follows `%` for a comment and drops
commands that it does not know, with the names of systems among them.)
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from catalog.domain.late_patterns import late_pattern
from catalog.domain.tex_commands import (
    ACCENTS,
    BELOW,
    DOUBLE_STRUCK,
    DRESS,
    DROPPED,
    FUNCTIONS,
    LETTERS,
    RAISED,
    SPACING,
    SUBSCRIPT,
    SUPERSCRIPT,
    SYMBOLS,
)

DEEPEST = 40
"""Levels of braces; deeper ones are read as if they were closed."""

MOST_BRACES = 3
"""Braces around one word: BibTeX of some publishers has two."""
_WORD_IN_BRACES = late_pattern(r"\{([\w .:'+/&-]*)\}")
_TIE = late_pattern(r"~(?:(?<=[^\W\d_]~)(?=[^\W_])|(?<=\.~)(?=\w))")
_CITED = late_pattern(r"~(?=\\(?:cite|ref|eqref|cref|autoref))")
"""A space before a citation, which goes with it."""
_LOST = (
    r"times(?<=[\d\ue000]times)(?![a-z])",
    r"rightarrow(?<=[\d%\ue000]rightarrow)(?=\s?\ue000?\d)",
    *(rf"{name}(?<![A-Za-z\\]{name})(?=\ue000?\d)" for name in ("sim", "approx", "leq", "geq")),
)
"""Commands that lost their backslashes: "7.0times", "sim4". U+E000 may mark where a number ends."""
_ANY_LOST = late_pattern("|".join(_LOST))
_EACH_LOST = tuple(map(late_pattern, _LOST))
"""The same one by one: to look for six words takes a fifth of the time of one pattern for all."""
_DASHES = late_pattern(r"(?<=[^\s-])(--|---)(?=[^\s-])|(?<=\s)(--|---)(?=\s)")
_QUOTED = late_pattern(r"``([^`']*(?:'(?!')[^`']*)*)''")
_SPECIAL = late_pattern(r"[\\${}~^_]")
_NAME = late_pattern(r"[A-Za-z]+\*?")
_OPTIONAL = late_pattern(r"\s*\[[^\[\]]{0,200}\]")
_SPACE = late_pattern(r"\s*")
_BEFORE_A_FACTOR = late_pattern(r"\s+(?=[\w(])")
_DOLLAR = late_pattern(r"(?<!\\)\$")
_MATHEMATICAL = late_pattern(r"[\\^_{}]")


def tex_to_unicode(text: str) -> str:
    r"""Convert TeX in a title or a name to plain Unicode; other text stays as it is.

    >>> tex_to_unicode(r"Nguy\~{\^e}n V\u{a}n An, \DJ{}\uhorn c, Jos\'e Garc\'\i a, J.\ Smith")
    'Nguyễn Văn An, Đưc, José García, J. Smith'
    >>> tex_to_unicode(r"{\"O}ystein, G{\"{o}}{\u g}{\"u}{\c s}, \.{I}brahim, 100\% of {GPT}-4")
    'Öystein, Göğüş, İbrahim, 100% of GPT-4'
    >>> tex_to_unicode(r"\emph{Fast} $\alpha$-GAN in $O(n\log n)$, $10^{-3}$ for H$_2$O")
    'Fast α-GAN in O(n log n), 10⁻³ for H2O'
    >>> tex_to_unicode("Between $5 and $10 for ~3x: sets {0, 1}")
    'Between $5 and $10 for ~3x: sets {0, 1}'
    >>> tex_to_unicode("sim2.4times faster on 64times64 pixels, three times")
    '~2.4× faster on 64×64 pixels, three times'
    """
    if has_lost_commands(text):
        text = _ANY_LOST.sub(_found_again, text)
    if "~\\" in text:
        text = _CITED.sub("", text)
    is_tex = "\\" in text or "$" in text
    text = _Reader(text).read() if is_tex else _without_braces(text)
    if "~" in text:
        text = _TIE.sub(" ", text)
    if "--" in text:
        text = _DASHES.sub(lambda match: "—" if len(match.group()) == 3 else "–", text)
    if "``" in text:
        text = _QUOTED.sub(r"“\1”", text)
    return text


def has_lost_commands(text: str) -> bool:
    """Tell whether a text holds commands of TeX whose backslashes its source took away."""
    return any(lost.search(text) for lost in _EACH_LOST)


def _found_again(match: re.Match[str]) -> str:
    return SYMBOLS[match.group()]


def number_to_unicode(text: str) -> str:
    r"""Convert a number as TeX prints it, cut out of its formula, to plain Unicode.

    >>> number_to_unicode(r"1.3\times10^{9}"), number_to_unicode(r"84.1\%")
    ('1.3×10⁹', '84.1%')
    >>> number_to_unicode(r"0.5$^{\circ}"), number_to_unicode("25$M"), number_to_unicode("$0.34")
    ('0.5°', '25M', '$0.34')
    """
    if "\\" not in text and "^" not in text and "$" not in text[1:]:
        return text
    money = "$" if text.startswith("$") and "\\" not in text else ""
    formula = text.removeprefix(money).replace("$", "")
    closed = formula + "}" * max(0, formula.count("{") - formula.count("}"))
    return money + tex_to_unicode(f"${closed}$")


def superscript(text: str) -> str:
    """Write a text as an exponent: in superscript characters, or after a caret.

    >>> superscript("-3"), superscript("*"), superscript("k+1"), superscript("th")
    ('⁻³', '*', '^(k+1)', 'th')
    """
    if all(sign in SUPERSCRIPT for sign in text):
        return "".join(SUPERSCRIPT[sign] for sign in text)
    if text == "∘":
        return "°"
    if text in {"st", "nd", "rd", "th"} or all(sign in RAISED for sign in text):
        return text
    is_one = len(text) == 1 or text.isalnum() or (text[0], text[-1]) == ("(", ")")
    return f"^{text}" if is_one else f"^({text})"


def _without_braces(text: str) -> str:
    """Remove the braces that keep the capitals of words, as in "{{BERT}}"."""
    for _ in range(MOST_BRACES):
        text, found = _WORD_IN_BRACES.subn(r"\1", text)
        if not found:
            break
    return text


def _accented(base: str, name: str) -> str:
    """Put an accent over or under the first letter of a text."""
    if not base.strip():
        return SPACING.get(name, "")
    if name not in BELOW:
        base = base.replace("ı", "i", 1).replace("ȷ", "j", 1)
    if len(name) > 1 and len(base) > 1:  # a wide hat over a whole word
        return base
    return min(_orders(base[0], ACCENTS[name]), key=len) + base[1:]


def _orders(letter: str, accent: str) -> Iterator[str]:
    """Yield a letter with one more accent: the outermost one, or below those it has."""
    yield unicodedata.normalize("NFC", letter + accent)
    apart = unicodedata.normalize("NFD", letter)
    yield unicodedata.normalize("NFC", apart[0] + accent + apart[1:])


def _bracketed(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


class _Reader:
    """A reader of text with TeX, once from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.math = False
        self.missing: set[str] = set()
        """Ends of mathematics that do not come any more: looked for once."""
        self.has_commands = "\\" in text
        """Whether it is TeX in any case; else braces around more than a word are no TeX's."""

    def read(self, *, end: int | None = None, in_group: bool = False) -> str:
        """Read to the end of a group, to the offset `end`, or to the end of the text."""
        stop = len(self.text) if end is None else end
        parts: list[str] = []
        while self.at < stop:
            found = _SPECIAL.search(self.text, self.at, stop)
            if found is None:
                parts.append(self.text[self.at : stop])
                self.at = stop
                break
            parts.append(self.text[self.at : found.start()])
            self.at = found.end()
            sign = found.group()
            if sign == "}":
                if in_group:
                    break
                parts.append("" if self.math or self.has_commands else sign)
            else:
                parts.append(self._special(sign, parts, stop))
        return "".join(parts)

    def _special(self, sign: str, before: list[str], stop: int) -> str:
        if sign == "\\":
            return self._command(before, stop)
        if sign == "{":
            if self.math or self.has_commands or _WORD_IN_BRACES.match(self.text, self.at - 1):
                return self._group(stop)
            return sign
        if sign == "$":
            return self._mathematics(stop)
        if sign == "~":
            return " " if self.math else "~"
        if not self.math:
            return sign
        script = self._argument(stop).strip()
        return superscript(script) if sign == "^" else self._lowered(script, before)

    def _lowered(self, text: str, before: list[str]) -> str:
        """Write an index: digits beside the letter as in H2O and L2, but log₂; others after _."""
        if text.replace(".", "").replace(",", "").isdigit():
            behind_function = next(filter(None, reversed(before)), "").strip() in FUNCTIONS
            return "".join(SUBSCRIPT.get(c, c) for c in text) if behind_function else text
        return f"_{text}" if text else ""

    def _group(self, stop: int) -> str:
        if self.depth >= DEEPEST:
            return ""
        self.depth += 1
        inside = self.read(end=stop, in_group=True)
        self.depth -= 1
        return inside

    def _mathematics(self, stop: int) -> str:
        """Read from after a dollar sign to the closing one; without one it means money."""
        if self.math:
            return ""
        is_display = self.text.startswith("$", self.at, stop)
        start = self.at + is_display
        closing = _DOLLAR.search(self.text, start, stop)
        if closing is None or not self._is_mathematics(start, closing.start()):
            return "$"
        self.at = start
        inside = self._as_mathematics(closing.start())
        self.at = closing.end() + self.text.startswith("$", closing.end(), stop) * is_display
        return inside

    def _is_mathematics(self, start: int, end: int) -> bool:
        """Return true if the text between two dollar signs is a formula, not a price.

        As pandoc does, but for formulas with spaces inside their dollar signs, which people write.
        """
        inside = self.text[start:end]
        if _MATHEMATICAL.search(inside) or 0 < len(inside.strip()) <= 2:
            return True
        is_tight = bool(inside) and not inside[0].isspace() and not inside[-1].isspace()
        return is_tight and not self.text[end + 1 : end + 2].isdigit()

    def _as_mathematics(self, end: int) -> str:
        self.math = True
        inside = self.read(end=end)
        self.math = False
        return inside.strip()

    def _argument(self, stop: int) -> str:
        """Read a command's argument: a group, another command, or a single character."""
        self.at = _SPACE.match(self.text, self.at, stop).end()  # type: ignore[union-attr]
        if self.at >= stop or self.text[self.at] in "}$":
            return ""
        sign = self.text[self.at]
        self.at += 1
        if sign == "{":
            return self._group(stop)
        if sign != "\\" or self.depth >= DEEPEST:
            return sign
        self.depth += 1
        inside = self._command([], stop)
        self.depth -= 1
        return inside

    def _command(self, before: list[str], stop: int) -> str:
        """Read a command from after its backslash."""
        match = _NAME.match(self.text, self.at, stop)
        name = match.group().rstrip("*") if match else self.text[self.at : min(self.at + 1, stop)]
        self.at = match.end() if match else self.at + len(name)
        if name in LETTERS:
            self._swallow(stop)
            return LETTERS[name]
        if name in ACCENTS and (self.math or len(name) == 1):
            return _accented(self._argument(stop), name)
        if name in {"(", "["}:
            return self._opened("\\)" if name == "(" else "\\]", stop)
        if name in {")", "]"}:
            return ""
        if name in SYMBOLS:
            return self._symbol(SYMBOLS[name], name, before, stop)
        if name in FUNCTIONS:
            return self._function(name, before, stop)
        return self._structure(name, stop)

    def _opened(self, closing: str, stop: int) -> str:
        r"""Read mathematics after `\\(` or `\\[`; without its end it is plain text."""
        if self.math or closing in self.missing:
            return ""
        end = self.text.find(closing, self.at, stop)
        if end < 0:
            self.missing.add(closing)
            return ""
        return self._as_mathematics(end)

    def _symbol(self, sign: str, name: str, before: list[str], stop: int) -> str:
        """Write a symbol, and keep the space after its name if there is one before it."""
        last = next((part[-1] for part in reversed(before) if part), "")
        if self.math and name.isalpha():
            is_tight = last and not last.isspace()
            if _BEFORE_A_FACTOR.match(self.text, self.at, stop) if sign.isalpha() else is_tight:
                self._swallow(stop)
        return sign

    def _function(self, name: str, before: list[str], stop: int) -> str:
        """Write the name of a function, separated from the letters around it."""
        last = next((part[-1] for part in reversed(before) if part), "")
        following = self.text[self.at : min(self.at + 1, stop)]
        lead = " " if last.isalnum() else ""
        trail = " " if following.isalnum() or following == "\\" else ""
        if lead:
            before.append(lead)
        return f"{name}{trail}"

    def _structure(self, name: str, stop: int) -> str:
        """Read a command with arguments, one of formatting, or an unknown one."""
        if name in _STRUCTURES:
            return _STRUCTURES[name](self, stop)
        if name in DRESS:
            if name in {"left", "right"} and self.text.startswith(".", self.at, stop):
                self.at += 1
            self._swallow(stop)
            return ""
        if name in DROPPED:
            optional = _OPTIONAL.match(self.text, self.at, stop)
            self.at = optional.end() if optional else self.at
            self._argument(stop)
            return ""
        return name if name.isalpha() else ""

    def _swallow(self, stop: int) -> None:
        self.at = _SPACE.match(self.text, self.at, stop).end()  # type: ignore[union-attr]


def _fraction(reader: _Reader, stop: int) -> str:
    over, under = reader._argument(stop), reader._argument(stop)
    return f"{_bracketed(over)}/{_bracketed(under)}"


def _root(reader: _Reader, stop: int) -> str:
    optional = _OPTIONAL.match(reader.text, reader.at, stop)
    reader.at = optional.end() if optional else reader.at
    return f"√{_bracketed(reader._argument(stop))}"


def _not(reader: _Reader, stop: int) -> str:
    sign = reader._argument(stop)
    return unicodedata.normalize("NFC", f"{sign[:1]}\u0338{sign[1:]}") if sign else ""


def _double_struck(reader: _Reader, stop: int) -> str:
    letter = reader._argument(stop)
    return DOUBLE_STRUCK.get(letter, letter)


_STRUCTURES: dict[str, Callable[[_Reader, int], str]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "nicefrac", "sfrac"), _fraction),
    "sqrt": _root,
    "not": _not,
    "mathbb": _double_struck,
    "textsuperscript": lambda reader, stop: superscript(reader._argument(stop)),
    "textsubscript": lambda reader, stop: reader._argument(stop),
}
