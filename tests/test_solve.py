"""No false verdicts: the limits exactly, and levels that can be finished in one way only."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from jump_limits import widest_gap, widest_spikes
from physics_support import T, gap, level
from solve_support import columns, play_out, proven, refused

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset
from procgen_sim.platformer import (
    RULES,
    Event,
    World,
    prove,
    run_replay,
    solve,
)
from procgen_sim.platformer.terrain import make_terrain
from procgen_sim.platformer.world import first_state
from procgen_sim.platformer.world_kernel import cells_to_go, search

# Limits


@pytest.mark.parametrize("near", [1, 2, 8])
@pytest.mark.parametrize("step", range(-4, 5))
def test_gaps_at_the_limit_are_playable_and_one_beyond_never(step: int, near: int) -> None:
    at_limit = widest_gap(step)
    proven(gap(at_limit, step, near))
    refused(gap(at_limit + 1, step, near))


@pytest.mark.parametrize(("height", "playable"), [(1, True), (4, True), (5, False), (9, False)])
def test_walls_at_the_limit(height: int, playable: bool) -> None:
    (proven if playable else refused)(gap(0, height, 3))


def under_ceiling(head_room: int, width: int, near: int = 8) -> Level:
    n = near + width + 8
    ground = "X" * near + "-" * width + "X" * 8
    return level(*["X" * n] * 2, *["-" * n] * head_room, ground, ground)


@pytest.mark.parametrize("head_room", [2, 3, 4, 5, 6])
def test_ceilings_narrow_the_gap(head_room: int) -> None:
    at_limit = widest_gap(0, head_room)
    assert (at_limit < widest_gap(0)) is (head_room < 5)
    proven(under_ceiling(head_room, at_limit))
    refused(under_ceiling(head_room, at_limit + 1))


def test_a_passage_of_one_tile_is_wide_enough_and_a_gap_of_nothing_is_not() -> None:
    proven(level("M-XX--", "--XX--", "------", "XXXXXX"))
    refused(level("M-XX--", "--XX--", "--XX--", "XXXXXX"))


def test_a_pit_of_spikes_is_a_gap() -> None:
    for width, verdict in ((widest_gap(0), proven), (widest_gap(0) + 1, refused)):
        verdict(columns(*["XXX"] * 8, *["XX^"] * width, *["XXX"] * 6))
        verdict(columns(*["XXX"] * 8, *["X^"] * width, *["XXX"] * 6))
        verdict(columns(*["XXX"] * 8, *["~~"] * width, *["XXX"] * 6))


def test_spikes_on_the_ground_at_the_limit() -> None:
    at_limit = widest_spikes()
    proven(columns(*["XX"] * 9, *["XX^"] * at_limit, *["XX"] * 9))
    refused(columns(*["XX"] * 9, *["XX^"] * (at_limit + 1), *["XX"] * 9))


def test_goals_walled_in() -> None:
    refused(level("------", "---XXX", "---XFX", "M--XXX", "XXXXXX"))
    refused(level("--------", "----XXXX", "----X-FX", "M---X--X", "XXXXXXXX"))
    refused(level("------------", "XXXXXXXXXXXX", "--------X-F-", "M-------XXXX", "XXXXXXXXXXXX"))
    # A lid that lets through from above is none.
    proven(level("--------", "---X==X-", "---X-FX-", "M--X--X-", "XXXXXXXX"))
    # And a floor that breaks can be entered by, if there is more than one to it.
    for floor, verdict in (("SS", proven), ("XX", refused)):
        verdict(
            level(
                "--XXXXXX",
                "--X----X",
                "--X--F-X",
                f"--XX{floor}XX",
                "--------",
                "M-------",
                "XXXXXXXX",
            )
        )


def test_goals_too_high() -> None:
    def floating(rows_up: int) -> Level:
        return level(*["--------"] * 4, "----F---", *["--------"] * rows_up, "M-------", "XXXXXXXX")

    # The head touches a tile whose lower edge is less than a jump and a body above the ground.
    highest = (sum(range(RULES.jump_speed, 0, -RULES.gravity)) + RULES.body_height - 1) // T
    proven(floating(highest - 1))
    refused(floating(highest))


def test_nowhere_to_stand_and_bad_budgets() -> None:
    found = refused(level("---", "---"))
    assert (found.reason, found.furthest_column) == ("there is nowhere to stand", -1)
    with pytest.raises(InputError, match="budget"):
        solve(level("M--", "XXX"), budget=0)


SPIKY = Tileset(
    {
        "-": ("empty",),
        "X": ("solid",),
        "b": ("solid", "breakable", "damaging"),
        "s": ("start",),
        "*": ("goal",),
        "F": ("enemy", "flying"),
    }
)


@pytest.mark.parametrize("n_spiky", range(3, 9))
def test_a_brick_that_hurts_still_hurts_after_another_way_was_tried(n_spiky: int) -> None:
    bricks = ("b" * n_spiky).rjust(12, "-") + "XXXXXX"
    rows = ["-" * 18] * 4 + ["-" * 17 + "*", bricks, "-" * 12 + "X" * 6]
    rows += ["XX----------XXXXXX"] * 2 + ["XX-s--------XXXXXX", "X" * 18]
    found = Level.from_rows(rows, SPIKY)
    terrain = make_terrain(found)
    away = cells_to_go(terrain.flags, terrain.has_goal)
    facts = (RULES, terrain.flags, terrain.creatures, first_state(terrain), terrain.has_goal, away)
    for n_ticks in (8, 12, 16, 24, 32):
        # Asked directly: what solve makes of it is played once more before it is believed.
        arrived, _, _, actions = search(*facts, n_ticks, 0, 40, 4_000)
        if arrived == 1:
            world = World(found)
            world.play(actions.tobytes())
            assert world.status == "won"


def test_waiting_for_a_creature_to_pass_is_a_way() -> None:
    found = Level.from_rows(["F------", "-X-----", "XXXXXXX"], SPIKY)
    assert solve(found).verdict == "playable"


def test_when_the_budget_is_over_it_is_unknown_and_never_refused() -> None:
    hard = gap(widest_gap(4), 4)
    found = [solve(hard, budget=budget) for budget in (1, 3, 10, 100, 1000)]
    assert found[0].verdict == "unknown"
    assert re.search("no way found in .* moments of play; (with|whether)", found[0].reason)
    assert {one.verdict for one in found} == {"unknown", "playable"}


# What must be done to get on


def test_only_by_breaking_a_block() -> None:
    rows = (
        "------------F",
        "-----XXXXXXXX",
        "-----X-------",
        "XXXSXX-------",
        "-------------",
        "-------------",
        "M------------",
        "XXXXXXXXXXXXX",
    )
    played = level(*rows)
    found = proven(played)
    assert found.replay is not None
    world = run_replay(played, found.replay)
    assert [change.what for change in world.changes] == ["broken"]
    refused(level(*(row.replace("S", "?") for row in rows)))


def test_only_by_a_ladder() -> None:
    rows = ["--------", "---XXXX-", "--HXXXX-", *["--HXXXX-"] * 6, "M-HXXXX-", "XXXXXXXX"]
    proven(level(*rows))
    refused(level(*(row.replace("H", "-") for row in rows)))


def test_only_by_going_down_a_ladder_or_dropping_through_a_plank() -> None:
    for way in "H=":
        rows = ["M-----X----", f"XX{way}XXXX----", f"--{way}--------", "X---------F", "XXXXXXXXXXX"]
        proven(level(*rows))
        refused(level(*(row.replace(way, "X") if row[0] == "X" else row for row in rows)))


def test_only_by_going_left_first() -> None:
    rows = (
        "----------F",
        "-----------",
        "---XXXXXXXX",
        "-=-XXXXXXXX",
        "---XXXXXXXX",
        "---XXXXXXXX",
        "=--XXXXXXXX",
        "-----M----X",
        "XXXXXXXXXXX",
    )
    proven(level(*rows))
    refused(level(*(row.replace("=", "-") for row in rows)))


def test_creatures_that_must_be_stomped_or_passed() -> None:
    roof, air, floor = "X" * 14, "-" * 14, "X" * 14
    proven(level(roof, air, air, "M-------E-----", floor))
    # In a passage of one tile there is no way past it.
    assert solve(level(roof, "M-------E-----", floor), budget=20_000).verdict != "playable"


def test_over_a_gap_too_wide_by_bouncing_off_a_flyer() -> None:
    wide = widest_gap(0) + 4

    def over(creature: str) -> Level:
        tops = [*["XX"] * 8, *[""] * wide, *["XX"] * 8]
        tops[8 + wide // 2] = "---" + creature
        return columns(*tops)

    found = proven(over("B"))
    world, happened = World(over("B")), Event(0)
    assert found.replay is not None
    for action in found.replay.actions:
        happened |= world.step(action)
    assert Event.STOMPED in happened
    refused(over("-"))


# The same everywhere


def test_the_verdict_is_the_same_again_and_without_the_compiler(tiny_level: Level) -> None:
    found = proven(tiny_level)
    assert solve(tiny_level) == found
    rows = tiny_level.rows()
    program = (
        "from procgen_sim.levels import Level, house_tileset\n"
        "from procgen_sim.platformer import solve\n"
        f"found = solve(Level.from_rows({rows!r}, house_tileset()))\n"
        "print(found.expanded, found.replay.actions.hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PROCGEN_SIM_NO_JIT": "1"},
    )
    assert found.replay is not None
    assert done.stdout.split() == [str(found.expanded), found.replay.actions.hex()]


def test_prove_finds_what_solve_proves(tiny_level: Level) -> None:
    found = proven(tiny_level)
    actions = prove(tiny_level)
    assert actions is not None
    assert found.replay is not None
    assert actions.tobytes() == found.replay.actions
    assert play_out(World(tiny_level), actions) == run_replay(tiny_level, found.replay)
    assert prove(gap(widest_gap(0) + 1)) is None
