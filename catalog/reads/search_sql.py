"""Convert a search to SQL: full-text expressions for words, conditions for the rest."""

from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.search_tree import (
    ALL,
    And,
    Comparison,
    Filter,
    Named,
    Node,
    Not,
    Or,
    Words,
    both,
    is_words,
    leaves,
    negated,
    pushed,
)
from catalog.domain.search_words import completions
from catalog.reads.asking import Dialect, Value
from catalog.reads.search_filters import (
    BY_BOTH,
    FILTERS,
    NAMED,
    NUMBER,
    ON_DATASET,
    WITH_UNIT,
    Condition,
    dataset_values,
    name_values,
    numbered,
)

SIGNS = (
    "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~“”‘’„‟«»‹›–—―…·•′″、。，；：？！（）「」『』【】《》〈〉"
)
"""Signs that part words, as SQLite's index has it; PostgreSQL would join words by some of them."""

PATTERN = "".join(f"\\{sign}" if sign in "[]^-\\" else sign for sign in SIGNS)

DOCUMENT = f"""to_tsvector('paper_words', regexp_replace(left(
    coalesce(p.title, '') || ' ' || coalesce(p.abstract, '') || ' ' || coalesce(p.search_words, ''),
    100000), '[{PATTERN}]', ' ', 'g'))"""
"""The expression that the index of PostgreSQL is made of; it holds a megabyte of words at most."""

HITS = {
    "sqlite": """SELECT count(*) FROM (SELECT 1 FROM papers_fts
         WHERE papers_fts MATCH :match LIMIT :most)""",
    "postgresql": f"""SELECT count(*) FROM (SELECT 1 FROM papers p
         WHERE {DOCUMENT} @@ to_tsquery('paper_words', :match) LIMIT :most) AS counted""",
}
"""Dialect -> how many papers have the words, up to :most."""

IN_INDEX = "p.id IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH :match)"
IS_HIT = "EXISTS (SELECT 1 FROM papers_fts WHERE rowid = p.id AND papers_fts MATCH :match)"
IN_DOCUMENT = f"{DOCUMENT} @@ to_tsquery('paper_words', :match)"


def hit_condition(match: Node, dialect: Dialect) -> str:
    """Write the condition of papers that are looked at one by one, most of which have the words.

    SQLite gathers the papers of a beginning anew each time that it is asked: so it asks once.
    """
    if dialect == "postgresql":
        return IN_DOCUMENT
    goes_on = any(isinstance(leaf, Words) and leaf.is_beginning for leaf, _ in leaves(match))
    return IN_INDEX if goes_on else IS_HIT


class Parts(Struct, frozen=True):
    """A search in two parts, both of which must hold."""

    match: Node | None
    """Words, some of which are wanted: the index finds and ranks their papers."""
    conditions: list[Condition]
    """Everything else, on papers p."""


def parts_of(tree: Node, dialect: Dialect, *, beside: "Conditions | None" = None) -> Parts:
    """Split a search into a full-text expression and conditions on papers.

    With `beside`, they can stand in one query with the conditions that it wrote.
    """
    tree = pushed(tree)
    conditions = beside or Conditions(dialect)
    parts = tree.parts if isinstance(tree, And) else (tree,)
    wanted = [part for part in parts if is_words(part) and _wants(part)]
    unwanted = [part for part in parts if is_words(part) and not _wants(part)]
    rest = [part for part in parts if not is_words(part)]
    if wanted:
        return Parts(both(*wanted, *unwanted), conditions.of_all(rest))
    return Parts(None, conditions.of_all([*rest, *unwanted]))


def _wants(node: Node) -> bool:
    """Tell whether only papers with some of the words fit: the index cannot begin with "not"."""
    if isinstance(node, And):
        return any(map(_wants, node.parts))
    if isinstance(node, Or):
        return all(map(_wants, node.parts))
    return not isinstance(node, Not)


class Conditions:
    """Writes conditions whose values have names of their own."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.made = 0

    def of_all(self, parts: Sequence[Node]) -> list[Condition]:
        """Write the conditions of parts that must all hold."""
        found: list[Condition] = []
        datasets = _values(parts, "dataset")
        metrics = _values(parts, "metric")
        paired = len(datasets) == len(metrics) == 1
        if paired:
            values = {**dataset_values(datasets[0]), **name_values(metrics[0])}
            found.append(self.numbered(Condition(BY_BOTH, values)))
        for part in parts:
            if paired and isinstance(part, Filter) and part.name in {"dataset", "metric"}:
                continue
            if isinstance(part, Comparison):
                found.append(self.comparison(part, datasets[0] if len(datasets) == 1 else ""))
            elif part != ALL:
                found.append(self.of(part))
        return found

    def of(self, node: Node) -> Condition:
        """Write the condition of one part."""
        match node:
            case Filter(name=name, value=value):
                return self.numbered(FILTERS[name].condition(value))
            case Named(scheme=scheme, value=value):
                return self.numbered(Condition(NAMED, {"scheme": scheme, "value": value}))
            case Comparison():
                return self.comparison(node, "")
            case Not(part=part) if is_words(part) and _wants(part):
                return self._words(part, hit_condition(part, self.dialect), "NOT ")
            case Not(part=part):
                inner = self.of(part)
                return Condition(f"NOT ({inner.sql})", inner.values)
            case _ if is_words(node) and _wants(node):
                return self._words(node, IN_INDEX if self.dialect == "sqlite" else IN_DOCUMENT)
            case And(parts=parts):
                return joined(self.of_all(parts), "AND")
            case Or(parts=parts):
                return joined([self.of(part) for part in parts], "OR")
        raise AssertionError(node)  # pragma: no cover - every kind of node stands above

    def comparison(self, asked: Comparison, dataset: str, sql: str = NUMBER) -> Condition:
        """Write the condition of a comparison on papers, or with `FITS` on results."""
        values: dict[str, Value] = {**name_values(asked.metric), "number": asked.number}
        if asked.unit:
            values["unit"] = asked.unit
        if dataset:
            values |= dataset_values(dataset)
        sql = sql.format(
            operator=asked.operator,
            unit=WITH_UNIT if asked.unit else "",
            dataset=ON_DATASET if dataset else "",
        )
        return self.numbered(Condition(sql, values))

    def _words(self, words: Node, sql: str, before: str = "") -> Condition:
        match = expression(words, self.dialect)
        return self.numbered(Condition(f"{before}{sql}", {"match": match}))

    def numbered(self, condition: Condition) -> Condition:
        """Give the values of a condition names that no other one has."""
        self.made += 1
        return numbered(condition, self.made)


def _values(parts: Sequence[Node], name: str) -> list[str]:
    return [part.value for part in parts if isinstance(part, Filter) and part.name == name]


def joined(conditions: Sequence[Condition], word: str) -> Condition:
    """Join conditions by AND or OR; of none, all papers are left.

    >>> joined([Condition("a", {}), Condition("b", {})], "OR").sql
    '(a) OR (b)'
    """
    sql = f" {word} ".join(f"({one.sql})" for one in conditions)
    values = {name: value for one in conditions for name, value in one.values.items()}
    return Condition(sql or "true", values)


def expression(node: Node, dialect: Dialect) -> str:
    """Write words as the expression of a full-text index.

    >>> tree = And((Words(("latent", "space")), Not(Words(("video",)))))
    >>> expression(tree, "sqlite")
    '("latent space") NOT ("video")'
    >>> expression(tree, "postgresql")
    "('latent' <-> 'space') & !('video')"
    """
    return _sqlite(node) if dialect == "sqlite" else _postgresql(node)


def _sqlite(node: Node) -> str:
    """Write an expression of FTS5, whose NOT stands between two others."""
    if isinstance(node, Words):
        return " OR ".join(map(_phrase, _forms(node)))
    if isinstance(node, Or):
        return " OR ".join(f"({_sqlite(part)})" for part in node.parts)
    parts = node.parts if isinstance(node, And) else (node,)
    wanted = " AND ".join(f"({_sqlite(part)})" for part in parts if _wants(part))
    unwanted = [part for part in parts if not _wants(part)]
    if not unwanted:
        return wanted
    if len(parts) - len(unwanted) > 1:
        wanted = f"({wanted})"
    return wanted + "".join(f" NOT ({_sqlite(negated(part))})" for part in unwanted)


def _phrase(words: Words) -> str:
    return f'"{" ".join(words.tokens)}"' + (" *" if words.is_beginning else "")


def _postgresql(node: Node) -> str:
    """Write an expression of to_tsquery."""
    if isinstance(node, Words):
        return " | ".join(map(_lexemes, _forms(node)))
    if isinstance(node, Not):
        return f"!({_postgresql(node.part)})"
    parts = node.parts if isinstance(node, (And, Or)) else ()
    sign = " | " if isinstance(node, Or) else " & "
    return sign.join(
        _postgresql(part) if isinstance(part, Not) else f"({_postgresql(part)})" for part in parts
    )


def _lexemes(words: Words) -> str:
    found = [f"'{token}'" for token in words.tokens]
    return " <-> ".join(found) + (":*" if words.is_beginning else "")


def _forms(words: Words) -> list[Words]:
    """Give a beginning with the words that it may be the beginning of, as far as stems hide them.

    The index holds stems: "diffus" for "diffusion", which does not begin with "diffusi".
    """
    if not words.is_beginning:
        return [words]
    *before, last = words.tokens
    return [words, *(Words((*before, whole)) for whole in completions(last))]
