"""Extract results and links from abstracts, as a pure function of text and shipped data.

Rules propose what a number may mean, weights learned from annotated abstracts decide. How good
that is stands in benchmarks/extraction/REPORT.md.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from catalog.domain.records import Extraction

CODE = "code-digest.txt"
"""Holds the digest of all code that decides; a test fails where it is not renewed."""

DATA = (
    "weights.json",
    "clusters.json",
    "lexicon/adjectives.toml",
    "lexicon/words.toml",
    "lexicon/metrics.toml",
    "lexicon/directions.toml",
    "lexicon/board_metrics.toml",
    "lexicon/usual_metrics.toml",
    "lexicon/usual_tasks.toml",
    "lexicon/datasets.toml",
    "lexicon/units.toml",
    "lexicon/tasks.toml",
)


@cache
def version() -> str:
    """Return the extractor's version: digests of its code and of its data."""
    package, digest = files(__package__), blake2b(digest_size=4)
    for name in DATA:
        digest.update((package / name).read_bytes())
    return f"{(package / CODE).read_text().strip()}.{digest.hexdigest()}"


def extract(abstract: str, title: str | None = None) -> Extraction:
    """Extract every result and every link from one abstract.

    >>> found = extract("It reaches 84.3% accuracy on COCO.")
    >>> [(result.metric, result.value, result.dataset) for result in found.results]
    [('accuracy', 84.3, 'COCO')]
    """
    from etl.extract.long_texts import extraction

    return extraction(abstract, title)


def extract_many(items: Sequence[tuple[str, str | None]]) -> list[Extraction]:
    """Extract from many abstracts with titles, in order; suits the `map` of any executor."""
    return [extract(abstract, title) for abstract, title in items]
