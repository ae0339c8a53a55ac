r"""Write plain text as TeX, so that `tex_to_unicode` reads the same text again.

Letters stay as they are, with their accents: biber, Zotero and today's LaTeX read UTF-8. Signs that
TeX reserves and symbols of mathematics become commands.
"""

import re
from functools import cache

from catalog.domain.tex_commands import SYMBOLS

RESERVED = {
    "\\": r"\textbackslash{}",
    "{": r"$\lbrace$",  # some readers take \{ for a brace of BibTeX's own
    "}": r"$\rbrace$",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\ue000": r"$\lbrace$",
    "\ue001": r"$\rbrace$",
}
"""Sign -> how TeX prints it; the last two are braces of abstracts without a partner."""
_LONE = str.maketrans("{}", "\ue000\ue001")
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+-=()ni")
_INDICES = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_TEXTUAL = frozenset("–—‘’“”…§¶£€©®™ ")
"""Signs that fonts have, and that text in UTF-8 holds as they are."""
_PREFERRED = ("epsilon", "leq", "geq", "neq", "to", "Rightarrow", "times", "cdot", "dagger")

_SENTENCE_CASE = 0.5
"""Share of a title's longer words in lower case from which on capitals in it mean something."""
_WORD = re.compile(r"[^\W_⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ₀₁₂₃₄₅₆₇₈₉]+")
_POWER_NEXT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ₀₁₂₃₄₅₆₇₈₉]")
_AFTER_STOP = re.compile(r"(?:^|[:.?!–—]\s+[\"“‘'(]?)$")


@cache
def _commands() -> dict[str, str]:
    """Map symbols to the commands of mathematics that print them."""
    found: dict[str, str] = {}
    names = [*_PREFERRED, *(name for name in SYMBOLS if name.isalpha())]
    for name in names:
        sign = SYMBOLS.get(name, "")
        if len(sign) == 1 and not sign.isascii() and sign not in _TEXTUAL:
            found.setdefault(sign, name)
    return found


def tex(text: str) -> str:
    r"""Write plain text as TeX.

    >>> tex("50% of A_B: O(n²) with α ≤ 3, naïvely")
    '50\\% of A\\_B: O(n$^{2}$) with $\\alpha$ $\\leq$ 3, naïvely'
    """
    return _special().sub(lambda match: _sign(match.group()), text)


@cache
def _special() -> re.Pattern[str]:
    """Compile the pattern of what TeX writes otherwise."""
    signs = "".join(map(re.escape, [*RESERVED, *_commands()]))
    return re.compile(f"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ]+|[₀₁₂₃₄₅₆₇₈₉]+|[{signs}]")


def _paired(text: str) -> str:
    """Mark the braces that have no partner: BibTeX counts braces, escaped ones as well."""
    if "{" not in text and "}" not in text:
        return text
    opened: list[int] = []
    lone: list[int] = []
    for match in re.finditer(r"[{}]", text):
        if match.group() == "{":
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            lone.append(match.start())
    signs = list(text)
    for place in (*opened, *lone):
        signs[place] = signs[place].translate(_LONE)
    return "".join(signs)


def _sign(run: str) -> str:
    if run in RESERVED:
        return RESERVED[run]
    if (power := run.translate(_POWERS)) != run:
        return f"$^{{{power}}}$"
    if (index := run.translate(_INDICES)) != run:
        return f"$_{{{index}}}$"
    name = _commands().get(run)
    return f"$\\{name}$" if name else run


def title_tex(title: str) -> str:
    r"""Write a title as TeX, with braces around the words whose capitals styles must keep.

    A title in Title Case keeps those of BERT and ImageNet; in a sentence every name counts.

    >>> title_tex("BERT Meets ImageNet: A Study of GPT-4")
    '{BERT} Meets {ImageNet}: A Study of {GPT}-4'
    >>> title_tex("Learning about Gauss with 3D models: An overview")
    'Learning about {Gauss} with {3D} models: An overview'
    """
    long_words = [word for word in re.findall(r"[^\W\d_]{4,}", title)[1:] if word[1:].islower()]
    small = sum(word.islower() for word in long_words)
    is_sentence = bool(long_words) and small / len(long_words) >= _SENTENCE_CASE
    parts, end = [], 0
    for match in _WORD.finditer(title):
        starts = bool(_AFTER_STOP.search(title[: match.start()][-6:]))
        word = tex(match.group())
        is_name = bool(_POWER_NEXT.match(title, match.end())) or (is_sentence and not starts)
        kept = _is_kept(match.group(), is_name=is_name)
        parts += [tex(title[end : match.start()]), f"{{{word}}}" if kept else word]
        end = match.end()
    return "".join([*parts, tex(title[end:])])


def _is_kept(word: str, *, is_name: bool) -> bool:
    """Tell whether a style must not change a word's capitals."""
    inner = any(letter.isupper() for letter in word[1:])
    return inner or (is_name and word[:1].isupper())


_MATHEMATICS = re.compile(r"(?<!\\)\$[^$]{1,500}?(?<!\\)\$")
_BARE = re.compile(r"(?<!\\)[%&#_$^]|[\ue000\ue001]")


def abstract_tex(abstract: str) -> str:
    r"""Write an abstract, which holds TeX of its source, as TeX: commands and mathematics stay.

    >>> abstract_tex(r"We reach 95% in $O(n^2)$, 3\% more & \emph{fast} for {x")
    'We reach 95\\% in $O(n^2)$, 3\\% more \\& \\emph{fast} for $\\lbrace$x'
    """
    parts, end = [], 0
    marked = _paired(abstract)
    for match in _MATHEMATICS.finditer(marked):
        if match.group() == _paired(match.group()):
            parts += [_words_tex(marked[end : match.start()]), match.group()]
            end = match.end()
    return "".join([*parts, _words_tex(marked[end:])])


def _words_tex(text: str) -> str:
    """Escape what is reserved, unless it belongs to a command."""
    return _BARE.sub(lambda match: RESERVED[match.group()], text)
