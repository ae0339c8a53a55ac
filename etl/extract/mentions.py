"""Names of metrics and datasets in a tokenised sentence."""

import re
from dataclasses import dataclass

from etl.extract import lexicon
from etl.extract.tokens import Sentence

NAMELESS = frozenset(
    ("performance", "score", "scores", "results", "improvement", "improvements", "gain", "gains",
     "performances", "points", "result")
)  # fmt: skip
"""Words that stand where a metric could stand, and name none."""

AT = re.compile(r"^(pass|ndcg|recall|r|hits?|hr|mrr|map|precision|p|avg|mean|maj)@(\w+)$", re.I)
AT_NAMES = {
    "pass": "pass@", "ndcg": "NDCG@", "recall": "Recall@", "r": "Recall@", "hit": "Hit@",
    "hits": "Hit@", "hr": "Hit@", "mrr": "MRR@", "map": "MAP@", "precision": "Precision@",
    "p": "Precision@", "avg": "avg@", "mean": "mean@", "maj": "maj@",
}  # fmt: skip
MODEL_WORDS = re.compile(
    r"^(?:qwen|llama|gpt|claude|gemini|gemma|mistral|mixtral|deepseek|phi|vicuna|llava|internvl|"
    r"intern|bert|roberta|t5|vit|resnet|clip|sam|dino|sd|sdxl|flux|stable|wan|hunyuan|cog|glm|"
    r"chatgpt|o1|o3|o4|opus|sonnet|grok|kimi|yi|falcon|bloom|opt|opencoder|codellama|starcoder|"
    r"swin|convnext|yolo|unet|u-net|lora|grpo|ppo|dpo|sft|rl|rlhf|rlvr|cot|mcts|rag|moe|llm|vlm|"
    r"mllm|lvlm|vla|openvla|transformer|mamba|a100|h100|v100|rtx|nvidia|gpu|cpu|google|openai|"
    r"anthropic|meta|microsoft|pi0|show-o|janus|bagel|emu|var|dit|sit|adam|adamw|muon|kv)",
    re.I,
)
MODEL_SIZE = re.compile(r"\d(?:\.\d+)?[bm]\b", re.I)
PREPOSITIONS = frozenset(("on", "in", "for", "across", "from", "over", "at", "of", "under", "with"))
NAME_STOP = frozenset(
    ("the", "a", "an", "we", "our", "this", "these", "it", "its", "in", "on", "by", "for", "and",
     "moreover", "furthermore", "notably", "additionally", "specifically", "remarkably", "compared",
     "code", "experiments", "experimental", "extensive", "results", "to", "with", "when", "while",
     "however", "as", "using", "for", "evaluated", "evaluations", "empirically", "evaluation",
     "further", "finally", "overall", "importantly", "at", "on", "i", "ii", "iii", "our", "both",
     "under", "through", "despite", "beyond", "also", "e.g", "i.e", "english", "chinese", "state",
     "sota", "ai", "nlp", "ood", "id", "3d", "2d", "4d")
)  # fmt: skip


@dataclass(slots=True)
class Mention:
    """A name at a place of a sentence, tokens `first` to `last - 1`."""

    first: int
    last: int
    name: str | None
    """Canonical name; None for a word that names no metric."""
    text: str
    known: bool = True


def find_metrics(sentence: Sentence) -> list[Mention]:
    """Known metrics and nameless stand-ins, longest first, none inside another."""
    forms = lexicon.metric_forms()
    found: list[Mention] = []
    at, lower = 0, sentence.lower
    count = len(lower)
    while at < count:
        word = lower[at]
        mention = None
        if (listed := forms.get(word)) is not None:
            mention = _longest(sentence, at, listed)
        if mention is None:
            if word in NAMELESS:
                mention = Mention(at, at + 1, None, sentence.texts[at])
            elif "@" in word and (match := AT.match(word)):
                name = AT_NAMES[match.group(1).lower()] + match.group(2).lower()
                mention = Mention(at, at + 1, name, sentence.texts[at])
        if mention is None:
            at += 1
            continue
        found.append(mention)
        at = mention.last
    return found


def _longest(
    sentence: Sentence,
    at: int,
    listed: list[tuple[tuple[str, ...], tuple[str, ...] | None, str]],
) -> Mention | None:
    """The longest listed name that stands here."""
    for words, cased, name in listed:
        last = at + len(words)
        if len(words) > 1 and tuple(sentence.lower[at:last]) != words:
            continue
        if cased is not None and tuple(sentence.texts[at:last]) != cased:
            continue
        return Mention(at, last, name, " ".join(sentence.texts[at:last]))
    return None


def find_tasks(sentence: Sentence) -> list[Mention]:
    """Known tasks, longest first."""
    forms = lexicon.task_forms()
    found: list[Mention] = []
    for at, word in enumerate(sentence.lower):
        if (listed := forms.get(word)) is None or (found and found[-1].last > at):
            continue
        if mention := _longest(sentence, at, listed):
            found.append(mention)
    return found


def find_datasets(sentence: Sentence) -> list[Mention]:
    """Known datasets, and runs of words that look like names."""
    forms = lexicon.dataset_forms()
    found: list[Mention] = []
    at, count = 0, len(sentence.texts)
    while at < count:
        mention = None
        if (listed := forms.get(sentence.lower[at])) is not None:
            mention = _longest(sentence, at, listed)
        if mention is None and _is_name(sentence, at):
            mention = _run(sentence, at)
        if mention is None:
            at += 1
            continue
        found.append(mention)
        at = mention.last
    return found


def _is_name(sentence: Sentence, at: int) -> bool:
    """Whether the word looks like (the beginning of) a name of its own."""
    word = sentence.texts[at]
    first = word[0]
    if at in sentence.quantities or sentence.lower[at] in NAME_STOP:
        return False
    if first.isupper():
        if len(word) == 1:
            return False
        return at > 0 or any(sign.isupper() or sign.isdigit() for sign in word[1:])
    if not first.isalnum():
        return False
    return any(sign.isupper() for sign in word[1:]) or (first.isdigit() and len(word) > 3)


def _run(sentence: Sentence, at: int) -> Mention:
    """The name that begins here, with what belongs to it: "Massachusetts Building", "GAIA 2"."""
    last = at + 1
    count = len(sentence.texts)
    while last < count and last - at < 4:
        word = sentence.texts[last]
        if last in sentence.quantities:
            quantity = sentence.quantities[last]
            plain = quantity.unit is None and not quantity.scaled and quantity.value_max is None
            if not plain or quantity.decimal or quantity.hyphen or quantity.glued:
                break
            last += 1
            break
        if not (word[0].isupper() and len(word) > 1) or not _is_name(sentence, last):
            break
        if sentence.starts[last] - sentence.ends[last - 1] > 2:
            break
        last += 1
    name = " ".join(sentence.texts[at:last])
    return Mention(at, last, name, name, known=False)


def looks_like_model(name: str) -> bool:
    """Whether a name is more likely a model's, a method's or a chip's than a dataset's.

    >>> looks_like_model("Qwen2.5-7B"), looks_like_model("OlympiadBench")
    (True, False)
    """
    return bool(MODEL_WORDS.match(name) or MODEL_SIZE.search(name))
