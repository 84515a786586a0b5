"""Which conclusions hang on what is assumed about people.

Every main conclusion is drawn again with one assumption after the other far lower and far higher
than assumed. A filled square: it holds, told apart from chance. A hollow one: it cannot be told. A
cross: the opposite holds. *Robust* is what always holds, *fails* what never does; what *fades*
somewhere cannot be told, what *turns* is somewhere the opposite.
"""

from __future__ import annotations

from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Finding
from procgen_sim.report.style import INK, QUIET, new_figure, says_little
from procgen_sim.report.talk import script

MARKS = {"yes": ("s", INK, INK), "open": ("s", "white", QUIET), "no": ("X", "white", INK)}


def draw(finding: Finding) -> Figure:
    data = finding.data
    names = list(data["conclusions"])
    columns = ["assumed"]
    columns += [f"{each['name']} {end}" for each in data["assumptions"] for end in ("low", "high")]
    figure, panels = new_figure(2, narrow=False, width=14.0, height=5.6, per_row=2)
    for axes, (body, rows) in zip(panels, data["table"].items(), strict=True):
        for y, name in enumerate(names):
            for column, cell in rows[name].items():
                place = columns.index(column)
                x = 0.0 if place == 0 else 1.6 + (place - 1) // 2 * 1.5 + (place - 1) % 2 * 0.6
                marker, face, edge = MARKS[cell["said"]]
                axes.plot([x], [y], marker, mfc=face, mec=edge, ms=7, mew=1.2)
            verdict = data["verdicts"][body][name]
            weight = "bold" if verdict == "robust" else "normal"
            axes.text(
                1.01, y, verdict, transform=axes.get_yaxis_transform(), va="center", weight=weight
            )
        ticks = [0.0] + [1.9 + 1.5 * i for i in range(len(data["assumptions"]))]
        words = ["as assumed"] + [
            f"{each['words']}: {each['low']:g}, {each['high']:g}" for each in data["assumptions"]
        ]
        axes.set_xticks(ticks, words, rotation=35, ha="right")
        axes.set_yticks(range(len(names)), [data["conclusions"][name] for name in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_title(body)
        axes.tick_params(length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
    robust = [n for n in names if all(rows[n] == "robust" for rows in data["verdicts"].values())]
    figure.suptitle(
        f"{len(robust)} of {len(names)} conclusions stay true on dots and levels with any one "
        "assumption about people far lower or higher",
        x=0.01,
        ha="left",
        weight="bold",
        size=13,
    )
    says_little(panels[0], "■ holds   □ cannot be told   × the opposite; each pair: lower, higher")
    says_little(
        panels[1], "robust: always; fades: not always; turns: the opposite somewhere; fails: never"
    )
    return figure


if __name__ == "__main__":
    raise SystemExit(script("sensitivity", draw, __doc__))
