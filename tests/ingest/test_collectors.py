"""What each collector asks, and what it makes of an answer. Answers are written by hand in the documented formats."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import FormatError
from core.settings import SourceSettings
from ingest.collectors import fred, spot_advisor, table, yahoo
from ingest.collectors.collector import Collector, Found, OptionError, Request, Visit

NOW = datetime(2026, 4, 15, 11, tzinfo=UTC)


def source(
    collector: str, series: dict[str, Any], *, url: str = "https://data.example.com/x", **more: Any
) -> SourceSettings:
    whole = {"id": "s", "collector": collector, "url": url, "every": "1d", "terms": "https://data.example.com/terms"}
    return SourceSettings.model_validate(
        {**whole, **more, "series": {k: {"unit": "u", **v} for k, v in series.items()}}
    )


def read(collector: Collector, settings: SourceSettings, body: str | bytes, *, now: datetime = NOW) -> Found:
    """What `collector` finds in `body` as the answer to its first request."""
    collector.check(settings)
    visit = Visit(source=settings, now=now)
    request, *others = collector.requests(visit)
    series = (*request.series, *(name for other in others if other.url == request.url for name in other.series))
    asked = Request(url=request.url, series=series, since=request.since)
    return collector.read(visit, asked, body.encode() if isinstance(body, str) else body)


def days(found: Found, series: str | None = None) -> dict[str, float]:
    return {f"{v.time:%Y-%m-%d}": v.value for v in found.values if v.time and series in (None, v.series)}


# FRED

VIX = source("fred", {"macro.vix": {"key": "VIXCLS"}}, url="https://fred.example.com/graph/fredgraph.csv")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("observation_date,VIXCLS\n2026-04-10,17.5\n2026-04-13,18.25\n", id="in today's form"),
        pytest.param("DATE,VIXCLS\n2026-04-10,17.5\n2026-04-13,18.25\n", id="under the header of before 2024"),
        pytest.param(
            "observation_date,VIXCLS\r\n2026-04-10,17.5\r\n2026-04-13,18.25", id="with CRLF and no last end of line"
        ),
        pytest.param(
            "\ufeffobservation_date,VIXCLS\n2026-04-10,17.5\n2026-04-11,.\n2026-04-13,18.25\n",
            id="with a point for a holiday",
        ),
        pytest.param(
            "observation_date,VIXCLS\n2026-04-10,17.5\n2026-04-11,\n2026-04-13,18.25\n", id="with nothing for a holiday"
        ),
    ],
)
def test_fred_is_read(body: str) -> None:
    assert days(read(fred, VIX, body)) == {"2026-04-10": 17.5, "2026-04-13": 18.25}


def test_a_fred_value_is_dated_at_midnight_in_utc() -> None:
    (value,) = read(fred, VIX, "observation_date,VIXCLS\n2026-04-10,17.5\n").values
    assert value.time == datetime(2026, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param("<html><body>Bad Request</body></html>", "header", id="a page instead of a table"),
        pytest.param("", "header", id="an empty answer"),
        pytest.param("date,VIXCLS\n2026-04-10,17.5\n", "header", id="a date column of another name"),
        pytest.param("observation_date,VIX\n2026-04-10,17.5\n", "header", id="another series than was asked for"),
        pytest.param(
            "observation_date,VIXCLS\n2026-04-10,17.5\n10.04.2026,1\n", "row.1.0", id="a date of another form"
        ),
        pytest.param("observation_date,VIXCLS\n9999-12-31,1\n", "row.0.0", id="a year beyond all years"),
        pytest.param("observation_date,VIXCLS\n2026-04-10,n/a\n", "row.0.1", id="a word for a number"),
        pytest.param("observation_date,VIXCLS\n2026-04-10,nan\n", "row.0.1", id="not a number, by name"),
        pytest.param("observation_date,VIXCLS\n2026-04-10,1,2\n", "row.0", id="a third cell"),
        pytest.param(bytes(range(256)), "", id="no text at all"),
    ],
)
def test_fred_that_changed_its_format_is_named_by_field_and_address(body: str | bytes, field: str) -> None:
    with pytest.raises(FormatError) as told:
        read(fred, VIX, body)
    assert told.value.field == field
    assert told.value.url == "https://fred.example.com/graph/fredgraph.csv?id=VIXCLS&cosd=2014-01-01"
    assert told.value.sample == (body.encode() if isinstance(body, str) else body)


@pytest.mark.parametrize(
    ("held", "since"),
    [
        pytest.param(None, "2014-01-01", id="everything since 2014 at first"),
        pytest.param(
            datetime(2026, 4, 14, tzinfo=UTC), "2025-03-10", id="four hundred days before what is held, later"
        ),
        pytest.param(datetime(2014, 6, 1, tzinfo=UTC), "2014-01-01", id="never more than everything"),
    ],
)
def test_fred_is_asked_for(held: datetime | None, since: str) -> None:
    (request,) = fred.requests(Visit(source=VIX, now=NOW, held={"macro.vix": held} if held else {}))
    assert request.url.endswith(f"?id=VIXCLS&cosd={since}")


# Yahoo

NVDA = source("yahoo", {"price.nvda": {"key": "NVDA"}}, url="https://chart.example.com/v8/finance/chart/")


def stamp(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type]  # six whole numbers


def chart(bars: list[tuple[int, float | None]], *, symbol: str = "NVDA", events: dict[str, Any] | None = None) -> str:
    result: dict[str, Any] = {
        "meta": {"symbol": symbol, "currency": "USD", "exchangeTimezoneName": "America/New_York"},
        "timestamp": [second for second, _ in bars],
        "indicators": {
            "quote": [{"close": [close for _, close in bars], "volume": [1 for _ in bars]}],
            "adjclose": [{"adjclose": [0.5 for _ in bars]}],
        },
    }
    if events:
        result["events"] = events
    return json.dumps({"chart": {"result": [result], "error": None}})


def test_yahoo_closes_are_kept_raw_and_gaps_skipped() -> None:
    body = chart(
        [(stamp(2026, 4, 9, 13, 30), 190.0), (stamp(2026, 4, 10, 13, 30), None), (stamp(2026, 4, 13, 13, 30), 192.5)]
    )
    assert days(read(yahoo, NVDA, body)) == {"2026-04-09": 190.0, "2026-04-13": 192.5}


def test_the_noise_of_yahoos_short_floats_is_cut_off_so_that_it_makes_no_vintages() -> None:
    body = chart([(stamp(2026, 4, 13, 13, 30), 196.50999450683594), (stamp(2026, 4, 14, 13, 30), 0.39475000)])
    assert list(days(read(yahoo, NVDA, body)).values()) == [196.51, 0.39475]


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        pytest.param(datetime(2026, 4, 15, 15, tzinfo=UTC), ["2026-04-14"], id="while the exchange is open"),
        pytest.param(datetime(2026, 4, 15, 21, tzinfo=UTC), ["2026-04-14"], id="in the evening of the same day"),
        pytest.param(
            datetime(2026, 4, 16, 3, tzinfo=UTC), ["2026-04-14"], id="past midnight in UTC, before it in New York"
        ),
        pytest.param(
            datetime(2026, 4, 16, 5, tzinfo=UTC), ["2026-04-14", "2026-04-15"], id="past midnight in New York"
        ),
    ],
)
def test_a_bar_of_the_running_day_is_not_final(now: datetime, kept: list[str]) -> None:
    body = chart([(stamp(2026, 4, 14, 13, 30), 1.0), (stamp(2026, 4, 15, 13, 30), 2.0)])
    assert list(days(read(yahoo, NVDA, body, now=now))) == kept


def test_yahoo_is_asked_from_2014_at_first_and_for_thirty_days_more_than_is_new_later() -> None:
    (first,) = yahoo.requests(Visit(source=NVDA, now=NOW))
    (later,) = yahoo.requests(Visit(source=NVDA, now=NOW, held={"price.nvda": datetime(2026, 4, 14, tzinfo=UTC)}))
    assert f"/chart/NVDA?period1={stamp(2014, 1, 1)}&period2={stamp(2026, 4, 16)}&interval=1d" in first.url
    assert f"period1={stamp(2026, 3, 15)}&" in later.url


def test_a_split_asks_for_the_whole_history_again_because_yahoo_restates_it() -> None:
    visit = Visit(source=NVDA, now=NOW, held={"price.nvda": datetime(2026, 4, 14, tzinfo=UTC)})
    body = chart([(stamp(2026, 4, 13, 13, 30), 19.0)], events={"splits": {"1": {"numerator": 10, "denominator": 1}}})
    (request,) = yahoo.requests(visit)
    found = yahoo.read(visit, request, body.encode())
    assert found.values == ()
    assert [f"period1={stamp(2014, 1, 1)}&" in again.url for again in found.more] == [True]
    assert len(yahoo.read(visit, found.more[0], body.encode()).values) == 1, "and the whole history is then taken"


def test_an_unknown_symbol_is_not_listed() -> None:
    body = json.dumps({"chart": {"result": None, "error": {"code": "Not Found", "description": "No data found"}}})
    assert read(yahoo, NVDA, body).faults == (("price.nvda", "not listed (No data found)"),)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param("<html>", "", id="a page"),
        pytest.param("{}", "chart", id="no chart"),
        pytest.param(
            chart([(1, 1.0)]).replace('"close"', '"Close"'),
            "chart.result.0.indicators.quote.0.close",
            id="closes of another name",
        ),
        pytest.param(
            chart([(1, 1.0)]).replace("[1.0]", '["one"]'),
            "chart.result.0.indicators.quote.0.close.0",
            id="a word for a close",
        ),
        pytest.param(
            chart([(1, 1.0)]).replace("[1.0]", "[NaN]"), "chart.result.0.indicators.quote.0.close.0", id="not a number"
        ),
        pytest.param(
            chart([(1, 1.0)], symbol="AMD"), "chart.result.0.meta.symbol", id="another symbol than was asked for"
        ),
        pytest.param(chart([(10**15, 1.0)]), "chart.result.0.timestamp.0", id="milliseconds instead of seconds"),
        pytest.param(
            chart([(1, 1.0)]).replace("America/New_York", "Wall/Street"),
            "chart.result.0.meta.exchangeTimezoneName",
            id="no zone",
        ),
    ],
)
def test_yahoo_that_changed_its_format_is_named_by_field(body: str, field: str) -> None:
    with pytest.raises(FormatError) as told:
        read(yahoo, NVDA, body)
    assert told.value.field == field


# The Spot Advisor

ADVICE = {
    "ranges": [{"index": 0, "label": "<5%", "dots": 0, "max": 5}],
    "spot_advisor": {
        "us-east-1": {"Linux": {"trn1.32xlarge": {"s": 69, "r": 0}, "p5.48xlarge": {"s": -62, "r": 4}}, "Windows": {}},
        "us-west-2": {"Linux": {"trn1.32xlarge": {"s": 90, "r": 2}, "p5.48xlarge": {"s": 83, "r": 1}}},
        "eu-north-1": {"Linux": {"trn1.32xlarge": {"s": 79, "r": 1}}},
    },
}
FOUR = [
    f"spot_{m}.{t}" for t in ("trn1.32xlarge", "p5.48xlarge") for m in ("discount", "spread", "interruption", "regions")
]


def test_the_spot_advisor_gives_four_series_a_type() -> None:
    found = read(spot_advisor, source("spot_advisor", {name: {} for name in FOUR}), json.dumps(ADVICE))
    assert {v.series: round(v.value, 6) for v in found.values} == {
        "spot_discount.trn1.32xlarge": round((69 + 90 + 79) / 3, 6),
        "spot_spread.trn1.32xlarge": 21,
        "spot_interruption.trn1.32xlarge": 1,
        "spot_regions.trn1.32xlarge": 3,
        "spot_discount.p5.48xlarge": 10.5,
        "spot_spread.p5.48xlarge": 145,
        "spot_interruption.p5.48xlarge": 2.5,
        "spot_regions.p5.48xlarge": 2,
    }
    assert all(v.time is None for v in found.values), "the file has no date: a value is of the visit"


def test_a_type_that_no_region_lists_is_a_fault_and_never_a_zero() -> None:
    found = read(spot_advisor, source("spot_advisor", {"spot_regions.trn9.96xlarge": {}}), json.dumps(ADVICE))
    assert (found.values, found.faults) == ((), (("spot_regions.trn9.96xlarge", "not listed"),))


def test_one_address_serves_all_types() -> None:
    settings = source("spot_advisor", {name: {} for name in FOUR})
    assert len(spot_advisor.requests(Visit(source=settings, now=NOW))) == 1


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param('"spot_advisor"', '"advisor"', "spot_advisor", id="the list is gone"),
        pytest.param('"Linux"', '"linux"', "spot_advisor", id="the system has another name"),
        pytest.param(
            '{"s": 69',
            '{"saving": 69',
            "spot_advisor.us-east-1.Linux.trn1.32xlarge.s",
            id="the saving has another name",
        ),
        pytest.param(
            '"s": 69', '"s": "69%"', "spot_advisor.us-east-1.Linux.trn1.32xlarge.s", id="the saving is a text"
        ),
        pytest.param(
            '"s": 69', '"s": 169', "spot_advisor.us-east-1.Linux.trn1.32xlarge.s", id="the saving is over 100 %"
        ),
        pytest.param(
            '"s": 69, "r": 0',
            '"s": 69, "r": 5',
            "spot_advisor.us-east-1.Linux.trn1.32xlarge.r",
            id="there is a sixth class",
        ),
    ],
)
def test_a_spot_advisor_that_changed_is_named_by_field(old: str, new: str, field: str) -> None:
    with pytest.raises(FormatError) as told:
        read(spot_advisor, source("spot_advisor", {FOUR[0]: {}}), json.dumps(ADVICE).replace(old, new))
    assert told.value.field == field


def test_a_fault_in_a_type_that_nobody_follows_harms_nothing() -> None:
    body = json.dumps(ADVICE).replace('"s": -62', '"s": "?"')
    assert len(read(spot_advisor, source("spot_advisor", {FOUR[0]: {}}), body).values) == 1


# The general table

PRICES = """# a caveat, with a comma
date,cloud,gpu,count,price
2026-04-01,azure,H100,1,9.0
2026-04-01,azure,H100,8,128
2026-04-01,gcp,H100,1,10
2026-04-02,azure,H100,1.0,8.5
2026-04-02,azure,H100 NVL,1,7
2026-04-03,azure,H100,1,.
"""


def prices(**of_series: Any) -> SourceSettings:
    return source("table", {"rental.h100": {"options": {"value": "price", **of_series}}}, options={"date": "date"})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(
            {"where": {"gpu": "H100", "cloud": "azure", "count": 1}},
            {"2026-04-01": 9, "2026-04-02": 8.5},
            id="where all hold, 1 and 1.0 being one",
        ),
        pytest.param(
            {"where": {"gpu": "H100", "cloud": "azure"}, "per": "count", "take": "max"},
            {"2026-04-01": 16, "2026-04-02": 8.5},
            id="divided by a column",
        ),
        pytest.param(
            {"where": {"gpu": "H100"}, "take": "median"},
            {"2026-04-01": 10, "2026-04-02": 8.5},
            id="the median of a date",
        ),
        pytest.param(
            {"where": {"gpu": "H100"}, "take": "mean"}, {"2026-04-01": 49, "2026-04-02": 8.5}, id="the mean of a date"
        ),
        pytest.param(
            {"where": {"gpu": "H100"}, "take": "min"}, {"2026-04-01": 9, "2026-04-02": 8.5}, id="the least of a date"
        ),
        pytest.param(
            {"where": {"gpu": "H100"}, "take": "sum"}, {"2026-04-01": 147, "2026-04-02": 8.5}, id="the sum of a date"
        ),
        pytest.param(
            {"take": "count"}, {"2026-04-01": 3, "2026-04-02": 2, "2026-04-03": 1}, id="the number of records of a date"
        ),
        pytest.param(
            {"value": "gpu", "take": "distinct"},
            {"2026-04-01": 1, "2026-04-02": 2, "2026-04-03": 1},
            id="the number of different cells",
        ),
        pytest.param(
            {"not": {"gpu": "H100 NVL", "count": 8}, "where": {"cloud": "azure"}},
            {"2026-04-01": 9, "2026-04-02": 8.5},
            id="where none of the others hold",
        ),
        pytest.param(
            {"where": {"gpu": ["H100", "H100 NVL"], "cloud": "azure", "count": 1}, "take": "sum"},
            {"2026-04-01": 9, "2026-04-02": 15.5},
            id="any of several values",
        ),
        pytest.param(
            {"value": ["price", "count"], "where": {"cloud": "gcp"}}, {"2026-04-01": 11}, id="two columns added up"
        ),
    ],
)
def test_a_table_gives(options: dict[str, Any], expected: dict[str, float]) -> None:
    assert days(read(table, prices(**options), PRICES)) == expected


def test_records_that_share_a_date_without_a_take_are_a_fault() -> None:
    found = read(table, prices(where={"gpu": "H100"}), PRICES)
    assert (found.values, found.faults) == ((), (("rental.h100", "3 records of one date, and no `take`"),))


@pytest.mark.parametrize("body", [PRICES, "date,cloud,gpu,count,price\n"], ids=["among others", "in an empty table"])
def test_what_a_table_does_not_list_is_a_fault_and_never_a_zero(body: str) -> None:
    found = read(table, prices(where={"gpu": "B200"}, take="count"), body)
    assert (found.values, found.faults) == ((), (("rental.h100", "not listed"),))


DOWNLOADS = source(
    "table",
    {
        "downloads.torch": {"key": "torch", "options": {"where": {"category": "without_mirrors"}}},
        "downloads.jax": {"key": "jax"},
    },
    url="https://stats.example.com/{key}/overall?mirrors=false",
    options={"format": "json", "records": "data", "date": "date", "value": "downloads", "trailing": 3},
)


def downloads(days: dict[str, int]) -> str:
    rows = [{"category": "without_mirrors", "date": day, "downloads": n} for day, n in days.items()]
    return json.dumps({"data": rows, "package": "torch", "type": "overall_downloads"})


def test_json_records_are_read_and_summed_over_trailing_days() -> None:
    body = downloads({"2026-03-30": 1, "2026-03-31": 10, "2026-04-01": 100, "2026-04-02": 1000})
    assert days(read(table, DOWNLOADS, body)) == {"2026-04-01": 111, "2026-04-02": 1110}


def test_a_trailing_sum_bridges_a_tenth_of_its_days_and_no_more() -> None:
    options = {"date": "date", "value": "n", "trailing": 10}
    settings = source("table", {"x": {"options": {}}}, options=options)
    one_lost = "date,n\n" + "".join(f"2026-04-{day:02},9\n" for day in range(1, 11) if day != 4)
    two_lost = "date,n\n" + "".join(f"2026-04-{day:02},9\n" for day in range(1, 11) if day not in (4, 5))
    assert days(read(table, settings, one_lost)) == {"2026-04-10": 90}, "nine days of 9, and a tenth like them"
    assert days(read(table, settings, two_lost)) == {}


def test_an_address_with_a_key_is_asked_once_for_each_key() -> None:
    asked = table.requests(Visit(source=DOWNLOADS, now=NOW))
    assert [(r.url, r.series) for r in asked] == [
        ("https://stats.example.com/torch/overall?mirrors=false", ("downloads.torch",)),
        ("https://stats.example.com/jax/overall?mirrors=false", ("downloads.jax",)),
    ]


def test_an_undated_table_is_of_the_visit() -> None:
    settings = source("table", {"p": {"options": {"value": "Price", "take": "median"}}}, options={"undated": True})
    (value,) = read(table, settings, "Type,Price\na,1\nb,2\nc,9\n").values
    assert (value.time, value.value) == (None, 2)


@pytest.mark.parametrize(
    ("options", "cell", "time"),
    [
        pytest.param({}, "2026-04-01", datetime(2026, 4, 1, tzinfo=UTC), id="a day"),
        pytest.param(
            {}, "2026-04-01T07:30:00+02:00", datetime(2026, 4, 1, 5, 30, tzinfo=UTC), id="an instant with an offset"
        ),
        pytest.param(
            {}, "2026-04-01T07:30:00", datetime(2026, 4, 1, 7, 30, tzinfo=UTC), id="an instant without, in UTC"
        ),
        pytest.param(
            {"date_format": "%d.%m.%Y"}, "01.04.2026", datetime(2026, 4, 1, tzinfo=UTC), id="a day in a form of its own"
        ),
        pytest.param(
            {"date_format": "%Y-%m", "month_end": True},
            "2026-02",
            datetime(2026, 2, 28, tzinfo=UTC),
            id="a month, by its last day",
        ),
    ],
)
def test_dates_of_a_table(options: dict[str, Any], cell: str, time: datetime) -> None:
    settings = source("table", {"x": {"options": {"value": "v"}}}, options={"date": "when", **options})
    (value,) = read(table, settings, f"when;v\n{cell};1\n".replace(";", ",")).values
    assert value.time == time


def test_a_table_made_in_hindsight_shows_a_value_only_once_its_lag_has_passed() -> None:
    options = {"date": "end", "value": "v", "hindsight": True}
    settings = source("table", {"capex": {"lag": "35d", "options": {}}}, options=options)
    body = "end,v\n2025-12-31,1\n2026-03-11,2\n2026-03-12,3\n"
    assert days(read(table, settings, body)) == {"2025-12-31": 1, "2026-03-11": 2}, (
        "35 days before 15 April is 11 March"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param("<html>\n<body>", "date", id="a page"),
        pytest.param("", "header", id="an empty answer"),
        pytest.param("day,cloud,gpu,count,price\n2026-04-01,azure,H100,1,9\n", "date", id="the date column gone"),
        pytest.param("date,cloud,gpu,count,usd\n2026-04-01,azure,H100,1,9\n", "price", id="the value column gone"),
        pytest.param(
            "date,provider,gpu,count,price\n2026-04-01,azure,H100,1,9\n", "cloud", id="a column of the filter gone"
        ),
        pytest.param("date,cloud,gpu,count,price\n01.04.2026,azure,H100,1,9\n", "date", id="dates of another form"),
        pytest.param(
            "date,cloud,gpu,count,price\n0001-01-01T00:00+10:00,azure,H100,1,9\n", "date", id="a year before all years"
        ),
        pytest.param("date,cloud,gpu,count,price\n2026-04-01,azure,H100,1,9 USD\n", "price", id="a unit in the number"),
        pytest.param("date,cloud,gpu,count,price\n2026-04-01,azure,H100,1\n", "row 1", id="a cell too few"),
        pytest.param("date,cloud,gpu,count,price\n2026-04-01,azure,H100,1,9,9\n", "row 1", id="a cell too many"),
        pytest.param("date,cloud,date,count,price\n", "header", id="a column twice"),
        pytest.param(b"\xff\xfe\x00", "", id="no text"),
    ],
)
def test_a_table_that_changed_is_named_by_column(body: str | bytes, field: str) -> None:
    with pytest.raises(FormatError) as told:
        read(table, prices(where={"cloud": "azure"}), body)
    assert told.value.field == field


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param("[1, 2]", "data", id="a path that leads nowhere"),
        pytest.param('{"data": {"torch": 1}}', "data", id="an object instead of a list"),
        pytest.param('{"data": [1]}', "data", id="numbers instead of records"),
        pytest.param('{"data": [', "", id="half an answer"),
        pytest.param('{"data": ' + "[" * 100_000, "", id="brackets without end"),
        pytest.param(
            '{"data": [{"category": "without_mirrors", "date": "2026-04-01", "downloads": true}]}',
            "downloads",
            id="a yes for a number",
        ),
    ],
)
def test_json_that_changed_is_named_by_field(body: str, field: str) -> None:
    with pytest.raises(FormatError) as told:
        read(table, DOWNLOADS, body)
    assert told.value.field == field


# What settings a collector refuses

PLAIN: dict[str, Any] = {"options": {"value": "v"}}


@pytest.mark.parametrize(
    ("settings", "where", "says"),
    [
        pytest.param(source("fred", {"a": {}}), "series.a.key", "missing", id="fred without a key"),
        pytest.param(
            source("yahoo", {"a": {"key": "A", "options": {"x": 1}}}),
            "series.a.options.x",
            "Extra",
            id="yahoo with an option that it does not know",
        ),
        pytest.param(
            source("spot_advisor", {"spot_price.p5.48xlarge": {}}),
            "series.spot_price.p5.48xlarge",
            "must be one of",
            id="a measure that the advisor has not",
        ),
        pytest.param(source("table", {"a": PLAIN}), "options", "date column", id="a table neither dated nor undated"),
        pytest.param(
            source("table", {"a": PLAIN}, options={"date": "d", "undated": True}),
            "options",
            "date column",
            id="a table dated and undated",
        ),
        pytest.param(
            source("table", {"a": PLAIN}, options={"undated": True, "delimeter": ";"}),
            "options.delimeter",
            "not permitted",
            id="an option misspelt",
        ),
        pytest.param(
            source("table", {"a": {}}, options={"undated": True}),
            "series.a.options",
            "value column",
            id="a series without a value",
        ),
        pytest.param(
            source("table", {"a": {"options": {"value": "v", "take": "mode"}}}, options={"undated": True}),
            "series.a.options.take",
            "median",
            id="a take that is unknown",
        ),
        pytest.param(
            source("table", {"a": PLAIN}, options={"date": "d", "date_format": "%Q"}),
            "options",
            "date_format",
            id="a date form that is none",
        ),
        pytest.param(
            source("table", {"a": PLAIN}, url="https://x.example.com/{key}", options={"undated": True}),
            "series.a.key",
            "{key}",
            id="an address with a key, and none",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_place(
    settings: SourceSettings, where: str, says: str
) -> None:
    collectors: dict[str, Collector] = {"fred": fred, "yahoo": yahoo, "spot_advisor": spot_advisor, "table": table}
    with pytest.raises(OptionError, match=r".") as told:
        collectors[settings.collector].check(settings)
    assert ".".join(map(str, told.value.keys)) == where
    assert says in str(told.value)
