"""What the rules promise of tiles, creatures and how a level ends."""

from __future__ import annotations

import numpy as np
import pytest
from physics_support import (
    NONE,
    D,
    J,
    L,
    R,
    T,
    U,
    hold,
    level,
    row_of,
    stand_at,
    until,
    world,
)

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset
from procgen_sim.platformer import RULES, Event, World

# Tiles


def test_one_way_tiles_let_through_from_below_and_carry_from_above() -> None:
    made = world("----", "----", "-==-", "----", "M---", "XXXX")
    stand_at(made, T + 512)
    happened = hold(made, J, 100)
    assert Event.BUMPED not in happened
    assert (Event.LANDED in happened, row_of(made)) == (True, 1)
    assert Event.DROPPED in made.step(D)
    hold(made, D, 100)
    assert row_of(made) == 4
    hold(made, D, 60)
    assert made.state.grounded, "nobody drops through solid ground"


def test_one_way_tiles_do_not_stop_a_body_sideways_and_with_down_held_one_falls_past() -> None:
    made = world("-----F", "M-----", "XX----", "---===", "---===", "XXXXXX")
    until(made, R | D, lambda w: w.column >= 3)
    hold(made, R | D, 60)
    assert row_of(made) == 4
    until(made, R, lambda w: w.column == 5)
    until(made, L, lambda w: w.column == 0)
    assert row_of(made) == 4


LADDER = ("------", "------", "--HXXX", "--H---", "--H---", "M-H---", "XXXXXX")


def at_ladder() -> World:
    made = world(*LADDER)
    stand_at(made, 2 * T + 512)
    return made


def test_ladders_go_up_and_over_the_top_and_down_again() -> None:
    made = at_ladder()
    x = made.state.x
    assert Event.GRABBED in made.step(U)
    assert made.state.climbing
    until(made, U, lambda w: not w.state.climbing)
    assert (row_of(made), made.state.grounded, made.state.x) == (1, 1, x)
    hold(made, NONE, 10)
    assert row_of(made) == 1, "the top carries"
    assert Event.GRABBED in made.step(D)
    until(made, D, lambda w: not w.state.climbing)
    assert (row_of(made), made.state.grounded) == (5, 1)


def test_a_climber_stays_and_goes_sideways_off() -> None:
    made = at_ladder()
    hold(made, U, 20)
    until(made, NONE, lambda w: (w.state.y + RULES.body_height) % RULES.rung == 0)
    before = made.state
    hold(made, NONE, 50)
    assert made.state[:4] == before[:4]
    hold(made, L)
    assert made.state.x == before.x - RULES.climb_speed
    until(made, L, lambda w: not w.state.climbing)
    assert (made.state.x + RULES.body_width // 2) // T == 1
    until(made, NONE, lambda w: bool(w.state.grounded))
    assert row_of(made) == 5


def test_a_climber_leaps_off_or_lets_go() -> None:
    for action, event, speed in ((J, Event.JUMPED, -736), (J | D, Event.DROPPED, 16)):
        made = at_ladder()
        hold(made, U, 16)
        until(made, NONE, lambda w: (w.state.y + RULES.body_height) % RULES.rung == 0)
        assert made.step(action) == event
        assert (made.state.climbing, made.state.vy) == (0, speed)


def test_the_top_of_a_ladder_lets_a_jump_through_and_a_ladder_in_the_air_ends() -> None:
    made = world("----", "----", "-H--", "-H--", "----", "M---", "XXXX")
    stand_at(made, T + 512)
    until(made, J, lambda w: row_of(w) < 3)
    until(made, U, lambda w: bool(w.state.climbing))
    happened = until(made, D, lambda w: bool(w.state.grounded))
    assert Event.DROPPED in happened
    assert row_of(made) == 5


def test_coins_are_taken_once() -> None:
    made = world("-----", "M-o*-", "XXXXX")
    happened = hold(made, R, 120)
    assert Event.COIN in happened
    assert made.n_coins == 2
    assert [(c.row, c.col, c.what) for c in made.changes] == [(1, 2, "coin"), (1, 3, "coin")]
    assert Event.COIN not in hold(made, L, 120)


def test_a_head_uses_a_bonus_breaks_a_block_and_only_bumps_into_the_rest() -> None:
    for tile, events, changes in (
        ("?", Event.BONUS, ["bonus"]),
        ("S", Event.BROKE, ["broken"]),
        ("Q", Event.BONUS | Event.BROKE, ["bonus", "broken"]),
        ("X", Event(0), []),
    ):
        made = world("-----", "-----", tile + "----", "-----", "M----", "XXXXX")
        happened = Event(0)
        for _ in range(3):
            happened |= hold(made, J, 60) | hold(made, NONE, 60)
        assert happened & (Event.BONUS | Event.BROKE) == events
        assert Event.BUMPED in happened
        assert [change.what for change in made.changes] == changes
        assert made.n_coins == changes.count("bonus")
        assert (row_of(made) == 4) is True


def test_last_changes_are_those_of_the_last_step() -> None:
    made = world("-----", "-----", "S----", "-----", "M----", "XXXXX")
    until(made, J, lambda w: bool(w.changes))
    assert made.last_changes == made.changes
    assert made.changes[0].tick == made.tick - 1
    made.step(J)
    assert made.last_changes == []
    assert len(made.changes) == 1


def test_of_two_blocks_the_one_over_the_middle_is_hit() -> None:
    for x, broken in ((2048, 0), (3072, 1)):
        made = world("-----", "-----", "SS---", "-----", "M----", "XXXXX")
        stand_at(made, x)
        hold(made, J, 30)
        assert [change.col for change in made.changes] == [broken]


# Creatures


def test_a_beat_goes_to_and_fro_between_what_blocks_it_and_follows_from_the_tick() -> None:
    made = world("M-------------", "X------E----X-", "XXXX-XXXXXXXXX")
    seen = []
    for _ in range(1200):
        made.step(NONE)
        seen.append(made.enemies()[0].tolist())
    columns = {x // T for x, *_ in seen}
    assert columns == set(range(5, 12))
    assert {direction for _, _, direction, *_ in seen} == {-1, 1}
    steps = np.diff([x for x, *_ in seen])
    assert set(np.abs(steps)) == {RULES.enemy_speed}
    later = World(made.level)
    hold(later, R, 1204)
    assert later.enemies()[0, 0] == seen[-1][0] or later.status == "dead"


def test_who_has_no_wings_falls_to_the_ground_and_who_has_flies() -> None:
    made = world("------E---", "--B-------", "M---------", "XXXX---XXX")
    assert made.enemies()[:, 3].tolist() == [1], "the one over the gap is gone"
    assert made.enemies()[0, 1] == 2 * T - RULES.enemy_size
    fallen = world("M-------E-", "XXXXXXXXXX").enemies()
    assert fallen[0, 1] == T - RULES.enemy_size
    low = world("--------E-", "M---------", "XXXXXXXXXX").enemies()
    assert low[0, 1] == 2 * T - RULES.enemy_size


def over_creature() -> World:
    """A body that falls onto a creature that cannot move."""
    return World(level("-M---", "-----", "-----", "XEX--", "XXXXX"))


def test_a_creature_is_stomped_from_above_and_one_bounces() -> None:
    made = over_creature()
    assert Event.STOMPED in until(made, NONE, lambda w: not w.enemies()[0, 4])
    assert (made.status, made.state.vy) == ("playing", -RULES.stomp_speed)
    made = over_creature()
    until(made, J, lambda w: not w.enemies()[0, 4])
    assert made.state.vy == -RULES.jump_speed, "higher with jump held"
    assert made.state.jumping
    assert made.changes == [], "creatures are no tiles"


def test_a_creature_kills_from_the_side_and_from_above() -> None:
    made = world("----X", "M--EX", "XXXXX")
    assert Event.DIED in until(made, R, lambda w: w.status == "dead")
    assert made.cause == "enemy"
    assert made.step(R) == Event(0)
    made = world("-----", "B----", "-----", "M----", "XXXXX")
    until(made, J, lambda w: w.status == "dead" or w.tick > 300)
    assert made.cause == "enemy"


def test_a_bump_knocks_out_who_stands_above() -> None:
    for tile, dies in (("S", True), ("?", True), ("X", False)):
        made = world("-----", "XEX--", f"{tile * 3}--", "-----", "M----", "XXXXX")
        stand_at(made, T + 512)
        happened = hold(made, J, 30)
        assert Event.BUMPED in happened
        assert (Event.STOMPED in happened) is dies
        assert made.enemies()[0, 4] == int(not dies)


def test_walkers_fall_through_ground_that_was_broken() -> None:
    made = world("------", "-----E", "-SXXXX", "------", "-M----", "XXXXXX")
    hold(made, J, 20)
    assert [change.what for change in made.changes] == ["broken"]
    assert made.enemies()[0, 4] == 1, "not there yet"
    until(made, NONE, lambda w: w.enemies()[0, 4] == 0, 2000)
    assert made.enemies()[0, 0] < 2 * T
    assert made.status == "playing"


# How it ends


def test_hazards_hurt_inside_their_edges_only() -> None:
    made = world("------", "M--^--", "XXXXXX")
    until(made, R, lambda w: w.state.x + RULES.body_width > 3 * T + RULES.hazard_inset - 320)
    assert made.status == "playing", "the edge alone does not hurt"
    assert Event.DIED in until(made, R, lambda w: w.status == "dead")
    assert made.cause == "hazard"


def test_falling_out_of_the_level_is_death() -> None:
    made = world("M---", "XX--", "XX--")
    assert Event.DIED in until(made, R, lambda w: w.status == "dead")
    assert made.cause == "fell"


def test_a_goal_tile_wins_by_touch_and_alone() -> None:
    made = world("------F---", "----------", "----------", "M---------", "XXXXXXXXXX")
    hold(made, R, 300)
    assert made.status == "playing", "the last column is no goal when there is a goal tile"
    stand_at(made, 6 * T)
    assert Event.WON in until(made, J, lambda w: w.status == "won")
    tick = made.tick
    assert made.step(R) == Event(0)
    assert made.tick == tick


def test_without_a_goal_tile_standing_in_the_last_column_wins() -> None:
    made = world("M-----", "XXXXXX")
    until(made, R, lambda w: w.column == 4)
    happened = hold(made, R | J, 30)
    assert (Event.WON in happened, made.column) == (False, 5), "not in the air"
    assert Event.WON in until(made, R, lambda w: w.status == "won")


def test_who_dies_does_not_win() -> None:
    for tags, cause in ((("start", "goal"), ""), (("start", "goal", "hazard"), "hazard")):
        tiles = Tileset({"-": (), "X": ("solid",), "!": tags})
        made = World(Level.from_rows(["---", "!--", "XXX"], tiles))
        assert made.step(NONE) == (Event.DIED if cause else Event.WON)
        assert made.cause == cause


def test_nowhere_to_stand_is_said() -> None:
    with pytest.raises(InputError, match="expected somewhere to stand"):
        World(level("---", "---"))
