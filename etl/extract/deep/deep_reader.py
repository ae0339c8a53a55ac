"""The reader that `--reader deep` chooses; what it needs is imported when it is used."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING

from catalog.domain.errors import CatalogError
from catalog.domain.records import Extraction
from etl.extract import version as builtin_version
from etl.extract.reader import Reader, Texts

if TYPE_CHECKING:
    from etl.extract.explain import Explanation
    from etl.extract.linear_model import Scorer
    from etl.extract.pipeline import FormOpinion

NAME = "deep"
CONFIDENCE = "confidence.json"
"""What evidence weighs for this reader's decisions being right."""
CODE = ("document.py", "pair_features.py", "layers.py", "model.py", "opinion.py")
DATA = ("weights.npz", CONFIDENCE)


@cache
def version() -> str:
    """Return the version of the built-in reader, and a digest of what this one adds."""
    package, digest = files(__package__), blake2b(digest_size=4)
    for name in (*CODE, *DATA):
        digest.update((package / name).read_bytes())
    return f"{builtin_version()}.{digest.hexdigest()}"


@cache
def _loaded() -> "tuple[Scorer, FormOpinion]":
    """Return the weights with this reader's confidences, and what forms its opinion.

    Raises:
        CatalogError: the packages that it needs are not installed.

    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the pool takes every core by itself
    try:
        from etl.extract.deep.base_model import read_tokenizer
        from etl.extract.deep.model import shipped_model
        from etl.extract.deep.opinion import DeepOpinion

        model, tokenizer = shipped_model(), read_tokenizer()
    except ModuleNotFoundError as error:
        from catalog.installed import adding

        raise CatalogError(
            f"cannot read abstracts with {NAME}",
            why=f"{error.name} is not installed",
            hint=adding("deep"),
        ) from error
    from etl.extract.linear_model import shipped

    tables = json.loads((files(__package__) / CONFIDENCE).read_text(encoding="utf-8"))
    scorer = replace(
        shipped(), confidence=tables["confidence"], row_confidence=tables["row confidence"]
    )
    return scorer, lambda reading, results: DeepOpinion(model, tokenizer, reading, results)


def _read(texts: Texts, _argument: str) -> list[Extraction]:
    from etl.extract.long_texts import extraction

    scorer, form_opinion = _loaded()
    return [extraction(abstract, title, scorer, form_opinion) for abstract, title in texts]


def _explain(abstract: str, title: str | None) -> "Iterator[Explanation]":
    from etl.extract.explain import explanations

    return explanations(abstract, title, *_loaded())


READER = Reader(
    name=NAME,
    title="Rules, learned weights and a small encoder",
    version=lambda _argument: version(),
    read=_read,
    explain=_explain,
)
