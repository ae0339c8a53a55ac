"""The built-in reader of abstracts, registered like any other."""

from etl.extract import extract_many, version
from etl.extract.reader import BUILT_IN, Reader

READER = Reader(
    name=BUILT_IN,
    title="Rules and learned weights",
    version=lambda _argument: version(),
    read=lambda texts, _argument: extract_many(texts),
)
