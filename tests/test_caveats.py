"""What a reader is warned of, and that a fitting corpus warns of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import open_corpus, prepare
from procgen_sim.levels import load_corpus


def caveats(folder: Path | None, monkeypatch: pytest.MonkeyPatch, **more: object) -> list[str]:
    monkeypatch.setattr("procgen_sim.experiments.preparation._N_CALIBRATION", 500)
    monkeypatch.setattr("procgen_sim.experiments.preparation._N_TRAINING", 100)
    monkeypatch.setattr("procgen_sim.experiments.preparation._N_FRESH", 100)
    corpus = {} if folder is None else {"corpus": (str(folder),)}
    with workers(1) as crew:
        return list(prepare(RunConfig(columns=100, **corpus, **more), crew).caveats)


def a_corpus(folder: Path, rows: list[list[str]], tiles: str) -> Path:
    (folder / "tileset.json").write_text(f'{{"tiles": {tiles}}}', encoding="utf-8")
    for i, level in enumerate(rows):
        (folder / f"{i}.txt").write_text("\n".join(level) + "\n", encoding="utf-8")
    return folder


GOOD = '{"-": ["empty"], "X": ["solid"], "E": ["enemy"]}'
FLAT = ["-" * 100] * 13 + ["X" * 100] * 2


def test_the_shipped_corpora_warn_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert caveats(None, monkeypatch) == []


def test_a_vertical_game(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = " ".join(caveats(shared_data / "vglc" / "kid_icarus", monkeypatch))
    assert "The builder cannot make levels like these" in said
    assert "platform height" in said
    assert "fitted to 6 levels in 11 parameters" in said


@pytest.mark.parametrize("body", ["vglc/super_mario_bros", "mario_ai/notch"])
def test_real_platformers_can_be_built(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    said = " ".join(caveats(shared_data / body, monkeypatch))
    assert "finished by the jump rules" not in said
    assert "nothing to stand on" not in said
    assert "means nothing here" not in said


def test_nothing_solid_and_a_misspelt_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiles = '{"-": ["empty"], "X": ["sollid"]}'
    said = caveats(a_corpus(tmp_path, [FLAT] * 3, tiles), monkeypatch)
    assert any("'sollid' means nothing here; was 'solid' meant?" in each for each in said)
    assert any("nothing to stand on" in each for each in said)
    assert any("Only 0 of the corpus's 3 levels" in each for each in said)


def test_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = caveats(a_corpus(tmp_path, [FLAT] * 4, GOOD), monkeypatch)
    assert any("All 4 levels measure alike" in each for each in said)


def test_twelve_levels_are_enough_for_eleven_parameters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels = [[*FLAT[:12], "-" * (3 * i) + "E" + "-" * (99 - 3 * i), *FLAT[13:]] for i in range(12)]
    folder = a_corpus(tmp_path, levels, GOOD)
    assert len(load_corpus(folder).levels) == len(open_corpus((str(folder),))[1]) == 12
    assert not any("guessed" in each for each in caveats(folder, monkeypatch))
