"""Compute the layers of an encoder with numpy, for one text at a time."""

from collections.abc import Mapping

import numpy as np

Array = np.ndarray
Weights = Mapping[str, Array]

HEADS = 12
SMALLEST = 1e-12
"""What keeps the division by a standard deviation of nothing from failing."""


def linear(state: Array, weights: Weights, name: str) -> Array:
    """Multiply by a matrix, and add its bias."""
    found: Array = state @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return found


def normed(state: Array, weights: Weights, name: str) -> Array:
    """Bring every row to mean 0 and variance 1, then scale and shift its columns."""
    centred = state - state.mean(-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(SMALLEST))
    found: Array = centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return found


def gelu(state: Array) -> Array:
    """Weigh every value by how likely a normal variable lies below it.

    The error function is a series of Abramowitz and Stegun (7.1.26), exact to 2e-7.
    """
    size = np.abs(state) * np.float32(0.7071067811865476)
    part = 1 / (1 + np.float32(0.3275911) * size)
    series = np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = series * part + np.float32(factor)
    tail = series * part * np.exp(-size * size) / 2
    found: Array = state * np.where(state < 0, tail, 1 - tail)
    return found


def attended(state: Array, weights: Weights, name: str) -> Array:
    """Gather for every piece what the others tell it."""
    length, size = state.shape

    def parted(part: str) -> Array:
        return linear(state, weights, f"{name}.{part}").reshape(length, HEADS, -1).swapaxes(0, 1)

    query, key, value = parted("query"), parted("key"), parted("value")
    likeness = query @ key.swapaxes(1, 2) / np.float32(np.sqrt(size // HEADS))
    likeness = np.exp(likeness - likeness.max(-1, keepdims=True))
    likeness /= likeness.sum(-1, keepdims=True)
    found: Array = (likeness @ value).swapaxes(0, 1).reshape(length, size)
    return found


def through(state: Array, weights: Weights, name: str) -> Array:
    """Pass a text's states through one layer."""
    joined = linear(attended(state, weights, name), weights, f"{name}.joined")
    state = normed(state + joined, weights, f"{name}.norm1")
    wide = gelu(linear(state, weights, f"{name}.wide"))
    return normed(state + linear(wide, weights, f"{name}.narrow"), weights, f"{name}.norm2")
