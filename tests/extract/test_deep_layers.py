"""Tests of the encoder's arithmetic."""

import math

import pytest

np = pytest.importorskip("numpy", reason="the extra deep is not installed: numpy")

from etl.extract.deep import layers  # noqa: E402
from etl.extract.deep.model import unpacked  # noqa: E402


def test_gelu_is_that_of_the_error_function():
    values = np.linspace(-6, 6, 41, dtype=np.float32)
    exact = [value * 0.5 * (1 + math.erf(value / math.sqrt(2))) for value in values.tolist()]
    assert layers.gelu(values) == pytest.approx(exact, abs=1e-6)


def test_rows_are_normed():
    weights = {"n.weight": np.full(4, 2.0, np.float32), "n.bias": np.ones(4, np.float32)}
    found = layers.normed(np.array([[1.0, 2.0, 3.0, 4.0]], np.float32), weights, "n")
    assert found.mean() == pytest.approx(1.0, abs=1e-5)
    assert found.std() == pytest.approx(2.0, abs=1e-3)


def test_alike_pieces_hear_the_mean_of_all():
    size = layers.HEADS * 2
    zero, one = np.zeros((size, size), np.float32), np.eye(size, dtype=np.float32)
    weights = {f"a.{part}.bias": np.zeros(size, np.float32) for part in ("query", "key", "value")}
    weights |= {"a.query.weight": zero, "a.key.weight": zero, "a.value.weight": one}
    state = np.arange(3 * size, dtype=np.float32).reshape(3, size)
    found = layers.attended(state, weights, "a")
    assert found == pytest.approx(np.tile(state.mean(0), (3, 1)), rel=1e-5)


def test_what_is_packed_comes_back():
    packing = pytest.importorskip("benchmarks.extraction.deep.packing", reason="torch is missing")
    draw = np.random.default_rng(0)
    base = {"layers.5.wide.weight": draw.normal(size=(40, 50)).astype(np.float32)}
    change = draw.normal(size=(40, 50)).astype(np.float32) / 100
    head = draw.normal(size=(30, 40)).astype(np.float32)
    state = {"layers.5.wide.weight": base["layers.5.wide.weight"] + change, "head": head}
    found = unpacked(packing.pack(state, base), base)
    assert found["head"] == pytest.approx(head, abs=0.02)
    left = found["layers.5.wide.weight"] - state["layers.5.wide.weight"]
    assert abs(left).max() < abs(change).max() / 13
