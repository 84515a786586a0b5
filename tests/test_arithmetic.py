"""Levels survive coding, and the code is as long as the surprise says."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import load_corpus
from procgen_sim.levels.body import Body
from procgen_sim.models import TileModel
from procgen_sim.models.arithmetic import decode, encode
from procgen_sim.rng import stream


def there_and_back(model: TileModel, lines: np.typing.NDArray[np.uint8]) -> None:
    """Code a level, read it again, and learn it."""
    code = encode(model, lines)
    assert (decode(model.copy(), code, *lines.shape) == lines).all()
    bits = model.learn(lines).sum()
    assert 8 * len(code) <= 1.01 * bits + 32
    assert 8 * len(code) >= math.floor(bits) - 8


@pytest.mark.parametrize("n_tiles", [1, 2, 7, 255])
@pytest.mark.parametrize("length", [1, 5])
def test_noise(n_tiles: int, length: int) -> None:
    model = TileModel(n_tiles)
    rng = stream(1, "test", 70)
    for _ in range(2):
        lines = rng.integers(n_tiles, size=(12, length)).astype(np.uint8)
        lines[3:9] = lines[3]
        there_and_back(model, lines)


def test_an_empty_level() -> None:
    lines = np.zeros((0, 4), dtype=np.uint8)
    assert decode(TileModel(3), encode(TileModel(3), lines), 0, 4).shape == (0, 4)


def test_the_wrong_model_reads_something_else() -> None:
    lines = stream(1, "test", 71).integers(4, size=(20, 5)).astype(np.uint8)
    model = TileModel(4)
    code = encode(model, lines)
    model.learn(lines)
    assert (decode(model, code + bytes(200), 20, 5) != lines).any()


def test_a_code_cut_short() -> None:
    lines = stream(1, "test", 71).integers(200, size=(40, 5)).astype(np.uint8)
    code = encode(TileModel(200), lines)
    with pytest.raises(InputError, match="expected 200 tiles, found the end after"):
        decode(TileModel(200), code[:20], 40, 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "first", "last"),
    [
        ("vglc/super_mario_bros", 0, 4),
        ("vglc/kid_icarus", 0, 2),
        ("vglc/lode_runner", 0, 3),
        ("mario_ai/notch", 60, 62),
        ("mario_ai/notchParam", 60, 62),
        ("mario_ai/hopper", 60, 62),
    ],
)
def test_real_levels(shared_data: Path, folder: str, first: int, last: int) -> None:
    body = Body.of(folder, load_corpus(shared_data / folder).levels)
    model = TileModel(len(body.alphabet))
    for lines in body.lines[:first]:
        model.learn(lines)
    for lines in body.lines[first:last]:
        there_and_back(model, lines)
