"""``procgen-sim solve``: verdicts by three rules, proofs that are kept and played again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from procgen_sim.cli import solve as command
from procgen_sim.cli.main import main
from procgen_sim.levels import shipped_corpus
from procgen_sim.platformer import Action, load_replay

TILESET = '{"tiles": {"-": ["empty"], "X": ["solid"], "F": ["goal"]}}'
OPEN = "------------\n" * 6
PLAIN = OPEN + "XXXXXXXXXXXX\n"
GAP = OPEN + "XXXX---XXXXX\n"
WALL = "------------\n" + "-------X----\n" * 6 + "XXXXXXXXXXXX\n"
KEYS = ["file", "verdict", "reason", "furthest_column", "frames", "ms"]

Solve = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def levels(here: Path) -> Path:
    """Three levels in a folder of the current one: two that can be finished, and a wall."""
    folder = here / "levels"
    folder.mkdir()
    (folder / "tileset.json").write_text(TILESET)
    for name, text in {"gap": GAP, "plain": PLAIN, "wall": WALL}.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


@pytest.fixture
def solve(capsys: pytest.CaptureFixture[str]) -> Solve:
    """Call it with words and the status to come; returns the verdicts."""

    def call(*words: str, status: int = 0) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert main(["solve", *words, "--json"]) == status
        verdicts: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return verdicts

    return call


@pytest.fixture
def proofs(levels: Path, solve: Solve) -> Path:
    """The proofs of the two levels that have one."""
    solve("levels", "--replays", "proofs", status=1)
    return levels.parent / "proofs"


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one sentence with which it stops."""
    capsys.readouterr()
    assert main(["solve", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


@pytest.mark.parametrize("rules", command.RULES)
def test_every_rule_answers_in_the_same_words(levels: Path, solve: Solve, rules: str) -> None:
    verdicts = solve(levels.name, "--rules", rules, status=1)
    assert [verdict["file"] for verdict in verdicts] == [
        "levels/gap",
        "levels/plain",
        "levels/wall",
    ]
    assert [v["verdict"] for v in verdicts] == ["playable", "playable", "not playable"]
    for verdict in verdicts:
        assert list(verdict) == KEYS
        assert verdict["ms"] >= 0
        assert verdict["reason"]
    assert [v["furthest_column"] for v in verdicts] == [11, 11, 6]
    frames = [verdict["frames"] for verdict in verdicts]
    if rules == "physics":
        assert 60 < frames[1] <= frames[0] < 600
        assert frames[2] is None
    else:
        assert frames == [None] * 3


@pytest.mark.usefixtures("levels")
def test_physics_are_the_rules_unless_said(solve: Solve) -> None:
    said = solve("levels", status=1)
    again = solve("levels", "--rules", "physics", status=1)
    for verdict in said + again:
        del verdict["ms"]
    assert said == again


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            "physics",
            "2 of 3 playable, each proven by a replay that reaches the goal; "
            "1 not playable, every way tried\n",
        ),
        ("screen", "2 of 3 playable by the jump rules\nThe rules are sound, not complete"),
        ("tiles", "2 of 3 playable by the published tile rules\nThe rules know no speed"),
    ],
)
def test_the_summary_says_what_was_proven(
    levels: Path, capsys: pytest.CaptureFixture[str], rules: str, said: str
) -> None:
    assert main(["solve", levels.name, "--rules", rules]) == 1
    out = capsys.readouterr().out
    assert said in out
    lines = out.splitlines()
    assert lines[0].startswith("playable      levels/gap  (")
    assert lines[2].startswith("not playable  levels/wall  (")


@pytest.mark.usefixtures("levels")
def test_unknown_is_not_proven(solve: Solve, capsys: pytest.CaptureFixture[str]) -> None:
    (verdict,) = solve("levels/gap.txt", "--budget", "2", status=1)
    assert verdict["verdict"] == "unknown"
    assert verdict["frames"] is None
    assert main(["solve", "levels/gap.txt", "--budget", "2"]) == 1
    out = capsys.readouterr().out
    assert "0 of 1 playable; 1 unknown, neither proven nor refuted" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "FILE: expected at least one level, found none"),
        (["levels", "--rules", "tile"], "did you mean 'tiles'"),
        (["levels", "--budget", "0"], "--budget: expected a whole number of at least 1"),
        (["levels", "--rules", "tiles", "--replays", "p"], "--replays: expected the rules physics"),
        (["levels", "--rules", "screen", "--budget", "9"], "--budget: expected the rules physics"),
        (["--rules", "tiles", "--verify", "p"], "--verify: expected the rules physics"),
        (["--verify", "p", "--replays", "q"], "--replays: expected a search, found --verify"),
        (["--verify", "nowhere"], "nowhere: expected a folder of proofs, found nothing"),
        (["--verify", "levels"], "levels: expected proofs.json, which says where the levels are"),
        (["--verify", "levels", "levels"], "levels: expected replays, found none"),
        (["levels", "--replays", ""], "path: expected the name of a file or folder"),
        (["levels", "--replays", "levels/gap.txt"], "expected a place to write to"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_one_sentence(
    levels: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    before = sorted(levels.parent.rglob("*"))
    assert said in refused(capsys, *words)
    assert sorted(levels.parent.rglob("*")) == before


def test_bad_levels_are_left_out_when_told(
    levels: Path, solve: Solve, capsys: pytest.CaptureFixture[str]
) -> None:
    (levels / "bad.txt").write_text("---\n-?-\nXXX\n")
    assert "levels/bad.txt, line 2, column 2" in refused(capsys, "levels")
    assert len(solve("levels", "--skip-bad", status=1)) == 3
    assert len(solve("levels/plain.txt", "levels/bad.txt", "--skip-bad")) == 1
    assert main(["solve", "levels/plain.txt", "levels/bad.txt", "--skip-bad"]) == 0
    assert "procgen-sim: skipped levels/bad.txt, line 2" in capsys.readouterr().err
    assert main(["solve", "levels/bad.txt", "--skip-bad"]) == 2


def test_proofs_are_kept_and_hold(
    proofs: Path, levels: Path, solve: Solve, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sorted(p.name for p in proofs.iterdir()) == ["gap.replay", "plain.replay", "proofs.json"]
    found = solve("levels", status=1)
    verdicts = solve("--verify", "proofs")
    assert [verdict["file"] for verdict in verdicts] == ["levels/gap.txt", "levels/plain.txt"]
    for verdict, before in zip(verdicts, found, strict=False):
        assert list(verdict) == KEYS
        assert verdict["verdict"] == "playable"
        assert verdict["frames"] == before["frames"]
        assert (
            verdict["frames"]
            == load_replay(proofs / f"{Path(verdict['file']).stem}.replay").n_ticks
        )
        assert verdict["furthest_column"] == 11
    assert main(["solve", "--verify", "proofs"]) == 0
    assert "2 of 2 proofs hold, played again by physics version" in capsys.readouterr().out
    (levels / "wall.txt").unlink()
    assert len(solve("--verify", "proofs", "levels")) == 2


def test_levels_and_proofs_can_move(
    proofs: Path, levels: Path, solve: Solve, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = proofs.parent / "away" / "deeper"
    away.mkdir(parents=True)
    shutil.move(proofs, away)
    shutil.move(levels, away)
    monkeypatch.chdir(away.parent)
    assert len(solve("--verify", "deeper/proofs")) == 2
    shutil.move("deeper/levels/gap.txt", "another_name.txt")
    shutil.copy("deeper/levels/tileset.json", ".")
    assert solve("--verify", "deeper/proofs", "another_name.txt")[0]["verdict"] == "playable"


def test_a_tileset_that_was_named_is_found_again(levels: Path, solve: Solve) -> None:
    (levels / "tileset.json").rename(levels.parent / "words.json")
    words = ["levels/gap.txt", "--tileset", "words.json"]
    solve(*words, "--replays", "proofs")
    assert len(solve("--verify", "proofs")) == 1
    assert len(solve("--verify", "proofs", *words)) == 1


def spoil_level(proofs: Path) -> None:
    (proofs.parent / "levels" / "gap.txt").write_text(OPEN + "XXXX-----XXX\n")


def spoil_replay(proofs: Path) -> None:
    data = (proofs / "gap.replay").read_bytes()
    (proofs / "gap.replay").write_bytes(data[:-20] + bytes(20))


def lose_level(proofs: Path) -> None:
    (proofs.parent / "levels" / "gap.txt").unlink()


def lose_replay(proofs: Path) -> None:
    (proofs / "gap.replay").unlink()


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(
    ("harm", "said", "said_if_named"),
    [
        (spoil_level, "gap.txt: expected the level that proofs/gap.replay plays, found one", ""),
        (spoil_replay, "proofs/gap.replay: expected a replay file as it was written", ""),
        (lose_level, "levels/gap.txt: expected a level of text, found nothing", "gap.txt: "),
        (lose_replay, "proofs/gap.replay: expected a replay file", "found none; make one by solve"),
    ],
)
def test_what_cannot_be_verified_is_named(
    proofs: Path,
    solve: Solve,
    capsys: pytest.CaptureFixture[str],
    harm: Callable[[Path], None],
    said: str,
    said_if_named: str,
    named: bool,
) -> None:
    harm(proofs)
    words = ["--verify", "proofs"]
    if named:
        words += ["levels/gap.txt", "levels/plain.txt"]
        said = said_if_named or said
    assert said in refused(capsys, *words)
    if named and harm is lose_level:  # there is nothing of that name, which no option excuses
        return
    (verdict,) = solve(*words, "--skip-bad", status=1)  # the other holds, but not all do
    assert verdict["verdict"] == "playable"
    assert "plain" in verdict["file"]


@pytest.mark.usefixtures("proofs")
def test_a_proof_is_of_what_tiles_mean(levels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The same characters with another meaning: the ground hurts.
    (levels / "tileset.json").write_text(TILESET.replace('["solid"]', '["solid", "damaging"]'))
    assert "found one with other tiles" in refused(capsys, "--verify", "proofs")


def test_a_proof_that_does_not_reach_the_goal_proves_nothing(
    proofs: Path, solve: Solve, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = load_replay(proofs / "gap.replay")
    # Walking on where a jump is needed.
    replace(whole, actions=bytes([Action.RIGHT]) * 600).save(proofs / "gap.replay")
    (verdict, _) = solve("--verify", "proofs", status=1)
    assert verdict["verdict"] == "unknown"
    assert verdict["reason"].startswith("its replay ends in death in column")
    assert main(["solve", "--verify", "proofs"]) == 1
    assert "1 of 2 proofs hold" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 2, "proofs": []}',
        '{"format": 1}',
        '{"format": 1, "proofs": [1]}',
        '{"format": 1, "proofs": [{"replay": "gap.replay"}]}',
        '{"format": 1, "proofs": [{"replay": "../gap.replay", "path": "a.txt"}]}',
        '{"format": 1, "proofs": [{"replay": "gap.txt", "path": "a.txt"}]}',
        '{"format": 1, "proofs": [{"replay": "gap.replay", "path": "a\\u0000"}]}',
        '{"format": 1, "proofs": [{"replay": "gap.replay", "path": "a.txt", "tileset": 1}]}',
        '{"format": 1, "proofs": [{"replay": "gap.replay", "corpus": "samurei", "level": "a"}]}',
        '{"format": 1, "proofs": [{"replay": "gap.replay", "corpus": "samurai", "level": "a"}]}',
    ],
)
def test_a_bad_index_is_refused(
    proofs: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (proofs / "proofs.json").write_text(text)
    assert "expected" in refused(capsys, "--verify", "proofs")


def test_an_index_of_nothing_proves_nothing(proofs: Path, solve: Solve) -> None:
    (proofs / "proofs.json").write_text('{"format": 1, "proofs": []}')
    assert solve("--verify", "proofs", status=1) == []


def test_proofs_of_several_runs_share_a_folder(proofs: Path, levels: Path, solve: Solve) -> None:
    shutil.copytree(levels, levels.parent / "more")
    (levels.parent / "more" / "gap.txt").write_text(OPEN + "XXXX----XXXX\n")
    (proofs / "other.replay").write_bytes(b"somebody's own")
    (levels / "other.txt").write_text(PLAIN)
    solve("more/gap.txt", "levels/other.txt", "--replays", "proofs")
    assert (proofs / "other.replay").read_bytes() == b"somebody's own"
    files = [verdict["file"] for verdict in solve("--verify", "proofs")]
    assert files == ["more/gap.txt", "levels/gap.txt", "levels/other.txt", "levels/plain.txt"]
    names = [
        entry["replay"] for entry in json.loads((proofs / "proofs.json").read_text())["proofs"]
    ]
    assert sorted(names) == ["gap-2.replay", "gap.replay", "other-2.replay", "plain.replay"]
    before = {path: path.stat().st_size for path in proofs.iterdir()}
    solve("levels", "--replays", "proofs", status=1)
    assert {path: path.stat().st_size for path in proofs.iterdir()} == before


def test_a_level_made_better_gets_a_new_proof(proofs: Path, levels: Path, solve: Solve) -> None:
    (levels / "gap.txt").write_text(OPEN + "XXXXX--XXXXX\n")
    solve("levels/gap.txt", "--replays", "proofs")
    assert len(solve("--verify", "proofs")) == 2
    assert len(list(proofs.glob("gap*"))) == 1


def test_what_was_proven_before_it_was_stopped_is_kept(
    levels: Path,
    solve: Solve,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = command._judge
    seen = []

    def stopped(options: Any, level: Any) -> Any:
        seen.append(level.name)
        if level.name == "plain":
            raise KeyboardInterrupt
        return judge(options, level)

    monkeypatch.setattr(command, "_judge", stopped)
    assert main(["solve", "levels", "--replays", "proofs"]) == 130
    assert seen[2:] == ["gap", "plain"]
    monkeypatch.undo()
    monkeypatch.chdir(levels.parent)
    assert [verdict["file"] for verdict in solve("--verify", "proofs")] == ["levels/gap.txt"]


def test_the_shipped_levels_are_proven_and_verified(here: Path, solve: Solve) -> None:
    verdicts = solve("samurai", "--replays", "proofs")
    names = [f"samurai/{level.name}" for level in shipped_corpus("samurai").levels]
    assert [verdict["file"] for verdict in verdicts] == names
    again = solve("--verify", "proofs")
    assert [v["frames"] for v in again] == [v["frames"] for v in verdicts]
    assert [v["file"] for v in again] == names
    assert [v["frames"] for v in solve("--verify", "proofs", "samurai")] == [
        v["frames"] for v in verdicts
    ]
    assert len(list((here / "proofs").iterdir())) == len(names) + 1
