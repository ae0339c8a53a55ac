"""Read the base encoder and its tokenizer from the package that carries them."""

import json
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from etl.extract.deep.document import Tokenizer

PACKAGE = "all_minilm_l6_v2"
"""It has the encoder MiniLM-L6 (Apache-2.0); it is not imported, only its archive is read."""


def _archive() -> zipfile.ZipFile:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {PACKAGE!r}", name=PACKAGE)
    return zipfile.ZipFile(Path(spec.origin).parent / "model.zip")


def read_base() -> dict[str, np.ndarray]:
    """Return every matrix of the base encoder by its name."""
    with _archive() as archive:
        content = archive.read("model.safetensors")
    size = int.from_bytes(content[:8], "little")
    header, begin = json.loads(content[8 : 8 + size]), 8 + size
    found = {}
    for name, about in header.items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        first, last = about["data_offsets"]
        values = np.frombuffer(content, "<f4", (last - first) // 4, begin + first)
        found[name] = values.reshape(about["shape"])
    return found


def read_tokenizer() -> Tokenizer:
    """Return the base encoder's tokenizer, which neither cuts nor fills up."""
    import tokenizers

    with _archive() as archive:
        found = tokenizers.Tokenizer.from_str(archive.read("tokenizer.json").decode())
    found.no_padding()
    found.no_truncation()
    made: Tokenizer = found
    return made
