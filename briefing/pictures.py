"""The pictures of a briefing, as PNG for the mail and as SVG for the page: the same rows, the same bytes.

Mid tones on a transparent ground, so that they are legible on light paper and on dark.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from briefing.courses import CHECKS, COURSE, GAP, MOST, gap_check, label, main_checks
from briefing.figures import measured, unit
from briefing.model import Narrative, Picture, Row
from briefing.sparks import values
from briefing.words import MEANINGS
from core.contracts import Contract
from core.verdicts import Verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Contrast to white and to #1a1c1f: amber 3.6 and 4.7, blue 4.1 and 4.2, ink 4.0 and 4.3 (WCAG asks 3 of graphics).
AMBER, BLUE, INK, FAINT = "#bf6f1f", "#3d82b8", "#827c72", "#a8a298"
SIDES = {"for": AMBER, "against": BLUE, "neither": FAINT}
SCREEN = 96  # pixels an inch
SHARP = 2  # the PNG has twice the pixels, for screens that show two in one
SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that every machine has it
    "font.size": 8.5,  # points; 11 px in the mail, 7 px on a phone
    "axes.facecolor": "none",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "svg.fonttype": "path",  # a reader without the font sees the same
    "path.simplify": False,
}
_IDS = re.compile(r' id="([^"]+)"')
_USED = re.compile(r"(?:url\(#|href=\"#)([^)\"]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One picture. `png` is what the mail attaches, empty for one of the page alone; `svg` an element to place in a page."""

    png: bytes
    svg: str


def drawings(contract: Contract, narrative: Narrative, course: Sequence[Verdict]) -> dict[str, Drawing]:
    """Every picture that a narrative's part of a briefing names, by its name; those of the page alone as SVG only."""
    pens: dict[str, Callable[[Figure], None]] = {
        COURSE: lambda figure: _course(figure, course),
        CHECKS: lambda figure: _checks(figure, main_checks(narrative.board.measured), contract, course),
        GAP: lambda figure: _gap(figure, contract, course),
    }
    mailed = (*narrative.course, *narrative.gap)
    return {
        p.name: _drawn(p, pens[p.name.rpartition("-")[2]], sharp=p in mailed) for p in (*mailed, *narrative.multiples)
    }


def _drawn(picture: Picture, pen: Callable[[Figure], None], *, sharp: bool) -> Drawing:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the reader's own matplotlibrc says
        mpl.rcParams.update(SETTINGS | {"svg.hashsalt": picture.name})  # type: ignore[arg-type]  # its keys are a literal
        size = (int(picture.width) / SCREEN, int(picture.height) / SCREEN)
        figure = Figure(figsize=size)
        figure.patch.set_alpha(0)
        pen(figure)
        png, svg = io.BytesIO(), io.StringIO()
        if sharp:
            figure.savefig(png, format="png", dpi=SCREEN * SHARP, metadata={"Software": None})
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return Drawing(png=png.getvalue(), svg=_element(svg.getvalue(), picture.name))


def _element(text: str, name: str) -> str:
    """The SVG alone, its ids under its own name: several stand in one page. Those that nothing points at go."""
    svg = text[text.index("<svg") :].strip()
    used = set(_USED.findall(svg))
    svg = _IDS.sub(lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", svg)
    svg = _USED.sub(lambda m: m[0].replace(m[1], f"{name}-{m[1]}"), svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _course(figure: Figure, course: Sequence[Verdict]) -> None:
    press, data, said = figure.subplots(3, 1, sharex=True, height_ratios=(4, 4, 1))
    lean = [(v.pressure.lean, v.pressure.low, v.pressure.high) if v.pressure.articles else None for v in course]
    support = [
        (e.support, e.low, e.high) if e.support is not None and e.low is not None and e.high is not None else None
        for e in (v.evidence for v in course)
    ]
    _sided(press, lean, "Press: lean, 90 % interval")
    _sided(data, support, "Data: support, range")
    for axes in (press, data):
        axes.set_ylim(-1, 1)
        axes.set_yticks([-1, 0, 1], ["\u22121", "0", "+1"])
        axes.tick_params(axis="x", length=0)
    start = 0
    for kind, run in groupby(course, key=lambda v: v.kind):
        n = len(list(run))
        meaning = MEANINGS[kind]
        said.axvspan(start - 0.5, start + n - 0.5, color=SIDES[meaning.side], alpha=0.3, linewidth=0)
        if n * 1.0 / len(course) > len(meaning.short) * 0.0125:  # it fits into its band
            said.text(start + (n - 1) / 2, 0.5, meaning.short, ha="center", va="center", fontsize=8)
        start += n
    said.set_ylim(0, 1)
    said.set_yticks([])
    said.spines[["left", "bottom"]].set_visible(False)
    said.set_title("Verdict", loc="left", fontsize=8.5, pad=3)
    _days(said, course)
    figure.subplots_adjust(left=0.05, right=0.995, top=0.91, bottom=0.11, hspace=0.62)


def _sided(axes: Axes, bands: Sequence[tuple[float, float, float] | None], title: str) -> None:
    """A line with its interval, amber above 0 and blue below it."""
    import numpy as np

    middle, low, high = (_floats([band[i] if band else None for band in bands]) for i in range(3))
    x = list(range(len(bands)))
    axes.fill_between(x, low, high, color=FAINT, alpha=0.28, linewidth=0)
    zeros = [0.0] * len(x)
    for colour, ends in ((AMBER, np.maximum(middle, 0.0)), (BLUE, np.minimum(middle, 0.0))):
        axes.fill_between(
            x,
            zeros,
            ends,
            color=colour,
            alpha=0.55,
            linewidth=0,
        )
    axes.plot(x, middle, color=INK, linewidth=1.2, solid_capstyle="round")
    axes.axhline(0, color=FAINT, linewidth=0.7)
    axes.set_title(title, loc="left", fontsize=8.5, pad=3)
    if middle and not math.isnan(middle[-1]):
        axes.plot([x[-1]], [middle[-1]], marker="o", markersize=3.2, color=AMBER if middle[-1] > 0 else BLUE)
    axes.margins(x=0.012)


def _checks(figure: Figure, rows: Sequence[Row], contract: Contract, course: Sequence[Verdict]) -> None:
    columns = MOST // 2
    lines = -(-len(rows) // columns)
    past = values([v.evidence for v in course])
    bars = {r.check: r.threshold for r in course[-1].evidence.readings if not r.concede}
    for number, row in enumerate(rows):
        axes = figure.add_subplot(lines, columns, number + 1)
        known = _floats(past[(False, row.check)])
        x = list(range(len(known)))
        axes.plot(x, known, color=SIDES.get(row.standing, INK), linewidth=1.3, solid_capstyle="round")
        axes.plot([x[-1]], [known[-1]], marker="o", markersize=3, color=SIDES.get(row.standing, INK))
        bar = bars.get(row.check)
        if bar is not None:
            axes.axhline(bar, color=INK, linewidth=0.7, linestyle=(0, (3, 2)))
        axes.set_title(f"{_short(label(row.check))}", loc="left", fontsize=8.5, pad=10)
        axes.text(
            0, 1.03, f"{measured(row.value)} {unit(row.unit)}".strip()[:26], transform=axes.transAxes, fontsize=7.5
        )
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.margins(x=0.04, y=0.12)
    figure.subplots_adjust(left=0.01, right=0.99, top=1 - 0.27 / lines, bottom=0.04 / lines, wspace=0.14, hspace=0.5)


def _gap(figure: Figure, contract: Contract, course: Sequence[Verdict]) -> None:
    check = gap_check(contract)
    past = values([v.evidence for v in course])[(False, check.id)] if check else []
    axes = figure.add_subplot()
    known = _floats(past)
    x = list(range(len(known)))
    axes.fill_between(x, [0.0] * len(x), known, color=BLUE if (known[-1] > 0) else AMBER, alpha=0.4, linewidth=0)
    axes.plot(x, known, color=INK, linewidth=1.3)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.set_title(
        "Points by which rivals' spot discounts exceed their Nvidia partners'", loc="left", fontsize=8.5, pad=4
    )
    axes.margins(x=0.012)
    _days(axes, course)
    figure.subplots_adjust(left=0.06, right=0.995, top=0.84, bottom=0.2)


def _days(axes: Axes, course: Sequence[Verdict]) -> None:
    """About four dates below an axis, the last morning's among them."""
    last = len(course) - 1
    picked = sorted({round(last * k / 3) for k in range(4)})
    axes.set_xticks(picked, [f"{course[i].as_of.day} {course[i].as_of:%b}" for i in picked])
    for text, place in zip(axes.get_xticklabels(), _places(len(picked)), strict=True):
        text.set_horizontalalignment(place)


def _places(n: int) -> Iterator[Literal["left", "center", "right"]]:
    for k in range(n):
        yield "left" if k == 0 and n > 1 else "right" if k == n - 1 and n > 1 else "center"


def _floats(past: Sequence[float | None]) -> list[float]:
    return [float("nan") if v is None else v for v in past]


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}\u2026"
