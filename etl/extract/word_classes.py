"""Classes of the words that govern a number: achieve, improve, reduce, outperform, ..."""

from etl.extract import lexicon
from etl.extract.noun_phrases import CHANGE_ADJECTIVES, CHANGE_NOUNS


def _forms(stems: str) -> set[str]:
    """Inflect verbs: "improve" gives improves, improved, improving."""
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
        "register secure post demonstrate exhibit show run operate"
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
        "process handle range test pretrain"
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

GOVERNING = lexicon.words("governing")
"""Classes whose nearest member to the left governs a number."""

FILLERS = lexicon.words("fillers")
"""Words that may stand between a number and what governs it."""

KEPT = lexicon.words("kept")

WORD_CLASSES = {word: word for word in KEPT} | CUES
"""A word's class; short function words are classes of their own, all others are missing."""
