"""Two lines over the days, broken where a day has no value."""

from desk.course import course


def day(date: str, lean: float | None, support: float | None, verdict: str = "MIXED") -> dict[str, object]:
    return {"day": date, "lean": lean, "support": support, "verdict": verdict}


def test_a_line_is_broken_where_a_day_has_no_value() -> None:
    drawn = course([day("2026-04-01", 1.0, 0.0), day("2026-04-02", -1.0, None), day("2026-04-05", 0.0, -1.0, "QUIET")])
    # 720 wide with 8 at each edge: day 0, 1 and 4 of 4; 160 high: +1 is 8, 0 is 80, -1 is 152
    assert drawn.press == ("8.0,8.0 184.0,152.0 712.0,80.0",)
    assert drawn.data == ("8.0,80.0", "712.0,152.0")
    assert drawn.spells == (("2026-04-05", "2026-04-05", "QUIET"), ("2026-04-01", "2026-04-02", "MIXED"))


def test_no_day_draws_nothing_and_one_day_a_dot() -> None:
    assert course([]).press == ()
    assert course([day("2026-04-01", 0.0, None)]).press == ("712.0,80.0",)
