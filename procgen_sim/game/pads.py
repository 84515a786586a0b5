"""Game pads: events of any of them as names of buttons, plugged in and out while playing."""

from __future__ import annotations

from typing import Final

import pygame
from pygame._sdl2 import controller

__all__ = ["Pads"]

BUTTONS: Final = (
    *("a", "b", "x", "y", "back", "guide", "start", "left stick", "right stick"),
    *("left shoulder", "right shoulder", "dpad up", "dpad down", "dpad left", "dpad right"),
)
"""SDL's buttons in its order: where an Xbox pad has them, whatever the maker printed on them."""

RAW_BUTTONS: Final = (
    *("a", "b", "x", "y", "left shoulder", "right shoulder", "back", "start", "guide"),
    *("left stick", "right stick"),
)
"""The commonest order of buttons of a pad that SDL has no map for."""

AXES: Final = (
    ("stick left", "stick right"),
    ("stick up", "stick down"),
    ("right stick left", "right stick right"),
    ("right stick up", "right stick down"),
    ("", "left trigger"),
    ("", "right trigger"),
)
PRESSED: Final = 0.5
RELEASED: Final = 0.35
"""How far an axis must go to count as pressed, and come back to be released. The space between
keeps a worn stick from flickering; all below is dead zone."""

Change = tuple[str, bool]


class Pads:
    """Opens every pad there is and will be, and names what is pressed on them."""

    def __init__(self) -> None:
        self._open: dict[int, object] = {}
        self._raw: set[int] = set()
        self._down: dict[int, set[str]] = {}
        try:
            pygame.joystick.init()
            controller.init()
        except pygame.error:
            return  # a system without pads has keys

    @property
    def n_pads(self) -> int:
        """How many pads are plugged in."""
        return len(self._open)

    def changes(self, event: pygame.Event) -> list[Change]:
        """What the event pressed (True) and released (False), by name without ``pad:``."""
        kind = event.type
        if kind in (pygame.CONTROLLERDEVICEADDED, pygame.JOYDEVICEADDED):
            self._add(event.device_index, raw=kind == pygame.JOYDEVICEADDED)
        elif kind in (pygame.CONTROLLERDEVICEREMOVED, pygame.JOYDEVICEREMOVED):
            return self._remove(event.instance_id)
        elif kind in (pygame.CONTROLLERBUTTONDOWN, pygame.CONTROLLERBUTTONUP):
            down = kind == pygame.CONTROLLERBUTTONDOWN
            return self._set(event.instance_id, _name(BUTTONS, event.button), down)
        elif kind == pygame.CONTROLLERAXISMOTION:
            return self._axis(event.instance_id, event.axis, event.value / 32768)
        elif getattr(event, "instance_id", None) in self._raw:
            return self._raw_changes(event)
        return []

    def _raw_changes(self, event: pygame.Event) -> list[Change]:
        pad = event.instance_id
        if event.type in (pygame.JOYBUTTONDOWN, pygame.JOYBUTTONUP):
            name = _name(RAW_BUTTONS, event.button)
            return self._set(pad, name, event.type == pygame.JOYBUTTONDOWN)
        if event.type == pygame.JOYAXISMOTION and event.axis < 2:
            return self._axis(pad, event.axis, event.value)
        if event.type == pygame.JOYHATMOTION:
            x, y = event.value
            sides = {"left": x < 0, "right": x > 0, "up": y > 0, "down": y < 0}
            return [
                change
                for side, down in sides.items()
                for change in self._set(pad, f"dpad {side}", down)
            ]
        return []

    def _axis(self, pad: int, axis: int, value: float) -> list[Change]:
        if axis >= len(AXES):
            return []
        changes = []
        for name, reach in zip(AXES[axis], (-value, value), strict=True):
            held = name in self._down.get(pad, ())
            if name:
                changes += self._set(pad, name, reach > (RELEASED if held else PRESSED))
        return changes

    def _set(self, pad: int, name: str, down: bool) -> list[Change]:
        held = self._down.setdefault(pad, set())
        if down == (name in held):
            return []
        (held.add if down else held.discard)(name)
        return [(name, down)]

    def _add(self, index: int, *, raw: bool) -> None:
        try:
            if raw and controller.is_controller(index):
                return  # comes again as a controller
            pad = None if raw else controller.Controller(index)
            stick = pygame.joystick.Joystick(index) if pad is None else pad.as_joystick()
        except (pygame.error, ValueError):
            return  # gone again already
        number = stick.get_instance_id()
        self._open[number] = (pad, stick)
        if raw:
            self._raw.add(number)

    def _remove(self, pad: int) -> list[Change]:
        self._open.pop(pad, None)
        self._raw.discard(pad)
        return [(name, False) for name in sorted(self._down.pop(pad, ()))]


def _name(names: tuple[str, ...], button: int) -> str:
    return names[button] if button < len(names) else f"button {button}"
