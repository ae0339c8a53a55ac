"""The built-in reader of abstracts, registered like any other."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from etl.extract import extract_many, version
from etl.extract.reader import BUILT_IN, Reader

if TYPE_CHECKING:
    from etl.extract.explain import Explanation


def _explain(abstract: str, title: str | None) -> "Iterator[Explanation]":
    from etl.extract.explain import explanations

    return explanations(abstract, title)


READER = Reader(
    name=BUILT_IN,
    title="Rules and learned weights",
    version=lambda _argument: version(),
    read=lambda texts, _argument: extract_many(texts),
    explain=_explain,
)
