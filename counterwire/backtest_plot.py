"""One narrative's mornings drawn: press, data, verdict, and what the outcome did next; and the studies' intervals."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from core.calls import Record
from core.verdicts import Verdict, VerdictKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colour-blind safe (Okabe and Ito); each verdict has a line of its own too, so that no colour is needed to read it.
COLOURS = {
    VerdictKind.PRESS_AHEAD: "#D55E00",
    VerdictKind.PRESS_BACKED: "#0072B2",
    VerdictKind.PRESS_BEHIND: "#CC79A7",
    VerdictKind.PRESS_RIGHTLY_DOUBTS: "#009E73",
    VerdictKind.MIXED: "#5F5F5F",
    VerdictKind.QUIET: "#8C8C8C",
    VerdictKind.INSUFFICIENT_EVIDENCE: "#B5B5B5",
}
INK, LINE = "#1d1d1f", "#0072B2"
EPOCH = date(1970, 1, 1).toordinal()  # from which matplotlib counts days
WIDTH = 8.4  # inches, as wide as the page's text

Band = tuple[float | None, float | None, float | None]


def drawing(
    verdicts: Sequence[Verdict],
    labels: Mapping[VerdictKind, str],
    *,
    moved: Sequence[float | None],
    calls: Sequence[Record],
    outcome: str,
) -> str:
    """An SVG element of four panels over the same days; the same arguments give the same text.

    `moved` is by how much the outcome (its name in words) had moved one horizon after each morning.
    """
    from matplotlib import dates

    days = [_day(v) for v in verdicts]
    with _figure(height=7.2) as (figure, out):
        press, data, said, after = figure.subplots(4, 1, sharex=True, height_ratios=(2, 2, 1.7, 1.7))
        leans: list[Band] = [
            (v.pressure.lean, v.pressure.low, v.pressure.high) if v.pressure.articles else (None, None, None)
            for v in verdicts
        ]
        supports: list[Band] = [(v.evidence.support, v.evidence.low, v.evidence.high) for v in verdicts]
        for axes, title, bands in (
            (press, "Press: lean and its 90 % interval", leans),
            (data, "Data: support and its range", supports),
        ):
            middle, low, high = ([_gap(x) for x in side] for side in zip(*bands, strict=True))
            axes.fill_between(days, low, high, color=LINE, alpha=0.2, linewidth=0)
            axes.plot(days, middle, color=LINE, linewidth=1.4, marker="." if len(days) < 8 else "")
            axes.set_ylim(-1.05, 1.05)
            _titled(axes, title)
        for row, kind in enumerate(labels):
            there = [(day - 0.5, 1.0) for day, v in zip(days, verdicts, strict=True) if v.kind is kind]
            said.broken_barh(there, (row - 0.35, 0.7), color=COLOURS[kind], linewidth=0)
        said.set_yticks(range(len(labels)), list(labels.values()))
        said.set_ylim(len(labels) - 0.5, -0.5)
        _titled(said, "Verdict", zero=False)
        _outcome(after, dict(zip(days, moved, strict=True)), calls)
        _titled(after, f"What followed: {outcome}", zero=any(x is not None for x in moved))
        ticks = dates.AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call] # of matplotlib
        after.xaxis.set_major_locator(ticks)
        after.xaxis.set_major_formatter(dates.ConciseDateFormatter(ticks))  # type: ignore[no-untyped-call] # as above
        after.set_xlim(days[0] - 0.5, days[-1] + 0.5)
    return out[0]


def intervals(rows: Sequence[tuple[str, float, float, float]], *, unit: str) -> str:
    """An SVG element: for each verdict (label, difference, low, high) a dot and its interval beside 0."""
    with _figure(height=0.9 + 0.32 * len(rows)) as (figure, out):
        axes = figure.subplots()
        for row, (_, apart, low, high) in enumerate(rows):
            axes.plot([low, high], [row, row], color=LINE, linewidth=2)
            axes.plot([apart], [row], color=INK, marker="o", markersize=5)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(rows)), [label for label, *_ in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        _titled(axes, f"After the verdict less after any morning: {unit}, with the 90 % interval", zero=False)
    return out[0]


def _outcome(axes: Axes, moved: Mapping[float, float | None], calls: Sequence[Record]) -> None:
    values = [_gap(x) for x in moved.values()]
    axes.plot(list(moved), values, color=LINE, linewidth=1.4, marker="." if len(moved) < 8 else "")
    for record in calls:
        day, end = float(record.call.opened.toordinal() - EPOCH), record.resolution
        value = moved.get(day)
        if value is not None:
            true = bool(end and end.came_true)
            axes.plot(
                [day],
                [value],
                marker="^" if record.call.direction == "up" else "v",
                markersize=8,
                color=INK,
                markerfacecolor=INK if true else "none",
            )
    if all(x is None for x in moved.values()):
        axes.text(0.5, 0.5, "not known yet", transform=axes.transAxes, ha="center", va="center", color="#6b675f")
        axes.set_yticks([])


@contextmanager
def _figure(*, height: float) -> Iterator[tuple[Figure, list[str]]]:
    """A figure to draw on, and a list in which its SVG stands afterwards."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    out: list[str] = []
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the reader's own matplotlibrc says
        # No random ids, text as text; and no date below: the same mornings give the same bytes.
        mpl.rcParams.update({"svg.hashsalt": "counterwire", "svg.fonttype": "none", "font.size": 9})
        mpl.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#8C8C8C"})
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, out
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    out.append(file.getvalue()[file.getvalue().index("<svg") :])


def _titled(axes: Axes, title: str, *, zero: bool = True) -> None:
    if zero:
        axes.axhline(0, color="#555555", linewidth=0.8)
    axes.set_title(title, loc="left", fontsize=9)


def _day(verdict: Verdict) -> float:
    """A morning's day as matplotlib counts them."""
    return float(verdict.as_of.toordinal() - EPOCH)


def _gap(value: float | None) -> float:
    return float("nan") if value is None else value
