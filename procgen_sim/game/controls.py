"""Keys and buttons become what a scene understands: verbs when pressed, actions while held."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pygame

from procgen_sim.game.pads import Pads
from procgen_sim.game.settings import Settings
from procgen_sim.platformer.physics import Action

__all__ = ["Controls", "Script", "Verb", "source_label"]


class Verb(enum.Enum):
    """What a press means. Those that can be given other keys are named like their binding."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    CONFIRM = "confirm"
    BACK = "back"
    PAUSE = "pause"
    RESTART = "restart"
    FORECAST = "forecast"
    SCREENSHOT = "screenshot"
    FULLSCREEN = "fullscreen"
    MUTE = "mute"
    DIRECT = "direct"
    RATE_1 = "1"
    RATE_2 = "2"
    RATE_3 = "3"
    RATE_4 = "4"
    RATE_5 = "5"


DIRECTIONS: Final = (Verb.UP, Verb.DOWN, Verb.LEFT, Verb.RIGHT)

ACTIONS: Final = {
    "left": Action.LEFT,
    "right": Action.RIGHT,
    "jump": Action.JUMP,
    "down": Action.DOWN,
    "up": Action.UP,
}

MENU_SOURCES: Final = {
    **{f"key:{side}": Verb(side) for side in ("up", "down", "left", "right")},
    **{f"pad:dpad {side}": Verb(side) for side in ("up", "down", "left", "right")},
    **{f"pad:stick {side}": Verb(side) for side in ("up", "down", "left", "right")},
    **{f"key:{digit}": Verb(digit) for digit in "12345"},
    **{f"key:[{digit}]": Verb(digit) for digit in "12345"},
    **dict.fromkeys(("key:return", "key:enter", "pad:a"), Verb.CONFIRM),
    **dict.fromkeys(("key:escape", "key:backspace", "pad:b"), Verb.BACK),
    "pad:start": Verb.PAUSE,
}
"""What keys and buttons always mean in a menu, so that no remapping locks anybody out."""

TYPING_SOURCES: Final = {
    source: verb
    for source, verb in MENU_SOURCES.items()
    if source.startswith("pad:") or source in ("key:return", "key:enter", "key:escape")
}
"""What remains of that while text is typed."""

FIRST_REPEAT_NS: Final = 400_000_000
NEXT_REPEAT_NS: Final = 90_000_000
"""How long a direction is held in a menu before it repeats, and then from one to the next."""

KEY_LABELS: Final = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "escape": "Esc",
    "return": "Enter",
    "[enter]": "Enter",
}


@dataclass(frozen=True, kw_only=True)
class Script:
    """Input written beforehand, for tests and demonstrations.

    Attributes
    ----------
    actions
        Bits of ``Action`` held at each tick: bytes, one a tick (nothing after the last), or a
        function of the tick. Ticks count from when the scene on top was first entered.
    verbs
        Frame to the verbs pressed before it; frames count from 0 when the app starts.
    """

    actions: Callable[[int], int] | bytes = b""
    verbs: Mapping[int, Sequence[Verb]] = field(default_factory=dict)

    def held(self, tick: int) -> int:
        """Bits of ``Action`` at a tick."""
        if isinstance(self.actions, bytes):
            return self.actions[tick] if tick < len(self.actions) else 0
        return self.actions(tick)


class Controls:
    """Keyboard and pads under a person's bindings."""

    def __init__(self, settings: Settings) -> None:
        self._pads = Pads()
        self._down: dict[str, None] = {}  # in the order they were pressed
        self._tapped: set[str] = set()
        self._stale: set[str] = set()
        self._repeating, self._repeat_ns = "", 0
        self.on_pad = False
        self.rebind(settings)

    def rebind(self, settings: Settings) -> None:
        """Take the bindings of ``settings``."""
        self._bound: dict[str, str] = {}
        self._sources: dict[str, list[str]] = {}
        for prefix, table in (("key", settings.keys), ("pad", settings.pad)):
            for binding, names in table.items():
                for name in names:
                    self._bound.setdefault(f"{prefix}:{name}", binding)
                    self._sources.setdefault(binding, []).append(f"{prefix}:{name}")

    def changes(self, event: pygame.Event) -> list[str]:
        """Take note of an event; return the keys and buttons that it pressed."""
        if event.type in (pygame.KEYDOWN, pygame.KEYUP):
            name = pygame.key.name(event.key)
            named = [(f"key:{name}", event.type == pygame.KEYDOWN)] if name else []
        else:
            named = [(f"pad:{name}", down) for name, down in self._pads.changes(event)]
        pressed = []
        for source, down in named:
            if not down:
                self._down.pop(source, None)
                self._stale.discard(source)
                self._repeating = "" if source == self._repeating else self._repeating
            elif source not in self._down:
                self._down[source] = None
                self._tapped.add(source)
                self._repeating, self._repeat_ns = source, FIRST_REPEAT_NS
                self.on_pad = source.startswith("pad:")
                pressed.append(source)
        return pressed

    def verb(self, source: str, *, playing: bool, typing: bool = False) -> Verb | None:
        """What a key or button means in a level (``playing``) or in a menu; None: nothing."""
        if typing:
            return TYPING_SOURCES.get(source)
        if not playing and source in MENU_SOURCES:
            return MENU_SOURCES[source]
        binding = self._bound.get(source)
        if binding is None:
            return Verb.PAUSE if playing and source == "key:escape" else None
        if binding == "jump":
            return None if playing else Verb.CONFIRM
        return Verb(binding)

    def repeats(self, elapsed_ns: int) -> list[Verb]:
        """Directions that a held key gives again in a menu after ``elapsed_ns`` more."""
        verb = self.verb(self._repeating, playing=False)
        if verb not in DIRECTIONS:
            return []
        self._repeat_ns -= elapsed_ns
        if self._repeat_ns > 0:
            return []
        self._repeat_ns = NEXT_REPEAT_NS
        return [verb]

    def held(self) -> int:
        """Bits of ``Action`` for the next tick; what was only tapped since the last one counts."""
        bits = Action(0)
        for source in (*self._down, *self._tapped):
            action = ACTIONS.get(self._bound.get(source, ""))
            if action is not None and source not in self._stale:
                bits |= action
        self._tapped.clear()
        return int(bits)

    def settle(self) -> None:
        """A scene changed: a jump key that is still down chose in a menu, it does not jump."""
        self._tapped.clear()
        self._repeating = ""
        self._stale = {source for source in self._down if self._bound.get(source) == "jump"}

    def release(self) -> None:
        """Let go of everything: the window no longer hears what is released."""
        self._down.clear()
        self._tapped.clear()
        self._stale.clear()
        self._repeating = ""

    def label(self, what: Verb | str) -> str:
        """The key or button to show for a verb or a binding, on what was used last.

        ``controls.label("jump")`` is "Space", or "A" once a pad was touched; "" if there is none.
        """
        binding = what.value if isinstance(what, Verb) else what
        fixed = [source for source, verb in MENU_SOURCES.items() if verb.value == binding]
        device = "pad:" if self.on_pad else "key:"
        for source in (*self._sources.get(binding, ()), *fixed):
            if source.startswith(device):
                return source_label(source)
        return ""


def source_label(source: str) -> str:
    """A key or button as shown to people.

    >>> source_label("key:space"), source_label("key:left"), source_label("pad:dpad up")
    ('Space', '←', 'D-pad ↑')
    """
    device, _, name = source.partition(":")
    if device == "key":
        return KEY_LABELS.get(name, name.capitalize())
    *words, last = name.split(" ")
    words = ["D-pad" if word == "dpad" else word.capitalize() for word in words]
    return " ".join([*words, KEY_LABELS.get(last, last.capitalize()) if words else last.title()])
