"""A run nobody played: records with the schema of :mod:`procgen_sim.results`, in milliseconds.

Players' surprise decays from a newcomer's 30 bits to a veteran's 12; breaks cost more, and their
price decays as well. Good enough to draw, summarise and conclude from.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from procgen_sim.experiments import CompareRun, RunConfig, summarise
from procgen_sim.experiments.showcase import Exhibit
from procgen_sim.levels import Level, house_tileset
from procgen_sim.models import DesignModel, DesignSpace
from procgen_sim.players import TRAITS, Population

NAIVE, VETERAN = 30.0, 12.0
NAMES = ("gap_rate", "ground_height", "coin_rate", "enemy_rate")
COSTS = {"noise": 70.0, "outlier": 42.0, "between": 30.0, "extrapolate": 55.0}


def synthetic_run(
    folder: Path,
    *,
    arms: Sequence[str] = ("on-model", "noise", "outlier", "between", "extrapolate"),
    n_players: int = 12,
    n_levels: int = 20,
    rate: float = 0.15,
    bodies: Sequence[str] = ("samurai", "space_opera"),
    components: int = 2,
    skipped: Sequence[str] = (),
    exhibits: bool = True,
    interest: str = "wundt",
) -> CompareRun:
    """A finished run that stores nothing yet but what a report reads."""
    rng = np.random.default_rng(7)
    d = len(NAMES)
    space = DesignSpace(NAMES, low=np.zeros(d), high=np.array([0.3, 10.0, 1.0, 0.5]))
    means = space.from_unit(rng.uniform(0.2, 0.8, (components, d)))
    covariance = np.diag((0.08 * space.width) ** 2)
    table = [
        {
            "n_components": k,
            "shape": shape,
            "bic": None if (k, shape) == (3, "full") else 100.0 - 10 * k + 3 * k * k,
            "converged": True,
            "n_members": 6.0,
            "allowed": k < 3,
        }
        for k in (1, 2, 3)
        for shape in ("full", "diag")
    ]
    model = DesignModel(
        kind="mixture",
        space=space,
        weights=np.full(components, 1 / components),
        means=means,
        covariances=np.repeat(covariance[None], components, axis=0),
        details={"n_components": components, "shape": "diag", "table": table},
    )
    data = model.sample(18, rng=rng)
    people = Population.sample(n_players, seed=1)
    threshold = rng.uniform(0.25, 0.45, n_players)
    tau = rng.uniform(4, 8, n_players)
    parts: dict[str, list[Any]] = {}
    shape = (n_players, n_levels)
    level = np.arange(1, n_levels + 1)
    base = VETERAN + (NAIVE - VETERAN) * np.exp(-level / 6)
    on_model_bits = base + rng.normal(0, 1.5, shape)
    on_model_phi = model.sample(n_players * n_levels, rng=rng).reshape(*shape, d)
    for arm in arms:
        proposal = arm.partition("@")[0]
        broke = (rng.random(shape) < rate) & (arm != "on-model")
        price = COSTS.get(proposal, 45.0) * np.exp(-broke.cumsum(axis=1) / 12)
        bits = np.where(broke, price + rng.normal(0, 3, shape), on_model_bits)
        phi = on_model_phi + np.where(broke[..., None], 0.35 * space.width, 0.0)
        gained = np.maximum(bits - VETERAN, 0.0) * 0.15
        foreseen = 1 - bits / NAIVE
        notions = {
            "surprise": np.clip(bits / NAIVE, 0, 1),
            "wundt": np.exp(-0.5 * ((bits / NAIVE - 0.9) / 0.3) ** 2),
            "progress": 1 - np.exp(-gained / 2),
        }
        boredom = {}
        for name, interest_of in notions.items():
            b, curve = np.zeros(n_players), np.zeros(shape)
            for t in range(n_levels):
                b = b + (1 - interest_of[:, t] - b) / tau
                curve[:, t] = b
            boredom[name] = curve
        log_density = model.log_density(phi.reshape(-1, d)).reshape(shape)
        columns = {
            "arm": np.full(shape, arm, dtype=object),
            "player": np.repeat(np.arange(n_players, dtype=np.int32)[:, None], n_levels, axis=1),
            "level": np.broadcast_to(level.astype(np.int32), shape),
            "broke": broke,
            "off_model": broke,
            "log_density": log_density,
            "density_quantile": rng.random(shape),
            "playable": np.ones(shape, dtype=bool),
            "repair_distance": np.where(rng.random(shape) < 0.2, 0.1, 0.0),
            "build_attempts": np.ones(shape, dtype=np.int32),
            "surprise_bits": bits,
            "naive_bits": np.full(shape, NAIVE),
            "veteran_bits": np.full(shape, VETERAN),
            "unprepared_bits": np.where(broke, COSTS.get(proposal, 45.0), on_model_bits),
            "progress_bits": gained,
            "foreseen": foreseen,
            "predictability": (NAIVE - bits) / (NAIVE - VETERAN),
            **{f"interest_{name}": value for name, value in notions.items()},
            **{f"boredom_{name}": value for name, value in boredom.items()},
            **{f"phi_{name}": phi[..., j] for j, name in enumerate(NAMES)},
        }
        for name, column in columns.items():
            parts.setdefault(name, []).append(np.ascontiguousarray(column).ravel())
    records = {name: np.concatenate(columns) for name, columns in parts.items()}
    shown = []
    if exhibits:
        shown = [_exhibit("typical", "on-model", 1, 70), _exhibit("surprising", "on-model", 2, 90)]
        shown += [_exhibit("break", arm, n_levels - 1, 130) for arm in arms[1:] if rate]
    return CompareRun(
        folder=folder,
        config=RunConfig(arms=",".join(arms), players=n_players, interest=interest).checked(),
        model=model,
        fit={
            "names": list(NAMES),
            "levels": [f"level {i}" for i in range(len(data))],
            "bodies": [bodies[i % len(bodies)] for i in range(len(data))],
            "data": data.tolist(),
            "fidelity": [0.97, 0.91, None, 0.85],
            "threshold_nats": -12.3,
            "n_columns": 120,
            "skipped": list(skipped),
        },
        records=records,
        players={
            **{name: getattr(people, name) for name in TRAITS},
            "threshold": threshold,
            "tau_levels": tau,
        },
        exhibits=tuple(shown),
        summary=summarise(records, threshold, list(arms)),
        seconds=1.5,
    )


def _exhibit(why: str, arm: str, number: int, n_columns: int) -> Exhibit:
    tileset = house_tileset()
    rows = ["-" * n_columns] * 10
    ground = ("XXXXXXXX--" * n_columns)[:n_columns]
    rows += [("---o-E--==" * n_columns)[:n_columns], *([ground] * 3)]
    return Exhibit(
        why=why,
        arm=arm,
        player=0,
        number=number,
        surprise_bits=21.5,
        foreseen=0.3,
        density_quantile=0.0 if why == "break" else 0.5,
        level=Level.from_rows(rows, tileset, f"{arm} {number}"),
    )
