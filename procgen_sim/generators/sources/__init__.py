"""Levels from wherever people have them: folders, archives, their own generators.

:func:`open_source` takes what somebody typed and returns a :class:`Source`. :class:`Limits` is
what a generator may take; :func:`recognise` says what a text means without reading anything.
"""

from procgen_sim.generators.sources.limits import Limits
from procgen_sim.generators.sources.opening import DEFAULT_LEVELS, open_source
from procgen_sim.generators.sources.recognise import recognise
from procgen_sim.generators.sources.returned import CODE_CHARACTERS
from procgen_sim.generators.sources.source import Kind, Source

__all__ = [
    "CODE_CHARACTERS",
    "DEFAULT_LEVELS",
    "Kind",
    "Limits",
    "Source",
    "open_source",
    "recognise",
]
