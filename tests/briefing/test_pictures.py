"""The pictures: the same mornings give the same bytes, and their words say what is seen."""

import re
import struct
from dataclasses import replace
from types import SimpleNamespace

import pytest

from briefing.courses import HEIGHTS, WIDTH
from briefing.model import Briefing
from briefing.pictures import SHARP, Drawing, drawings
from core.contracts import Check, Measure

NB = "\u00a0"
M = "\u2212"


def drawn(make: SimpleNamespace, made: Briefing, given: dict[str, object]) -> dict[str, Drawing]:
    courses = given["courses"]
    assert isinstance(courses, dict)
    return {
        name: drawing
        for part in made.narratives
        for name, drawing in drawings(make.contract(part.id), part, courses[part.id]).items()
    }


@pytest.fixture(scope="module")
def lived(make: SimpleNamespace) -> SimpleNamespace:
    given = make.lived()
    made = make.composed(**given)
    return SimpleNamespace(given=given, made=made, drawn=drawn(make, made, given))


def test_every_picture_that_is_named_is_drawn(lived: SimpleNamespace) -> None:
    named = {p.name for n in lived.made.narratives for p in (*n.course, *n.gap, *n.multiples)}
    assert set(lived.drawn) == named
    assert "nvidia_killer-course" in named


def test_the_same_mornings_give_the_same_bytes(make: SimpleNamespace, lived: SimpleNamespace) -> None:
    again = drawn(make, make.composed(**make.lived()), make.lived())
    assert again == lived.drawn


def test_another_morning_gives_other_bytes(make: SimpleNamespace, lived: SimpleNamespace) -> None:
    course = lived.given["courses"]["nvidia_killer"]
    last = course[-1].mornings[-1]
    turned = replace(course[-1], mornings=(replace(last, pressure=replace(last.pressure, lean=-0.44)),))
    given = lived.given | {"courses": lived.given["courses"] | {"nvidia_killer": (*course[:-1], turned)}}
    again = drawn(make, make.composed(**given), given)
    assert again["nvidia_killer-course"].png != lived.drawn["nvidia_killer-course"].png
    assert again["nvidia_killer-course"].svg != lived.drawn["nvidia_killer-course"].svg


def test_a_png_is_sharp_and_carries_no_date(lived: SimpleNamespace) -> None:
    png = lived.drawn["nvidia_killer-course"].png
    assert struct.unpack(">II", png[16:24]) == (WIDTH * SHARP, HEIGHTS["course"] * SHARP)
    assert not re.search(rb"tIME|tEXt|20\d\d-", png)


def test_several_drawings_can_stand_in_one_page(lived: SimpleNamespace) -> None:
    """An id that stands twice would let one drawing cut another to its own shape."""
    ids = [i for d in lived.drawn.values() for i in set(re.findall(r' id="([^"]+)"', d.svg))]
    assert len(ids) == len(set(ids))
    for one in lived.drawn.values():
        used = set(re.findall(r"url\(#([^)]+)\)|href=\"#([^\"]+)", one.svg))
        assert {a or b for a, b in used} <= set(re.findall(r' id="([^"]+)"', one.svg))
        assert one.svg.startswith("<svg ")
        assert not re.search(r"<script|https?://(?!www\.w3\.org)|<!DOCTYPE", one.svg)


def test_the_words_say_what_is_seen(lived: SimpleNamespace) -> None:
    """Lean goes from -0.20 to +0.44 by the fixture's formula; support is unknown on its first ten mornings."""
    (course,) = lived.made.narratives[0].course
    told = course.alt.replace(NB, " ")
    assert told.startswith("90 mornings to 24 Apr 2026. Press lean from ")
    assert f"Press lean from {M}0.20 to +0.44" in told
    assert "unknown on 10 mornings" in told
    assert "“not enough evidence” on 21 mornings, then “mixed” on 40 mornings" in told


def test_no_course_no_picture(make: SimpleNamespace) -> None:
    part = make.composed().narratives[0]
    assert (part.course, part.gap, part.multiples) == ((), (), ())
    assert {r.spark.drawn for r in part.board.measured} == {""}


def test_the_matched_spot_discount_gap_is_drawn_where_a_contract_compares_it(make: SimpleNamespace) -> None:
    contract = make.contract("nvidia_killer")
    pair = Measure(kind="paired_difference", of="spot_discount", a="rival", b="nvidia")
    checks: tuple[Check, ...] = tuple(
        c.model_copy(update={"measure": pair}) if c.id == "idle_rivals" else c for c in contract.checks
    )
    paired = contract.model_copy(update={"checks": checks})
    given = make.lived(make.verdicts()[:1])
    made = make.composed(**given, contracts=[paired])
    (gap,) = made.narratives[0].gap
    assert "Above 0 the rivals' capacity is the idler." in gap.alt
    found = drawings(paired, made.narratives[0], given["courses"]["nvidia_killer"])
    assert found["nvidia_killer-gap"].png[1:4] == b"PNG"
