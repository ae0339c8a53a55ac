"""Find names of datasets in a tokenised sentence, known ones and probable ones."""

import re
from functools import lru_cache
from itertools import pairwise

from etl.extract import lexicon
from etl.extract.tokens import Mention, Sentence

_BEGUN, _WHOLE = (
    "|".join(sorted(lexicon.words(name))) for name in ("model_words", "whole_model_words")
)
MODEL_WORDS = re.compile(rf"^(?:(?:{_BEGUN})|(?:{_WHOLE})(?![a-z]))", re.I)

VERSION = re.compile(r"^(?:[vV]\d[\w.]*|Hard|Pro|ProMax|Lite|Verified|Bench|Diamond|II|III)$")

ADJECTIVE = re.compile(
    r"-(?:[a-z]+ed|[a-z]{2,}ing|based|driven|level|style|like|free|aware|specific|scale|centric"
    r"|agnostic|only|wise|friendly|guided|to-[a-z]+)$"
)
"""Ends of words that are adjectives for all their capitals: "AI-generated"."""

VERSIONED = re.compile(r"v\d")
"""The beginning of a version in small letters: "v2"."""

VERSION_NUMBER = re.compile(r"[1-9]\.\d")
"""The version behind a name: "OSWorld 2.0"."""

EDITION = re.compile(r"(?:19|20)\d\d")
"""The year behind a name: "BraTS 2020"."""

NUMERIC = re.compile(r"[\d.,x×]+|\d+times\d+")
"""A version or a resolution, which is no name: "2.0.1", "224x224"."""

SUFFIXES = ("bench", "qa", "eval", "arena", "benchmark", "vqa")

MODEL_SIZE = re.compile(r"\d(?:\.\d+)?[bm]\b", re.I)

PREPOSITIONS = frozenset(("on", "in", "for", "across", "from", "over", "at", "of", "under", "with"))

NAME_STOP = lexicon.words("name_stop")


def find_form(sentence: Sentence, at: int, forms: lexicon.Forms) -> Mention | None:
    """Find the longest known name that begins at this token."""
    found = forms.longest(sentence.lower, sentence.texts, at)
    if found is None:
        return None
    last, name = found
    return Mention(at, last, name, " ".join(sentence.texts[at:last]))


def find_datasets(sentence: Sentence) -> list[Mention]:
    """Find known datasets, and runs of words that look like names of datasets."""
    forms = lexicon.dataset_forms()
    found: list[Mention] = []
    lower = sentence.lower
    last = 0
    texts = sentence.texts
    starts = [
        at
        for at in sentence.odd
        if texts[at] != lower[at] or texts[at][0] in DIGITS or texts[at].endswith("-bench")
    ]
    for at in starts:
        if at < last:
            continue
        mention = None
        if lower[at] in forms.firsts:
            mention = find_form(sentence, at, forms)
            if mention is not None and mention.text.islower():
                mention = None
            elif mention is not None:
                mention = _extended(sentence, mention)
        if mention is None and _is_name(sentence, at):
            mention = _run(sentence, at)
        if mention is None:
            continue
        _leave_split(mention)
        mention.placed = (
            at > 0 and sentence.lower[at - (2 if _is_article(sentence, at) else 1)] in PLACING
        )
        found.append(mention)
        last = mention.last
    _shorten(sentence, found)
    return found


def _leave_split(mention: Mention) -> None:
    """Name the dataset of "Quills Dev" and "Quills-test" Quills."""
    name = SPLIT.sub("", mention.text)
    if name == mention.text or len(name) < 3:
        return
    known = lexicon.dataset(name)
    if known is not None:
        mention.name, mention.known = known.name, True
    elif PLAIN_SPLIT.search(mention.text):
        mention.name, mention.known = name, False


PART = r"[ -](?:dev|test|val|validation|test-dev|minival)$"
SPLIT = re.compile(PART, re.IGNORECASE)
"""The part of a dataset that a name ends with."""
PLAIN_SPLIT = re.compile(rf"{PART}| (?:Dev|Val)$")
"""The same behind names that no list knows, whose own "Test" or "-Val" may belong to them."""


def _shorten(sentence: Sentence, found: list[Mention]) -> None:
    """Give "Ape Survey Bench (ApeBench)" one name: the known one, else that in brackets."""
    for long, short in pairwise(found):
        if short.first != long.last + 1 or not _is_short(sentence, long, short):
            continue
        if long.known:
            short.name, short.known = long.name, True
        else:
            long.name, long.known = short.name, short.known


def _is_short(sentence: Sentence, long: Mention, short: Mention) -> bool:
    """Return true if the second name is the first one's abbreviation in brackets."""
    if sentence.texts[long.last] != "(" or sentence.texts[short.last : short.last + 1] != [")"]:
        return False
    initials = "".join([word[0] for word in long.text.split()]).lower()
    return len(initials) > 1 and short.text[:2].lower() in (initials[:2], long.text[:2].lower())


DIGITS = frozenset("0123456789")

PLACING = frozenset(("on", "in", "across"))


def _is_article(sentence: Sentence, at: int) -> bool:
    return at > 1 and sentence.lower[at - 1] in ("the", "both", "standard", "challenging")


def _extended(sentence: Sentence, mention: Mention) -> Mention:
    """Extend a name by the version or subset that follows it: "VerilogEval v2"."""
    last = mention.last
    while last < len(sentence.texts) and last - mention.last < 3 and _is_part(sentence, last):
        last += 1
    if last > mention.last:
        mention.text += " " + " ".join(sentence.texts[mention.last : last])
        mention.name = mention.text
        mention.last = last
    return mention


def _is_part(sentence: Sentence, at: int) -> bool:
    """Return true if the word after a dataset's name belongs to the name."""
    word = sentence.texts[at]
    if at in sentence.quantities:
        if sentence.quantities[at].unit is not None:
            return False
        return bool(VERSION_NUMBER.fullmatch(word) or EDITION.fullmatch(word))
    if _is_author(sentence, at):
        return False
    if VERSION.match(word):
        return True
    lower = sentence.lower[at]
    if not (word[0].isupper() and word[1:].islower()) or lower in NAME_STOP:
        return False
    return lower not in lexicon.metric_forms().firsts and not looks_like_model(word)


def _is_name(sentence: Sentence, at: int) -> bool:
    """Return true if the word looks like a name of its own, or the beginning of one."""
    word = sentence.texts[at]
    first = word[0]
    if at in sentence.quantities or sentence.lower[at] in NAME_STOP:
        return False
    if "-" in word and ADJECTIVE.search(word):
        return False
    if first.isupper():
        if len(word) == 1:
            return False
        return (
            at > 0
            or any(sign.isupper() or sign.isdigit() for sign in word[1:])
            or (_is_versioned(sentence))
        )
    if not first.isalnum() or NUMERIC.fullmatch(word):
        return False
    if any(sign.isupper() for sign in word[1:]) or (first.isdigit() and len(word) > 3):
        return True
    return word.endswith("-bench")


def _is_author(sentence: Sentence, at: int) -> bool:
    """Return true for a name before "et al."."""
    return sentence.lower[at + 1 : at + 3] == ["et", "al"]


def _run(sentence: Sentence, at: int) -> Mention:
    """Return the name that begins here with what belongs to it: "Massachusetts Building"."""
    last = at + 1
    count = len(sentence.texts)
    while last < count and last - at < 4:
        word = sentence.texts[last]
        first = word[0]
        if (first == "v" and VERSIONED.match(word)) or (
            first.isdigit() and EXPERTS.fullmatch(word)
        ):
            last += 1
            break
        if last in sentence.quantities:
            quantity = sentence.quantities[last]
            plain = quantity.unit is None and not quantity.scaled and quantity.value_max is None
            version = quantity.decimal and VERSION_NUMBER.fullmatch(word)
            if not plain or (quantity.decimal and not version) or quantity.hyphen or quantity.glued:
                break
            last += 1
            last += _is_model_part(sentence, at, last)
            break
        if not first.isupper() or len(word) == 1 or _is_author(sentence, last):
            break
        if not _is_name(sentence, last):
            break
        last += 1
    name = " ".join(sentence.texts[at:last])
    return Mention(at, last, name, name, known=False)


def _is_versioned(sentence: Sentence) -> bool:
    """Return true if a sentence begins with a model and its version: "Gemini 2.5"."""
    if not looks_like_model(sentence.texts[0]):
        return False
    return 1 in sentence.quantities or EXPERTS.fullmatch("".join(sentence.texts[1:2])) is not None


EXPERTS = re.compile(r"\d+x\d+B(?:-\w+)?")
"""The size of a mixture of experts: "Mixtral 8x7B"."""


def _is_model_part(sentence: Sentence, at: int, last: int) -> bool:
    """Return true if a word behind a version ends a model's name: "Gemini 2.5 Flash"."""
    return sentence.texts[last : last + 1] != [] and (
        sentence.texts[last] in MODEL_TAILS and looks_like_model(sentence.texts[at])
    )


MODEL_TAILS = frozenset(
    ("Flash", "Flash-Lite", "Pro", "Sonnet", "Opus", "Haiku", "Mini", "Nano", "Turbo", "Thinking",
     "Ultra", "Max", "Preview", "Instruct", "Coder", "Vision", "Omni", "Small", "Medium", "Large",
     "Plus", "Air", "Maverick", "Scout", "Experimental")
)  # fmt: skip
"""Words that tell apart the models of one version."""


HEADED = re.compile(r" (?:datasets?|corpus|database|challenge|benchmark|suite|registry)(?: \d+)?$")
"""Ends of names that say themselves what they are: "Duke Liver Dataset"."""


def looks_like_model(name: str) -> bool:
    """Return true if a name is more likely a model's, method's or chip's than a dataset's.

    >>> looks_like_model("Qwen2.5-7B"), looks_like_model("OlympiadBench")
    (True, False)
    """
    return bool(MODEL_WORDS.match(name) or MODEL_SIZE.search(name))


def kind_of(mention: Mention) -> str:
    """Classify a name: a known dataset, or what it looks like."""
    if not mention.kind:
        mention.kind = "known" if mention.known else _look(mention.name or "")
    return mention.kind


@lru_cache(maxsize=4096)
def _look(name: str) -> str:
    """Classify a name by its look: a model, a benchmark, an ordinary word, or just a name."""
    lower = name.lower()
    if "bench" in lower and not lower.startswith("bench"):
        return "bench"
    if looks_like_model(name):
        return "model"
    if lower.endswith(SUFFIXES) or "bench" in lower or HEADED.search(lower):
        return "bench"
    plain = name[1:].islower() and " " not in name
    return "word" if plain else "name"
