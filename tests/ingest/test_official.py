"""The collectors of filings, exchanges and offices: answers in the documented formats, and the replayed world.

What the replay does not serve (year-to-date facts, restatements, years that end in May, June or
January, ALFRED's vintages, corporate actions, Cboe's script) is proven on the files of
tests/data/fixtures, which have the documented form and invented numbers, and say so.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigError, FetchError, FormatError
from core.series import Collected, Observation
from core.settings import FetchSettings, SourceSettings, load
from ingest.client import Client
from ingest.collectors import cboe, fred_api, sec, stooq, tsmc, yahoo
from ingest.collectors.collector import Collector, Found, NotReadyError, OptionError, Request, Visit
from ingest.series import collect, secrets_of
from ingest.standins import reconcile
from ingest.web import Answer

NOW = datetime(2026, 8, 20, 11, tzinfo=UTC)
COMPANY = "https://sec.example.com/api/xbrl/companyconcept"


@dataclass
class FakeWeb:
    """The outside: what each address answers, an error included, and what was asked of it."""

    pages: Mapping[str, bytes | FetchError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        self.asked.append(url)
        page = self.pages.get(url, FetchError("http 404", url=url, status=404))
        if isinstance(page, FetchError):
            raise page
        return Answer(url=url, status=200, headers={}, body=page)


def source(collector: str, series: dict[str, Any], *, url: str = COMPANY, **more: Any) -> SourceSettings:
    whole = {"id": collector, "collector": collector, "url": url, "every": "1d", "terms": "https://x.example.com/"}
    return SourceSettings.model_validate(
        {**whole, **more, "series": {k: {"unit": "USD", **v} for k, v in series.items()}}
    )


def visit(web: FakeWeb, settings: SourceSettings, *, now: datetime = NOW, **more: Any) -> Collected:
    return asyncio.run(collect(web, settings, now=now, **more))


def read(collector: Collector, settings: SourceSettings, body: str | bytes, *, now: datetime = NOW) -> Found:
    collector.check(settings)
    asked = Visit(source=settings, now=now)
    return collector.read(asked, collector.requests(asked)[0], body.encode() if isinstance(body, str) else body)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def filings(root: Path) -> dict[str, bytes]:
    """Answers by address, as EDGAR would give them."""
    held = json.loads((root / "tests/data/fixtures/sec_format.json").read_text("utf-8"))
    assert "FORMAT FIXTURE" in held.pop("_note")
    return {f"{COMPANY}/{path}.json": json.dumps(answer).encode() for path, answer in held.items()}


# SEC

PPE = "PaymentsToAcquirePropertyPlantAndEquipment"
PRODUCTIVE = "PaymentsToAcquireProductiveAssets"


def company(cik: str, *tags: str) -> SourceSettings:
    return source("sec", {"a.b": {"key": cik, "options": {"tags": list(tags)}}})


def vintages(collected: Collected) -> list[tuple[str, float, str]]:
    return [(f"{o.time:%Y-%m-%d}", o.value, f"{o.first_seen:%Y-%m-%d}") for o in collected.values]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param(
            company("1341439", PPE),
            [
                ("2024-08-31", 10, "2024-09-11"),
                ("2024-08-31", 12, "2025-09-10"),
                ("2024-11-30", 15, "2024-12-11"),  # 25 - 10; and 27 - 12 a year later, which is 15 still
                ("2025-02-28", 20, "2025-03-12"),  # 45 - 25
                ("2025-02-28", 23, "2026-03-11"),  # 50 - 27
                ("2025-05-31", 35, "2025-06-19"),  # 80 - 45
                ("2025-05-31", 30, "2026-06-19"),  # 80 - 50
            ],
            id="year to date with restatements, the year ending in May",
        ),
        pytest.param(
            company("789019", PPE),
            [
                ("2024-09-30", 14, "2024-10-31"),
                ("2024-12-31", 15, "2025-01-30"),  # told; a difference of 31 - 14 later does not count against it
                ("2025-03-31", 16, "2025-05-01"),
                ("2025-06-30", 18, "2025-07-31"),  # 63 - 45
            ],
            id="three quarters told as they are and one as a difference, the year ending in June",
        ),
        pytest.param(
            company("1045810", "Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax"),
            [
                ("2021-01-31", 5, "2021-02-27"),  # 17 - 12, over the 98 days of a quarter of 14 weeks
                ("2024-04-28", 26, "2024-05-30"),
                ("2024-07-28", 30, "2024-08-29"),
                ("2024-10-27", 35, "2024-11-21"),
                ("2025-01-26", 39, "2025-02-27"),  # 130 - 91
            ],
            id="weeks instead of months, the year ending in January, one of its tags never used",
        ),
        pytest.param(
            company("1018724", PRODUCTIVE, PPE),
            [("2016-03-31", 3, "2016-04-30"), ("2017-03-31", 4, "2017-04-28"), ("2017-03-31", 5, "2017-04-29")],
            id="a tag that was changed: the better one counts from its filing on, the other before",
        ),
    ],
)
def test_quarters_are_made_of_filings(
    filings: dict[str, bytes], settings: SourceSettings, expected: list[tuple[str, float, str]]
) -> None:
    collected = visit(FakeWeb(filings), settings, imported=True)
    assert vintages(collected) == expected
    assert collected.faults == ()
    assert all(o.imported for o in collected.values)


def test_a_restated_beginning_alone_changes_no_later_quarter(filings: dict[str, bytes]) -> None:
    """On 1 October 2025 the first quarter is restated by 2, and the half year not yet: the second stays 15."""
    collected = visit(FakeWeb(filings), company("1341439", PPE), imported=True)
    known = {o.time: o.value for o in collected.values if o.first_seen <= day("2025-10-01")}
    assert list(known.values()) == [12, 15, 20, 35]


def test_on_a_live_visit_only_the_latest_vintage_is_seen_and_now(filings: dict[str, bytes]) -> None:
    collected = visit(FakeWeb(filings), company("1341439", PPE))
    assert [(o.value, o.first_seen) for o in collected.values] == [(12, NOW), (15, NOW), (23, NOW), (30, NOW)]


def test_a_company_is_asked_for_every_tag_by_its_padded_number() -> None:
    requests = sec.requests(Visit(source=company("1018724", PRODUCTIVE, PPE), now=NOW))
    assert [r.url for r in requests] == [f"{COMPANY}/CIK0001018724/us-gaap/{tag}.json" for tag in (PRODUCTIVE, PPE)]


@pytest.mark.parametrize(
    ("pages", "faults"),
    [
        pytest.param({}, (("a.b", "no values (http 404)"),), id="no tag that the company uses is no values"),
        pytest.param(
            {PPE: FetchError("http 503", url="", status=503)}, (("a.b", "http 503"),), id="a tag that failed is named"
        ),
    ],
)
def test_what_edgar_does_not_give(pages: dict[str, FetchError], faults: tuple[tuple[str, str], ...]) -> None:
    web = FakeWeb({f"{COMPANY}/CIK0001018724/us-gaap/{tag}.json": error for tag, error in pages.items()})
    assert visit(web, company("1018724", PRODUCTIVE, PPE)).faults == faults


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param('"units"', '"unit"', "units", id="no units"),
        pytest.param('"USD"', '"EUR"', "units", id="another currency"),
        pytest.param('"val": 14', '"val": "much"', "units.USD.0.val", id="a word for a value"),
        pytest.param('"val": 14', '"value": 14', "units.USD.0.val", id="a value of another name"),
        pytest.param('"filed": "2024-10-30"', '"filed": "soon"', "units.USD.0.filed", id="a word for a date"),
        pytest.param('"cik": 789019', '"cik": 1', "cik", id="another company than was asked for"),
        pytest.param(f'"tag": "{PPE}"', '"tag": "Land"', "tag", id="another tag than was asked for"),
    ],
)
def test_a_filing_that_changed_its_format_is_named_by_field(
    filings: dict[str, bytes], old: str, new: str, field: str
) -> None:
    body = filings[f"{COMPANY}/CIK0000789019/us-gaap/{PPE}.json"].replace(old.encode(), new.encode())
    with pytest.raises(FormatError) as told:
        read(sec, company("789019", PPE), body)
    assert told.value.field == field
    assert told.value.sample == body[:2000]


# Cboe

STATISTICS = {
    "options.put_call": {"key": "total"},
    "options.index_put_call": {"key": "index"},
    "options.etp_put_call": {"key": "etp"},
    "options.equity_put_call": {"key": "equity"},
    "options.volume": {"key": "volume"},
}
CBOE = source("cboe", STATISTICS, url="https://cboe.example.com/daily", options={"days": 1})
WEDNESDAY = datetime(2026, 4, 15, 11, tzinfo=UTC)
TABLE = (
    "<html><body><table><tr><td>TOTAL PUT/CALL RATIO</td><td>0.81</td></tr><tr><td>INDEX PUT/CALL RATIO</td><td>0.97</td></tr>"
    "<tr><td>EXCHANGE TRADED PRODUCTS PUT/CALL RATIO</td><td>1.02</td></tr><tr><td>EQUITY PUT/CALL RATIO</td><td>0.53</td></tr>"
    "</table><h3>SUM OF ALL PRODUCTS</h3><table><tr><th></th><th>CALL</th><th>PUT</th></tr>"
    "<tr><td>VOLUME</td><td>5,000,000</td><td>4,050,000</td></tr></table></body></html>"
)


@pytest.fixture(scope="module")
def script(root: Path) -> str:
    """The page as a browser gets it: its figures in a script, cut in the middle of a label."""
    return (root / "tests/data/fixtures/cboe_format.html").read_text("utf-8")


@pytest.mark.parametrize("form", ["a table", "a script"])
def test_cboe_is_read_by_its_labels(form: str, script: str) -> None:
    found = read(cboe, CBOE, TABLE if form == "a table" else script, now=WEDNESDAY)
    assert {v.series: v.value for v in found.values} == {
        "options.put_call": 0.81,
        "options.index_put_call": 0.97,
        "options.etp_put_call": 1.02,
        "options.equity_put_call": 0.53,
        "options.volume": 9_050_000,
    }
    assert {v.time for v in found.values} == {day("2026-04-14")}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<html><body><p>No data for this date.</p></body></html>", id="as words"),
        pytest.param(
            '<script>self.__next_f.push([1,"{\\"optionsData\\":{\\"ratios\\":[]},\\"selectedDate\\":\\"2026-04-14\\"}"])</script>',
            id="as an empty list",
        ),
    ],
)
def test_a_holiday_is_no_fault(page: str) -> None:
    assert read(cboe, CBOE, page, now=WEDNESDAY) == Found()


@pytest.mark.parametrize(
    ("held", "days", "asked"),
    [
        pytest.param(None, 3, ["2026-04-13", "2026-04-14"], id="the last days without the weekend at first"),
        pytest.param(
            "2026-04-10", 3, [f"2026-04-{d:02}" for d in (6, 7, 8, 9, 10, 13, 14)], id="what is new, and five days"
        ),
        pytest.param(
            "2026-03-31",
            3,
            [f"2026-03-{d}" for d in (26, 27, 30, 31)] + [f"2026-04-{d:02}" for d in (1, 2, 3, 6, 7, 8, 9, 10, 13, 14)],
            id="what a pause has missed",
        ),
    ],
)
def test_cboe_is_asked_for(held: str | None, days: int, asked: list[str]) -> None:
    settings = source("cboe", STATISTICS, url="https://cboe.example.com/daily", options={"days": days})
    before = {"another.series": day("2020-01-01")} | ({name: day(held) for name in STATISTICS} if held else {})
    requests = cboe.requests(Visit(source=settings, now=WEDNESDAY, held=before))
    assert [r.url for r in requests] == [f"https://cboe.example.com/daily?dt={d}" for d in asked]


@pytest.mark.parametrize(
    ("page", "field"),
    [
        pytest.param("<html>Maintenance</html>", "TOTAL PUT/CALL RATIO", id="a page without any figure"),
        pytest.param(TABLE.replace("PUT/CALL", "P/C"), "TOTAL PUT/CALL RATIO", id="labels that were renamed"),
        pytest.param(TABLE.replace("0.81", "0.8.1"), "TOTAL PUT/CALL RATIO", id="a ratio that is no number"),
        pytest.param(TABLE.replace("0.81", "0.00"), "TOTAL PUT/CALL RATIO", id="a ratio of nothing"),
    ],
)
def test_cboe_that_changed_its_format_is_named_by_label(page: str, field: str) -> None:
    with pytest.raises(FormatError) as told:
        read(cboe, CBOE, page, now=WEDNESDAY)
    assert told.value.field == field


def test_cboe_that_answers_with_another_day_is_not_believed(script: str) -> None:
    with pytest.raises(FormatError, match="asked for 2026-04-15, answered 2026-04-14"):
        read(cboe, CBOE, script, now=WEDNESDAY + timedelta(days=1))


def test_one_label_that_is_gone_takes_only_its_own_series_along() -> None:
    found = read(cboe, CBOE, TABLE.replace("EQUITY PUT", "STOCK PUT"), now=WEDNESDAY)
    assert len(found.values) == 4
    assert found.faults == (
        ("options.equity_put_call", "changed format: no EQUITY PUT/CALL RATIO on the page of 2026-04-14"),
    )


# TSMC

TSMC = source("tsmc", {"supply.tsmc_revenue": {"unit": "million NTD"}}, url="https://tsmc.example.com/monthly-revenue")
YEAR = (
    "<html><body><table class='menu'><tr><td>Jan.</td><td>1</td></tr></table>"
    "<table class='table basicTable'><thead><tr><th>Month</th><th>Net Revenue</th><th>YoY</th></tr></thead>"
    "<tr><td>Jan.</td><td>200,100</td><td>7%</td></tr><tr><th>February</th><td> 180,200 </td><td></td></tr>"
    "<tr><td>Mar.</td><td>-</td></tr><tr><td>Apr.</td><td></td></tr><tr><td>May</td></tr>"
    "<tr><td>Total</td><td>380,300</td></tr></table></body></html>"
)


def test_a_month_of_tsmc_stands_for_its_last_day() -> None:
    found = read(tsmc, TSMC, YEAR, now=datetime(2014, 3, 12, tzinfo=UTC))
    assert [(v.time, v.value) for v in found.values] == [(day("2014-01-31"), 200100), (day("2014-02-28"), 180200)]


@pytest.mark.parametrize(
    ("now", "held", "years"),
    [
        pytest.param("2016-05-01", None, [2014, 2015, 2016], id="every year at first"),
        pytest.param("2026-08-20", "2026-07-31", [2026], id="this year later"),
        pytest.param("2026-01-05", "2025-11-30", [2025, 2026], id="two in January"),
    ],
)
def test_tsmc_is_asked_for(now: str, held: str | None, years: list[int]) -> None:
    before = {"price.x": day("2014-01-02")} | ({"supply.tsmc_revenue": day(held)} if held else {})
    requests = tsmc.requests(Visit(source=TSMC, now=day(now), held=before))
    assert [r.url for r in requests] == [f"https://tsmc.example.com/monthly-revenue/{year}" for year in years]
    assert [r.may_lack for r in requests] == [False] * (len(years) - 1) + [True], "a year may have no page yet"


@pytest.mark.parametrize(
    ("page", "says"),
    [
        pytest.param(
            "<html>Just a moment...</html>", "table.basicTable: is not there: the page asks for a browser", id="a guard"
        ),
        pytest.param(YEAR.replace("basicTable", "grid"), "table.basicTable: is not there", id="another class"),
        pytest.param(
            YEAR.replace("200,100", "NT$ 2"), r"Jan\.: Input should be a valid number", id="a word for a figure"
        ),
    ],
)
def test_tsmc_that_changed_its_format_is_named(page: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read(tsmc, TSMC, page)


# Stooq

SPY = source("stooq", {"stooq.spy": {"key": "SPY.US"}}, url="https://stooq.example.com/q/d/l/")
BARS = "Date,Open,High,Low,Close,Volume\r\n2026-08-18,1,2,0.5,640.5,100\r\n2026-08-19,1,2,0.5,641.25,100\r\n2026-08-20,1,2,0.5,9,\r\n"


def test_stooq_gives_the_closes_of_days_that_are_over() -> None:
    found = read(stooq, SPY, BARS)
    assert [(v.time, v.value) for v in found.values] == [(day("2026-08-18"), 640.5), (day("2026-08-19"), 641.25)]


def test_stooq_is_asked_from_2014_at_first_and_for_thirty_days_more_than_is_new_later() -> None:
    (first,) = stooq.requests(Visit(source=SPY, now=NOW))
    (later,) = stooq.requests(Visit(source=SPY, now=NOW, held={"stooq.spy": day("2026-08-18")}))
    assert first.url == "https://stooq.example.com/q/d/l/?s=spy.us&i=d&d1=20140101&d2=20260820"
    assert later.url == "https://stooq.example.com/q/d/l/?s=spy.us&i=d&d1=20260719&d2=20260820"


@pytest.mark.parametrize(
    ("body", "reason"),
    [("No data\n", "not listed"), ("Exceeded the daily hits limit", "daily limit reached")],
)
def test_stooq_says_no_with_status_200(body: str, reason: str) -> None:
    assert read(stooq, SPY, body).faults == (("stooq.spy", reason),)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param("<html><body>Sorry</body></html>", "Date", id="a page"),
        pytest.param(BARS.replace("Close", "Zamkniecie"), "Close", id="a column of another name"),
        pytest.param(BARS.replace("640.5", "n/a"), "row.0.Close", id="a word for a close"),
        pytest.param(BARS.replace("2026-08-19", "19.8.26"), "row.1.Date", id="a date of another form"),
    ],
)
def test_stooq_that_changed_its_format_is_named_by_field(body: str, field: str) -> None:
    with pytest.raises(FormatError) as told:
        read(stooq, SPY, body)
    assert told.value.field == field


# Two providers of one price

PAIR = (
    source("yahoo", {"price.spy": {"key": "SPY"}}),
    source("stooq", {"stooq.spy": {"key": "spy.us", "stands_in_for": "price.spy", "tolerance": 0.5}}),
)


def gave(name: str, series: str, closes: Mapping[str, float], *, fault: str = "") -> Collected:
    return Collected(
        source=name,
        values=tuple(Observation(series=series, time=day(d), value=v, first_seen=NOW) for d, v in closes.items()),
        faults=((series, fault),) if fault else (),
        answers=(),
    )


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        pytest.param({"2026-08-18": 640.0, "2026-08-19": 643.1}, None, id="less than half a percent apart is allowed"),
        pytest.param(
            {"2026-08-18": 640.0, "2026-08-19": 660.0},
            "660 on 2026-08-19, where price.spy has 640: 3.12 % apart, 0.5 % allowed",
            id="more is a fault that names both",
        ),
        pytest.param({"2026-08-17": 1.0}, None, id="days that only one has are not compared"),
    ],
)
def test_two_providers_are_compared(second: dict[str, float], fault: str | None) -> None:
    first = gave("yahoo", "price.spy", {"2026-08-18": 640.0, "2026-08-19": 640.0})
    visits = {"yahoo": first, "stooq": gave("stooq", "stooq.spy", second)}
    settled = reconcile(PAIR, visits, now=NOW, held={})
    assert settled["yahoo"] == first
    assert dict(settled["stooq"].faults) == ({"stooq.spy": fault} if fault else {})


def test_old_closes_may_differ_because_dividends_are_taken_out_of_them() -> None:
    days = [f"2026-07-{d:02}" for d in range(1, 13)]
    visits = {
        "yahoo": gave("yahoo", "price.spy", dict.fromkeys(days, 100.0)),
        "stooq": gave("stooq", "stooq.spy", {**dict.fromkeys(days, 100.0), "2026-07-02": 90.0}),
    }
    assert reconcile(PAIR, visits, now=NOW, held={})["stooq"].faults == ()


@pytest.mark.parametrize(
    ("held", "lent", "fault"),
    [
        pytest.param(
            {"price.spy": day("2026-08-17")},
            ["2026-08-18", "2026-08-19"],
            "http 429; 2026-08-18 to 2026-08-19 lent by stooq.spy",
            id="the days that are newer than what is held",
        ),
        pytest.param(
            {"price.spy": day("2026-08-18")},
            ["2026-08-19"],
            "http 429; 2026-08-19 lent by stooq.spy",
            id="a single day",
        ),
        pytest.param({"price.spy": day("2026-08-19")}, [], "http 429", id="nothing, when nothing is newer"),
        pytest.param(
            {},
            ["2026-08-17", "2026-08-18", "2026-08-19"],
            "http 429; 2026-08-17 to 2026-08-19 lent by stooq.spy",
            id="ten days and no history, when nothing is held",
        ),
    ],
)
def test_the_second_provider_lends_when_the_first_fails(held: dict[str, datetime], lent: list[str], fault: str) -> None:
    closes = {"2026-08-01": 600.0, "2026-08-17": 638.0, "2026-08-18": 640.5, "2026-08-19": 641.25}
    visits = {"yahoo": gave("yahoo", "price.spy", {}, fault="http 429"), "stooq": gave("stooq", "stooq.spy", closes)}
    settled = reconcile(PAIR, visits, now=NOW, held=held)
    assert [(o.series, f"{o.time:%Y-%m-%d}", o.value) for o in settled["yahoo"].values] == [
        ("price.spy", d, closes[d]) for d in lent
    ]
    assert settled["yahoo"].faults == (("price.spy", fault),)
    assert settled["stooq"] == visits["stooq"]


def test_a_pass_that_visited_only_one_of_them_changes_nothing() -> None:
    visits = {"stooq": gave("stooq", "stooq.spy", {"2026-08-19": 1.0})}
    assert reconcile(PAIR, visits, now=NOW, held={}) == visits


def test_a_stand_in_for_nothing_is_refused_with_its_line(root: Path, tmp_path: Path) -> None:
    text = (root / "config.yaml").read_text("utf-8")
    (tmp_path / "config.yaml").write_text(text.replace("stands_in_for: price.", "stands_in_for: prize."), "utf-8")
    with pytest.raises(ConfigError, match=r"config\.yaml:\d+: sources\.\d+\..*'prize\.spy' is no series of another"):
        load(tmp_path / "config.yaml")


# Yahoo's corporate actions

ACTIONS = source(
    "yahoo",
    {
        "price.x": {"key": "X"},
        "dividend.x": {"key": "X", "options": {"take": "dividend"}},
        "split.x": {"key": "X", "options": {"take": "split"}},
    },
    url="https://chart.example.com",
)


def chart(days: list[str], events: dict[str, Any]) -> bytes:
    seconds = [int((day(d) + timedelta(hours=14)).timestamp()) for d in days]
    result = {
        "meta": {"symbol": "X", "exchangeTimezoneName": "America/New_York"},
        "timestamp": seconds,
        "indicators": {"quote": [{"close": [10.0 for _ in days]}]},
        "events": {
            kind: {
                str(second): {"date": second, **told}
                for d, told in by_day.items()
                for second in [int((day(d) + timedelta(hours=14)).timestamp())]
            }
            for kind, by_day in events.items()
        },
    }
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


DAYS = ["2026-08-12", "2026-08-13", "2026-08-14", "2026-08-17"]
PAID = {"2026-08-13": {"amount": 0.25}}
TEN_FOR_ONE = {"2026-08-14": {"numerator": 10.0, "denominator": 1.0, "splitRatio": "10:1"}}


def actions(body: bytes, *, held: bool) -> Found:
    before = dict.fromkeys(ACTIONS.series, day("2026-08-14")) if held else {}
    asked = Visit(source=ACTIONS, now=NOW, held=before)
    (request,) = yahoo.requests(asked)
    return yahoo.read(asked, request, body)


def by_series(found: Found) -> dict[str, dict[str, float]]:
    told: dict[str, dict[str, float]] = {}
    for v in found.values:
        assert v.time
        told.setdefault(v.series, {})[f"{v.time:%m-%d}"] = v.value
    return told


def test_closes_dividends_and_splits_come_from_one_answer() -> None:
    told = by_series(actions(chart(DAYS, {"dividends": PAID, "splits": TEN_FOR_ONE}), held=False))
    assert told["price.x"] == {"08-12": 10, "08-13": 10, "08-14": 10, "08-17": 10}
    assert told["dividend.x"] == {"08-12": 0, "08-13": 0.25, "08-17": 0}
    assert told["split.x"] == {"08-12": 1, "08-14": 10, "08-17": 1}


def test_a_stretch_without_actions_says_so_at_its_ends() -> None:
    told = by_series(actions(chart(DAYS, {}), held=True))
    assert (told["dividend.x"], told["split.x"]) == ({"08-12": 0, "08-17": 0}, {"08-12": 1, "08-17": 1})


def test_a_dividend_on_the_last_day_is_not_written_over() -> None:
    told = by_series(actions(chart(DAYS, {"dividends": {"2026-08-17": {"amount": 0.3}}}), held=True))
    assert told["dividend.x"] == {"08-12": 0, "08-17": 0.3}


def test_a_whole_history_without_a_dividend_is_not_listed_and_never_a_nought() -> None:
    found = actions(chart(DAYS, {}), held=False)
    assert "dividend.x" not in by_series(found)
    assert found.faults == (("dividend.x", "not listed (no dividend in its whole history)"),)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param('"amount"', '"cash"', "dividends.SECOND.amount", id="a dividend of another name"),
        pytest.param('"denominator": 1.0', '"denominator": 0', "splits.SECOND.denominator", id="a split by nothing"),
    ],
)
def test_an_action_that_changed_its_format_is_named(old: str, new: str, field: str) -> None:
    body = chart(DAYS, {"dividends": PAID, "splits": TEN_FOR_ONE}).replace(old.encode(), new.encode())
    with pytest.raises(FormatError) as told:
        actions(body, held=False)
    kind, _, name = field.partition(".SECOND.")
    assert told.value.field.startswith(f"chart.result.0.events.{kind}.")
    assert told.value.field.endswith(f".{name}")


# FRED with a key

ALFRED = source(
    "fred_api",
    {"macro.core_cpi": {"key": "CPILFESL", "lag": "45d"}},
    url="https://fred.example.com/observations",
    options={"key_env": "FRED_API_KEY"},
)
KEY = {"FRED_API_KEY": "s3cret"}


def test_without_its_key_the_source_is_passed_over_with_the_reason() -> None:
    web = FakeWeb()
    collected = visit(web, ALFRED)
    assert (web.asked, collected.faults) == ([], (("macro.core_cpi", "no key in FRED_API_KEY"),))
    with pytest.raises(NotReadyError):
        fred_api.requests(Visit(source=ALFRED, now=NOW))


def test_only_the_named_key_is_handed_in() -> None:
    assert secrets_of(ALFRED, {"FRED_API_KEY": "s3cret", "HOME": "/"}) == KEY
    assert secrets_of(ALFRED, {"HOME": "/"}) == secrets_of(ALFRED, {"FRED_API_KEY": ""}) == {}


def test_the_past_is_asked_for_in_stretches_of_five_years() -> None:
    requests = fred_api.requests(Visit(source=ALFRED, now=NOW, secrets=KEY))
    spans = [dict(pair.split("=") for pair in r.url.partition("?")[2].split("&")) for r in requests]
    assert [(s["realtime_start"], s["realtime_end"]) for s in spans] == [
        ("2014-01-01", "2018-12-31"),
        ("2019-01-01", "2023-12-31"),
        ("2024-01-01", "9999-12-31"),
    ]
    assert {s["observation_start"] for s in spans} == {"2014-01-01"}


def test_later_visits_ask_for_the_vintages_of_four_hundred_days() -> None:
    held = {"macro.core_cpi": day("2026-07-01")}
    (request,) = fred_api.requests(Visit(source=ALFRED, now=NOW, secrets=KEY, held=held))
    assert "observation_start=2025-05-27&realtime_start=2025-05-27&realtime_end=9999-12-31" in request.url


def test_the_key_is_sent_and_never_kept_or_shown(root: Path) -> None:
    body = (root / "tests/data/fixtures/fred_api_format.json").read_bytes()
    now = datetime(2016, 3, 1, tzinfo=UTC)
    (request,) = fred_api.requests(Visit(source=ALFRED, now=now, secrets=KEY))
    web = FakeWeb({f"{request.url}&api_key=s3cret": body})
    collected = visit(web, ALFRED, now=now, secrets=KEY, imported=True)
    assert web.asked == [f"{request.url}&api_key=s3cret"]
    assert [a.url for a in collected.answers] == [request.url]
    assert "s3cret" not in f"{collected!r} {request!r} {Visit(source=ALFRED, now=now, secrets=KEY)!r}"


def test_a_vintage_is_known_at_the_end_of_the_day_on_which_it_began(root: Path) -> None:
    body = (root / "tests/data/fixtures/fred_api_format.json").read_bytes()
    now = datetime(2016, 3, 1, tzinfo=UTC)
    (request,) = fred_api.requests(Visit(source=ALFRED, now=now, secrets=KEY))
    web = FakeWeb({f"{request.url}&api_key=s3cret": body})
    assert vintages(visit(web, ALFRED, now=now, secrets=KEY, imported=True)) == [
        ("2014-01-01", 234.0, "2014-02-15"),  # known before the first stretch began: by its lag of 45 days
        ("2014-02-01", 235.5, "2014-03-19"),
        ("2014-02-01", 235.25, "2015-02-21"),
    ]


def test_what_does_not_fit_on_a_page_is_asked_for_next(root: Path) -> None:
    body = (root / "tests/data/fixtures/fred_api_format.json").read_bytes().replace(b'"count": 5', b'"count": 7')
    asked = Visit(source=ALFRED, now=datetime(2016, 3, 1, tzinfo=UTC), secrets=KEY)
    (request,) = fred_api.requests(asked)
    (more,) = fred_api.read(asked, request, body).more
    assert more.url == f"{request.url}&offset=5"
    last = body.replace(b'"offset": 0', b'"offset": 5')
    assert fred_api.read(asked, more, last).more == (), "ten rows of seven: the end, whatever the count"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param('"observations"', '"rows"', "observations", id="rows of another name"),
        pytest.param('"234.0"', '"n/a"', "observations.1.value", id="a word for a value"),
        pytest.param('"realtime_start": "2014-03-18"', '"start": 1', "observations.2.realtime_start", id="no vintage"),
    ],
)
def test_an_api_that_changed_its_format_is_named_by_field(root: Path, old: str, new: str, field: str) -> None:
    body = (root / "tests/data/fixtures/fred_api_format.json").read_text("utf-8").replace(old, new)
    asked = Visit(source=ALFRED, now=NOW, secrets=KEY)
    with pytest.raises(FormatError) as told:
        fred_api.read(asked, fred_api.requests(asked)[0], body.encode())
    assert told.value.field == field


# Settings


@pytest.mark.parametrize(
    ("collector", "settings", "where"),
    [
        pytest.param(
            sec, source("sec", {"a": {"key": "AMZN", "options": {"tags": ["X"]}}}), "series.a.key", id="no CIK"
        ),
        pytest.param(sec, source("sec", {"a": {"key": "1"}}), "series.a.options.tags", id="no tags"),
        pytest.param(
            sec,
            source("sec", {"a": {"key": "1", "options": {"tags": ["../x"]}}}),
            "series.a.options.tags.0",
            id="no tag",
        ),
        pytest.param(cboe, source("cboe", {"a": {"key": "vix"}}), "series.a.key", id="no figure of Cboe's page"),
        pytest.param(cboe, source("cboe", {"a": {"key": "total"}}, options={"days": 0}), "options.days", id="no days"),
        pytest.param(tsmc, source("tsmc", {"a": {}, "b": {}}), "series.b", id="two series of one table"),
        pytest.param(tsmc, source("tsmc", {"a": {"key": "x"}}), "series.a", id="a key where none is needed"),
        pytest.param(stooq, source("stooq", {"a": {}}), "series.a.key", id="no symbol"),
        pytest.param(fred_api, source("fred_api", {"a": {"key": "X"}}), "options.key_env", id="no name of a key"),
        pytest.param(
            fred_api,
            source("fred_api", {"a": {"key": "X"}}, options={"key_env": "0123abcd"}),
            "options.key_env",
            id="a key instead of its name",
        ),
        pytest.param(
            yahoo, source("yahoo", {"a": {"key": "X", "options": {"take": "open"}}}), "series.a.options.take", id="open"
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_place(
    collector: Collector, settings: SourceSettings, where: str
) -> None:
    with pytest.raises(OptionError, match=r".") as told:
        collector.check(settings)
    assert ".".join(map(str, told.value.keys)) == where


# The real world, replayed


@pytest.fixture(scope="module")
def host(replay: Callable[..., str]) -> str:
    """The replayed world of 15 April 2026, on a free port."""
    return replay("--as-of", "2026-04-15T11:00:00Z")


def replayed(host: str, *sources: SourceSettings, **more: Any) -> dict[str, Collected]:
    async def everything() -> dict[str, Collected]:
        settings = FetchSettings(contact="test@example.com", spacing=0, per_host=8, allow_hosts=(host,))
        async with Client(settings) as client:
            visits = [collect(client, s, now=WEDNESDAY, imported=True, **more) for s in sources]
            return {collected.source: collected for collected in await asyncio.gather(*visits)}

    return asyncio.run(everything())


@pytest.mark.real
def test_the_capex_of_the_filings_is_that_of_the_table(host: str, real: Path) -> None:
    settings = source(
        "sec",
        {
            "capex.amzn": {"key": "1018724", "options": {"tags": [PRODUCTIVE, PPE]}},
            "capex.orcl": {"key": "1341439", "options": {"tags": [PPE]}},
        },
        url=f"http://{host}/data.sec.gov/api/xbrl/companyconcept",
    )
    collected = replayed(host, settings)["sec"]
    assert collected.faults == ()
    told = {(o.series, f"{o.time:%Y-%m-%d}"): o.value for o in collected.values}
    assert told["capex.amzn", "2025-12-31"] == 39_522_000_000
    assert told["capex.orcl", "2026-02-28"] == 18_635_000_000
    assert ("capex.amzn", "2026-03-31") not in told, "filed in May"


@pytest.mark.real
def test_the_put_call_ratios_are_those_of_the_table(host: str) -> None:
    url = f"http://{host}/www.cboe.com/markets/us/options/market-statistics/daily"
    collected = replayed(host, source("cboe", STATISTICS, url=url, options={"days": 14}))["cboe"]
    assert collected.faults == ()
    days = [o.time.date() for o in collected.values if o.series == "options.put_call"]
    assert days[-1] == date(2026, 4, 14)
    assert date(2026, 4, 3) not in days, "Good Friday"
    assert len(days) == 9


@pytest.mark.real
def test_the_revenue_of_tsmc_is_that_of_its_months(host: str) -> None:
    url = f"http://{host}/investor.tsmc.com/english/monthly-revenue"
    collected = replayed(host, source("tsmc", {"supply.tsmc_revenue": {"unit": "NTD", "lag": "14d"}}, url=url))["tsmc"]
    assert collected.faults == ()
    first, last = collected.values[0], collected.values[-1]
    assert (first.time, first.value, first.first_seen) == (day("2024-01-31"), 215785, day("2024-02-14"))
    assert last.time == day("2026-03-31")


@pytest.mark.real
def test_two_providers_of_the_real_closes_agree_and_lend(host: str) -> None:
    sources = tuple(
        source(
            name,
            {f"{prefix}.{s}": {"key": form.format(s), **more(s)} for s in ("spy", "rsp", "qqq")},
            url=f"http://{host}/{path}",
        )
        for name, prefix, form, path, more in (
            ("yahoo", "price", "{}", "query1.finance.yahoo.com/v8/finance/chart", lambda s: {"key": s.upper()}),
            ("stooq", "stooq", "{}.us", "stooq.com/q/d/l/", lambda s: {"stands_in_for": f"price.{s}"}),
        )
    )
    visits = replayed(host, *sources)
    assert [c.faults for c in reconcile(sources, visits, now=WEDNESDAY, held={}).values()] == [(), ()]
    failed = Collected(source="yahoo", values=(), faults=(("price.spy", "http 429"),), answers=())
    held = {"price.spy": day("2026-04-10")}
    settled = reconcile(sources, {**visits, "yahoo": failed}, now=WEDNESDAY, held=held)
    lent = [o for o in settled["yahoo"].values if o.series == "price.spy"]
    assert [o.time.day for o in lent] == [13, 14]


@pytest.mark.real
def test_the_api_with_a_key_gives_what_the_graph_gives(host: str) -> None:
    """The replayed API knows no vintages: all of it is of today, and is dated so."""
    api = source(
        "fred_api",
        {"macro.nfci": {"key": "NFCI"}},
        url=f"http://{host}/api.stlouisfed.org/fred/series/observations",
        options={"key_env": "FRED_API_KEY"},
    )
    graph = source(
        "fred", {"macro.nfci": {"key": "NFCI"}}, url=f"http://{host}/fred.stlouisfed.org/graph/fredgraph.csv"
    )
    both = replayed(host, api, graph, secrets=KEY)
    told = {name: {o.time: o.value for o in c.values} for name, c in both.items()}
    assert told["fred_api"] == told["fred"]
    assert len(told["fred"]) > 500
    assert {o.first_seen for o in both["fred_api"].values} == {WEDNESDAY}


def test_a_request_is_asked_once_for_all_its_series_with_everything_it_carries() -> None:
    """What `collect` merges keeps the secret and the leave to be absent."""
    settings = source(
        "fred_api",
        {"a": {"key": "X"}, "b": {"key": "X"}},
        url="https://fred.example.com/observations",
        options={"key_env": "FRED_API_KEY"},
    )
    web = FakeWeb()
    collected = visit(web, settings, now=datetime(2015, 1, 1, tzinfo=UTC), secrets=KEY)
    assert len(web.asked) == 1
    assert web.asked[0].endswith("&api_key=s3cret")
    assert collected.faults == (("a", "http 404"), ("b", "http 404"))
    assert Request(url="https://x.example.com", series=("a",)).secret == {}
