"""The readable reference: a probability model, too, and one that learns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.models import KneserNey
from procgen_sim.rng import stream


def test_probabilities_of_all_lines_have_sum_one() -> None:
    model = KneserNey(3)
    rng = stream(1, "test", 72)
    model.learn(np.repeat(rng.integers(3, size=(15, 2)), 2, axis=0).astype(np.uint8))
    words = [bytes(word) for word in itertools.product(range(3), repeat=2)]
    for previous, run, before in [(words[0], 1, words[4]), (words[2], 2, b""), (b"", 0, b"")]:
        contexts = [(previous, run, before), (previous, run), (previous,), ()]
        p = [model.probability(word, contexts, previous) for word in words]
        assert sum(p) == pytest.approx(1.0, abs=1e-12)
        assert min(p) > 0


def test_nothing_known_is_uniform() -> None:
    assert KneserNey(4).learn(np.array([[3, 1]], dtype=np.uint8)) == pytest.approx([4.0])


def test_the_run_is_part_of_the_context() -> None:
    """Lines that change every third time are learned; at random times they are not."""
    clock = np.tile(np.array([[0], [0], [0], [1], [1], [1]], np.uint8), (40, 1))
    coin = stream(1, "test", 73).permutation(clock)
    assert KneserNey(2).learn(clock)[-60:].mean() < 0.1 < KneserNey(2).learn(coin)[-60:].mean()


def test_refusals() -> None:
    with pytest.raises(InputError, match="discount"):
        KneserNey(3, discount=1.5)
