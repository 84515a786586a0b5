"""What the rules promise of running and jumping."""

from __future__ import annotations

import pytest
from jump_limits import LATTICE, highest, widest_gap
from physics_support import (
    NONE,
    J,
    L,
    R,
    T,
    gap,
    hold,
    level,
    random_input,
    stand_at,
    until,
    world,
)

from procgen_sim.platformer import RULES, Action, Event, World
from procgen_sim.rng import stream


def leap(made: World, edge: int, late: int, action: Action = R) -> bool:
    """Run, jump ``late`` ticks after the ground has run out, hold everything; whether it landed
    beyond a column."""
    while made.state.grounded or made.tick < 3:
        made.step(action)
    hold(made, action, late - 1)
    until(made, action | J, lambda w: bool(w.state.grounded) or w.status != "playing")
    return made.status == "playing" and made.column >= edge


@pytest.mark.parametrize("step", range(-4, 5))
def test_the_widest_gap_is_what_the_numbers_say(step: int) -> None:
    at_limit = widest_gap(step)
    assert leap(World(gap(at_limit, step)), 8 + at_limit - 1, RULES.coyote_ticks)
    # The gap one tile wider stops whoever jumps from wherever they stand, at whatever alignment.
    for late in range(1, RULES.coyote_ticks + 1):
        for back in range(0, 24, 3):
            made = world(*gap(at_limit + 1, step).rows())
            hold(made, L, back)
            hold(made, NONE, 24)
            assert not leap(made, 8 + at_limit, late)


def test_without_a_run_up_the_gap_is_narrower() -> None:
    for step in (0, 2, 4):
        at_limit = widest_gap(step, run_up=False)
        assert at_limit < widest_gap(step)
        for width, clears in ((at_limit, True), (at_limit + 1, False)):
            made = world(*gap(width, step, near=1).rows())
            stand_at(made, T - LATTICE)
            until(made, R | J, lambda w: w.tick > 0 and (w.status != "playing" or w.column > 3))
            until(made, R | J, lambda w: bool(w.state.grounded) or w.status != "playing", 900)
            assert (made.status == "playing") is clears


@pytest.mark.parametrize(("height", "clears"), [(4, True), (5, False)])
def test_a_full_jump_clears_a_wall_of_four_and_never_five(height: int, clears: bool) -> None:
    assert (highest() >= height * T) is clears
    rows = ["--------"] * 7 + ["----XXXX"] * height + ["M---XXXX", "XXXXXXXX"]
    rows[-2 - height] = "-------F"
    wall = level(*rows)
    made = World(wall)
    for _ in range(300):
        made.step(R if made.state.grounded and not made.state.held else R | J)
    assert (made.status == "won") is clears
    if not clears:  # no other way up either
        top = (len(rows) - 1 - height) * T
        for k in range(60):
            made = World(wall)
            for action, n in random_input(stream(3, "test", k)):
                for _ in range(n):
                    made.step(action)
                    assert made.state.y + RULES.body_height > top


def rise(held_ticks: int) -> int:
    made = world(*["------"] * 8, "M-----", "XXXXXX")
    ground = made.state.y
    highest_top = ground
    for tick in range(120):
        made.step(J if tick < held_ticks else NONE)
        highest_top = min(highest_top, made.state.y)
    assert made.state.y == ground
    return ground - highest_top


def test_the_longer_jump_is_held_the_higher_it_goes() -> None:
    rises = [rise(n) for n in range(1, 50)]
    assert rises == sorted(rises)
    assert rises[0] < 0.5 * T
    assert len(set(rises)) > 30
    assert rises[-1] == highest() == max(rises)


@pytest.mark.parametrize(("late", "jumps"), [(1, True), (8, True), (9, False)])
def test_one_may_still_jump_for_eight_ticks_without_ground(late: int, jumps: bool) -> None:
    made = world("----------", "----------", "M---------", "XXX-------", *["----------"] * 6)
    ground = made.state.y
    until(made, R, lambda w: not w.state.grounded)
    hold(made, R, late - 1)
    happened = made.step(R | J)
    assert (Event.JUMPED in happened) is jumps
    if jumps:
        assert made.state.y == ground - RULES.jump_speed, "from the height of the ground"


@pytest.mark.parametrize(("early", "jumps"), [(12, True), (13, False)])
def test_a_press_is_remembered_for_twelve_ticks(early: int, jumps: bool) -> None:
    def fall() -> World:
        made = World(level("M-", "--", "--", "--", "--", "XX"))
        assert not made.state.grounded
        return made

    lands = fall()
    until(lands, NONE, lambda w: bool(w.state.grounded))
    jump_tick = lands.tick  # the first tick that begins on the ground
    made = fall()
    hold(made, NONE, jump_tick - (early - 1))
    happened = hold(made, J, early)
    assert (Event.JUMPED in happened) is jumps
    # Held, or it is not a new press: holding on does not jump again.
    assert Event.JUMPED not in hold(made, J, 300)


def test_turning_on_the_ground_skids_and_in_the_air_does_not() -> None:
    made = world("-" * 30, "M" + "-" * 29, "X" * 30)
    hold(made, R, 40)
    assert made.state.vx == RULES.run_speed
    assert Event.SKIDDED in made.step(L)
    assert made.state.vx == RULES.run_speed - RULES.skid
    hold(made, L | J, 1)
    before = made.state.vx
    assert Event.SKIDDED not in made.step(L | J)
    assert made.state.vx == before - RULES.accel
    made = world("-" * 30, "M" + "-" * 29, "X" * 30)
    hold(made, R, 40)
    hold(made, L | R)
    assert made.state.vx == RULES.run_speed - RULES.friction, "both are neither"


def test_the_sides_are_walls_and_the_top_is_open_where_it_is_free() -> None:
    made = world("---", "M--", "XXX")
    hold(made, L, 60)
    assert made.state.x == 0
    until(made, J, lambda w: w.state.y < -T)
    hold(made, R, 200)
    assert made.state.x == 3 * T - RULES.body_width
    capped = world("XXX", "M--", "XXX")
    assert Event.BUMPED in hold(capped, J, 20)
    beside = world("---X", "M--X", "XXXX")
    until(beside, R | J, lambda w: w.state.vy >= 0)
    hold(beside, R | J, 30)
    assert beside.column == 2, "the topmost row goes on upwards"
