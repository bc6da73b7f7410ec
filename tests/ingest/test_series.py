"""Visits to sources: what is due, what is asked, what is kept, what is a fault; and the real world replayed."""

import asyncio
import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from core.errors import FetchError
from core.series import Collected, Observation, RawAnswer
from core.settings import FetchSettings, SourceSettings
from core.yaml import Strict, read
from ingest.client import Client
from ingest.collectors.collector import OptionError
from ingest.series import check, collect, due
from ingest.web import Answer

NOW = datetime(2026, 4, 15, 11, tzinfo=UTC)


@dataclass
class FakeWeb:
    """The outside: what each address answers, an error included, and what was asked of it."""

    pages: dict[str, bytes | FetchError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        self.asked.append(url)
        page = self.pages.get(url, FetchError("http 404", url=url, status=404))
        if isinstance(page, FetchError):
            raise page
        return Answer(url=url, status=200, headers={}, body=page)


def source(series: dict[str, Any], *, collector: str = "table", **more: Any) -> SourceSettings:
    whole: dict[str, Any] = {
        "id": "s",
        "collector": collector,
        "url": "https://data.example.com/x.csv",
        "every": "6h",
        "terms": "https://data.example.com/terms",
        "options": {"date": "date", "value": "v"} if collector == "table" else {},
    }
    return SourceSettings.model_validate(
        {**whole, **more, "series": {k: {"unit": "u", **v} for k, v in series.items()}}
    )


def visit(web: FakeWeb, settings: SourceSettings, **more: Any) -> Collected:
    return asyncio.run(collect(web, settings, now=NOW, **more))


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param({}, True, id="a source never visited is due"),
        pytest.param({"s": NOW - timedelta(hours=6)}, True, id="a source visited its interval ago is due"),
        pytest.param(
            {"s": NOW - timedelta(hours=5, minutes=30)}, True, id="a pass that comes a little early takes it along"
        ),
        pytest.param({"s": NOW - timedelta(hours=5)}, False, id="a source visited lately is not"),
        pytest.param(
            {"s": NOW + timedelta(days=1)}, False, id="a visit in the future (a clock that was set back) waits"
        ),
        pytest.param({"other": NOW}, True, id="another source's visit does not count"),
    ],
)
def test_what_is_due(last: dict[str, datetime], expected: bool) -> None:
    settings = source({"a": {}})
    assert due([settings], last, now=NOW) == ([settings] if expected else [])


def test_values_are_seen_at_the_instant_of_the_visit() -> None:
    web = FakeWeb({"https://data.example.com/x.csv": b"date,v\n2026-04-14,1.5\n2026-04-13,2\n"})
    assert visit(web, source({"a": {}})) == Collected(
        source="s",
        values=(
            Observation(series="a", time=at(13), value=2, first_seen=NOW),
            Observation(series="a", time=at(14), value=1.5, first_seen=NOW),
        ),
        faults=(),
        answers=visit(web, source({"a": {}})).answers,
    )


def test_imported_values_are_seen_when_the_publication_rule_says_and_never_in_the_future() -> None:
    web = FakeWeb({"https://data.example.com/x.csv": b"date,v\n2026-04-01,1\n2026-04-14,2\n"})
    old, new = visit(web, source({"a": {"lag": "4d"}}), imported=True).values
    assert (old.first_seen, old.imported) == (at(5), True)
    assert (new.first_seen, new.imported) == (NOW, False), "it is newer than its rule allows: it was seen, not imported"


def test_an_undated_value_is_of_the_visit_even_when_imported() -> None:
    web = FakeWeb({"https://data.example.com/x.csv": b"v\n7\n"})
    (value,) = visit(web, source({"a": {}}, options={"undated": True, "value": "v"}), imported=True).values
    assert value == Observation(series="a", time=NOW, value=7, first_seen=NOW)


def test_one_address_is_asked_once_for_all_its_series() -> None:
    web = FakeWeb({"https://data.example.com/x.csv": b"date,v,w\n2026-04-14,1,2\n"})
    collected = visit(web, source({"a": {}, "b": {"options": {"value": "w"}}}))
    assert web.asked == ["https://data.example.com/x.csv"]
    assert [(o.series, o.value) for o in collected.values] == [("a", 1), ("b", 2)]


def test_a_raw_answer_is_kept_as_it_came() -> None:
    body = b"date,v\n2026-04-14,1\n"
    (answer,) = visit(FakeWeb({"https://data.example.com/x.csv": body}), source({"a": {}})).answers
    assert (answer.url, answer.status, answer.body) == ("https://data.example.com/x.csv", 200, body)


@dataclass
class MovedWeb(FakeWeb):
    """Every address is answered by another, to which it redirects for good."""

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        there = url.replace("data.", "new.")
        return replace(await super().get(url, headers=headers, cap=cap), url=there, moved=there)


def test_an_address_that_moved_for_good_is_told_without_its_query() -> None:
    url = "https://data.example.com/x.csv"
    pages: dict[str, bytes | FetchError] = {f"{url}?key=secret": b"date,v\n2026-04-14,1\n"}
    collected = visit(MovedWeb(pages), source({"a": {}}, url=f"{url}?key=secret"))
    assert collected.moves == f"{url} has moved for good to https://new.example.com/x.csv"
    assert visit(FakeWeb(pages), source({"a": {}}, url=f"{url}?key=secret")).moves == ""


FRED = source(
    {"macro.a": {"key": "A"}, "macro.b": {"key": "B"}, "macro.c": {"key": "C"}},
    collector="fred",
    url="https://fred.example.com/g.csv",
)


def fred_url(key: str) -> str:
    return f"https://fred.example.com/g.csv?id={key}&cosd=2014-01-01"


def test_one_failing_series_does_not_take_the_others_along() -> None:
    web = FakeWeb(
        {
            fred_url("A"): b"observation_date,A\n2026-04-14,1\n",
            fred_url("B"): FetchError("timeout", url=fred_url("B")),
            fred_url("C"): b"<html>Sorry</html>",
        }
    )
    collected = visit(web, FRED)
    assert [o.series for o in collected.values] == ["macro.a"]
    faults = dict(collected.faults)
    assert faults["macro.b"] == "timeout"
    assert faults["macro.c"].startswith(f"changed format: {fred_url('C')}: header: ")
    assert [a.body for a in collected.answers] == [b"observation_date,A\n2026-04-14,1\n", b"<html>Sorry</html>"], (
        "the sample too"
    )


def test_with_no_network_every_series_has_its_reason() -> None:
    collected = visit(FakeWeb(), FRED)
    assert (collected.values, collected.answers) == ((), ())
    assert collected.faults == tuple((name, "http 404") for name in FRED.series)


def test_a_series_without_a_value_says_so() -> None:
    web = FakeWeb({fred_url("A"): b"observation_date,A\n2026-04-14,.\n"})
    assert dict(visit(web, FRED).faults)["macro.a"] == "no values"


@pytest.mark.parametrize(
    ("rows", "kept", "fault"),
    [
        pytest.param("2026-04-14,5\n", [5.0], None, id="a value in its range is kept"),
        pytest.param("2026-04-14,0\n2026-04-15,10\n", [0.0, 10.0], None, id="the bounds belong to it"),
        pytest.param(
            "2026-04-13,1e9\n2026-04-14,5\n",
            [5.0],
            "implausible 1e+09 for 2026-04-13",
            id="one beyond it is a fault, its neighbours are kept",
        ),
        pytest.param(
            "2026-04-12,-1\n2026-04-13,11\n2026-04-14,12\n",
            [],
            "implausible -1 for 2026-04-12 and 2 more",
            id="several are counted",
        ),
    ],
)
def test_implausible_values_are_kept_out(rows: str, kept: list[float], fault: str | None) -> None:
    web = FakeWeb({"https://data.example.com/x.csv": f"date,v\n{rows}".encode()})
    collected = visit(web, source({"a": {"plausible": [0, 10]}}))
    assert [o.value for o in collected.values] == kept
    assert dict(collected.faults).get("a") == fault
    assert {o.value for o in collected.refused}.isdisjoint(kept)
    assert len(collected.refused) == rows.count("\n") - len(kept)


def test_only_a_series_that_is_held_is_asked_for_less_than_everything() -> None:
    web = FakeWeb()
    visit(web, FRED, held={"macro.b": at(14)})
    assert web.asked == [fred_url("A"), "https://fred.example.com/g.csv?id=B&cosd=2025-03-10", fred_url("C")]


def test_an_answer_may_name_a_further_address() -> None:
    """A split in Yahoo's answer asks for the whole history, once."""
    settings = source({"price.x": {"key": "X"}}, collector="yahoo", url="https://chart.example.com")
    body = (
        b'{"chart": {"result": [{"meta": {"symbol": "X", "exchangeTimezoneName": "America/New_York"},'
        b' "timestamp": [1776000600], "indicators": {"quote": [{"close": [12.5]}]}, "events": {"splits": {"1": {}}}}]}}'
    )
    long, short = (
        f"https://chart.example.com/X?period1={int(day.timestamp())}&period2={int(datetime(2026, 4, 16, tzinfo=UTC).timestamp())}&interval=1d&events=div%7Csplit"
        for day in (datetime(2014, 1, 1, tzinfo=UTC), datetime(2026, 3, 15, tzinfo=UTC))
    )
    web = FakeWeb({long: body, short: body})
    collected = visit(web, settings, held={"price.x": at(14)})
    assert web.asked == [short, long]
    assert [(o.time, o.value) for o in collected.values] == [(at(12), 12.5)]


PAGE = "https://data.example.com/x.csv"
HELD = RawAnswer(
    url=PAGE, status=200, body=b"date,v\n2026-04-13,7\n", etag='"one"', modified="Mon, 13 Apr 2026 06:00:00 GMT"
)


@dataclass
class Conditional:
    """An address with validators, and how it answers 304: with which tag."""

    etag: str
    body: bytes = HELD.body
    says_304_with: str | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        self.asked.append(dict(headers or {}))
        if self.says_304_with is not None and "If-None-Match" in self.asked[-1]:
            return Answer(
                url=url, status=304, headers={"etag": self.says_304_with} if self.says_304_with else {}, body=b""
            )
        return Answer(url=url, status=200, headers={"etag": self.etag, "last-modified": "now"}, body=self.body)


SENT = {"If-None-Match": HELD.etag, "If-Modified-Since": HELD.modified}


@pytest.mark.parametrize(
    ("web", "asked", "value", "answers"),
    [
        pytest.param(
            Conditional('"one"', says_304_with='"one"'),
            [SENT],
            7.0,
            [(304, b"", False, "")],
            id="what did not change is read from what is held, and nothing is sent",
        ),
        pytest.param(
            Conditional('"two"', b"date,v\n2026-04-13,8\n"),
            [SENT],
            8.0,
            [(200, b"date,v\n2026-04-13,8\n", True, '"two"')],
            id="a revision is sent whole, with its own tag",
        ),
        pytest.param(
            Conditional('"one"', b"date,v\n2026-04-13,8\n", says_304_with=""),
            [SENT, {}],
            8.0,
            [(200, b"date,v\n2026-04-13,8\n", True, '"one"')],
            id="not modified without the tag is not believed, and asked again without conditions",
        ),
        pytest.param(
            Conditional('"two"', b"date,v\n2026-04-13,8\n", says_304_with='"two"'),
            [SENT, {}],
            8.0,
            [(200, b"date,v\n2026-04-13,8\n", True, '"two"')],
            id="nor is one with another tag",
        ),
    ],
)
def test_an_address_is_asked_for_what_changed(
    web: Conditional, asked: list[dict[str, str]], value: float, answers: list[tuple[int, bytes, bool, str]]
) -> None:
    collected = asyncio.run(collect(web, source({"a.b": {}}), now=NOW, repeatable={PAGE: HELD}))
    assert web.asked == asked
    assert [(o.time, o.value) for o in collected.values] == [(at(13), value)]
    assert collected.faults == ()
    assert [(a.status, a.body, a.kept, a.etag) for a in collected.answers] == answers


def test_an_unknown_collector_is_refused_with_those_that_exist() -> None:
    with pytest.raises(OptionError, match=r"there is no collector 'ouija', only aws_prices, .*table, .*yahoo") as told:
        check(source({"a": {}}, collector="ouija"))
    assert told.value.keys == ("collector",)


# The real world, replayed


class Sources(Strict):
    sources: tuple[SourceSettings, ...]


@pytest.fixture(scope="module")
def replayed(replayed_sources: Callable[[str], tuple[Path, str]]) -> dict[str, Collected]:
    """Everything that the replay serves on the morning of 15 April 2026, collected once."""
    config, host = replayed_sources("2026-04-15T11:00:00Z")
    return asyncio.run(everything(read(config).parse(Sources).sources, host))


async def everything(sources: tuple[SourceSettings, ...], host: str) -> dict[str, Collected]:
    async with Client(FetchSettings(contact="test@example.com", spacing=0, per_host=8, allow_hosts=(host,))) as client:
        visits = await asyncio.gather(*(collect(client, s, now=NOW, imported=True) for s in sources))
    return {collected.source: collected for collected in visits}


def newest(replayed: dict[str, Collected], series: str) -> Observation:
    return max((o for c in replayed.values() for o in c.values if o.series == series), key=lambda o: o.time)


def rows(real: Path, path: str) -> list[dict[str, str]]:
    with (real / "data/market" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.mark.real
def test_every_source_that_is_replayed_is_collected(replayed: dict[str, Collected]) -> None:
    faults = {f"{c.source}: {reason}" for c in replayed.values() for _, reason in c.faults}
    assert faults == {
        "rental_runpod: not listed",  # its table begins on 2026-05-08
        "options: implausible 32813 for 2025-01-09",  # a day of mourning: the exchanges were closed
    }


MACRO, ON_DEMAND = "macro/macro_tidy_from_2015.csv", "aws/aws_ondemand_price_changes_karpenter.csv"


@pytest.mark.real
@pytest.mark.parametrize(
    ("series", "place"),
    [
        ("macro.hy_spread", (MACRO, {"series": "BAMLH0A0HYM2"}, "date", "value")),
        ("macro.nfci", (MACRO, {"series": "NFCI"}, "date", "value")),
        ("macro.core_pce", (MACRO, {"series": "PCEPILFE"}, "date", "value")),
        ("price.nvda", ("prices/daily_closes.csv", {"symbol": "NVDA"}, "date", "close")),
        ("on_demand.trn1.32xlarge", (ON_DEMAND, {"instance_type": "trn1.32xlarge"}, "generated_date", "usd_per_hour")),
        ("on_demand.p5.48xlarge", (ON_DEMAND, {"instance_type": "p5.48xlarge"}, "generated_date", "usd_per_hour")),
        (
            "downloads.torch-xla",
            ("adoption/pypi_30day_downloads_history.csv", {"project": "torch-xla"}, "date", "downloads_30d"),
        ),
        ("breadth.above_200d", ("macro/phainia_breadth_official.csv", {}, "date", "pct_above_ma200")),
        ("options.put_call", ("options/phainia_putcall_cboe.csv", {}, "date", "total_pc")),
    ],
)
def test_the_newest_figure_is_that_of_the_file(
    replayed: dict[str, Collected], real: Path, series: str, place: tuple[str, dict[str, str], str, str]
) -> None:
    path, match, date, column = place
    held = {r[date]: float(r[column]) for r in rows(real, path) if match.items() <= r.items() and r[column]}
    last = newest(replayed, series)
    assert last.value == held[f"{last.time:%Y-%m-%d}"]
    assert last.time < NOW


@pytest.mark.real
def test_the_spot_discount_is_the_mean_over_the_regions_of_the_last_snapshot(
    replayed: dict[str, Collected], real: Path
) -> None:
    held = [
        r
        for r in rows(real, "aws/aws_spot_advisor_accelerators_3snapshots.csv")
        if (r["commit_date"], r["instance_type"]) == ("2025-06-28", "p5.48xlarge")
    ]
    savings = [float(r["savings_pct_vs_ondemand"]) for r in held]
    assert newest(replayed, "spot_discount.p5.48xlarge").value == pytest.approx(fmean(savings))
    assert round(fmean(savings), 1) == 45.4
    assert newest(replayed, "spot_spread.p5.48xlarge").value == 83 - -62
    assert newest(replayed, "spot_regions.trn1.32xlarge").value == 3
    assert newest(replayed, "spot_discount.p5.48xlarge").time == NOW


@pytest.mark.real
def test_a_rental_price_is_that_of_one_card(replayed: dict[str, Collected]) -> None:
    assert newest(replayed, "rental.mi300x").value == 60.0 / 8  # ND96isr_MI300X_v5: 60.00 USD/hour for eight
    assert newest(replayed, "rental.t4").value == pytest.approx(0.902)  # median of 0.631, 0.902 and 1.445


@pytest.mark.real
def test_nothing_is_seen_before_its_publication_rule(replayed: dict[str, Collected]) -> None:
    quarter = newest(replayed, "capex.amzn")
    assert (quarter.time, quarter.first_seen) == (
        datetime(2025, 12, 31, tzinfo=UTC),
        datetime(2026, 2, 5, tzinfo=UTC),
    ), "the end of the day on which it was filed, 35 days after the quarter"
    month = newest(replayed, "supply.tsmc_revenue")
    assert month.time == datetime(2026, 3, 31, tzinfo=UTC)
    assert all(o.first_seen <= NOW for c in replayed.values() for o in c.values)
