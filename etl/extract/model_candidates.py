"""Propose the models that a number may belong to, and the baselines of a change."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from etl.extract import lexicon
from etl.extract.abstract_topic import Topic
from etl.extract.annotated_sentence import Scene
from etl.extract.candidates import Candidate, find_row, relate
from etl.extract.dataset_mentions import kind_of, looks_like_model
from etl.extract.number_features import Spot, first_of
from etl.extract.tokens import Mention, has_capital
from etl.extract.word_clusters import coarse

OWN_NAME = re.compile(
    r"^([\w.+@^$/-]{0,30}?[A-Z0-9][\w.+@^$/-]{0,30}(?: (?:[A-Z]?[\d.]{1,8}|[A-Z]\w{0,30}))?)\s?:"
)
"""A title that begins with the method's name: "SMT: Scale-Aware ..."."""
NAMING = ("propos", "present", "introduc", "develop", "call", "nam", "dub", "term", "releas",
          "design", "describ")  # fmt: skip
CALLED = re.compile(
    rf"\b(?:{'|'.join(NAMING)})(?:e|es|ed|ing)?\b"
    r"[^.;]{0,140}?(?<![\w-])(\w[\w+-]{0,30}?[A-Z][\w+-]{0,30})"
)
"""The first name behind "we propose"."""
COMPARING = frozenset(
    ("than", "over", "versus", "vs", "vs.", "against", "to", "with", "relative", "of", "baseline")
)
VERBS = frozenset(("ACH", "IMP", "RED", "OUT", "ACC", "KEEP", "BE", "USE"))
ENDS = frozenset(
    (",", ".", ";", ":", "(", ")", "[", "]", "on", "by", "in", "and", "while", "for", "with", "at",
     "across", "using", "when", "under", "that", "which", "without", "to", "respectively", "is",
     "are", "as", "from", "but", "trained", "achieves", "while", "yet", "than", "/", "|", "into",
     "through", "during", "via", "where", "demonstrating", "achieving")
)  # fmt: skip
"""Words that end a phrase for what is compared with."""
ARTICLES = frozenset(("the", "a", "an", "its", "their", "our", "all", "both", "other"))
LONGEST_PHRASE = 7
SUBJECTS = frozenset(
    ("we", "our", "it", "models", "llms", "model", "method", "approach", "framework", "humans",
     "results", "agents", "system", "this", "even", "best")
)  # fmt: skip


@dataclass(slots=True)
class OwnNames:
    """The names that the paper gives to its own model."""

    title: str | None = None
    """The name before the title's colon."""
    called: str | None = None
    """The first name behind "we propose"."""
    said_at: int | None = None
    """Where the text says so."""
    before: list[tuple[Spot, str | None]] = field(default_factory=list)
    """The models of the numbers before, in order."""
    compared: list[tuple[Spot, str | None]] = field(default_factory=list)
    """What the differences and factors before are compared with."""


def find_own_names(title: str | None, text: str) -> OwnNames:
    """Find what the paper calls its model, from title and abstract."""
    head = OWN_NAME.match(title or "")
    begins = [at for stem in NAMING if (at := text.find(stem)) >= 0]
    called = CALLED.search(text, min(begins)) if begins else None
    said = called and called.start()
    return OwnNames(head and head.group(1), called and called.group(1), said)


def propose_models(
    spot: Spot, earlier: list[Scene], topic: Topic, names: OwnNames, kind: str, own: bool
) -> list[Candidate]:
    """List every candidate for a number's model, the last one being none at all."""
    state = f"{'own' if own else 'other'} {'abs' if kind == 'absolute' else 'rel'}"
    subject = first_of(spot.scene.sentence.lower[: spot.at], SUBJECTS)
    found = [_named(spot, mention, names, state) for mention in model_names(spot.scene)]
    seen = {candidate.name for candidate in found}
    for rule, name in (("title", names.title), ("called", names.called)):
        if name is not None and name not in seen:
            seen.add(name)
            here = len(found)
            found.append(_from_paper(spot, rule, name, topic, names, state, here, subject))
    for back, scene in enumerate(reversed(earlier[-2:]), start=1):
        for mention in model_names(scene)[:3]:
            if mention.text not in seen:
                seen.add(mention.text)
                found.append(_elsewhere(spot, mention, back, scene, state))
    if names.before:
        other, name = names.before[-1]
        relation = relate(other, spot)
        found.append(Candidate(name, "as the number before", "", [
            f"history={relation} {name is None} {state}", f"history={relation} {len(seen) > 0}",
            f"history,own={name == names.title} {relation} {state}",
        ]))  # fmt: skip
    found.append(
        Candidate(None, "no model named", "", _nothing(spot, topic, names, state, subject))
    )
    return found


def propose_baselines(spot: Spot, names: OwnNames, kind: str, model: str | None) -> list[Candidate]:
    """List all that a difference or factor may be compared with, the last one being nothing."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    found = []
    for at, word in enumerate(lower):
        if word in PHRASING:
            phrase = _phrase(spot.scene, at + 1)
            if phrase is not None and not is_general(lower[phrase.first : phrase.last]):
                found.append(_compared(spot, phrase, f"{word} X", names, kind, model))
        elif kinds[at] == "OUT" and (phrase := _phrase(spot.scene, at + 1)):
            found.append(_compared(spot, phrase, "OUT X", names, kind, model))
    covered = {place for m, *_ in found for place in range(m.first, m.last)}
    for mention in model_names(spot.scene):
        if mention.first not in covered:
            found.append(_compared(spot, mention, "name", names, kind, model))
    candidates = [candidate for _, candidate in found]
    if names.compared:
        other, name = names.compared[-1]
        relation = relate(other, spot)
        candidates.append(Candidate(name, "as the number before", "", [
            f"history={relation} {name is None}", f"history,many={relation} {min(len(found), 2)}",
            f"history,same={relation} {other.unit == spot.unit} {name is None}",
        ]))  # fmt: skip
    features = [
        "none", f"none,kind={kind}", f"none,cue={spot.cue}", f"none,many={min(len(found), 3)}",
        f"none,than={'than' in lower} {'over' in lower} {'compared' in lower}",
        f"none,chg={spot.change}", f"none,u={spot.unit} {spot.cue}",
    ]  # fmt: skip
    return [*candidates, Candidate(None, "nothing named", "", features)]


PHRASING = frozenset(
    ("than", "over", "versus", "vs", "vs.", "against", "to", "with", "surpassing", "outperforming",
     "from", "of", "exceeding", "beating", "the")
)  # fmt: skip


def model_names(scene: Scene) -> list[Mention]:
    """List the names of the sentence that may be models: no metrics, no known datasets."""
    if scene.models is None:
        taken = {place for mention in scene.metrics for place in range(mention.first, mention.last)}
        first = _first_word(scene)
        scene.models = [first] if first is not None and 0 not in taken else []
        scene.models += [
            mention
            for mention in [_with_version(scene, mention) for mention in scene.datasets]
            if mention.first not in taken
            and not (mention.known and not looks_like_model(mention.text))
            and (has_capital(mention.text) or any(sign.isdigit() for sign in mention.text))
            and mention.text not in MAKERS
            and not COUNTED.fullmatch(mention.text)
            and mention.text.lower() not in PLACEHOLDERS
        ]
    return scene.models


MAKERS = frozenset(
    ("OpenAI", "Google", "Meta", "Anthropic", "Microsoft", "NVIDIA", "Nvidia", "DeepMind",
     "Alibaba", "Baidu", "Tencent", "Apple", "Amazon", "ByteDance", "Huawei", "IBM")
)  # fmt: skip
"""Who makes models: no model without a name of its own behind."""
COUNTED = re.compile(
    r"(?:Round|Stage|Phase|Track|Task|Subtask|Level|Table|Figure|Part|Section|Setting|Scenario|"
    r"Experiment|Study|Fold|Cohort) [\dA-Z]{1,3}"
)
"""What is counted, and no model: "Round 1"."""


PLACEHOLDERS = frozenset(
    ("approach", "method", "methodname", "ours", "ourmethod", "model", "modelname", "name", "tool",
     "system", "sysname", "framework", "algo", "project", "us")
)  # fmt: skip
"""Commands of TeX that stand for a name and tell none: "\\Approach runs faster"."""


def _with_version(scene: Scene, mention: Mention) -> Mention:
    """Return "OpenAI o1" for the "OpenAI" before it, any other name as it is."""
    if mention.text not in MAKERS:
        return mention
    following = scene.sentence.texts[mention.last : mention.last + 1]
    if not following or not OF_MAKER.fullmatch(following[0]):
        return mention
    text = f"{mention.text} {following[0]}"
    return Mention(mention.first, mention.last + 1, text, text, known=False)


OF_MAKER = re.compile(r"o\d[\w.-]*|[A-Z][\w.-]*\d[\w.-]*")


def _first_word(scene: Scene) -> Mention | None:
    """Read a sentence's first word as a name, where a verb of results follows it.

    Its capital says nothing, so that no other rule takes it for a name.
    """
    texts, lower = scene.sentence.texts, scene.sentence.lower
    if len(texts) < 2 or scene.classes[1] not in VERBS or not texts[0].istitle():
        return None
    if len(texts[0]) < 3 or lower[0] in NO_NAMES or texts[0].endswith("ly"):
        return None
    return Mention(0, 1, texts[0], texts[0], known=False)


NO_NAMES = (
    lexicon.words("name_stop")
    | lexicon.words("generic")
    | lexicon.words("heads")
    | lexicon.words("nameless_words")
    | {"there", "they", "that", "which", "these", "those", "such", "most", "all", "none",
       "training", "what", "who", "humans", "researchers", "participants", "users", "nothing",
       "everything"}
)  # fmt: skip


@lru_cache(maxsize=4096)
def _shape(text: str) -> str:
    """Return what the name looks like: capitals only, mixed, a word, with a size."""
    if looks_like_model(text):
        return "model"
    if " " in text:
        return "words"
    if text.isupper():
        return "capitals"
    return "word" if text[1:].islower() else "mixed"


def resemblance(text: str, name: str | None) -> str:
    """Return how a name stands to the paper's own: equal, longer, or another one."""
    if name is None:
        return "-"
    return "=" if text == name else "+" if text.startswith(name) else "0"


def _tied(spot: Spot, mention: Mention, others: list[Mention]) -> list[str]:
    """Describe what ties a name to a number: a list as long as the numbers', or a few signs."""
    found = []
    size = len(spot.group.members)
    if size > 1 and mention in others:
        row = find_row(spot.scene, mention, others)
        if len(row) == size:
            found.append(f"zip={row.index(mention) == spot.member}")
        elif len(row) > 1:
            found.append(f"rows={len(row) > size}")
    kinds = spot.scene.classes
    between = kinds[spot.at + 1 : mention.first] or kinds[mention.last : spot.at]
    if len(between) <= 3:
        found.append(f"tie={'R' if mention.first > spot.at else 'L'} {' '.join(between)}")
    return found


def _place(spot: Spot, mention: Mention) -> tuple[str, str, str]:
    """Describe on which side a name stands, how far, and the verb between it and the number."""
    if mention.first > spot.at:
        side, kinds = "R", spot.scene.classes[spot.at + 1 : mention.first]
    else:
        side, kinds = "L", spot.scene.classes[mention.last : spot.at]
    gap = len(kinds)
    far = str(gap) if gap <= 2 else "3-5" if gap <= 5 else "6-10" if gap <= 10 else "11"
    return side, far, f"{first_of(kinds, VERBS)} {min(kinds.count('#'), 2)}"


def _around(scene: Scene, mention: Mention) -> tuple[str, str]:
    """Return the word before a name, articles skipped, and the class of the one behind it."""
    lower, at = scene.sentence.lower, mention.first - 1
    while at >= 0 and lower[at] in ARTICLES:
        at -= 1
    before = "^" if at < 0 else lower[at] if scene.classes[at] != "w" else coarse(lower[at])
    after = scene.classes[mention.last] if mention.last < len(lower) else "$"
    return before, after


def _named(spot: Spot, mention: Mention, names: OwnNames, state: str) -> Candidate:
    """Describe a name in the number's own sentence."""
    side, far, verb = _place(spot, mention)
    before, after = _around(spot.scene, mention)
    shape, kind = _shape(mention.text), kind_of(mention)
    others = model_names(spot.scene)
    order = min(others.index(mention), 2)
    own = resemblance(mention.text, names.title) + resemblance(mention.text, names.called)
    features = [
        f"place={side} {far} {state}", f"verb={side} {verb} {state}", f"own={own} {side} {state}",
        f"around={before} {after} {side}", f"shape={shape} {kind} {state}",
        f"order={side} {order} {min(len(others), 3)} {state}", f"before,own={before} {own}",
        f"before,side={before} {side} {far}", f"cue={spot.cue} {side} {own}",
        *_tied(spot, mention, others),
    ]  # fmt: skip
    return Candidate(mention.text, "name in sentence", mention.text, features)


def _from_paper(
    spot: Spot,
    rule: str,
    name: str,
    topic: Topic,
    names: OwnNames,
    state: str,
    here: int,
    subject: str,
) -> Candidate:
    """Describe the paper's own name, where the sentence does not print it."""
    lower = spot.scene.sentence.lower
    bench = name == topic.own
    twice = names.title == names.called
    features = [
        f"{rule}={state} {bench}", f"{rule},here={min(here, 2)} {state} {bench}",
        f"{rule},subject={subject} {state}", f"{rule},twice={twice} {state}",
        f"{rule},shape={_shape(name)}", f"{rule},first={lower[0]} {bench}",
        f"{rule},cue={spot.cue} {state}", f"{rule},bench={bench} {topic.own is not None}",
        f"{rule},both={names.title is not None} {state}",
    ]  # fmt: skip
    return Candidate(name, f"name by {rule}", name, features)


def _elsewhere(spot: Spot, mention: Mention, back: int, scene: Scene, state: str) -> Candidate:
    """Describe a name of a sentence before."""
    before, after = _around(scene, mention)
    features = [
        f"back={back} {state}", f"back,around={before} {after}",
        f"back,shape={_shape(mention.text)} {kind_of(mention)} {state}",
        f"back,before={back} {before} {state}",
    ]  # fmt: skip
    return Candidate(mention.text, "name before", mention.text, features)


def _nothing(spot: Spot, topic: Topic, names: OwnNames, state: str, subject: str) -> list[str]:
    """List what speaks for a number having no named model."""
    lower = spot.scene.sentence.lower
    here = min(len(model_names(spot.scene)), 2)
    return [
        "none", f"none,state={state}", f"none,here={here} {state}", f"none,subject={subject}",
        f"none,title={names.title is not None} {names.called is not None} {state}",
        f"none,bench={topic.own is not None} {topic.own == names.title} {state}",
        f"none,first={lower[0]}", f"none,cue={spot.cue} {here}",
    ]  # fmt: skip


def _phrase(scene: Scene, at: int) -> Mention | None:
    """Read the phrase that begins here, up to what may end it."""
    lower, texts = scene.sentence.lower, scene.sentence.texts
    while at < len(lower) and lower[at] in ARTICLES:
        at += 1
    last = at
    while last < len(lower) and last - at < LONGEST_PHRASE:
        if lower[last] in ENDS or last in scene.sentence.quantities:
            break
        last += 1
    if last == at or not texts[at][0].isalnum():
        return None
    text = " ".join(texts[at:last])
    return Mention(at, last, text, text, known=False)


def _compared(
    spot: Spot, mention: Mention, rule: str, names: OwnNames, kind: str, model: str | None
) -> tuple[Mention, Candidate]:
    """Describe a phrase or a name that a change may be measured against."""
    side, far, verb = _place(spot, mention)
    _, after = _around(spot.scene, mention)
    lower = spot.scene.sentence.lower
    words = mention.text.lower().split()
    own = resemblance(mention.text, names.title) + ("m" if mention.text == model else "")
    two = " ".join(lower[max(0, mention.first - 2) : mention.first])
    shape = _shape(mention.text)
    features = [
        f"rule={rule} {side} {far}", f"rule,verb={rule} {verb}", f"own={own} {rule}",
        f"two,side={two} {side} {far}", f"last={words[-1]}", f"first={words[0]} {rule}",
        f"lastc={coarse(words[-1])} {rule}", f"after={after} {rule}",
        f"cue={spot.cue} {rule} {side}", f"chg={spot.change} {rule} {side}",
        f"shape={shape} {rule} {side}", f"long={min(len(words), 4)} {rule} {kind}",
        *_tied(spot, mention, model_names(spot.scene)),
    ]  # fmt: skip
    return mention, Candidate(mention.text, rule, mention.text, features)


GENERAL = frozenset(
    ("methods", "method", "baselines", "approaches", "models", "sota", "state-of-the-art", "art",
     "work", "works", "existing", "previous", "prior", "strong", "competing", "competitors",
     "techniques", "approach", "baseline", "model", "current", "results", "alternatives",
     "recent", "leading", "standard", "other", "state", "of", "the", "systems", "competitive")
)  # fmt: skip


def is_general(words: list[str]) -> bool:
    """Return true if the words name nothing in particular: "prior state-of-the-art methods"."""
    return GENERAL.issuperset(words)
