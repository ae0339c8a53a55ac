"""Fill the net with the encoder that the training begins with."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from benchmarks.extraction.deep.net import Net
from etl.extract.deep.model import base_weights


def words_of(base: Mapping[str, np.ndarray]) -> Tensor:
    """Return the vectors of all word pieces, with that of the only type of text added."""
    weights = base_weights(base)
    return torch.tensor(weights["words"] + weights["type"])


def begin(net: Net, base: Mapping[str, np.ndarray]) -> None:
    """Fill the net's layers with those of the base."""
    found = {
        name: torch.tensor(value)
        for name, value in base_weights(base).items()
        if name not in ("words", "type")
    }
    missing, unknown = net.load_state_dict(found, strict=False)
    if unknown or any(name.startswith("layers") for name in missing):
        raise ValueError(f"the base does not fit: {unknown or missing}")
