"""Group the numbers of a paper: by the sentence they stand in, those of tables by dataset."""

from collections.abc import Sequence

from msgspec import Struct

from catalog.domain.claims import origin_of
from catalog.domain.formatting import origin_name
from catalog.reads.numbers import Number


class Group(Struct):
    """The numbers of one sentence, or of a table's dataset."""

    sentence: str
    """Empty for numbers of tables."""
    dataset: str
    numbers: list[Number]

    @property
    def metrics(self) -> str:
        """The metrics of its numbers, each once."""
        return ", ".join(dict.fromkeys(one.metric for one in self.numbers if one.metric))


def by_sentence(numbers: Sequence[Number]) -> list[Group]:
    """Group the numbers that stand in a sentence, in the order of the abstract."""
    found: dict[str, Group] = {}
    for one in numbers:
        if one.sentence:
            found.setdefault(one.sentence, Group(one.sentence, "", [])).numbers.append(one)
    return list(found.values())


def by_dataset(numbers: Sequence[Number]) -> list[Group]:
    """Group the numbers without a sentence by dataset, in the order of their names."""
    found: dict[str, Group] = {}
    for one in numbers:
        if not one.sentence:
            name = one.dataset or "No dataset named"
            found.setdefault(name, Group("", name, [])).numbers.append(one)
    return sorted(found.values(), key=lambda group: group.dataset.lower())


def origins(groups: Sequence[Group]) -> str:
    """Name where the numbers of some groups come from, each origin once."""
    found = {origin_name(origin_of(one)): None for group in groups for one in group.numbers}
    return " and ".join(found)
