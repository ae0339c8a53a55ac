"""Names of metrics and datasets in a tokenised sentence."""

import re
from functools import cache, lru_cache

from etl.extract import lexicon
from etl.extract.phrases import phrase_left
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
MODEL_WORDS = re.compile(
    r"^(?:qwen|llama|gpt|claude|gemini|gemma|mistral|mixtral|deepseek|phi|vicuna|llava|internvl|"
    r"intern|bert|roberta|t5|vit|resnet|clip|sam|dino|sd|sdxl|flux|stable|wan|hunyuan|cog|glm|"
    r"chatgpt|o1|o3|o4|opus|sonnet|grok|kimi|yi|falcon|bloom|opt|opencoder|codellama|starcoder|"
    r"swin|convnext|yolo|unet|u-net|lora|grpo|ppo|dpo|sft|rl|rlhf|rlvr|cot|mcts|rag|moe|llm|vlm|"
    r"mllm|lvlm|vla|openvla|transformer|mamba|a100|h100|v100|rtx|nvidia|gpu|cpu|google|openai|"
    r"anthropic|meta|microsoft|pi0|show-o|janus|bagel|emu|var|dit|sit|adam|adamw|muon|kv)",
    re.I,
)
VERSION = re.compile(r"^(?:[vV]\d[\w.]*|Hard|Pro|Lite|Verified|Bench|Diamond)$")
SUFFIXES = ("bench", "qa", "eval", "arena", "benchmark", "vqa")
MODEL_SIZE = re.compile(r"\d(?:\.\d+)?[bm]\b", re.I)
PREPOSITIONS = frozenset(("on", "in", "for", "across", "from", "over", "at", "of", "under", "with"))
NAME_STOP = frozenset(
    ("the", "a", "an", "we", "our", "this", "these", "it", "its", "in", "on", "by", "for", "and",
     "moreover", "furthermore", "notably", "additionally", "specifically", "remarkably", "compared",
     "code", "experiments", "experimental", "extensive", "results", "to", "with", "when", "while",
     "however", "as", "using", "for", "evaluated", "evaluations", "empirically", "evaluation",
     "further", "finally", "overall", "importantly", "at", "on", "i", "ii", "iii", "our", "both",
     "under", "through", "despite", "beyond", "also", "e.g", "i.e", "english", "chinese", "state",
     "sota", "ai", "nlp", "qa", "vqa", "llm", "llms", "vlm", "vlms", "mllm", "mllms", "lvlm", "lvlms",
     "lmm", "lmms", "rl", "sft", "rlhf", "rlvr", "dpo", "grpo", "ppo", "gpu", "gpus", "cpu", "api",
     "cot", "rag", "moe", "ocr", "tts", "asr", "gui", "vla", "vlas", "slm", "slms", "lrm", "lrms",
     "prm", "prms", "orm", "mcts", "nas", "gan", "gans", "vae", "lora", "kv", "stem", "mt", "ir",
     "t2i", "t2v", "i2v", "mcp", "mri", "ct", "ehr", "it", "ui", "sql", "html", "python", "java",
     "math", "language", "models", "model", "large", "figure", "table", "pytorch", "january", "february", "march", "april", "may", "june", "july",
     "august", "september", "october", "november", "december", "ood", "id", "3d", "2d", "4d")
)  # fmt: skip


MISREAD = frozenset(("QuALITY", "LoCo", "SPEED", "Cost"))
"""Names of datasets that look like metrics once their case is lost."""


def find_metrics(sentence: Sentence) -> list[Mention]:
    """Known metrics and nameless stand-ins, longest first, none inside another."""
    forms = lexicon.metric_forms()
    found: list[Mention] = []
    begins = _beginnings()
    last = 0
    lower = sentence.lower
    places = [at for at, word in enumerate(lower) if word in begins or "@" in word]
    for at in places:
        if at < last:
            continue
        word = lower[at]
        mention = None
        if word in forms.firsts and sentence.texts[at] not in MISREAD:
            mention = _longest(sentence, at, forms)
            mention = mention and _widened(sentence, mention)
        if mention is None:
            mention = _headed(sentence, at)
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
    """Every word at which a metric may begin or, for open names, end."""
    return frozenset(lexicon.metric_forms().firsts) | NAMELESS | HEADS


def _shared(sentence: Sentence, mention: Mention) -> list[Mention]:
    """The name, with those that share its first or last word: "box/mask mAP"."""
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
    """A mention of the one word that stands for all of these, where they are a name."""
    found = lexicon.metric_forms().longest([word.lower() for word in words], words, 0)
    if found is None or found[0] < len(words):
        return None
    return Mention(at, at + 1, found[1], " ".join(words))


GENERIC = frozenset(
    ("error", "errors", "return", "returns", "quality", "coverage", "overlap", "bias", "loss",
     "consistency", "diversity", "fidelity", "robustness", "preference", "rating")
)  # fmt: skip
"""Names that mean something else with a word before them: "lip vertex error"."""


HEADS = frozenset(
    ("rate", "rates", "error", "errors", "accuracy", "accuracies", "time", "cost", "costs", "ratio",
     "index", "coverage", "similarity", "efficiency", "distance", "density", "length", "precision",
     "recall", "correlation", "agreement", "consistency", "overhead", "usage", "count", "f1",
     "complexity", "utilization", "fidelity", "satisfaction", "frequency", "consumption", "drawdown",
     "coefficient", "divergence", "entropy", "likelihood", "probability", "alignment", "adherence",
     "awareness", "retention", "intelligibility", "naturalness", "compliance", "size", "quality")
)  # fmt: skip
"""Last words of noun phrases that are metrics even if no list has them."""


def _headed(sentence: Sentence, at: int) -> Mention | None:
    """A metric in the text's own words: "violation density", "weighted rubric score"."""
    word = sentence.lower[at]
    if word in ("score", "scores"):
        return _scored(sentence, at)
    if word not in HEADS:
        return None
    phrase = phrase_left(sentence, at + 1)
    if phrase is None or phrase.last - phrase.first < 2:
        return None
    return Mention(phrase.first, phrase.last, phrase.name, phrase.text)


def _scored(sentence: Sentence, at: int) -> Mention:
    """ "X score": the metric is X, unless X is a dataset or says nothing."""
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
    ("only", "just", "under", "below", "over", "above", "around", "about", "at", "near")
)
"""Behind these words "scores" is a verb."""
PLAIN_SCORES = frozenset(
    ("performance", "benchmark", "test", "higher", "model", "task", "overall", "evaluation", "z",
     "leaderboard", "high", "low", "lower", "better", "strong", "competitive", "verified", "record",
     "combined", "normalized", "aggregate", "public", "private", "online", "raw", "baseline")
)  # fmt: skip


def _widened(sentence: Sentence, mention: Mention) -> Mention:
    """A generic name with the words before it."""
    if mention.last - mention.first > 1 or sentence.lower[mention.first] not in GENERIC:
        return mention
    phrase = phrase_left(sentence, mention.last)
    if phrase is None or phrase.first == mention.first:
        return mention
    return Mention(phrase.first, phrase.last, phrase.name, phrase.text)


def _longest(sentence: Sentence, at: int, forms: lexicon.Forms) -> Mention | None:
    """The longest listed name that stands here."""
    found = forms.longest(sentence.lower, sentence.texts, at)
    if found is None:
        return None
    last, name = found
    return Mention(at, last, name, " ".join(sentence.texts[at:last]))


def find_tasks(sentence: Sentence) -> list[Mention]:
    """Known tasks, longest first."""
    forms = lexicon.task_forms()
    found: list[Mention] = []
    for at, word in enumerate(sentence.lower):
        if word not in forms.firsts or (found and found[-1].last > at):
            continue
        if mention := _longest(sentence, at, forms):
            found.append(mention)
    return found


def find_datasets(sentence: Sentence) -> list[Mention]:
    """Known datasets, and runs of words that look like names."""
    forms = lexicon.dataset_forms()
    found: list[Mention] = []
    lower = sentence.lower
    last = 0
    texts = sentence.texts
    places = [at for at, word in enumerate(texts) if word != lower[at] or word[0] in DIGITS]
    for at in places:
        if at < last:
            continue
        mention = None
        if lower[at] in forms.firsts:
            mention = _longest(sentence, at, forms)
            if mention is not None and mention.text.islower():
                mention = None
            elif mention is not None:
                mention = _extended(sentence, mention)
        if mention is None and _is_name(sentence, at):
            mention = _run(sentence, at)
        if mention is None:
            continue
        mention.placed = (
            at > 0 and sentence.lower[at - (2 if _is_article(sentence, at) else 1)] in PLACING
        )
        found.append(mention)
        last = mention.last
    return found


DIGITS = frozenset("0123456789")
PLACING = frozenset(("on", "in", "across"))


def _is_article(sentence: Sentence, at: int) -> bool:
    return at > 1 and sentence.lower[at - 1] in ("the", "both", "standard", "challenging")


def _extended(sentence: Sentence, mention: Mention) -> Mention:
    """With the version or subset that stands behind the name: "VerilogEval v2"."""
    last = mention.last
    while last < len(sentence.texts) and last - mention.last < 3 and _is_part(sentence, last):
        last += 1
    if last > mention.last:
        mention.text += " " + " ".join(sentence.texts[mention.last : last])
        mention.name = mention.text
        mention.last = last
    return mention


def _is_part(sentence: Sentence, at: int) -> bool:
    """Whether the word behind a dataset's name belongs to the name."""
    word = sentence.texts[at]
    if at in sentence.quantities:
        return bool(re.fullmatch(r"[1-9]\.0", word))
    if VERSION.match(word):
        return True
    lower = sentence.lower[at]
    if not (word[0].isupper() and word[1:].islower()) or lower in NAME_STOP:
        return False
    return lower not in lexicon.metric_forms().firsts and not looks_like_model(word)


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
        if re.match(r"v\d", word):
            last += 1
            break
        if last in sentence.quantities:
            quantity = sentence.quantities[last]
            plain = quantity.unit is None and not quantity.scaled and quantity.value_max is None
            if not plain or quantity.decimal or quantity.hyphen or quantity.glued:
                break
            last += 1
            break
        if not (word[0].isupper() and len(word) > 1) or not _is_name(sentence, last):
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


def kind_of(mention: Mention) -> str:
    """Known, or by the look of the name."""
    if not mention.kind:
        mention.kind = "known" if mention.known else _look(mention.name or "")
    return mention.kind


@lru_cache(maxsize=4096)
def _look(name: str) -> str:
    """What the name looks like: a model, a benchmark, an ordinary word, just a name."""
    if looks_like_model(name):
        return "model"
    if name.lower().endswith(SUFFIXES) or "bench" in name.lower():
        return "bench"
    plain = name[1:].islower() and " " not in name
    return "word" if plain else "name"
