"""Find names of metrics and tasks in a tokenised sentence."""

import re
from functools import cache

from etl.extract import lexicon
from etl.extract.dataset_mentions import find_form
from etl.extract.noun_phrases import phrase_left
from etl.extract.tokens import Mention, Sentence

NAMELESS = frozenset(
    ("performance", "score", "scores", "results", "performances", "points", "result")
)  # fmt: skip
"""Words that stand where a metric could stand, and name none."""

AT = re.compile(r"^([a-z][a-z-]*)@(\w+)$", re.I)

AT_NAMES = {
    "pass": "pass@", "ndcg": "NDCG@", "recall": "Recall@", "r": "Recall@", "hit": "Hit@",
    "hits": "Hit@", "hr": "Hit@", "mrr": "MRR@", "map": "MAP@", "precision": "Precision@",
    "p": "Precision@", "avg": "avg@", "mean": "mean@", "maj": "maj@",
}  # fmt: skip

TITLE_WORDS = frozenset(
    ("reward", "return", "memory", "data", "speed", "quality", "parameter", "parameters", "safety",
     "consistency", "preference", "compression", "cost", "tokens", "token", "success", "loss")
)  # fmt: skip
"""Metrics that also stand in names: "VideoGen Reward"."""


def _in_title(sentence: Sentence, at: int) -> bool:
    """Return true if such a word, capitalised, belongs to a name that begins before it."""
    if at == 0 or not sentence.texts[at][0].isupper():
        return False
    before = sentence.texts[at - 1]
    return at > 1 and before[0].isupper() and len(before) > 2


MISREAD = frozenset(("QuALITY", "LoCo", "SPEED", "Cost"))
"""Names of datasets that look like metrics once their case is lost."""


def find_metrics(sentence: Sentence) -> list[Mention]:
    """Find known metrics and nameless stand-ins, longest first, without overlaps."""
    forms = lexicon.metric_forms()
    found: list[Mention] = []
    begins = _beginnings()
    last = 0
    lower = sentence.lower
    starts = [at for at, word in enumerate(lower) if word in begins]
    if open_names := [at for at in sentence.odd if "@" in lower[at]]:
        starts = sorted({*starts, *open_names})
    for at in starts:
        if at < last:
            continue
        word = lower[at]
        mention = None
        if word in TITLE_WORDS and _in_title(sentence, at):
            continue
        if word in forms.firsts and sentence.texts[at] not in MISREAD:
            mention = find_form(sentence, at, forms)
            mention = mention and _widened(sentence, mention)
        if mention is None:
            mention = _headed(sentence, at) if word in ENDS else None
            if mention is not None:
                while found and found[-1].last > mention.first:
                    found.pop()
            elif word in NAMELESS:
                mention = Mention(at, at + 1, None, sentence.texts[at])
            elif "@" in word and (match := AT.match(word)):
                head = AT_NAMES.get(match.group(1).lower())
                name = head + match.group(2).lower() if head else sentence.texts[at]
                mention = Mention(at, at + 1, name, sentence.texts[at])
        if mention is None:
            continue
        if mention.name is not None or not found or found[-1].last != at or not found[-1].name:
            found += _shared(sentence, mention)
        last = mention.last
    return found


@cache
def _beginnings() -> frozenset[str]:
    """List every token at which a metric may begin or, for open names, end."""
    return frozenset(lexicon.metric_forms().firsts) | NAMELESS | HEADS


def _shared(sentence: Sentence, mention: Mention) -> list[Mention]:
    """Expand a name by those that share its first or last word: "box/mask mAP"."""
    lower = sentence.lower
    first, last = mention.first, mention.last
    if mention.name is None or last - first < 2:
        return [mention]
    found = [mention]
    if first >= 2 and lower[first - 1] in ("/", "and", "or"):
        other = _joined(
            sentence, first - 2, [sentence.texts[first - 2], *sentence.texts[first + 1 : last]]
        )
        found = [other, mention] if other else found
    if last + 1 < len(lower) and lower[last] in ("/", "and", "or"):
        other = _joined(
            sentence, last + 1, [*sentence.texts[first : last - 1], sentence.texts[last + 1]]
        )
        found += [other] if other else []
    return found


def _joined(sentence: Sentence, at: int, words: list[str]) -> Mention | None:
    """Return a mention of the one word that stands for all of these, if they form a name."""
    found = lexicon.metric_forms().longest([word.lower() for word in words], words, 0)
    if found is None or found[0] < len(words):
        return None
    return Mention(at, at + 1, found[1], " ".join(words))


GENERIC = lexicon.words("generic")
"""Names that mean something else with a word before them: "lip vertex error"."""

HEADS = lexicon.words("heads")
"""Last words of noun phrases that are metrics even if no list has them."""


ENDS = HEADS | {"score", "scores"}
"""Words that such a metric may end in."""


def _headed(sentence: Sentence, at: int) -> Mention | None:
    """Find a metric in the text's own words: "violation density", "weighted rubric score"."""
    word = sentence.lower[at]
    if word in ("score", "scores"):
        return _scored(sentence, at)
    phrase = phrase_left(sentence, at + 1)
    if phrase is None or phrase.last - phrase.first < 2:
        return None
    return Mention(phrase.first, phrase.last, phrase.name, phrase.text)


def _scored(sentence: Sentence, at: int) -> Mention:
    """Read "X score": the metric is X, unless X is a dataset or says nothing."""
    nameless = Mention(at, at + 1, None, sentence.texts[at])
    after = sentence.lower[at + 1] if at + 1 < len(sentence.lower) else "."
    if at + 1 in sentence.quantities or after in VERBAL:
        return nameless
    phrase = phrase_left(sentence, at)
    if phrase is None or phrase.name is None:
        return nameless
    words = phrase.text.split()
    if words[-1].lower() in PLAIN_SCORES or lexicon.dataset(words[-1]) is not None:
        return nameless
    return Mention(phrase.first, at + 1, phrase.name, phrase.text + " " + sentence.texts[at])


VERBAL = frozenset(
    (
        "less",
        "more",
        "only",
        "just",
        "under",
        "below",
        "over",
        "above",
        "around",
        "about",
        "at",
        "near",
    )
)
"""Behind these words "scores" is a verb."""

PLAIN_SCORES = lexicon.words("plain_scores")


def _widened(sentence: Sentence, mention: Mention) -> Mention:
    """Extend a generic name by the words before it."""
    if mention.last - mention.first > 1 or sentence.lower[mention.first] not in GENERIC:
        return mention
    phrase = phrase_left(sentence, mention.last)
    if phrase is None or phrase.first == mention.first:
        return mention
    return Mention(phrase.first, phrase.last, phrase.name, phrase.text)


def find_tasks(sentence: Sentence) -> list[Mention]:
    """Find known tasks, longest first."""
    forms = lexicon.task_forms()
    found: list[Mention] = []
    if forms.firsts.isdisjoint(sentence.lower):
        return found
    for at, word in enumerate(sentence.lower):
        if word not in forms.firsts or (found and found[-1].last > at):
            continue
        if mention := find_form(sentence, at, forms):
            found.append(mention)
    return found
