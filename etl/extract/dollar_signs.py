"""Dollar signs: which of them open and close mathematics, and which mean money."""

import re

SIGN = re.compile(r"(?<!\\)\$+")
LONGEST_FORMULA = 240
"""Characters between two dollar signs; what is longer is prose."""
PROSE = re.compile(r"(?<![\\{a-zA-Z])[a-z]{3,}(?![a-zA-Z}(_^])")
"""A word that no command and no brace makes part of a formula."""
ESCAPED_WORDS = re.compile(r"\\(?:text|math|operatorname|mbox|rm|bf|it)\w*\s*\{[^{}]*\}")
AMOUNT = re.compile(r"\s?\d")
MONEY = "\uff04"
"""What a sign that means money is replaced by; a sign of mathematics becomes a space."""


def settle_dollars(text: str) -> str:
    r"""Replace every dollar sign by a space or, before an amount of money, by a full-width one.

    >>> settle_dollars(r"$0.95 \pm 0.03$ for $5 or \$7")
    ' 0.95 \\pm 0.03  for ＄5 or  ＄7'
    """
    text = text.replace("\\$", f" {MONEY}")
    signs = [match.span() for match in SIGN.finditer(text)]
    parts, last, at = [], 0, 0
    while at < len(signs):
        start, end = signs[at]
        after = signs[at + 1] if at + 1 < len(signs) else None
        if after and _is_formula(text[end : after[0]], text[after[1] : after[1] + 1]):
            parts += [text[last:start], " " * (end - start), text[end : after[0]]]
            parts.append(" " * (after[1] - after[0]))
            last = after[1]
            at += 2
            continue
        is_money = end - start == 1 and AMOUNT.match(text, end)
        parts += [text[last:start], MONEY if is_money else " " * (end - start)]
        last = end
        at += 1
    return "".join([*parts, text[last:]])


def _is_formula(content: str, following: str) -> bool:
    """Return true if two dollar signs with this between them enclose a formula."""
    if not content.strip() or len(content) > LONGEST_FORMULA:
        return False
    if "\\" not in content and following.isdigit() and re.search(r"\d", content):
        return False  # "$5-$10": two amounts
    return PROSE.search(ESCAPED_WORDS.sub("", content)) is None
