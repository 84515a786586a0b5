"""Streams are named by what they are for."""

from __future__ import annotations

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.rng import PURPOSES, stream


def test_purposes_have_different_numbers() -> None:
    assert len(set(PURPOSES.values())) == len(PURPOSES)


def test_every_address_is_another_stream() -> None:
    firsts = [
        stream(seed, purpose, *address).integers(2**63)
        for seed in (0, 1)
        for purpose in ("on_model", "build")
        for address in ((), (0,), (0, 0), (0, 1), (1, 0), (1,))
    ]
    assert len(set(firsts)) == len(firsts)


def test_the_stream_of_an_address_never_changes() -> None:
    # Part of every stored result: if this fails, old runs can no longer be reproduced.
    assert stream(1, "on_model", 3, 7).integers(10**9, size=3).tolist() == FROZEN


FROZEN = [939042315, 577925035, 71807152]


def test_a_wrong_seed_is_refused() -> None:
    with pytest.raises(InputError, match=r"seed: expected a whole number of at least 0, found -1"):
        stream(-1, "fit")


def test_a_wrong_purpose_is_a_programming_error() -> None:
    with pytest.raises(KeyError, match="fun"):
        stream(1, "fun")


def test_streams_are_independent_of_order() -> None:
    a = [stream(5, "build", i).random() for i in range(5)]
    b = [stream(5, "build", i).random() for i in reversed(range(5))]
    assert np.array_equal(a, b[::-1])
