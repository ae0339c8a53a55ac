"""Identity: which records tell of one paper. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from msgspec import Struct

from etl.records import Identifier


class Trace(Struct, frozen=True, kw_only=True):
    """What of a record bears on identity."""

    identifiers: tuple[Identifier, ...] = ()
    title_hash: int | None = None
    """None where there is no title, or one too short to match."""
    abstract_hash: int | None = None


class _Groups:
    """Disjoint sets of positions, joined by what they share (union-find)."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, item: int) -> int:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self.parent[high] = low

    def join_sharing(self, shared: Iterable[tuple[Hashable, int]]) -> None:
        """Join all positions that come with the same thing."""
        first: dict[Hashable, int] = {}
        for thing, position in shared:
            self.join(first.setdefault(thing, position), position)


def cluster(traces: Sequence[Trace]) -> list[list[int]]:
    """Group the positions of records that tell of one paper, each group in order.

    Records with an identifier belong together if they share one, directly or by way of others.
    Records without any belong together if they share title or abstract; such a group joins the one
    paper with identifiers that has its title, or, where none has, the one that has its abstract.
    With two candidates it stays alone: nothing says which. The result does not depend on the order
    of the records, nor on how they came in.

    >>> one = Identifier(scheme="arxiv", value="1706.03762")
    >>> cluster([Trace(identifiers=(one,), title_hash=7), Trace(title_hash=7), Trace(title_hash=8)])
    [[0, 1], [2]]
    """
    groups = _Groups(len(traces))
    named = [i for i, trace in enumerate(traces) if trace.identifiers]
    nameless = [i for i, trace in enumerate(traces) if not trace.identifiers]
    groups.join_sharing((name, i) for i in named for name in traces[i].identifiers)
    if nameless:
        groups.join_sharing((("t", h), i) for i in nameless if (h := traces[i].title_hash))
        groups.join_sharing((("a", h), i) for i in nameless if (h := traces[i].abstract_hash))
        by_title = _holders(groups, ((traces[i].title_hash, i) for i in named))
        by_abstract = _holders(groups, ((traces[i].abstract_hash, i) for i in named))
        for members in _members(groups, nameless):
            titled = _candidates(by_title, (traces[i].title_hash for i in members))
            found = titled or _candidates(by_abstract, (traces[i].abstract_hash for i in members))
            if len(found) == 1:
                groups.join(found.pop(), members[0])
    return _members(groups, range(len(traces)))


def _holders(groups: _Groups, hashed: Iterable[tuple[int | None, int]]) -> dict[int, set[int]]:
    """The groups with identifiers that have a title or abstract."""
    holders: dict[int, set[int]] = defaultdict(set)
    for hash_, position in hashed:
        if hash_ is not None:
            holders[hash_].add(groups.find(position))
    return holders


def _candidates(holders: dict[int, set[int]], hashes: Iterable[int | None]) -> set[int]:
    return {holder for hash_ in hashes if hash_ is not None for holder in holders.get(hash_, ())}


def _members(groups: _Groups, positions: Iterable[int]) -> list[list[int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for position in positions:
        members[groups.find(position)].append(position)
    return list(members.values())
