"""A small run worked out again, slowly, from its own columns: every number in it is what it says.

Levels are made again from their addresses, players are the readable reference of
:mod:`procgen_sim.models.dirichlet_process`, and formulas are written out here once more.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim.cli import main
from procgen_sim.config import RunConfig
from procgen_sim.experiments import open_run, run_compare
from procgen_sim.experiments.compare import CompareRun
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import prepare
from procgen_sim.generators import Builder, FittedGenerator
from procgen_sim.generators.builder import Built, BuiltBatch
from procgen_sim.injection import Audience, Outside, parse_arms, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.levels import load_corpus
from procgen_sim.levels.design import measure_many
from procgen_sim.models.dirichlet_process import DirichletProcessObserver
from procgen_sim.models.niw import NormalInverseWishart, Perception
from procgen_sim.models.region import DensityRegion
from procgen_sim.players.assumptions import NAIVE_PRIOR, THEME_CAPACITY
from procgen_sim.results import as_cube
from procgen_sim.rng import stream
from procgen_sim.session import play_arms

Values = npt.NDArray[np.float64]

N_CALIBRATION, N_TRAINING, N_FRESH, N_LIVES = 1500, 40, 48, 4
CONFIG = RunConfig(
    players=6,
    levels=12,
    columns=60,
    model="gaussian",
    arms="noise@0.5,extrapolate,outlier@never",
    rate=0.4,
    seed=3,
    assumptions={"tau_levels": 4.0, "half_life_levels": 25.0, "appetite_sd": 0.3},
)
NAMES = ["on-model", "noise@0.5", "extrapolate", "outlier@never"]
EXACT = {"rtol": 1e-9, "atol": 1e-9}


@pytest.fixture(scope="module")
def few_levels() -> Iterator[None]:
    """A run's beginning with fewer levels: seconds instead of half a minute."""
    with pytest.MonkeyPatch.context() as patch:
        for name, n in [
            ("_N_CALIBRATION", N_CALIBRATION),
            ("_N_TRAINING", N_TRAINING),
            ("_N_FRESH", N_FRESH),
        ]:
            patch.setattr(f"procgen_sim.experiments.preparation.{name}", n)
        yield


@pytest.fixture(scope="module")
def run(few_levels: None, tmp_path_factory: pytest.TempPathFactory) -> CompareRun:  # noqa: ARG001
    return run_compare(CONFIG, tmp_path_factory.mktemp("records") / "a")


@dataclass
class Again:
    """What the run should have been made from, worked out from seed and model alone."""

    run: CompareRun

    def __post_init__(self) -> None:
        self.model, self.seed = self.run.model, self.run.config.seed
        self.builder = Builder(n_columns=CONFIG.columns, proof=True)
        screened = self.builder.without_proof()  # what nobody plays needs no proof
        pool = []
        for i in range(N_CALIBRATION):
            rng = stream(self.seed, "calibration", i)
            pool.append(screened.build(self.model.sample(1, rng=rng)[0], rng=rng).measured)
        self.pool = np.array(pool)
        self.pool_density = np.sort(self.log_density(self.pool))
        # The region holds 99.9 %: its edge is the (n + 1)/1000-th smallest, interpolated.
        place = (N_CALIBRATION + 1) / 1000 - 1
        below = math.floor(place)
        low, high = self.pool_density[below : below + 2]
        self.threshold = low + (place - below) * (high - low)
        self.outside = Outside(
            model=self.model,
            region=DensityRegion.from_samples(self.pool_density, mass=0.999),
            data=np.array(self.run.fit["data"]),
            buildable=lambda vectors: np.stack([self.builder.repair(v)[0] for v in vectors]),
        )

    def log_density(self, x: Values) -> Values:
        from scipy.special import logsumexp
        from scipy.stats import multivariate_normal

        m = self.model
        parts = [
            np.log(w) + multivariate_normal(mean, cov).logpdf(x)
            for w, mean, cov in zip(m.weights, m.means, m.covariances, strict=True)
        ]
        return np.asarray(logsumexp(parts, axis=0))

    def level(self, player: int, level: int, proposal: str | None) -> Built:
        """The level at an address, counted from 0."""
        if proposal is None:
            variant = 0
            vector = self.model.sample(1, rng=stream(self.seed, "on_model", player, level))[0]
        else:
            variant = PROPOSAL_ADDRESS[proposal]
            rng = stream(self.seed, "proposal", player, level, variant)
            vector = propose(proposal, self.outside, rng=rng)
        rng = stream(self.seed, "build", player, level, variant)
        return self.builder.build(vector, rng=rng)

    def player(self, number: int) -> DirichletProcessObserver:
        d = self.model.space.n
        people = self.run.players
        return DirichletProcessObserver(
            prior=NormalInverseWishart.isotropic(
                d,
                mean=NAIVE_PRIOR.mean,
                kappa=NAIVE_PRIOR.kappa,
                nu=d + NAIVE_PRIOR.nu_above_dimensions,
                psi=NAIVE_PRIOR.psi,
            ),
            perception=Perception(resolution_bits=float(people["resolution_bits"][number])),
            concentration=float(people["concentration"][number]),
            half_life_levels=float(people["half_life_levels"][number]),
            capacity=THEME_CAPACITY,
        )


@pytest.fixture(scope="module")
def again(run: CompareRun) -> Again:
    return Again(run)


def phi(run: CompareRun, arm: str) -> Values:
    """``(players, levels, d)`` recorded design parameters, natural units."""
    return np.stack(
        [as_cube(run.records, f"phi_{name}", arm) for name in run.model.space.names], axis=-1
    )


def column(run: CompareRun, name: str, arm: str) -> Values:
    return np.asarray(as_cube(run.records, name, arm))


# --- which levels were played -------------------------------------------------------------------


@pytest.mark.parametrize("arm", NAMES)
def test_who_breaks_when_is_each_players_own_schedule(run: CompareRun, arm: str) -> None:
    broke = column(run, "broke", arm)
    schedule = {a.name: a.schedule for a in parse_arms(CONFIG.arms, rate=CONFIG.rate)}[arm]
    for p in range(CONFIG.players):
        director = schedule.start(Audience(), rng=stream(CONFIG.seed, "schedule", p))
        assert broke[p].tolist() == [director(t) for t in range(CONFIG.levels)]
    if arm in ("noise@0.5", "extrapolate"):
        assert len({row.tobytes() for row in broke}) > 1


@pytest.mark.parametrize("arm", NAMES)
def test_every_level_can_be_made_again_from_its_address(
    run: CompareRun, again: Again, arm: str
) -> None:
    found, broke = phi(run, arm), column(run, "broke", arm)
    proposal = None if arm == "on-model" else arm.partition("@")[0]
    for p, t in np.ndindex(broke.shape):
        made = again.level(p, t, proposal if broke[p, t] else None)
        assert np.array_equal(found[p, t], made.measured), (p, t)
        assert column(run, "repair_distance", arm)[p, t] == made.repair_distance
        assert column(run, "playable", arm)[p, t] == made.playable
        assert column(run, "proven", arm)[p, t] == made.proven
        assert column(run, "build_attempts", arm)[p, t] == made.attempts


def test_the_run_exercises_what_it_checks(run: CompareRun) -> None:
    """Or the tests above would compare nothing with nothing."""
    records = run.records
    assert (records["repair_distance"] > 0).any()
    assert records["broke"].any()
    assert records["off_model"].any()
    assert not records["off_model"].all()
    assert np.ptp(run.players["tau_levels"]) > 0
    assert (run.players["threshold"] > 0).all()


def test_no_two_players_meet_the_same_level(run: CompareRun) -> None:
    for arm in NAMES:
        levels = phi(run, arm).reshape(-1, run.model.space.n)
        assert len(np.unique(levels, axis=0)) > 0.95 * len(levels)


@dataclass(frozen=True, kw_only=True)
class Stuck(FittedGenerator):
    """A builder whose screen finds no way through: odd players' levels, and every break."""

    def build(
        self, vectors: Values, players: Sequence[int], level: int, variant: int = 0
    ) -> BuiltBatch:
        batch = super().build(vectors, players, level, variant)
        return replace(batch, playable=np.array([p % 2 == 0 and not variant for p in players]))


@pytest.mark.usefixtures("few_levels")
def test_a_level_that_cannot_be_finished_is_recorded_as_such() -> None:
    with workers(1) as crew:
        setting = prepare(replace(CONFIG, levels=3), crew).setting
    fitted = setting.generator
    stuck = Stuck(model=fitted.model, builder=fitted.builder, seed=fitted.seed)
    arms = parse_arms("noise@every:2", rate=0.5)
    records = play_arms(replace(setting, generator=stuck), arms, range(4))
    playable = (records["player"] % 2 == 0) & ~records["broke"]
    assert records["playable"].tolist() == playable.tolist()
    assert 0 < playable.sum() < len(playable)


# --- where they lie -----------------------------------------------------------------------------


@pytest.mark.parametrize("arm", NAMES)
def test_density_and_what_is_off_the_model(run: CompareRun, again: Again, arm: str) -> None:
    density = again.log_density(phi(run, arm))
    np.testing.assert_allclose(column(run, "log_density", arm), density, **EXACT)
    assert run.fit["threshold_nats"] == pytest.approx(again.threshold, rel=1e-9)
    assert np.array_equal(column(run, "off_model", arm), density < again.threshold)
    less_dense = (again.pool_density < density[..., None]).mean(axis=-1)
    np.testing.assert_allclose(column(run, "density_quantile", arm), less_dense, atol=1e-12)


@pytest.mark.slow
def test_fresh_levels_are_off_the_model_once_in_a_thousand() -> None:
    """Over seeds, of levels no region was made from; the edge has an error of its own."""
    n_off = n = 0
    variance = 0.0
    for seed in (1, 2, 3, 4):
        with workers(1) as crew:
            setting = prepare(RunConfig(columns=60, seed=seed, model="gaussian"), crew)
        outside, generator = setting.setting.outside, setting.setting.generator
        fresh = np.concatenate(
            [
                generator.on_model(range(i, i + 500), level).measured
                for level in (0, 1, 2)
                for i in range(0, 2500, 500)
            ]
        )
        off = outside.region.is_off(outside.model.log_density(fresh))
        n_off, n = n_off + int(off.sum()), n + len(fresh)
        n_calibration = len(outside.region.sorted_reference)
        variance += 0.001 * 0.999 * (len(fresh) + len(fresh) ** 2 / n_calibration)
    assert abs(n_off - 0.001 * n) < 4 * math.sqrt(variance)
    # A region of 99 % would be told apart.
    assert abs(0.01 * n - 0.001 * n) > 8 * math.sqrt(variance)


# --- what it was like ---------------------------------------------------------------------------


@pytest.mark.parametrize("arm", NAMES)
def test_surprise_and_progress_are_those_of_the_readable_player(
    run: CompareRun, again: Again, arm: str
) -> None:
    to_unit = run.model.space.to_unit
    built, followed = phi(run, arm), phi(run, "on-model")
    for p in range(CONFIG.players):
        player, unprepared = again.player(p), again.player(p)
        for t in range(CONFIG.levels):
            level = to_unit(built[p, t])
            assert column(run, "unprepared_bits", arm)[p, t] == pytest.approx(
                unprepared.bits(level), rel=1e-9
            )
            unprepared.observe(to_unit(followed[p, t]))
            bits, gained = player.observe(level)
            assert column(run, "surprise_bits", arm)[p, t] == pytest.approx(bits, rel=1e-9)
            assert column(run, "progress_bits", arm)[p, t] == pytest.approx(
                gained, rel=1e-9, abs=1e-9
            )


def test_newcomers_and_veterans(run: CompareRun, again: Again) -> None:
    """S₀ of fresh levels nobody played; S∞ of the same, after four lives among others."""
    pool = run.model.space.to_unit(again.pool)
    training, fresh = pool[:N_TRAINING], pool[N_TRAINING : N_TRAINING + N_FRESH]
    for p in range(CONFIG.players):
        naive = np.mean([again.player(p).bits(x) for x in fresh])
        known = []
        for life in range(N_LIVES):
            veteran = again.player(p)
            for x in training[life::N_LIVES]:
                veteran.observe(x)
            known += [veteran.bits(x) for x in fresh[life::N_LIVES]]
        for arm in NAMES:
            np.testing.assert_allclose(column(run, "naive_bits", arm)[p], naive, **EXACT)
            np.testing.assert_allclose(column(run, "veteran_bits", arm)[p], np.mean(known), **EXACT)


@pytest.mark.parametrize("arm", NAMES)
def test_foreseen_predictability_interest_and_boredom(run: CompareRun, arm: str) -> None:
    s, g, newcomer, veteran = (
        column(run, f"{name}_bits", arm) for name in ("surprise", "progress", "naive", "veteran")
    )
    np.testing.assert_allclose(column(run, "foreseen", arm), 1 - s / newcomer, **EXACT)
    learned = (newcomer - s) / (newcomer - veteran)
    np.testing.assert_allclose(column(run, "predictability", arm), learned, **EXACT)
    people = {name: values[:, np.newaxis] for name, values in run.players.items()}
    away = (s / newcomer - people["appetite"]) / people["tolerance"]
    expected = {
        "surprise": np.minimum(np.maximum(s / newcomer, 0.0), 1.0),
        "wundt": np.exp(-(away**2) / 2),
        "progress": np.where(g > 0, 1 - np.exp(-g / people["saturation_bits"]), 0.0),
    }
    assert {name for name in run.records if name.startswith("interest_")} == {
        f"interest_{notion}" for notion in expected
    }
    for notion, interest in expected.items():
        np.testing.assert_allclose(column(run, f"interest_{notion}", arm), interest, **EXACT)
        boredom = column(run, f"boredom_{notion}", arm)
        for p in range(CONFIG.players):
            b = 0.0
            for t in range(CONFIG.levels):
                b += (1 - interest[p, t] - b) / run.players["tau_levels"][p]
                assert boredom[p, t] == pytest.approx(b, rel=1e-9, abs=1e-9)


# --- what the run was told ----------------------------------------------------------------------

TILES = '{"tiles": {".": ["empty"], "q": ["solid"], "m": ["enemy"]}}'


@dataclass(frozen=True)
class Told:
    run: CompareRun
    printed: dict[str, object]
    folder: Path


@pytest.fixture(scope="module")
def told(few_levels: None, tmp_path_factory: pytest.TempPathFactory) -> Told:  # noqa: ARG001
    """A run in which every option is other than its default."""
    folder = tmp_path_factory.mktemp("told")
    levels = folder / "levels"
    levels.mkdir()
    (folder / "tiles.json").write_text(TILES, encoding="utf-8")
    for i in range(6):
        rows = ["." * 70] * 11
        rows += [("." * (4 + i) + "m") * 20, "q" * (30 + i) + ".." + "q" * 70, "q" * 110]
        (levels / f"{i}.txt").write_text("\n".join(r[:70].ljust(70, ".") for r in rows) + "\n")
    (folder / "people.toml").write_text(
        "players = 99\n[assumptions]\nappetite = 0.5\nappetite_sd = 0\n"
        "threshold = 0.8\nthreshold_sd = 0.0\n"
    )
    words = ["compare", "--corpus", str(levels), "--tileset", str(folder / "tiles.json")]
    words += ["--model", "trend", "--arms", "noise", "--rate", "1", "--players", "3"]
    words += ["--levels", "4", "--columns", "64", "--seed", "5", "--interest", "surprise"]
    words += ["--jobs", "1", "--config", str(folder / "people.toml"), "--json"]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main([*words, "--out", str(folder / "run")]) == 0
    return Told(open_run(folder / "run"), json.loads(out.getvalue()), folder)


def test_the_rate_is_kept(told: Told) -> None:
    assert column(told.run, "broke", "noise").all()
    assert not column(told.run, "broke", "on-model").any()


def test_the_interest_asked_for_is_the_one_answered(told: Told) -> None:
    stored = json.loads((told.folder / "run" / "summary.json").read_text())
    assert told.printed == stored
    assert stored["interest"] == "surprise"
    for arm in stored["arms"]:
        recorded = column(told.run, "interest_surprise", arm["name"]).mean()
        assert arm["interest_end"] == pytest.approx(recorded)
        for key in ("levels_until_bored", "interest_end", "difference"):
            assert arm[key] == arm["notions"]["surprise"][key]
        assert arm["interest_end"] != arm["notions"]["wundt"]["interest_end"]


def test_the_model_asked_for_is_fitted(told: Told) -> None:
    assert told.run.model.kind == "trend"
    assert told.run.model.n_components == 1


def test_the_tileset_says_what_the_letters_mean(told: Told) -> None:
    corpus = load_corpus(told.folder / "levels", tileset=told.folder / "tiles.json")
    np.testing.assert_array_equal(told.run.fit["data"], measure_many(corpus.levels))
    assert np.array(told.run.fit["data"]).any(axis=0).sum() > 2  # ground, enemies, a gap


def test_assumptions_are_what_people_are_like(told: Told) -> None:
    assert told.run.config.assumptions["appetite"] == 0.5
    assert (told.run.players["appetite"] == 0.5).all()
    assert (told.run.players["threshold"] == 0.8).all()
    assert np.ptp(told.run.players["tolerance"]) > 0
    # And they played like it.
    s, newcomer = (column(told.run, f"{name}_bits", "on-model") for name in ("surprise", "naive"))
    away = (s / newcomer - 0.5) / told.run.players["tolerance"][:, np.newaxis]
    np.testing.assert_allclose(
        column(told.run, "interest_wundt", "on-model"), np.exp(-(away**2) / 2), **EXACT
    )


def test_levels_are_as_wide_as_asked(told: Told) -> None:
    assert told.run.fit["n_columns"] == 64
    assert {exhibit.level.n_columns for exhibit in told.run.exhibits} == {64}


def test_options_win_over_the_file_and_sizes_hold(told: Told) -> None:
    assert told.run.players["threshold"].shape == (3,)
    assert column(told.run, "level", "noise").shape == (3, 4)
    assert told.run.config.seed == 5
