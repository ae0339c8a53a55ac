"""Count the fields of the input that a format neither reads nor names as ignored."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType, field, inspect

if TYPE_CHECKING:
    from etl.formats.toolkit.xml_stream import Node

MOST_NAMES = 1_000
"""Different fields that are counted."""
LONGEST_NAME = 100
"""Characters of a name that are kept."""
FEW = 20
"""Fields that are listed."""

Plain: TypeAlias = str | int | float | bool | None
"""What holds no fields."""

_object = msgspec.json.Decoder(dict[str, Raw]).decode
_list = msgspec.json.Decoder(list[Raw]).decode


class Shape(Struct):
    """The fields of an object that are read or ignored, and the objects in them."""

    known: Set[str]
    below: dict[str, "Shape"]
    check: Callable[[bytes], object] | UnsetType | None = UNSET
    """Decodes an object that has known fields alone, and refuses others; None for objects that
    hold their like. Made when the first object is counted."""

    def count(self, raw: bytes, unread: Counter[str]) -> None:
        """Count the unknown fields of an object that was decoded before.

        Most objects have none, as `check` finds in a sixth of the time.
        """
        if self.check is UNSET:
            self.check = _checker(self)
        if self.check is not None:
            try:
                self.check(raw)
            except (msgspec.MsgspecError, RecursionError):
                pass
            else:
                return
        tally(self._unknown(raw, ""), unread)

    def _unknown(self, raw: bytes | Raw, path: str) -> Iterator[str]:
        """Yield the paths of unknown fields, decoding one level at a time to save memory."""
        begins = bytes(memoryview(raw)[:1])
        if begins == b"[":
            for one in _list(raw):
                yield from self._unknown(one, path)
        elif begins == b"{":
            held = _object(raw)
            if not held.keys() <= self.known:
                yield from (f"{path}{name}" for name in held.keys() - self.known)
            for name in self.below.keys() & held.keys():
                yield from self.below[name]._unknown(held[name], f"{path}{name}.")


def _checker(shape: Shape) -> Callable[[bytes], object] | None:
    """Make what a shape checks objects with; None if objects of it may hold their like."""
    return None if _holds_its_like(shape, ()) else msgspec.json.Decoder(_closed(shape)).decode


def _holds_its_like(shape: Shape, above: tuple[int, ...]) -> bool:
    within = (*above, id(shape))
    return id(shape) in above or any(
        _holds_its_like(below, within) for below in shape.below.values()
    )


def _closed(shape: Shape) -> type[Struct]:
    """Make a struct that has the known fields as raw JSON, and refuses other fields."""
    names = {f"field_{number}": name for number, name in enumerate(sorted(shape.known))}
    fields = [(field, _kind(shape.below.get(name)), None) for field, name in names.items()]
    return msgspec.defstruct("Closed", fields, rename=names, forbid_unknown_fields=True, gc=False)


def _kind(below: Shape | None) -> Any:
    """Return the type of a field: raw JSON, or what may hold objects of this shape."""
    if below is None:
        return Raw
    inner = _closed(below)
    return inner | Plain | list[inner | Plain]  # type: ignore[valid-type]


def tally(names: Iterable[str], unread: Counter[str]) -> None:
    """Count names of fields, within limits on their number and length."""
    for name in names:
        short = name[:LONGEST_NAME]
        if short in unread or len(unread) < MOST_NAMES:
            unread[short] += 1


def listed(unread: Counter[str]) -> str:
    """List counted fields for people, the most frequent first.

    >>> listed(Counter({"note": 2, "colour": 1}))
    'note (2), colour (1)'
    """
    ordered = sorted(unread.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{name} ({count:,})" for name, count in ordered[:FEW])
    more = len(unread) - FEW
    return f"{shown} and {more:,} more" if more > 0 else shown


def shape_of(
    struct: type[Struct], ignored: Mapping[str, str], later: Mapping[str, type[Struct]]
) -> Shape:
    """Return the shape of a struct and of all structs in it, made once.

    `ignored` has names of fields that are ignored in every object, or, as Struct.field, in objects
    of one struct. `later` says, likewise as Struct.field, what a field of raw JSON is decoded to.
    """
    return _shape(struct, frozenset(ignored), frozenset(later.items()))


@lru_cache(maxsize=64)
def _shape(
    struct: type[Struct], ignored: frozenset[str], later: frozenset[tuple[str, type[Struct]]]
) -> Shape:
    return _open_shape(struct, ignored, dict(later), {})


def _open_shape(
    struct: type[Struct],
    ignored: Set[str],
    later: Mapping[str, type[Struct]],
    made: dict[type[Struct], Shape],
) -> Shape:
    if struct in made:
        return made[struct]
    own = f"{struct.__name__}."
    fields = {held.encode_name: held for held in _info(struct).fields}
    there = {name.removeprefix(own) for name in ignored if "." not in name or name.startswith(own)}
    found = made[struct] = Shape(frozenset(fields) | there, {})
    for name, known in fields.items():
        below = later.get(own + known.name) or _struct_in(known.type)
        if below is not None:
            found.below[name] = _open_shape(below, ignored, later, made)
    return found


def _info(struct: type[Struct]) -> inspect.StructType:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)  # noqa: S101 - of a struct there is nothing else
    return info


def _struct_in(kind: inspect.Type) -> type[Struct] | None:
    """Return the struct in a field's type, perhaps in a list or optional."""
    match kind:
        case inspect.StructType(cls=struct):
            return struct
        case inspect.CollectionType(item_type=item) | inspect.VarTupleType(item_type=item):
            return _struct_in(item)
        case inspect.UnionType(types=kinds):
            return next((held for one in kinds if (held := _struct_in(one))), None)
    return None


class Elements(Struct):
    """The attributes and elements in an element that are read or ignored."""

    attributes: set[str] = field(default_factory=set)
    below: dict[str, "Elements"] = field(default_factory=dict)
    is_open: bool = False
    """Whether all that is in it is ignored."""

    def count(self, node: "Node", unread: Counter[str]) -> None:
        """Count the unknown attributes and elements in an element, by their paths."""
        tally(self._unknown(node, ""), unread)

    def _unknown(self, node: "Node", path: str) -> Iterator[str]:
        if self.is_open:
            return
        if not node.attributes.keys() <= self.attributes:
            yield from (f"{path}@{name}" for name in node.attributes.keys() - self.attributes)
        lead = f"{path}/" if path else ""
        for held in node.nodes:
            known = self.below.get(held.name)
            if known is None:
                yield lead + held.name
            elif held.nodes or held.attributes:
                yield from known._unknown(held, lead + held.name)


def elements_of(paths: Iterable[str]) -> Elements:
    """Build the known elements from paths of names, with @ before an attribute.

    author/name is an element in an element, category@term an attribute of one; about/* stands for
    all that is in `about`.
    """
    found = Elements()
    for path in paths:
        within, _, attribute = path.partition("@")
        here = found
        for name in filter(None, within.split("/")):
            if name == "*":
                here.is_open = True
            else:
                here = here.below.setdefault(name, Elements())
        if attribute:
            here.attributes.add(attribute)
    return found
