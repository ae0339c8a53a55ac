"""Decide which records describe the same paper, as a pure function."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from msgspec import Struct

from catalog.domain.records import Identifier

Anchor = str
"""What a record is held by: "arxiv:1706.03762"; for one without identifiers "title:" or "abstract:"
and the hash."""


class Trace(Struct, frozen=True, kw_only=True):
    """The parts of a record that bear on identity.

    A record tells of the first arXiv identifier that it states; others of arXiv are other papers.
    """

    identifiers: tuple[Identifier, ...] = ()
    title_hash: int | None = None
    """None where there is no title, or one too short to match."""
    abstract_hash: int | None = None

    @property
    def arxiv(self) -> Anchor | None:
        """The arXiv identifier as an anchor, or None."""
        return next((_anchor(name) for name in self.identifiers if name.scheme == "arxiv"), None)

    def anchors(self) -> tuple[Anchor, ...]:
        """List the anchors of the record; its arXiv identifier comes first."""
        if len(self.identifiers) == 1:
            return (_anchor(self.identifiers[0]),)
        if self.identifiers:
            others = [_anchor(name) for name in self.identifiers if name.scheme != "arxiv"]
            return (own, *others) if (own := self.arxiv) else tuple(others)
        hashes = (("title", self.title_hash), ("abstract", self.abstract_hash))
        return tuple(f"{scheme}:{hash_}" for scheme, hash_ in hashes if hash_ is not None)


def _anchor(name: Identifier) -> Anchor:
    return f"{name.scheme}:{name.value}"


class Decisions(Struct, frozen=True, kw_only=True):
    """People's decisions on identity."""

    merged: tuple[tuple[Anchor, Anchor], ...] = ()
    """Pairs that are of one paper."""
    apart: tuple[tuple[Anchor, Anchor], ...] = ()
    """Pairs that are of two papers, whatever the records say."""

    def partners(self, anchors: Iterable[Anchor]) -> set[Anchor]:
        """Return the anchors that people tied to these, in either direction."""
        given = set(anchors)
        pairs = (*self.merged, *self.apart)
        return {other for pair in pairs if given & set(pair) for other in pair} - given


ARXIV = "arxiv:"
"""Beginning of the anchors of arXiv's papers."""

NONE_DECIDED = Decisions()


class Clusters(Struct, frozen=True):
    """Records grouped by paper."""

    groups: list[list[int]]
    """Positions of records, in order."""
    names: list[tuple[Identifier, ...]]
    """Of each record the identifiers that name its paper. The others are disputed: records of
    another paper state them too, or people put them to another one."""


class _Anchors:
    """Disjoint sets of anchors (union-find) that never join against a decision.

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
        """Join pairs in an order that depends only on the pairs."""
        for one, other in sorted(pairs):
            self.join(one, other)


def cluster(traces: Sequence[Trace], decisions: Decisions = NONE_DECIDED) -> Clusters:
    """Group the positions of records that describe one paper.

    Records with an identifier belong together if they share one, directly or by way of others; but
    two arXiv identifiers are two papers, whatever else they share: the DOI of a volume or of an
    erratum then names neither. Records without any identifier belong together if they share title
    or abstract; such a group joins the one paper with identifiers that has its title, or, where
    none has, the one that has its abstract. With two candidates it stays alone: nothing says which.
    What people decided comes first. The result does not depend on the order of the records, nor on
    how they came in.

    >>> one = Identifier(scheme="arxiv", value="1706.03762")
    >>> traces = [Trace(identifiers=(one,), title_hash=7), Trace(title_hash=7), Trace(title_hash=8)]
    >>> cluster(traces).groups
    [[0, 1], [2]]
    """
    anchors = _Anchors(decisions.apart)
    for pair in decisions.merged:
        anchors.join(*pair)
    held = [trace.anchors() for trace in traces]
    named = [i for i, trace in enumerate(traces) if trace.identifiers]
    nameless = [i for i, trace in enumerate(traces) if not trace.identifiers and held[i]]
    _join_named(anchors, [held[i] for i in named])
    if nameless:
        anchors.join_all(_pairs(held[i] for i in nameless))
        _attach(anchors, traces, held, named, nameless)
    members: dict[Anchor, list[int]] = defaultdict(list)
    for position, own in enumerate(held):
        # A record with nothing to be held by is a paper of its own.
        members[anchors.find(own[0]) if own else f"#{position}"].append(position)
    names = [_kept(anchors, trace, own) for trace, own in zip(traces, held, strict=True)]
    return Clusters(list(members.values()), names)


def _join_named(anchors: _Anchors, held: Sequence[tuple[Anchor, ...]]) -> None:
    """Join anchors of records with identifiers, but never two arXiv papers."""
    of_arxiv = [own for own in held if own[0].startswith(ARXIV)]
    anchors.join_all(_pairs(own for own in held if not own[0].startswith(ARXIV)))
    if not any(len(own) > 1 for own in of_arxiv):
        return  # nobody claims another's name
    claims: dict[Anchor, set[Anchor]] = defaultdict(set)
    for arxiv in {own[0] for own in of_arxiv}:
        paper = anchors.find(arxiv)
        claims[paper].add(paper)  # where people have joined other names with it
    for arxiv, *others in of_arxiv:
        for other in others:
            claims[anchors.find(other)].add(anchors.find(arxiv))
    anchors.join_all(
        (found.pop(), group) for group, found in list(claims.items()) if len(found) == 1
    )


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
    """Attach groups without identifiers to the only paper with their title or abstract."""
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


def _kept(anchors: _Anchors, trace: Trace, held: Sequence[Anchor]) -> tuple[Identifier, ...]:
    """Return the identifiers of a record that belong to the same paper as its first anchor."""
    if len(trace.identifiers) < 2:
        return trace.identifiers
    paper = anchors.find(held[0])
    return tuple(name for name in trace.identifiers if anchors.find(_anchor(name)) == paper)
