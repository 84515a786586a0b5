"""Who stays longer, under which notion of interest: what can be told from chance, and in words.

The notions disagree on purpose where people do. A conclusion that holds under only some of them
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procgen_sim.experiments.statistics import told_apart
from procgen_sim.players import NOTIONS

__all__ = ["in_words", "verdicts_on"]


def verdicts_on(bodies: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Body and notion to whether players are bored later or sooner with off-model samples, or
    that cannot be told from chance ("no later"), allowing for the number of comparisons."""
    pairs = [(name, notion) for name in bodies for notion in NOTIONS]
    found = [bodies[name]["notions"][notion] for name, notion in pairs]
    stands = told_apart([one["p_value"] for one in found])
    verdicts: dict[str, dict[str, str]] = {name: {} for name in bodies}
    for (name, notion), one, told in zip(pairs, found, stands, strict=True):
        word = "later" if one["levels_gained"][0] > 0 else "sooner"
        verdicts[name][notion] = word if told else "no later"
    return verdicts


def in_words(names: Mapping[str, str], verdicts: Mapping[str, Mapping[str, str]]) -> str:
    """Under which notions of interest, on what, players are bored later or sooner."""
    clauses, everywhere = [], 0
    for notion in NOTIONS:
        told = {name: verdicts[name][notion] for name in verdicts}
        everywhere += set(told.values()) == {"later"}
        parts = []
        for word in sorted(set(told.values())):
            where = ", ".join(names[name] for name in verdicts if told[name] == word)
            parts.append(word + (f" ({where})" if len(set(told.values())) > 1 else ""))
        clauses.append(f"under {notion} {' and '.join(parts)}")
    words = f"bored {', '.join(clauses)}"
    if everywhere in (1, 2):
        words += f": that they stay longer holds under {('one', 'two')[everywhere - 1]} of three"
    return words
