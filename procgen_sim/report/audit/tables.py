"""The audit's tables: all sources on equal terms, and each with all its levels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from procgen_sim.report.audit.bored import notions_of
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.audit.words import Footnotes, bits, bored, count
from procgen_sim.report.facts import Grid, percent

__all__ = ["equal_grid", "whole_grid"]


def equal_grid(audit: Audit, notes: Footnotes) -> Grid | None:
    """One row a source, at equal numbers of levels and active columns; None without any."""
    if not audit.rows:
        return None
    notions = notions_of([source for source, _ in audit.rows])
    rows = []
    for source, row in audit.rows:

        def told(key: str, words: Callable[[float], str], *, of: str = "", row: Any = row) -> str:
            value = row.get(key)
            reasons = row.get("reasons") or {}
            why = reasons.get(key) or source.why(*(of or key).split("."))  # noqa: B023
            return notes.dash(why) if value is None else words(float(value))

        asked = row.get("levels_until_bored") or {}
        rows.append(
            (
                _named(source),
                told("distinct_3", count, of="vocabulary.3.distinct"),
                told("p_new_3", percent, of="vocabulary.3.p_new"),
                told("naive", bits, of="bits_per_active_column.naive"),
                told("bits_so_far", bits, of="bits_per_active_column.total"),
                told("veteran", bits, of="bits_per_active_column.veteran"),
                told("learnable_per_level", bits, of="learnable_bits"),
                *(bored(source, asked.get(notion) or {}, notion, notes) for notion in notions),
            )
        )
    return Grid(
        head=(
            "source",
            "patterns of three",
            "next one new",
            "bits, newcomer",
            "bits, on the way",
            "bits, veteran",
            "bits to learn a level",
            *(f"levels until bored, {notion}" for notion in notions),
        ),
        rows=tuple(rows),
    )


def whole_grid(audit: Audit, notes: Footnotes) -> Grid:
    """One column a source, with all its levels; a row a number."""
    sources = audit.sources

    def line(words: str, cell: Callable[[Source], str]) -> tuple[str, ...]:
        return (words, *(cell(source) for source in sources))

    def plain(*path: str, told: Callable[[float], str] = bits) -> Callable[[Source], str]:
        def cell(source: Source) -> str:
            value = source.number(*path)
            return notes.dash(source.why(*path)) if value is None else told(value)

        return cell

    def between(
        path: Sequence[str], low: Sequence[str], high: Sequence[str], told: Callable[[float], str]
    ) -> Callable[[Source], str]:
        def cell(source: Source) -> str:
            value = source.number(*path)
            if value is None:
                return notes.dash(source.why(*path))
            ends = [source.number(*low), source.number(*high)]
            if ends[0] is None or ends[1] is None:
                return told(value)
            first, last = told(ends[0]), told(ends[1])
            if first.endswith(" %") and last.endswith(" %"):
                first = first.removesuffix(" %")
            return f"{told(value)} ({first}–{last})"

        return cell

    def of_vocabulary(key: str, told: Callable[[float], str]) -> Callable[[Source], str]:
        first = ("vocabulary", "3")
        stem = key.removesuffix("_exponent")
        return between((*first, key), (*first, f"{stem}_low"), (*first, f"{stem}_high"), told)

    def of_higher(order: str) -> Callable[[Source], str]:
        first = ("higher_order", order)
        return between((*first, "heaps_exponent"), (*first, "low"), (*first, "high"), bits)

    def when_bored(notion: str) -> Callable[[Source], str]:
        path = ("levels_until_bored", notion)
        return lambda source: bored(source, source.get(*path) or {}, notion, notes)

    rate = "bits_per_active_column"
    lines = [
        line("levels", lambda source: f"{source.n_levels:,}"),
        line("columns or rows", lambda source: f"{source.n_lines:,} {source.line}s"),
        line("of which active", plain("n_active_columns", told=count)),
        line("distinct patterns of three", plain("vocabulary", "3", "distinct", told=count)),
        line("chance that the next is new", of_vocabulary("p_new", percent)),
        line("Heaps exponent", of_vocabulary("heaps_exponent", bits)),
        line("Heaps exponent of pairs of single lines", of_higher("pairs")),
        line("… of triples of single lines", of_higher("triples")),
        line("effective number, order 1", plain("hill", "3", "1", told=count)),
        line("effective number, order 2", plain("hill", "3", "2", told=count)),
        line("bits an active column, newcomer", plain(rate, "naive")),
        line("… on the way", plain(rate, "total")),
        line("… veteran", plain(rate, "veteran")),
        line("bits to learn in all", plain("learnable_bits", told=count)),
        line("levels until half is learned", plain("levels_to_half", told=count)),
        line("levels until 90 % is learned", plain("levels_to_90", told=count)),
        *(
            line(f"levels until bored, {notion}", when_bored(notion))
            for notion in notions_of(list(sources))
        ),
        line("levels with an average 8-line motif", plain("motif8_share", told=percent)),
        line("levels that are copies", plain("reuse", "n_copies", told=count)),
        line("perceptual spread", plain("perceptual_spread")),
    ]
    return Grid(head=("", *(_named(source) for source in sources)), rows=tuple(lines))


def _named(source: Source) -> str:
    return f"{source.name} (hand-made)" if source.yardstick else source.name
