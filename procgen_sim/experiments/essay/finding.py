"""What an experiment finds: numbers, a sentence made from them, and whether the claim held.

A claim is checked in standard errors, so that it could have come out otherwise: an inequality must
hold by :data:`CLEAR` of them, an equality may miss by :data:`NEAR`. A finding is a small JSON file;
figures are drawn from that file alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from procgen_sim._checks import InputError, check_int
from procgen_sim.files import write_text

__all__ = ["CLEAR", "NEAR", "Check", "Effort", "Finding", "mean_and_error"]

CLEAR: Final = 3.0
"""Standard errors by which a quantity must be beyond its bound: by chance once in 700 times, if the
error is of some 20 repetitions or more."""

NEAR: Final = 3.5
"""Standard errors by which a quantity may miss what it should equal: by chance once in 2,000."""

_DIGITS: Final = 6

Relation = Literal["above", "below", "equal"]


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much work to do.

    Attributes
    ----------
    seed
        One seed, one result.
    quick
        A taste: fewer levels, players and repetitions; claims are still checked.
    jobs
        Processes; the result does not depend on them.

    Raises
    ------
    InputError
        If the seed is negative or there is no process.
    """

    seed: int = 1
    quick: bool = False
    jobs: int = 1

    def __post_init__(self) -> None:
        check_int("seed", self.seed, low=0)
        check_int("jobs", self.jobs, low=1)

    def of(self, full: int, quick: int) -> int:
        """A number of things: the one for a full run, or the one for a taste."""
        return quick if self.quick else full


@dataclass(frozen=True, kw_only=True)
class Check:
    """One quantity against what the claim says of it.

    Attributes
    ----------
    what
        The quantity in words, with its unit.
    estimate, standard_error
        As measured.
    relation, bound
        What the claim says: the quantity is above, below or equal to the bound.
    within
        How far an equal quantity may be from the bound, whatever its error: what is known badly
        is not therefore equal.
    """

    what: str
    estimate: float
    standard_error: float
    relation: Relation
    bound: float
    within: float = math.inf

    @classmethod
    def of(
        cls,
        what: str,
        measured: tuple[float, float],
        relation: Relation,
        bound: float,
        *,
        within: float = math.inf,
    ) -> Check:
        """A check of a mean and its standard error, as :func:`mean_and_error` gives them."""
        estimate, error = measured
        return cls(
            what=what,
            estimate=float(estimate),
            standard_error=float(error),
            relation=relation,
            bound=bound,
            within=within,
        )

    @property
    def errors_away(self) -> float:
        """Standard errors from the bound to the estimate; infinite where there is no error, NaN
        where one of them is no number."""
        if math.isnan(self.estimate) or math.isnan(self.standard_error):
            return math.nan
        away = self.estimate - self.bound
        if self.standard_error > 0:
            return away / self.standard_error
        return math.copysign(math.inf, away) if away else 0.0

    @property
    def holds(self) -> bool:
        """Whether it came out as the claim says, beyond chance."""
        away = self.errors_away
        if math.isnan(away):
            return False
        if self.relation == "equal":
            return abs(away) <= NEAR and abs(self.estimate - self.bound) <= self.within
        return away >= CLEAR if self.relation == "above" else away <= -CLEAR

    @property
    def opposite(self) -> bool:
        """Whether the opposite holds, beyond chance: not just that nothing can be told."""
        away = self.errors_away
        if self.relation == "equal":
            return not self.holds and not math.isnan(away)
        return away <= -CLEAR if self.relation == "above" else away >= CLEAR

    def told(self, holds: str, open: str, opposite: str) -> str:
        """One of three clauses: it holds, it cannot be told, the opposite holds."""
        return holds if self.holds else opposite if self.opposite else open

    def sentence(self) -> str:
        """As one line: the quantity, its error, and how far it is from the bound."""
        word = "holds" if self.holds else "does not hold"
        sign = {"above": ">", "below": "<", "equal": "="}[self.relation]
        within = f" within {self.within:.2g}" if math.isfinite(self.within) else ""
        return (
            f"{self.what}: {self.estimate:.4g} ± {self.standard_error:.2g}"
            f" {sign} {self.bound:.4g}{within} {word} ({self.errors_away:+.1f} standard errors)"
        )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an experiment found.

    Attributes
    ----------
    experiment
        Its name.
    claim
        What the essay says, in one sentence.
    conclusion
        What came out, in one sentence made from the numbers.
    checks
        The claim, quantity by quantity.
    data
        What the figure shows: numbers, texts, lists and mappings of them.
    effort
        What it was run with.
    """

    experiment: str
    claim: str
    conclusion: str
    checks: tuple[Check, ...]
    data: Mapping[str, Any]
    effort: Effort

    @property
    def holds(self) -> bool:
        """Whether every check does."""
        return all(check.holds for check in self.checks)

    def write(self, path: Path) -> None:
        """Write the finding as JSON, whole or not at all; numbers to six digits.

        How many processes worked on it is left out: the bytes do not depend on it.
        """
        told = {
            "experiment": self.experiment,
            "claim": self.claim,
            "conclusion": self.conclusion,
            "holds": self.holds,
            "seed": self.effort.seed,
            "quick": self.effort.quick,
            "checks": [
                {**asdict(check), "holds": check.holds, "sentence": check.sentence()}
                for check in self.checks
            ],
            "data": self.data,
        }
        write_text(path, json.dumps(_plain(told), indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> Finding:
        """Read what :meth:`write` wrote.

        Raises
        ------
        InputError
            If the file is missing or not a finding.
        """
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            checks = [
                {key: each[key] for key in Check.__dataclass_fields__} for each in told["checks"]
            ]
            return cls(
                experiment=told["experiment"],
                claim=told["claim"],
                conclusion=told["conclusion"],
                checks=tuple(Check(**_numbers(check)) for check in checks),
                data=told["data"],
                effort=Effort(seed=told["seed"], quick=told["quick"]),
            )
        except OSError as error:
            raise InputError(
                str(path),
                expected="a stored finding",
                found=(error.strerror or "?").lower(),
                do="run the experiment first",
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                str(path),
                expected="a stored finding",
                found="another file",
                do="run the experiment again",
            ) from error


def mean_and_error(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Mean of independent values ``(n,)`` and its standard error; NaN error for a single one."""
    array = np.asarray(values, np.float64)
    error = float(array.std(ddof=1) / math.sqrt(len(array))) if len(array) > 1 else math.nan
    return float(array.mean()), error


def _numbers(check: dict[str, Any]) -> dict[str, Any]:
    """A stored check, its missing numbers NaN again."""
    for key in ("estimate", "standard_error", "bound"):
        if check[key] is None:
            check[key] = math.nan
    if check["within"] is None:
        check["within"] = math.inf
    return check


def _plain(value: Any) -> Any:
    """As JSON takes it: arrays as lists, numbers to six digits, None for what is no number."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return float(f"{value:.{_DIGITS}g}")
    return value
