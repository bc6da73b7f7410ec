"""Bars are drawn with cells that always add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.bars import bar
from briefing.model import Bar

scale = st.floats(-1, 1)


def drawn(value: float | None, low: float | None, high: float | None) -> Bar:
    return bar("Press lean", value, low, high, means="90 % interval", unknown="UNKNOWN(no press)", refs=())


@given(scale, scale, scale)
def test_cells_fill_the_bar_exactly(value: float, a: float, b: float) -> None:
    made = drawn(value, min(a, b), max(a, b))
    assert sum(float(c.width) for c in made.cells) == pytest.approx(100)
    assert len(made.drawn) == 41
    assert made.drawn.count("#") == 1


def test_a_value_stands_where_it_belongs() -> None:
    """+0.5 is three quarters of the way: 73 to 75 % of the bar lie before the middle of its mark."""
    made = drawn(0.5, 0.2, 0.8)
    before = 0.0
    for cell in made.cells:
        if cell.kind == "mark-for":
            break
        before += float(cell.width)
    assert before == pytest.approx(74)
    assert made.drawn.index("#") == 30
    assert (made.drawn.index("="), made.drawn.rindex("=")) == (24, 36)


def test_the_sides_mirror_each_other() -> None:
    left, right = drawn(-0.3, -0.6, 0.1), drawn(0.3, -0.1, 0.6)
    assert left.drawn == right.drawn[::-1]
    swapped = {"for": "against", "against": "for"}
    mirrored = [(c.width, "-".join(swapped.get(p, p) for p in c.kind.split("-"))) for c in reversed(right.cells)]
    assert [(c.width, c.kind) for c in left.cells] == mirrored


def test_what_is_unknown_has_no_mark() -> None:
    made = drawn(None, None, None)
    assert {c.kind for c in made.cells} == {"track", "zero"}
    assert "#" not in made.drawn
    assert made.said.startswith("Press lean UNKNOWN(no press)")


def test_what_is_off_the_scale_stays_on_the_bar() -> None:
    assert drawn(1.7, 0.5, 2.0).drawn.endswith("#")
