"""Metric names outside any list: the noun phrases that stand where a metric stands."""

from etl.extract import lexicon
from etl.extract.tokens import Mention, Sentence

CHANGE_NOUNS = frozenset(
    ("improvement", "improvements", "gain", "gains", "increase", "increases", "reduction",
     "reductions", "drop", "drops", "decrease", "decreases", "boost", "boosts", "degradation",
     "saving", "savings", "rise", "decline", "uplift", "lift", "loss", "growth", "enhancement",
     "advantage", "lead", "gap", "margin", "difference", "jump", "cut", "fall", "change", "overhead",
     "slowdown", "acceleration", "speedup", "speed-up", "advancement", "enhancements", "declines", "difference")
)  # fmt: skip
CHANGE_ADJECTIVES = frozenset(
    ("higher", "lower", "better", "worse", "fewer", "less", "more", "smaller", "larger", "greater",
     "faster", "slower", "cheaper", "shorter", "longer", "improved", "reduced", "increased",
     "stronger", "additional", "extra", "bigger", "lighter", "sparser")
)  # fmt: skip
RELATION_ADJECTIVES = frozenset(
    ("relative", "absolute", "average", "overall", "mean", "total", "significant", "substantial",
     "further", "net", "maximum", "median", "approximate", "notable", "remarkable", "consistent",
     "improved", "considerable", "respective", "impressive", "massive", "high", "low", "new", "best",
     "state-of-the-art", "sota", "macro-average", "averaged", "highest", "lowest", "only", "just",
     "same", "full", "original", "strong", "competitive", "final", "up", "dramatic", "good", "top",
     "greater", "better", "its", "their", "own", "our", "comparable", "similar", "excellent",
     "outstanding", "avg", "near-perfect", "little", "extra", "minimal", "negligible", "small", "superior", "poor", "even", "as", "-", "reported", "additional")
)  # fmt: skip
STOP = frozenset(
    ("the", "a", "an", "of", "in", "on", "at", "by", "for", "to", "with", "and", "or", "from",
     "over", "than", "as", "while", "when", "compared", "across", "that", "which", "using", "is",
     "are", "was", "were", "be", "been", "has", "have", "had", "we", "it", "they", "our", "its",
     "their", "this", "these", "those", "via", "under", "after", "before", "between", "against",
     "without", "within", "through", "but", "respectively", "where", "whereas", "per", "not", "into",
     "also", "can", "could", "achieving", "achieve", "achieves", "achieved", "reaching", "reaches",
     "reach", "obtaining", "obtains", "attains", "attaining", "improving", "improves", "improve",
     "improved", "reducing", "reduces", "reduce", "reduced", "increasing", "increases", "increase",
     "increased", "boosting", "boosts", "boost", "boosted", "outperforming", "outperforms",
     "outperform", "surpassing", "surpasses", "surpass", "exceeding", "exceeds", "yields",
     "yielding", "enhancing", "enhances", "enhance", "raising", "raises", "lowering", "lowers",
     "cutting", "cuts", "cut", "saving", "saves", "delivering", "delivers", "showing", "shows",
     "gaining", "gains", "demonstrating", "demonstrates", "maintaining", "maintains", "requiring",
     "requires", "require", "accelerating", "accelerates", "scoring", "scores", "decreasing",
     "decreases", "decrease", "dropping", "drops", "drop", "rising", "rises", "retaining", "retains",
     "preserving", "preserves", "attain", "gain", "save", "lower", "raise", "yield", "deliver",
     "obtain", "provides", "providing", "records", "recording", "leading", "leads", "up", "only",
     "about", "around", "approximately", "nearly", "almost", "roughly", "more", "less", "least",
     "most", "over", "above", "below", "his", "her", "both", "all", "each", "every", "any", "such",
     "if", "then", "so", "because", "during", "upon", "among", "compared", "relative", "versus",
     "vs", "even", "still", "further", "use", "uses", "using", "used", "without", "model's",
     "outperformed", "surpassed", "exceeded", "doubling", "halving", "shortening", "shortens",
     "significantly", "substantially", "consistently", "dramatically", "effectively", "absolute",
     "simultaneously", "additionally", "averaging", "consuming", "consumes", "establishing",
     "elevating", "elevates", "lifting", "lifts", "setting", "sets", "generating", "running", "runs",
     "performs", "performing", "averages", "dropped", "rose", "fell", "falls", "falling", "drives",
     "driving", "closing", "narrowing", "yielded", "gained", "showed", "saw", "sees", "brings",
     "bringing", "produces", "producing", "offers", "offering", "reported", "reports", "report",
     "perform", "lag", "rated", "scored", "yet", "though", "although", "despite", "like", "including", "e.g", "i.e", "how", "what", "who",
     "their", "there", "i", "you", "will", "would", "may", "must", "should", "does", "do", "did",
     "new", "existing", "previous", "prior", "other", "than", "out", "off", "down", "until", "once")
)  # fmt: skip
"""Words that end a noun phrase on either side."""

STRONG = frozenset(
    ("accuracy", "precision", "recall", "f1", "miou", "iou", "map", "ap", "bleu", "wer", "cer",
     "perplexity", "psnr", "ssim", "fid", "auc", "auroc", "parameters", "params", "flops", "tokens",
     "token", "dice", "mae", "rmse", "mse", "mrr", "speedups", "accuracies", "fps", "lpips", "fvd",
     "elo", "kappa", "ndcg", "rouge-l", "macs", "parameter", "sparsity", "sensitivity",
     "specificity", "throughput", "ssim", "mpjpe", "acc", "latency", "memory", "storage", "energy",
     "flop")
)  # fmt: skip
"""Last words that fix the metric whatever stands before them."""


TRAILERS = frozenset(("rate", "score", "scores", "performance", "accuracy", "points"))


def canonical(words: list[str]) -> str | None:
    """Canonical name of a noun phrase: a known name it is or ends in, else its own words.

    >>> canonical(["last-incremental", "accuracy"]), canonical(["lip", "vertex", "error"])
    ('accuracy', 'lip vertex error')
    """
    forms = lexicon.metric_forms()
    while len(words) > 1 and "@" in words[-2] and words[-1].lower() in TRAILERS:
        words = words[:-1]
    for first in range(len(words)):
        rest = [word.lower() for word in words[first:]]
        if len(rest) == 1 and first > 0 and rest[0] not in STRONG:
            break
        found = forms.longest(rest, words[first:], 0)
        if found is not None and found[0] == len(rest):
            return found[1]
    text = " ".join(words)
    keeps_case = any(sign.isupper() for sign in text[1:])
    return (text if keeps_case else text.lower()) or None


def phrase_right(sentence: Sentence, at: int) -> Mention | None:
    """The noun phrase that begins at this token, without what only grades it."""
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
    return _mention(sentence, max(first, at - 4), at, texts)


ARTICLES = frozenset(("the", "a", "an", "all", "these", "those", "our", "their", "its"))


def _is_plural(word: str) -> bool:
    """Whether the word looks like the plural that ends a noun phrase."""
    return len(word) > 3 and word[-1] == "s" and word[-2] not in "suia'"


def phrase_left(sentence: Sentence, at: int) -> Mention | None:
    """The noun phrase that ends before this token; "(MDD)" behind it is passed over."""
    if at >= 4 and sentence.lower[at - 1] == ")" and sentence.lower[at - 3] == "(":
        at -= 3
    last = at
    while at > 0 and last - at < 4 and belongs(sentence, at - 1):
        at -= 1
    while at < last and sentence.lower[at] in RELATION_ADJECTIVES:
        at += 1
    if at == last:
        return None
    return _mention(sentence, at, last, sentence.texts)


def belongs(sentence: Sentence, at: int) -> bool:
    """Whether the token may be part of a noun phrase."""
    word = sentence.lower[at]
    return word not in STOP and at not in sentence.quantities and word[0].isalnum()


def _mention(sentence: Sentence, first: int, last: int, texts: list[str]) -> Mention:
    words = texts[first:last]
    return Mention(first, last, canonical(words), " ".join(words), known=False)
