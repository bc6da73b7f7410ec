"""A backtest is the live code on an earlier morning: it repeats, it does not see the future, and it counts itself."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.clock import stamp
from core.contracts import Contract
from core.series import Observation
from core.verdicts import VerdictKind
from counterwire.backtest import backtested
from counterwire.backtest_report import report, stretches, told
from counterwire.cli import run
from counterwire.house import House, open_house
from counterwire.stages.judge import Court
from signals.calls import onset
from signals.event_study import Study
from store import series
from store.database import writing
from tests.store.making import make_article, make_tag, make_verdict, press

DAYS = 30
TURN = 10  # until then the press reports; from then on it promotes
CHECK = """
  - id: {family}
    asks: Does {family} agree?
    measure: {{kind: level, a: data.{family}}}
    unit: points
    family: {family}
    if_true: above
    threshold: 0
    scale: 1
    max_age: 9d
    because: It is made up.
"""


def contract_text() -> str:
    """A made-up narrative: five witnesses of one figure each, and a price that a call forecasts."""
    sentences = "".join(
        f"  {kind}: [{', '.join(f'{kind} sentence {k}' for k in range(5))}]\n"
        for kind in ("promotes", "disputes", "reports", "unrelated")
    )
    checks = "".join(CHECK.format(family=f"witness_{k}") for k in range(5))
    return (
        "id: made_up\ntitle: Made up\nproposition: Looms replace weavers.\ncounter: They do not.\nsteelman: They may.\n"
        "scope: Looms.\nabout: {terms: [loom]}\nclaims: []\nexamples:\n"
        + sentences
        + "checks:"
        + checks
        + "outcome: {measure: {kind: level, a: price.looms}, direction: down, horizon: 5d}\n"
    )


def at(day: int, hour: int = 7) -> datetime:
    return datetime.fromisoformat("2026-03-02T00:00:00+00:00") + timedelta(days=day, hours=hour)


def daily(name: str, values: dict[int, float]) -> list[Observation]:
    return [Observation(series=name, time=at(d, 0), value=v, first_seen=at(d, 1)) for d, v in values.items()]


def keep(house: House, name: str, values: dict[int, float], *, seen: datetime) -> None:
    with writing(house.db):
        series.save(house.db, daily(name, values), seen=seen, units={name: "points"}, sources={name: "test"})


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight outlets, each with a story a day that carries and more that do not, and figures that say no."""
    folder = tmp_path_factory.mktemp("furnished")
    (folder / "narratives").mkdir()
    (folder / "narratives" / "made_up.yaml").write_text(contract_text(), "utf-8")
    (folder / "config.yaml").write_text(
        "database: counterwire.db\nschedule: {zone: UTC, briefing: '07:00'}\nfetch: {contact: test@example.com}\n"
        "delivery: {sender: Counterwire <desk@example.com>}\nfeeds: []\n",
        "utf-8",
    )
    with open_house(folder / "config.yaml") as house:
        for day in range(-64, DAYS):
            for outlet in range(8):
                for k in range(3 if day % 3 else 1):
                    told: dict[str, Any] = {"source": f"O{outlet}", "owner": f"O{outlet}", "first_seen": at(day, 5)}
                    stance = "promotes" if day >= TURN else "reports"
                    tag = make_tag("made_up", carries=k == 0, claims=(), **({"stance": stance} if k == 0 else {}))
                    press(house.db, make_article(f"{day}.{outlet}.{k}", published=at(day, 4), **told), tag)
        for k in range(5):
            keep(house, f"data.witness_{k}", dict.fromkeys(range(-64, DAYS), -0.8), seen=at(DAYS))
        keep(house, "price.looms", {d: 100.0 - d for d in range(-64, DAYS)}, seen=at(DAYS))
        house.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return folder


@pytest.fixture
def config(furnished: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed at will."""
    shutil.copytree(furnished, tmp_path / "house")
    return tmp_path / "house" / "config.yaml"


def backtest(config: Path, *more: str, last: str = "2026-03-29") -> int:
    span = ["--from", "2026-03-04", "--to", last]
    return run(["backtest", *span, "-c", str(config), "--now", stamp(at(DAYS)), *more])


def figures(config: Path, capsys: pytest.CaptureFixture[str], **more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert backtest(config, "--json", **more) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)["made_up"]
    return found


def contract_of(house: House) -> Contract:
    return house.contracts[0]


def test_every_morning_is_what_the_live_code_says_of_it_alone(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    got = figures(config, capsys)
    with open_house(config) as house:
        assert [m["as_of"] for m in got["mornings"]] == [stamp(at(d)) for d in range(2, 28)]
        for morning in got["mornings"]:
            alone = Court(house).verdict(contract_of(house), as_of=datetime.fromisoformat(morning["as_of"]))
            assert (morning["verdict"], morning["reason"]) == (alone.kind.value, alone.reason)
            assert morning["lean"] == [alone.pressure.low, alone.pressure.lean, alone.pressure.high]
            assert morning["support"] == [alone.evidence.low, alone.evidence.support, alone.evidence.high]


def test_the_turned_press_is_ahead_and_its_call_is_resolved(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The price falls by one a day, as PRESS_AHEAD forecasts for this contract: down, each call due five days later."""
    got = figures(config, capsys)
    kinds = [VerdictKind(m["verdict"]) for m in got["mornings"]]
    ahead = kinds.index(VerdictKind.PRESS_AHEAD)
    assert TURN - 2 + 4 <= ahead <= TURN - 2 + 11  # five mornings, and a week until the last report has left the window
    begun = [i for i in range(1, len(kinds)) if onset(kinds[i - 1], kinds[i])]
    assert [c["opened"] for c in got["calls"]] == [got["mornings"][begun[0]]["as_of"]]
    (call,) = got["calls"]
    assert (call["direction"], call["came_true"], call["void"]) == ("down", True, "")
    assert call["brier"] == pytest.approx((1 - call["probability"]) ** 2)
    assert got["mornings"][0]["outcome_one_horizon_later"] == -5.0
    assert got["mornings"][-1]["outcome_one_horizon_later"] is None  # it would be known after now


def test_a_verdict_that_begins_on_the_first_morning_opens_a_call(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (call,) = figures(config, capsys)["calls"]
    day = call["opened"][:10]
    arguments = ["backtest", "--from", day, "--to", "2026-03-29", "-c", str(config), "--now", stamp(at(DAYS)), "--json"]
    assert run(arguments) == 0
    (same,) = json.loads(capsys.readouterr().out)["made_up"]["calls"]
    assert same == call


def test_absurd_rows_of_the_future_change_no_morning(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = figures(config, capsys)
    with open_house(config) as house:
        for k in range(5):
            keep(house, f"data.witness_{k}", {28: 1e9, 29: 1e9}, seen=at(DAYS))
        for k in range(50):
            tag = make_tag("made_up", claims=(), stance="disputes")
            press(house.db, make_article(f"late{k}", owner=f"L{k}", first_seen=at(27, 8)), tag)
        assert figures(config, capsys)["mornings"] == before["mornings"]


def test_the_report_repeats_to_the_byte_and_claims_nothing(config: Path, tmp_path: Path) -> None:
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for page in pages:
        assert backtest(config, "--out", str(page)) == 0
    one, two = (page.read_bytes() for page in pages)
    assert one == two
    text = one.decode()
    assert text.count("<svg") == 1
    assert "It is no trading record" in text
    assert "Made up: 1." in text
    for word in ("profit", "alpha", "outperform"):
        assert word not in text.lower()


def test_a_study_is_drawn_with_its_interval_and_summed_up_at_the_top(config: Path) -> None:
    with open_house(config) as house:
        (one,) = backtested(house, house.contracts, [at(d) for d in range(2, 6)], now=at(DAYS), track=lambda days: days)
        figures = {"after": -2.0, "usual": 1.5, "low": -6.0, "high": -1.0, "p": 0.01, "corrected": 0.03}
        made = Study(kind=VerdictKind.PRESS_BEHIND, onsets=6, days=900, horizons=10, **figures)  # type: ignore[arg-type]
        page = report(house, [replace(one, studies=(made,))])
        assert page.count("<svg") == 2
        assert "More than chance followed on Press behind the data." in page
        doubtful = report(house, [replace(one, studies=(replace(made, corrected=0.3),))])
        assert "Chance is explanation enough for what followed." in doubtful
        assert "More than chance" not in doubtful


def test_it_counts_what_was_tried_and_the_same_only_once(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [figures(config, capsys, last=last)["configurations_tried"] for last in ("2026-03-29", "2026-03-29")] == [
        1,
        1,
    ]
    assert figures(config, capsys, last="2026-03-28")["configurations_tried"] == 2


def test_too_short_a_span_is_shown_and_not_studied(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    got = figures(config, capsys)
    assert got["limit"] == ""  # nothing of it is imported
    assert got["studies"]
    for one in got["studies"]:
        assert "horizons of 5 days that do not overlap, 10 needed" in one["limit"]
        assert (one["p"], one["corrected"]) == (None, None)


def test_imported_press_is_not_studied(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_house(config) as house:
        with writing(house.db):
            house.db.execute("UPDATE articles SET imported = 1")
        got = figures(config, capsys)
        assert "articles were imported" in got["limit"]
        assert got["imported_articles"] == got["articles"] > 0
        assert {s["p"] for s in got["studies"]} <= {None}


def test_imported_figures_are_not_studied(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert figures(config, capsys)["imported_weight"] == 0
    with open_house(config) as house:
        with writing(house.db):
            house.db.execute("UPDATE observations SET imported = 1 WHERE series <> 'data.witness_0'")
        got = figures(config, capsys)
        assert got["imported_weight"] == pytest.approx(0.8)  # four of five witnesses of one weight
        assert "80% of the weight of all readings rests on imported values" in got["limit"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(
            ["--from", "2026-03-09", "--to", "2026-03-08"], "lies after", id="a span that ends before it begins"
        ),
        pytest.param(["--from", "2026-03-09", "--to", "2026-12-24"], "has not come yet", id="the future"),
        pytest.param(["--from", "yesterday", "--to", "2026-03-09"], "is not a date", id="no date"),
        pytest.param(["--from", "2024-03-01", "--to", "2024-03-09"], "nothing to backtest", id="no press"),
        pytest.param(
            ["--from", "2026-03-05", "--to", "2026-03-09", "--narrative", "x"], "there is no narrative x", id="?"
        ),
    ],
)
def test_what_cannot_be_backtested_is_refused_with_the_reason(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert run(["backtest", *arguments, "-c", str(config), "--now", stamp(at(DAYS))]) == 4
    assert reason in capsys.readouterr().err
    with open_house(config) as house:
        assert house.db.execute("SELECT count(*) FROM backtests").fetchone()[0] == 0


def test_the_path_has_a_line_for_each_change() -> None:
    given = [make_verdict(at(d), kind=kind) for d, kind in enumerate(("MIXED", "MIXED", "QUIET", "MIXED"))]
    got = [(s.first, s.last, s.mornings, s.verdict) for s in stretches(given)]
    assert got == [
        ("2026-03-02", "2026-03-03", 2, "Mixed"),
        ("2026-03-04", "2026-03-04", 1, "Quiet"),
        ("2026-03-05", "2026-03-05", 1, "Mixed"),
    ]


@pytest.mark.parametrize(("corrected", "judged"), [(0.04, "More than chance explains"), (0.2, "Chance is explanation")])
def test_a_study_is_told_with_its_interval_and_its_judgement(corrected: float, judged: str) -> None:
    one = Study(
        kind=VerdictKind.PRESS_AHEAD,
        onsets=6,
        days=900,
        horizons=10,
        after=-2.0,
        usual=1.5,
        low=-6.0,
        high=-1.0,
        p=0.01,
        corrected=corrected,
    )
    said = told(one, 90)
    assert "began 6 times" in said
    assert "-3.50 apart (90 % interval -6.00 to -1.00; p 0.010" in said
    assert judged in said
