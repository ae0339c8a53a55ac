"""Pack checkpoints for shipping: `python -m benchmarks.extraction.deep.packing CHECKPOINT ...`.

Of several the mean is taken, which reads better than the last one. Of the encoder only the
differences from its base are kept, as whole numbers of few bits with a scale for each row; of the
scorers whole numbers of eight bits.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from etl.extract.deep import model
from etl.extract.deep.base_model import read_base
from etl.extract.deep.layers import Array

OWN = 0.9
"""The encoder's scores count that much of what they did in training, where it knew the papers."""
FEW, MANY = 7, 127
"""The largest whole number of a difference, and of a scorer's weight."""
TARGET = Path(model.__file__).parent / model.WEIGHTS
UNUSED = ("words", "positions", "first_norm", "outcomes.kind", "trust.kind")


def pack(
    state: Mapping[str, Array], base: Mapping[str, Array], few: int = FEW, many: int = MANY
) -> dict[str, Array]:
    """Pack the weights that differ from the base's, as `etl.extract.deep.model` unpacks them."""
    packed: dict[str, Array] = {}
    for name, value in state.items():
        if name.startswith(UNUSED):
            continue
        in_base = name in base
        kept = value - base[name] if in_base else value
        if in_base and not kept.any():
            continue
        if kept.ndim < 2 or kept.size < 1000:
            packed[name] = kept.astype(np.float16)
            continue
        most = few if in_base else many
        scale = (np.abs(kept).max(1) / most + 1e-12).astype(np.float16).astype(np.float32)
        scale = np.maximum(scale, np.float32(6e-8))
        packed[name] = np.clip(np.rint(kept / scale[:, None]), -most, most).astype(np.int8)
        packed[f"{name} scale"] = scale.astype(np.float16)
    return packed


def read_checkpoints(paths: Sequence[Path]) -> tuple[dict[str, Array], list[str], int]:
    """Read checkpoints' mean weights, the features in order, and how many layers are the base's."""
    found = [torch.load(path, weights_only=False) for path in paths]
    state = {
        name: np.mean([one["state"][name].float().numpy() for one in found], axis=0)
        for name in found[0]["state"]
    }
    return state, list(found[0]["known"]), int(found[0]["frozen"])


def save(packed: Mapping[str, Array], features: list[str], frozen: int, path: Path) -> None:
    """Write packed weights with the names of the features."""
    names = np.frombuffer("\n".join(features).encode(), np.uint8)
    content: dict[str, Any] = {**packed, "features": names, "frozen": np.array(frozen)}
    np.savez_compressed(path, **content)


def main() -> None:
    """Pack the mean of checkpoints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument(
        "--own", type=float, default=OWN, help="how much the encoder's scores count"
    )
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    state, features, frozen = read_checkpoints(arguments.checkpoints)
    for name in state:
        if name.endswith((".out.weight", ".out.bias")):
            state[name] = state[name] * np.float32(arguments.own)
    packed = pack(state, model.base_weights(read_base()), arguments.few, arguments.many)
    save(packed, features, frozen, arguments.output)
    print(f"{arguments.output}: {arguments.output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
