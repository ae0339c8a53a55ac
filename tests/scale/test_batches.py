"""Tests that a load asks for stored records only where somebody needs to know them."""

from collections.abc import Iterable

from catalog.domain.records import PaperRecord
from etl.ingest.affected_records import encoded
from etl.ingest.document_writer import Batch
from etl.ingest.pool import Unread


def test_what_is_stored_is_looked_up_only_for_a_reader():
    pieces = [
        encoded(place, PaperRecord(abstract=f"We count {place} snails."), None) for place in (1, 2)
    ]
    batch = Batch({piece.position: piece for piece in pieces}, {}, [], 2)
    asked: list[list[int]] = []

    def known(hashes: Iterable[int]) -> set[int]:
        asked.append(list(hashes))
        return {1}

    Unread().prefetch(batch.texts(known))
    assert asked == []
    assert list(batch.texts(known)) == [("We count 2 snails.", None)]
    assert asked == [[1, 2]]
