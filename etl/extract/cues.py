"""Classes of the words that govern a number: achieve, improve, reduce, outperform, ..."""

from etl.extract.phrases import CHANGE_ADJECTIVES, CHANGE_NOUNS


def _forms(stems: str) -> set[str]:
    """Inflected forms of verbs: "improve" gives improves, improved, improving."""
    found = set()
    for stem in stems.split():
        base = stem.removesuffix("e")
        found |= {stem, stem + "s", base + "ed", base + "ing", stem + "d", stem + "es"}
        if stem.endswith("y"):
            found |= {stem[:-1] + "ies", stem[:-1] + "ied"}
        if stem in ("cut", "drop", "set", "get", "beat", "hit", "run"):
            found.add(stem + stem[-1] + "ing")
            found.add(stem + stem[-1] + "ed")
    return found


CLASSES: dict[str, set[str]] = {
    "ACH": _forms(
        "achieve reach attain obtain score yield record get deliver hit set establish report "
        "register secure post demonstrate exhibit show"
    )
    | {"got", "reaching", "scoring"},
    "IMP": _forms(
        "improve boost increase enhance raise elevate gain lift grow rise advance strengthen "
        "amplify jump climb double"
    )
    | {"rose", "rising", "risen", "grew"},
    "RED": _forms(
        "reduce decrease cut lower drop save shrink minimize shorten decline degrade lessen "
        "compress slash trim suppress fall mitigate alleviate diminish prune eliminate"
    )
    | {"fell", "falling", "fallen"},
    "OUT": _forms("outperform surpass exceed beat outscore outpace best top overtake")
    | {"out-performs", "out-performing", "outdoes"},
    "LAG": _forms("trail lag underperform fail struggle suffer"),
    "ACC": _forms("accelerate speed expedite"),
    "KEEP": _forms("retain maintain preserve recover keep match close narrow bridge sustain"),
    "USE": _forms("use require need consume take cost spend utilize train finetune employ add")
    | {"only", "trained", "fine-tuned", "used", "using", "taking", "took"},
    "HAVE": {"has", "have", "having", "comprises", "comprising", "contains", "containing", "with"},
    "MAKE": _forms(
        "introduce present propose release collect construct curate build contain comprise include "
        "cover span feature consist generate annotate gather evaluate sample scale support provide "
        "process handle operate range test pretrain"
    ),
    "BE": {"is", "are", "was", "were", "be", "being", "been"},
    "CMP": {"compared", "comparing", "versus", "vs", "vs.", "than", "over", "against", "relative"},
    "BY": {"by"},
    "OF": {"of"},
    "FROM": {"from"},
    "TO": {"to"},
}
CUES = {word: name for name, words in CLASSES.items() for word in words}
CUES |= {word: "CHG" for word in CHANGE_NOUNS if word not in CLASSES["CMP"]}
CUES |= dict.fromkeys(CHANGE_ADJECTIVES, "ADJ")
CUES |= {
    "speedup": "CHG", "speedups": "CHG", "speed-up": "CHG", "speed-ups": "CHG",
    "outperforming": "OUT", "gap": "CHG", "loss": "LOSS", "within": "WITHIN",
}  # fmt: skip
"""Word -> class; words of no class are missing."""

GOVERNING = frozenset(
    ("ACH", "IMP", "RED", "OUT", "LAG", "ACC", "KEEP", "USE", "MAKE", "BE", "CHG", "WITHIN")
)
"""Classes whose nearest member to the left governs a number."""

FILLERS = frozenset(
    ("up", "to", "about", "around", "approximately", "approx", "nearly", "almost", "roughly", "over",
     "only", "just", "an", "a", "the", "average", "of", "more", "less", "than", "at", "least", "most",
     "as", "low", "high", "much", "many", "few", "~", "+", "≈", "≥", "≤", ">", "<", "=", "sim",
     "even", "merely", "mere", "additional", "relative", "absolute", "impressive", "remarkable",
     "total", "mean", "maximum", "on", "further", "well", "under", "below", "above", "exceeding",
     "significant", "substantial", "whopping", "striking", "-", "--", "another", "margin", "margins", "averages", "some",
     "respectively", ",", "still", "sub", "little", "beyond", "factor", "modest", "estimated")
)  # fmt: skip
"""Words that may stand between a number and what governs it."""

CLAUSE_ENDS = frozenset(
    (";", "while", "whereas", "which", "that", "and", "but", "with", "(", ")", ",", "--", "—", "–",
     "when", "although", "though", "because", "where")
)  # fmt: skip


KEPT = frozenset(
    ("a", "an", "the", "of", "in", "on", "at", "by", "for", "to", "with", "and", "or", "from", "over",
     "than", "as", "while", "when", "across", "that", "which", "up", "only", "about", "in", "per",
     "respectively", ",", "(", ")", ":", ";", "/", "|", "+", "~", "=", "-", "--", "average",
     "terms", "both", "benchmark", "dataset", "under", "using", "without", "its", "our", "compared",
     "score", "scores", "performance", "%", "[", "]", "&", "rate", "overall", "relative", "absolute",
     "more", "less", "set", "test", "fewer", "faster", "higher", "lower", "better", "e.g", "i.e")
)  # fmt: skip

WORD_CLASSES = {word: word for word in KEPT} | CUES
"""A word's class; short function words are classes of their own, all others are missing."""
