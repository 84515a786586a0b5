"""One formula for what is said when something is wrong."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procgen_sim._checks import InputError, check_choice, check_int, check_number, nearest


def test_the_sentence_has_all_four_parts() -> None:
    error = InputError("a.txt, line 3, column 7", expected="a tile", found="'?'", do="fix it")
    assert str(error) == "a.txt, line 3, column 7: expected a tile, found '?'; fix it."


def test_it_survives_the_way_back_from_a_worker() -> None:
    error = InputError("x", expected="y", found="z", do="w")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, InputError)
    assert str(again) == str(error)


def test_a_wrong_name_lists_the_valid_ones_and_the_nearest() -> None:
    with pytest.raises(InputError, match="one of noise, outlier, found 'outler'; did you mean"):
        check_choice("--arms", "outler", ["noise", "outlier"])
    with pytest.raises(InputError, match=re.escape("found 'zzz'.")):
        check_choice("--arms", "zzz", ["noise", "outlier"])
    assert nearest("zzz", ["noise"]) is None


@pytest.mark.parametrize("value", [1.5, "3", None, True, -1, 11])
def test_whole_numbers(value: object) -> None:
    with pytest.raises(InputError, match="a whole number from 0 to 10"):
        check_int("n", value, low=0, high=10)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1", None, False, 1.01])
def test_numbers(value: object) -> None:
    with pytest.raises(InputError, match="a number from 0 to 1"):
        check_number("rate", value, low=0, high=1)  # type: ignore[arg-type]


def test_bounds_are_written_as_people_write_them() -> None:
    with pytest.raises(InputError, match="from 1 to 1,000,000, found 0"):
        check_int("n", 0, low=1, high=1_000_000)
    with pytest.raises(InputError, match=re.escape("from 0.02 to 0.98, found 2")):
        check_number("x", 2, low=0.02, high=0.98)
    with pytest.raises(InputError, match="a number of at least 1, found 0"):
        check_number("x", 0, low=1.0, high=float("inf"))


@given(st.integers(0, 10))
def test_what_is_right_comes_back(value: int) -> None:
    assert check_int("n", value, low=0, high=10) == value
    assert check_number("n", value, low=0, high=10) == float(value)
