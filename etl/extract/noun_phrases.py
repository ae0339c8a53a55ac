"""Read noun phrases that may name a metric which is in no list."""

from etl.extract import lexicon
from etl.extract.tokens import Mention, Sentence, has_capital

CHANGE_NOUNS = lexicon.words("change_nouns")
CHANGE_ADJECTIVES = lexicon.words("change_adjectives")
RELATION_ADJECTIVES = lexicon.words("relation_adjectives")
STOP = lexicon.words("stop") | lexicon.words("verbs")
"""Words that end a noun phrase on either side."""

STRONG = lexicon.words("strong")
"""Last words that fix the metric whatever stands before them."""


TOPS = frozenset(("top-1", "top-5"))
TRAILERS = frozenset(("rate", "score", "scores", "performance", "accuracy", "points"))


def canonical(words: list[str]) -> str | None:
    """Return the known name that a noun phrase is or ends in, else its own words.

    >>> canonical(["last-incremental", "accuracy"]), canonical(["lip", "vertex", "error"])
    ('accuracy', 'lip vertex error')
    """
    forms = lexicon.metric_forms()
    while len(words) > 1 and "@" in words[-2] and words[-1].lower() in TRAILERS:
        words = words[:-1]
    if len(words) > 2 and words[-1].lower() == "accuracy" and words[0].lower() in TOPS:
        words = [words[0], words[-1]]
    count, lower = len(words), [word.lower() for word in words]
    for first in range(count):
        if first == count - 1 and first > 0 and lower[first] not in STRONG:
            break
        found = forms.longest(lower, words, first)
        if found is not None and found[0] == count:
            return found[1]
    text = " ".join(words)
    return (text if has_capital(text[1:]) else text.lower()) or None


def phrase_right(sentence: Sentence, at: int) -> Mention | None:
    """Return the noun phrase that begins at this token, without words that only grade it."""
    lower, texts = sentence.lower, sentence.texts
    while at < len(lower) and (lower[at] in RELATION_ADJECTIVES or lower[at] in ARTICLES):
        at += 2 if lower[at : at + 2] == ["avg", "."] else 1
    first = at
    while at < len(lower) and at - first < 5 and belongs(sentence, at):
        at += 1
        if _is_plural(lower[at - 1]):
            break
    if at == first:
        return None
    if lower[at - 1].endswith("ly") and all(word.endswith("ly") for word in lower[first:at]):
        return None
    return _mention(sentence, max(first, at - 4), at, texts)


ARTICLES = frozenset(("the", "a", "an", "all", "these", "those", "our", "their", "its"))


def _is_plural(word: str) -> bool:
    """Return true if the word looks like the plural that ends a noun phrase."""
    return len(word) > 3 and word[-1] == "s" and word[-2] not in "suia'"


APOSTROPHES = frozenset(("'", "’"))


def phrase_left(sentence: Sentence, at: int) -> Mention | None:
    """Return the noun phrase that ends before this token, skipping "(MDD)" after it."""
    if at >= 4 and sentence.lower[at - 1] == ")" and sentence.lower[at - 3] == "(":
        at -= 3
    last = at
    while at > 0 and last - at < 4 and belongs(sentence, at - 1):
        at -= 1
    whole = at
    if sentence.lower[at : at + 1] == ["s"] and at and sentence.lower[at - 1] in APOSTROPHES:
        whole = at = at + 1
    while at < last and sentence.lower[at] in RELATION_ADJECTIVES:
        at += 1
    if at == last:
        return None
    for first in range(whole, at):  # "mean absolute error"
        found = lexicon.metric_forms().longest(sentence.lower, sentence.texts, first)
        if found is not None and found[0] == last:
            return Mention(first, last, found[1], " ".join(sentence.texts[first:last]), known=False)
    return _mention(sentence, at, last, sentence.texts)


def belongs(sentence: Sentence, at: int) -> bool:
    """Return true if the token may be part of a noun phrase."""
    word = sentence.lower[at]
    return word not in STOP and at not in sentence.quantities and word[0].isalnum()


def _mention(sentence: Sentence, first: int, last: int, texts: list[str]) -> Mention:
    words = texts[first:last]
    return Mention(first, last, canonical(words), " ".join(words), known=False)
