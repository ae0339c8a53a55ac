"""Replace LaTeX and typographic signs by plain ones without moving a character."""

import re
from collections.abc import Iterable

from etl.extract.dollar_signs import settle_dollars

MARKUP = ("\\", "$", "{", "}", "_", "~", "\t", "\r")
"""Signs that there is anything but the ends of lines to clean in a text of plain letters."""

COMMANDS = {
    "times": "x",
    "texttimes": "x",
    "mu": "µ",
    "textmu": "µ",
    "rho": "ρ",
    "kappa": "κ",
    "sigma": "σ",
    "lambda": "λ",
    "epsilon": "ε",
    "varepsilon": "ε",
    "AA": "Å",
    "circ": "°",
    "degree": "°",
    "textdegree": "°",
    "percent": "%",
    "textpm": "±",
    "mp": "±",
    "lesssim": "<",
    "gtrsim": ">",
    "textless": "<",
    "textgreater": ">",
    "textasciitilde": "~",
    "thickapprox": "~",
    "leqslant": "≤",
    "geqslant": "≥",
    "approx": "~",
    "sim": "~",
    "simeq": "~",
    "pm": "±",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "gt": ">",
    "lt": "<",
    "to": "→",
    "rightarrow": "→",
    "cdot": "·",
    "%": "%",
    "&": "&",
    "#": "#",
    "_": "_",
}
ARROW = re.compile(r"(?<=[\d%)])(?:up|down)arrow")
"""What is left of an arrow whose backslash was lost."""
GREEK = frozenset(
    ("Gamma", "Delta", "Theta", "Lambda", "Sigma", "Upsilon", "Omega", "Rightarrow", "Leftarrow")
)
"""Commands that begin with a capital and are no names of the authors' own."""
TOWARDS = re.compile(r"(?<=[\d%)])\s?(?:long)?rightarrow(?=[\s\d])")
"""An arrow between two numbers whose backslash was lost."""
TYPED = re.compile(r"(?<=[\d%)])\s?(?:-{1,2}>|=>|[⇒⟶➔➜])(?=\s?\d)")
"""Another way to print such an arrow."""
COMMAND = re.compile(r"\\(?:[a-zA-Z]+|[%&#_,;!: ])")
LOST_SIM = re.compile(r"sim(?=\d)(?:(?<=[\d%]sim)|(?<=\dtimessim))")
"""A sign for a range whose backslash was lost: "1.04sim2.2times"."""
TIE = re.compile(r"~(?:(?<=\d~)(?=[\\A-Za-z%]|[\s{]{1,12}[A-Za-z%])|(?<=[A-Za-z]~)(?=\d))")
"""A space that TeX does not break: "35~ms", "OSWorld~2.0"."""
GROUPED = re.compile(r"(?<=\d)(?:\{,\}|\\[,:;!]|[\u2009\u202f\u00a0\u2008])(?=\d{3}(?!\d))")
"""What TeX and typography put between thousands."""
THIN = ("\u2009", "\u202f", "\u00a0", "\u2008")
PARTED = re.compile(r"\. (?=\d{1,2}\s?\\?%)(?<=\d\. )(?<!\d\d\d\. )")
"""A space that crept in behind a decimal point: "23. 0%"."""
PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u200a\u202f\u3000\u200b\n\t\r", " "),
        **dict.fromkeys("\u223c\u2248\uff5e\u02dc", "~"),
        **dict.fromkeys("\u2191\u2193", " "),
        "\u00d7": "x",
        "\u2a09": "x",
        "\uff05": "%",
        "\u2019": "'",
        "\u2018": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\uff0c": ",",
        "\uff1a": ":",
        "\uff08": "(",
        "\uff09": ")",
        "\u212b": "Å",
        "\u03bc": "µ",
        "{": " ",
        "}": " ",
    }
)


def clean(text: str) -> str:
    """Return the same text in plain signs; every character keeps its offset.

    >>> clean(r"3.5$\\times$ faster, 65.0\\%")
    '3.5      x  faster, 65.0 %'
    >>> clean("PSNR (9.87=>15.98)"), clean("61.2% -> 74.5%"), clean("A->B, x=>1")
    ('PSNR (9.87 →15.98)', '61.2%  → 74.5%', 'A->B, x=>1')
    """
    if "**" in text:
        text = text.replace("**", "  ")  # bold, in the Markdown of digests
    if "sim" in text:
        text = LOST_SIM.sub(" ~ ", text)
    if text.isascii() and not has_any(text, MARKUP):
        return _without_arrows(_without_gaps(text)).replace("\n", " ")
    if "\\" in text or "{,}" in text or has_any(text, THIN):
        text = GROUPED.sub(lambda match: "'" * len(match.group()), text)
    if "$" in text:
        text = settle_dollars(text)
    text = _without_arrows(_without_gaps(text))
    if "\\" in text:
        text = COMMAND.sub(_command, text)
    if "~" in text:
        text = TIE.sub(" ", text)
    return text.replace("_{", "  ").translate(PLAIN)


def has_any(text: str, signs: Iterable[str]) -> bool:
    """Return true if one of these signs stands in the text; faster than a pattern for rare ones."""
    for sign in signs:  # noqa: SIM110 - any() takes twice the time
        if sign in text:
            return True
    return False


def _without_gaps(text: str) -> str:
    return PARTED.sub("\u2060.", text) if ". " in text and "%" in text else text


def _without_arrows(text: str) -> str:
    if ">" in text or not text.isascii():
        text = TYPED.sub(lambda match: "→".rjust(len(match.group())), text)
    if "arrow" not in text:
        return text
    text = ARROW.sub(lambda match: " " * len(match.group()), text)
    return TOWARDS.sub(lambda match: "→".rjust(len(match.group())), text)


def _command(match: re.Match[str]) -> str:
    """Return a command's plain sign, right-aligned; dollar signs for money stay apart."""
    found = match.group()
    if len(found) > 4 and found[1].isupper() and found[1:] not in GREEK:
        return " " + found[1:]  # the authors' own command for a name: "\\GitBench{}"
    sign = COMMANDS.get(found[1:], "")
    return sign.rjust(len(found))


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Replace these spans by spaces, so that nothing is read inside addresses."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
