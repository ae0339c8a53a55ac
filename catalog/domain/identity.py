"""Identity: which records tell of one paper. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from msgspec import Struct

from catalog.domain.records import Identifier

Anchor = str
"""What a record is held by: "arxiv:1706.03762"; for one without identifiers "title:" or "abstract:"
and the hash."""


class Trace(Struct, frozen=True, kw_only=True):
    """What of a record bears on identity."""

    identifiers: tuple[Identifier, ...] = ()
    title_hash: int | None = None
    """None where there is no title, or one too short to match."""
    abstract_hash: int | None = None

    def anchors(self) -> Iterator[Anchor]:
        """Everything that the record may be held by."""
        for name in self.identifiers:
            yield f"{name.scheme}:{name.value}"
        if not self.identifiers:
            if self.title_hash is not None:
                yield f"title:{self.title_hash}"
            if self.abstract_hash is not None:
                yield f"abstract:{self.abstract_hash}"


class Decisions(Struct, frozen=True, kw_only=True):
    """What people have decided about identity."""

    merged: tuple[tuple[Anchor, Anchor], ...] = ()
    """Pairs that are of one paper."""
    apart: tuple[tuple[Anchor, Anchor], ...] = ()
    """Pairs that are of two papers, whatever the records say."""

    def partners(self, anchors: Iterable[Anchor]) -> set[Anchor]:
        """Anchors that people have tied to these, either way."""
        given = set(anchors)
        pairs = (*self.merged, *self.apart)
        return {other for pair in pairs if given & set(pair) for other in pair} - given


NONE_DECIDED = Decisions()


class Clusters(Struct, frozen=True):
    """Records by the paper that they tell of."""

    groups: list[list[int]]
    """Positions of records, in order."""
    names: list[tuple[Identifier, ...]]
    """Of each record the identifiers that count: all, unless people put one to another paper."""


class _Anchors:
    """Disjoint sets of anchors (union-find); a join that would break a decision is left out.

    The first anchor in the alphabet stands for its set, so that nothing depends on the order.
    """

    def __init__(self, apart: Sequence[tuple[Anchor, Anchor]]) -> None:
        self.parent: dict[Anchor, Anchor] = {}
        self.sides: dict[Anchor, set[tuple[int, int]]] = {}
        """Set -> decision and side of it that the set holds."""
        for number, pair in enumerate(apart):
            for side, anchor in enumerate(pair):
                self.sides.setdefault(anchor, set()).add((number, side))

    def find(self, anchor: Anchor) -> Anchor:
        root = anchor
        while (above := self.parent.get(root, root)) != root:
            root = above
        while anchor != root:
            self.parent[anchor], anchor = root, self.parent.get(anchor, anchor)
        return root

    def join(self, one: Anchor, other: Anchor) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        if low == high:
            return
        if self.sides:
            mine, theirs = self.sides.get(low, set()), self.sides.get(high, set())
            if any((number, 1 - side) in theirs for number, side in mine):
                return
            self.sides[low] = mine | theirs
        self.parent[high] = low

    def join_all(self, pairs: Iterable[tuple[Anchor, Anchor]]) -> None:
        """Join pairs in an order that depends on nothing but them."""
        for one, other in sorted(pairs):
            self.join(one, other)


def cluster(traces: Sequence[Trace], decisions: Decisions = NONE_DECIDED) -> Clusters:
    """Group the positions of records that tell of one paper.

    Records with an identifier belong together if they share one, directly or by way of others.
    Records without any belong together if they share title or abstract; such a group joins the one
    paper with identifiers that has its title, or, where none has, the one that has its abstract.
    With two candidates it stays alone: nothing says which. What people decided comes first. The
    result does not depend on the order of the records, nor on how they came in.

    >>> one = Identifier(scheme="arxiv", value="1706.03762")
    >>> traces = [Trace(identifiers=(one,), title_hash=7), Trace(title_hash=7), Trace(title_hash=8)]
    >>> cluster(traces).groups
    [[0, 1], [2]]
    """
    anchors = _Anchors(decisions.apart)
    for pair in decisions.merged:
        anchors.join(*pair)
    held = [tuple(trace.anchors()) for trace in traces]
    named = [i for i, trace in enumerate(traces) if trace.identifiers]
    nameless = [i for i, trace in enumerate(traces) if not trace.identifiers and held[i]]
    anchors.join_all(_pairs(held[i] for i in named))
    if nameless:
        anchors.join_all(_pairs(held[i] for i in nameless))
        _attach(anchors, traces, held, named, nameless)
    members: dict[Anchor, list[int]] = defaultdict(list)
    for position, own in enumerate(held):
        # A record with nothing to be held by is a paper of its own.
        members[anchors.find(own[0]) if own else f"#{position}"].append(position)
    if not decisions.apart:
        return Clusters(list(members.values()), [trace.identifiers for trace in traces])
    return Clusters(list(members.values()), [_kept(anchors, trace) for trace in traces])


def _pairs(held: Iterable[tuple[Anchor, ...]]) -> Iterator[tuple[Anchor, Anchor]]:
    for anchors in held:
        yield from combinations(sorted(anchors), 2)


def _attach(
    anchors: _Anchors,
    traces: Sequence[Trace],
    held: Sequence[tuple[Anchor, ...]],
    named: Sequence[int],
    nameless: Sequence[int],
) -> None:
    """Join groups without identifiers to the one paper that has their title or abstract."""
    by_title, by_abstract = defaultdict(set), defaultdict(set)
    for i in named:
        paper = anchors.find(held[i][0])
        by_title[traces[i].title_hash].add(paper)
        by_abstract[traces[i].abstract_hash].add(paper)
    papers = set().union(*by_title.values())
    groups: dict[Anchor, list[int]] = defaultdict(list)
    for i in nameless:
        groups[anchors.find(held[i][0])].append(i)
    joins = []
    for group, members in groups.items():
        if group in papers:  # by a decision
            continue
        titles = {h for i in members if (h := traces[i].title_hash) is not None}
        abstracts = {h for i in members if (h := traces[i].abstract_hash) is not None}
        found = set().union(*(by_title.get(h, ()) for h in titles))
        found = found or set().union(*(by_abstract.get(h, ()) for h in abstracts))
        if len(found) == 1:
            joins.append((found.pop(), group))
    anchors.join_all(joins)


def _kept(anchors: _Anchors, trace: Trace) -> tuple[Identifier, ...]:
    """The identifiers of a record that are of the same paper as its first one."""
    own = [(name, anchors.find(f"{name.scheme}:{name.value}")) for name in trace.identifiers]
    return tuple(name for name, paper in own if paper == own[0][1])
