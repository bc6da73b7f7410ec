"""One narrative's mornings drawn: what the press said, what the data said, and the verdict between them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from core.verdicts import Verdict, VerdictKind

# Colour-blind safe (Okabe and Ito); each verdict has a line of its own too, so that no colour is needed to read it.
COLOURS = {
    VerdictKind.PRESS_AHEAD: "#D55E00",
    VerdictKind.PRESS_BACKED: "#0072B2",
    VerdictKind.PRESS_BEHIND: "#CC79A7",
    VerdictKind.PRESS_RIGHTLY_DOUBTS: "#009E73",
    VerdictKind.MIXED: "#8C8C8C",
    VerdictKind.QUIET: "#BFBFBF",
    VerdictKind.INSUFFICIENT_EVIDENCE: "#DDDDDD",
}


def drawing(verdicts: Sequence[Verdict], labels: dict[VerdictKind, str]) -> str:
    """An SVG element of three panels over the same days; the same verdicts give the same text."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    days = [v.as_of.date() for v in verdicts]
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the reader's own matplotlibrc says
        # No random ids, text as text; and no date below: the same mornings give the same bytes.
        mpl.rcParams.update({"svg.hashsalt": "counterwire", "svg.fonttype": "none", "font.size": 9})
        figure = Figure(figsize=(8.4, 5.4), layout="constrained")
        press, data, said = figure.subplots(3, 1, sharex=True, height_ratios=(2, 2, 1.6))
        for axes, title, bands in (
            (
                press,
                "Press: lean, 90 % interval",
                [(v.pressure.lean, v.pressure.low, v.pressure.high) for v in verdicts],
            ),
            (data, "Data: support, range", [(v.evidence.support, v.evidence.low, v.evidence.high) for v in verdicts]),
        ):
            middle, low, high = ([float("nan") if x is None else x for x in side] for side in zip(*bands, strict=True))
            axes.fill_between(days, low, high, color="#0072B2", alpha=0.2, linewidth=0)
            axes.plot(days, middle, color="#0072B2", linewidth=1.2, marker="." if len(days) < 8 else "")
            axes.axhline(0, color="#555555", linewidth=0.8)
            axes.set_ylim(-1.05, 1.05)
            axes.set_title(title, loc="left", fontsize=9)
        for row, kind in enumerate(labels):
            there = [day for day, v in zip(days, verdicts, strict=True) if v.kind is kind]
            said.scatter(there, [row] * len(there), marker="s", s=14, color=COLOURS[kind])
        said.set_yticks(range(len(labels)), list(labels.values()))
        said.set_ylim(len(labels) - 0.5, -0.5)
        said.set_title("Verdict", loc="left", fontsize=9)
        figure.autofmt_xdate()
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()[out.getvalue().index("<svg") :]
