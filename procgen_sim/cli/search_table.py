"""The answer of a search as plain text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from procgen_sim.cli.tables import columns

if TYPE_CHECKING:
    from procgen_sim.experiments.search import SearchRun

__all__ = ["search_table"]

_WIDTH: Final = 100


def search_table(found: SearchRun) -> str:
    """Finalists under the notion of interest that was searched for, and the answer in words."""
    from procgen_sim.experiments.search.wording import kept_words

    verdict = found.verdicts[found.interest]
    share = f"{100 * found.keep:g} % kept"
    head = (
        ("", "arm"),
        (share, "for levels (95 %)"),
        ("levels more than", "on-model (95 %)"),
        ("best of", "finalists"),
        ("levels", "broken"),
        ("", "off-model"),
    )
    rows = [("on-model", kept_words(verdict.on_model, found.n_levels), "", "", "0.0 %", "")]
    for each in verdict.finalists:
        more = f"{each.more.estimate:+.1f}"
        if each.more.low is not None and each.more.high is not None:
            more += f" ({each.more.low:+.1f} to {each.more.high:+.1f})"
        rows.append(
            (
                each.name,
                kept_words(each.kept, found.n_levels),
                more.replace("-", "−"),
                f"{100 * each.p_best:.0f} %",
                f"{100 * each.broke_share:.1f} %",
                f"{100 * each.off_model_share:.1f} %",
            )
        )
    n_arms = len(found.laps[0].ranking)
    laps = "1 lap" if len(found.laps) == 1 else f"{len(found.laps)} laps"
    lines = [
        f"{n_arms} ways of leaving the model on at most {100 * found.budget:g} % of levels, {laps}",
        f"judged by {found.n_players:,} other players × {found.n_levels:,} levels, interest: "
        f"{found.interest}",
        "",
        *columns(head, rows, least="on-model"),
    ]
    for text in (*(f"Beware: {caveat}" for caveat in found.caveats), *found.sentences):
        lines += ["", *textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)]
    lines += ["", f"Run:    {found.folder.as_posix()}"]
    return "\n".join(lines)
