"""The rules of :mod:`procgen_sim.platformer.physics` read literally: slow, and written to be read.

It shares nothing with the compiled world but the numbers of :class:`Rules` and where a player
begins: boxes and sets of words instead of flags and state vectors, creatures that walk step by
step instead of by a formula. Both must agree on every tick of every level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from procgen_sim.levels import Affordance, Level
from procgen_sim.platformer import RULES, Action, Event, Rules, start_cell

Cell = tuple[int, int]

WALL = frozenset({"solid"})
AIR: frozenset[str] = frozenset()
NOTHING = Event(0)


@dataclass(frozen=True)
class Box:
    """A rectangle, its right and bottom edge not part of it."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def middle(self) -> int:
        return self.left + self.width // 2

    def moved(self, right: int = 0, down: int = 0) -> Box:
        return replace(self, left=self.left + right, top=self.top + down)

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass
class Creature:
    box: Box
    row: int
    first_left: int
    last_left: int
    flies: bool
    direction: int = -1
    alive: bool = True

    def turn_at_the_ends(self) -> None:
        if self.first_left == self.last_left:
            self.direction = -1
        elif self.box.left == self.first_left:
            self.direction = 1
        elif self.box.left == self.last_left:
            self.direction = -1

    def walk(self, distance: int) -> None:
        if self.first_left != self.last_left:
            self.box = self.box.moved(right=self.direction * distance)
        self.turn_at_the_ends()


@dataclass
class ReferenceWorld:
    level: Level
    rules: Rules = RULES
    box: Box = field(init=False)
    speed_right: int = 0
    speed_down: int = 0
    facing: int = 1
    standing: bool = False
    rising_from_jump: bool = False
    climbing: bool = False
    climbing_towards: int = 0
    """-1 or +1 between two rungs, 0 on one."""
    coyote: int = 0
    ledge_top: int = 0
    remembered: int = 0
    jump_was_held: bool = False
    status: str = "playing"
    cause: str = ""
    ticks: int = 0
    coins: int = 0
    changes: list[tuple[int, int, int, str]] = field(default_factory=list)
    cells: dict[Cell, frozenset[str]] = field(init=False)
    has_goal: bool = field(init=False)
    creatures: list[Creature] = field(init=False)
    events: Event = NOTHING

    def __post_init__(self) -> None:
        self.cells, self.creatures = {}, []
        born: list[tuple[Cell, bool]] = []
        tileset = self.level.tileset
        for row, line in enumerate(self.level.rows()):
            for col, character in enumerate(line):
                bits = Affordance(int(tileset.flags[tileset.codes[character]]))
                words = frozenset(str(bit.name).lower() for bit in bits)
                if "enemy" in words:
                    words = AIR
                    born.append(
                        ((row, col), bool({"winged", "flying"} & {*tileset.tags[character]}))
                    )
                self.cells[row, col] = words
        self.has_goal = any("goal" in words for words in self.cells.values())
        for cell, flies in born:
            self.settle(*cell, flies)
        where = start_cell(self.level.flags)
        assert where is not None
        square = self.square(*where)
        width, height = self.rules.body_width, self.rules.body_height
        left = square.left + (square.width - width) // 2
        self.box = Box(left, square.bottom - height, width, height)

    # The level

    def square(self, row: int, col: int) -> Box:
        tile = self.rules.tile
        return Box(col * tile, row * tile, tile, tile)

    def words(self, row: int, col: int) -> frozenset[str]:
        """What a cell affords, also outside the level."""
        if not 0 <= col < self.level.n_columns:
            return WALL
        if row >= self.level.n_rows:
            return AIR
        if row < 0:
            return self.cells[0, col] & WALL
        return self.cells[row, col]

    def cells_under(self, box: Box) -> Iterator[Cell]:
        """Every cell that a box overlaps, row by row."""
        tile = self.rules.tile
        for row in range(box.top // tile, -(-box.bottom // tile)):
            for col in range(box.left // tile, -(-box.right // tile)):
                yield row, col

    def walls_in(self, box: Box) -> list[Cell]:
        return [cell for cell in self.cells_under(box) if "solid" in self.words(*cell)]

    def carries_all(self, row: int, col: int) -> bool:
        """Whether a walker's way leads over a cell."""
        return bool(self.words(row, col) & {"solid", "one_way"})

    def floor(self, bottom: int) -> str:
        """What is under the feet at this height: "solid", "thin" (one lets go of it with down) or
        "nothing"."""
        tile = self.rules.tile
        if bottom % tile:
            return "nothing"
        row = bottom // tile
        columns = [col for _, col in self.cells_under(replace(self.box, top=bottom, height=1))]
        if any("solid" in self.words(row, col) for col in columns):
            return "solid"
        for col in columns:
            here, above = self.words(row, col), self.words(row - 1, col)
            if "one_way" in here or ("climbable" in here and "climbable" not in above):
                return "thin"
        return "nothing"

    def holds(self, box: Box) -> bool:
        """Whether the foot point of a body is in a climbable cell that is not solid."""
        tile = self.rules.tile
        words = self.words((box.bottom - 1) // tile, box.middle // tile)
        return "climbable" in words and "solid" not in words

    # Creatures

    def settle(self, row: int, col: int, flies: bool) -> None:
        """Find a creature's beat and set it there, unless it falls out of the level."""
        if not flies:
            while not self.carries_all(row + 1, col):
                row += 1
                if row >= self.level.n_rows:
                    return

        def may_walk(at: int) -> bool:
            if not 0 <= at < self.level.n_columns or self.words(row, at) & {"solid", "hazard"}:
                return False
            return flies or self.carries_all(row + 1, at)

        ends = []
        for side in (-1, 1):
            steps = 0
            while steps < self.rules.beat_tiles and may_walk(col + side * (steps + 1)):
                steps += 1
            ends.append(col + side * steps)
        size, tile = self.rules.enemy_size, self.rules.tile
        inset = (tile - size) // 2
        creature = Creature(
            box=Box(col * tile + inset, (row + 1) * tile - size, size, size),
            row=row,
            first_left=ends[0] * tile + inset,
            last_left=ends[1] * tile + inset,
            flies=flies,
        )
        creature.turn_at_the_ends()
        self.creatures.append(creature)

    # A tick

    def step(self, action: int) -> Event:
        self.events = NOTHING
        if self.status != "playing":
            return self.events
        held = Action(action)
        if Action.JUMP in held and not self.jump_was_held:
            self.remembered = self.rules.buffer_ticks
        else:
            self.remembered = max(self.remembered - 1, 0)
        self.jump_was_held = Action.JUMP in held
        side = (Action.RIGHT in held) - (Action.LEFT in held)
        for creature in self.creatures:
            creature.walk(self.rules.enemy_speed)

        falling = self.on_ladder(held, side) or self.on_foot(held, side)
        self.drop_the_undermined()
        self.meet_creatures(held, falling == "falling")
        if self.status == "playing":
            self.touch_tiles()
        self.ticks += 1
        return self.events

    def on_ladder(self, held: Action, side: int) -> str:
        """The part of a climber; empty if the body is none and has to go on foot."""
        if not self.climbing:
            if not self.take_hold(held):
                return ""
            self.events |= Event.GRABBED
        elif self.climbing_towards == 0 and self.remembered:
            self.climbing, self.remembered = False, 0
            if Action.DOWN in held:
                self.events |= Event.DROPPED
            else:
                self.leave_upwards(self.rules.jump_speed, as_jump=True)
                self.events |= Event.JUMPED
            return self.on_foot(held, side, may_jump=False)
        self.facing = side or self.facing
        self.climb(held, side)
        if not self.climbing:
            self.climbing_towards = 0
            self.standing = self.floor(self.box.bottom) != "nothing"
        return "climbing"

    def take_hold(self, held: Action) -> bool:
        if Action.UP in held and self.speed_down >= 0:
            above = self.box.moved(down=-(self.box.bottom % self.rules.rung))
            if not self.holds(above) or self.walls_in(above):
                return False
            self.box = above
            self.climbing_towards = 0
        elif Action.DOWN in held and self.standing:
            below = self.box.moved(down=self.rules.rung)
            if not self.holds(below) or self.walls_in(below):
                return False
            self.climbing_towards = 1
        else:
            return False
        self.climbing, self.standing, self.rising_from_jump = True, False, False
        self.coyote = self.speed_right = self.speed_down = 0
        return True

    def climb(self, held: Action, side: int) -> None:
        rung, speed = self.rules.rung, self.rules.climb_speed
        if self.box.bottom % rung == 0:
            if Action.UP in held:
                if self.walls_in(self.box.moved(down=-rung)):
                    return
                self.climbing_towards = -1
            elif Action.DOWN in held:
                next_rung = self.box.moved(down=rung)
                if self.walls_in(next_rung):
                    self.climbing = False
                    return
                if not self.holds(next_rung):
                    self.climbing = False
                    self.events |= Event.DROPPED
                    return
                self.climbing_towards = 1
            else:
                along = self.box.moved(right=side * speed)
                if not self.walls_in(along):
                    self.box = along
                    self.climbing = self.holds(along)
                return
        self.box = self.box.moved(down=self.climbing_towards * speed)
        if self.box.bottom % rung == 0:
            self.climbing_towards = 0
            self.climbing = self.holds(self.box)

    def on_foot(self, held: Action, side: int, may_jump: bool = True) -> str:
        self.run(side)
        if may_jump:
            self.jump(held)
        self.move_sideways()
        falling = self.speed_down > 0
        self.move_up_or_down(held)
        return "falling" if falling and not self.standing else "walking"

    def run(self, side: int) -> None:
        rules, speed = self.rules, self.speed_right
        if side == 0:
            slower = max(abs(speed) - rules.friction, 0)
            self.speed_right = slower if speed > 0 else -slower
            return
        self.facing = side
        if self.standing and speed * side < 0:
            self.events |= Event.SKIDDED
            slower = max(abs(speed) - rules.skid, 0)
            self.speed_right = slower if speed > 0 else -slower
        else:
            wished = speed + side * rules.accel
            self.speed_right = min(max(wished, -rules.run_speed), rules.run_speed)

    def leave_upwards(self, speed: int, *, as_jump: bool) -> None:
        self.speed_down = -speed
        self.rising_from_jump = as_jump
        self.standing = False
        self.coyote = 0

    def jump(self, held: Action) -> None:
        if self.remembered and (self.standing or self.coyote):
            from_ledge = replace(self.box, top=self.ledge_top)
            if self.standing or not self.walls_in(from_ledge):
                if not self.standing:
                    self.box = from_ledge
                self.leave_upwards(self.rules.jump_speed, as_jump=True)
                self.remembered = 0
                self.events |= Event.JUMPED
        if self.rising_from_jump and Action.JUMP not in held:
            self.rising_from_jump = False
            self.speed_down = max(self.speed_down, -self.rules.cut_speed)

    def move_sideways(self) -> None:
        there = self.box.moved(right=self.speed_right)
        walls = self.walls_in(there)
        if walls:
            square = self.square(*walls[0])
            left = square.left - there.width if self.speed_right > 0 else square.right
            there = replace(there, left=left)
            self.speed_right = 0
        self.box = there

    def move_up_or_down(self, held: Action) -> None:
        rules = self.rules
        if self.standing:
            under = self.floor(self.box.bottom)
            if under == "solid" or (under == "thin" and Action.DOWN not in held):
                return
            self.standing = False
            if under == "thin":
                self.events |= Event.DROPPED
                self.speed_down = rules.gravity
                self.box = self.box.moved(down=rules.gravity)
                return
            self.coyote, self.ledge_top = rules.coyote_ticks, self.box.top
        else:
            self.coyote = max(self.coyote - 1, 0)
        there = self.box.moved(down=self.speed_down)
        if self.speed_down < 0:
            walls = self.walls_in(there)
            if walls:
                there = replace(there, top=self.square(*walls[0]).bottom)
                self.speed_down = 0
                self.rising_from_jump = False
                self.box = there
                self.hit_head_on(walls)
        else:
            for height in range(self.box.bottom, there.bottom):
                if height % rules.tile:
                    continue
                under = self.floor(height)
                if under == "solid" or (under == "thin" and Action.DOWN not in held):
                    self.box = replace(there, top=height - there.height)
                    self.speed_down = self.coyote = 0
                    self.standing, self.rising_from_jump = True, False
                    self.events |= Event.LANDED
                    return
        self.box = there
        self.speed_down = min(self.speed_down + rules.gravity, rules.max_fall)

    def hit_head_on(self, walls: list[Cell]) -> None:
        self.events |= Event.BUMPED
        over_middle = [cell for cell in walls if cell[1] == self.box.middle // self.rules.tile]
        row, col = (over_middle or walls)[0]
        if (row, col) not in self.cells:
            return
        words = self.cells[row, col]
        if "bonus" in words:
            self.cells[row, col] = words - {"bonus"}
            self.coins += 1
            self.changes.append((self.ticks, row, col, "bonus"))
            self.events |= Event.BONUS
        elif "breakable" in words:
            self.cells[row, col] = AIR
            self.changes.append((self.ticks, row, col, "broken"))
            self.events |= Event.BROKE
        else:
            return
        above = self.square(row - 1, col)
        for creature in self.creatures:
            stands = creature.alive and not creature.flies and creature.row == row - 1
            if stands and creature.box.overlaps(above):
                creature.alive = False
                self.events |= Event.STOMPED

    def drop_the_undermined(self) -> None:
        for creature in self.creatures:
            col = creature.box.middle // self.rules.tile
            if not creature.flies and not self.carries_all(creature.row + 1, col):
                creature.alive = False

    def meet_creatures(self, held: Action, falling: bool) -> None:
        for creature in self.creatures:
            if not creature.alive or not creature.box.overlaps(self.box):
                continue
            on_top = replace(self.box, top=creature.box.top - self.box.height)
            depth = self.box.bottom - creature.box.top
            if not falling or depth > self.rules.stomp_reach or self.walls_in(on_top):
                self.die("enemy")
                return
            creature.alive = False
            self.events |= Event.STOMPED
            self.box = on_top
            if Action.JUMP in held:
                self.leave_upwards(self.rules.jump_speed, as_jump=True)
                self.remembered = 0
            else:
                self.leave_upwards(self.rules.stomp_speed, as_jump=False)

    def touch_tiles(self) -> None:
        rules = self.rules
        if self.box.top > self.level.n_rows * rules.tile:
            self.die("fell")
            return
        inset = rules.hazard_inset
        hurt = won = False
        for cell in self.cells_under(self.box):
            words = self.cells.get(cell, AIR)
            if "collectable" in words:
                self.cells[cell] = words - {"collectable"}
                self.coins += 1
                self.changes.append((self.ticks, *cell, "coin"))
                self.events |= Event.COIN
            if "hazard" in words:
                side = rules.tile - 2 * inset
                square = self.square(*cell)
                sharp = Box(square.left + inset, square.top + inset, side, side)
                hurt = hurt or sharp.overlaps(self.box)
            won = won or "goal" in words
        if not self.has_goal:
            won = self.standing and self.box.middle // rules.tile == self.level.n_columns - 1
        if hurt:
            self.die("hazard")
        elif won:
            self.status = "won"
            self.events |= Event.WON

    def die(self, cause: str) -> None:
        self.status, self.cause = "dead", cause
        self.events |= Event.DIED
