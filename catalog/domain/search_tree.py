"""The tree of a search: words, filters, comparisons, and their combinations."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, structs


class Words(Struct, frozen=True):
    """Words that stand next to each other in a title or abstract; mostly one word alone."""

    tokens: tuple[str, ...]
    """As `catalog.domain.search_words` compares them."""
    typed: str = ""
    """As they were typed, without operators and quotes."""
    is_beginning: bool = False
    """The last one may go on: diffus*."""
    is_quoted: bool = False


class Filter(Struct, frozen=True):
    """A filter with a valid value: code:yes."""

    name: str
    value: str


class Named(Struct, frozen=True):
    """A search for the paper with an identifier."""

    scheme: str
    value: str


class Comparison(Struct, frozen=True):
    """A comparison with a number that a paper reports of its own: params<100M."""

    metric: str
    operator: Literal["<", ">", "<=", ">=", "="]
    number: float
    unit: str = ""
    """As in results.unit; empty for any."""


class Not(Struct, frozen=True):
    """Papers for which the part does not hold."""

    part: "Node"


class And(Struct, frozen=True):
    """Papers for which all parts hold; all papers where there is none."""

    parts: "tuple[Node, ...]" = ()


class Or(Struct, frozen=True):
    """Papers for which some part holds."""

    parts: "tuple[Node, ...]"


Leaf: TypeAlias = Words | Filter | Named | Comparison
Node: TypeAlias = Leaf | Not | And | Or

ALL = And()
"""Every paper."""


def both(*parts: Node) -> Node:
    """Join parts that shall all hold; what is joined already is not nested.

    >>> both(And((Filter("code", "yes"),)), Filter("year", "2025"))
    And(parts=(Filter(name='code', value='yes'), Filter(name='year', value='2025')))
    """
    flat = [one for part in parts for one in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def either(*parts: Node) -> Node:
    """Join parts of which some shall hold."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def leaves(node: Node, *, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Yield every leaf, in the order of the text, and whether it is wanted (not excluded)."""
    if isinstance(node, Not):
        yield from leaves(node.part, negated=not negated)
    elif isinstance(node, (And, Or)):
        for part in node.parts:
            yield from leaves(part, negated=negated)
    else:
        yield node, not negated


def negated(node: Node) -> Node:
    """Give the opposite of a part, with "not" before single leaves only.

    >>> negated(Or((Filter("code", "yes"), Not(Filter("read", "yes")))))
    And(parts=(Not(part=Filter(name='code', value='yes')), Filter(name='read', value='yes')))
    """
    if isinstance(node, Not):
        return pushed(node.part)
    if isinstance(node, And):
        return either(*map(negated, node.parts))
    if isinstance(node, Or):
        return both(*map(negated, node.parts))
    return Not(node)


def pushed(node: Node) -> Node:
    """Push every "not" down to single leaves."""
    if isinstance(node, Not):
        return negated(node.part)
    if isinstance(node, And):
        return both(*map(pushed, node.parts))
    if isinstance(node, Or):
        return either(*map(pushed, node.parts))
    return node


def replaced(node: Node, instead: Mapping[Leaf, Leaf]) -> Node:
    """Put other leaves in the place of some."""
    if isinstance(node, Not):
        return Not(replaced(node.part, instead))
    if isinstance(node, And):
        return And(tuple(replaced(part, instead) for part in node.parts))
    if isinstance(node, Or):
        return Or(tuple(replaced(part, instead) for part in node.parts))
    return instead.get(node, node)


def is_words(node: Node) -> bool:
    """Tell whether a part is made of words only."""
    return all(isinstance(leaf, Words) for leaf, _ in leaves(node)) and node != ALL


def loosened(node: Node) -> Node | None:
    """Let some words do where all were asked for; None where no two plain words stand together."""
    if not isinstance(node, And):
        return None
    words = [part for part in node.parts if isinstance(part, Words)]
    if len(words) < 2 or any(isinstance(part, Or) for part in node.parts):
        return None
    rest = [part for part in node.parts if not isinstance(part, Words)]
    return both(either(*words), *rest)


def lengthened(node: Node) -> Node | None:
    """Let the last word go on; None where it is no plain word."""
    parts = node.parts if isinstance(node, And) else (node,)
    last = next((part for part in reversed(parts) if isinstance(part, Words)), None)
    if last is None or last.is_quoted or last.is_beginning:
        return None
    longer = structs.replace(last, is_beginning=True)
    return both(*(longer if part is last else part for part in parts))
