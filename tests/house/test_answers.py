"""What the replayed sources answer: changed in form, broken, implausible, or the same as before."""

import random
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.clock import stamp
from core.errors import FormatError
from counterwire.cli import run
from counterwire.house import open_house
from ingest.collectors.collector import Visit
from ingest.series import COLLECTORS
from tests.house.broken_world import (
    LATER,
    NEXT_DAY,
    NOW,
    Replay,
    answers,
    collected,
    config,
    fares,
    kept,
    only,
    replayed,
    seen,
)

pytestmark = [pytest.mark.real, pytest.mark.slow]

RANGED = {"fred", "yahoo", "stooq", "share_volume"}  # asked for all at first, then for the newest stretch


@pytest.fixture(scope="module")
def replay(real: Path) -> Iterator[Replay]:
    with replayed(real) as world:
        yield world


@pytest.mark.parametrize(
    ("source", "old", "new", "named"),
    [
        pytest.param("fred", "observation_date,", "day,", "header: should be observation_date,CPILFESL", id="fred"),
        pytest.param("yahoo", '"close"', '"last"', "quote.0.close: 0 closes for", id="yahoo"),
        pytest.param("spot_advisor", '"s":', '"saving":', ".s: Field required", id="spot_advisor"),
        pytest.param("on_demand", "usd_per_hour", "price", "usd_per_hour: there is no such column", id="table"),
        pytest.param("sec", '"val"', '"value"', "units.USD.0.val: Field required", id="sec"),
        pytest.param("tsmc", "basicTable", "fancyTable", "table.basicTable: is not there", id="tsmc"),
        pytest.param("cboe", "RATIO", "QUOTIENT", "TOTAL PUT/CALL RATIO: is not on the page", id="cboe"),
        pytest.param("stooq", "Close", "Last", "Close: there is no such column", id="stooq"),
        pytest.param("azure", '"retailPrice"', '"price"', "Items.0.retailPrice: Field required", id="azure"),
        pytest.param("downloads_top", '"download_count"', '"n"', "rows.0.download_count: Field required", id="top"),
    ],
)
def test_a_changed_field_is_named_and_the_answer_kept(  # noqa: PLR0917 -- a table's columns
    replay: Replay, root: Path, tmp_path: Path, source: str, old: str, new: str, named: str
) -> None:
    house = only(config(replay, root, tmp_path), source)
    now = datetime(2025, 3, 5, 11, tzinfo=UTC) if source == "cboe" else NOW  # when its pages had figures
    failed = collected(house, now, old=old, new=new)
    assert kept(house)["observations"] == []
    assert failed.problems != ()
    assert named in fares(house, now)[source][1]
    assert any(new.encode() in body and old.encode() not in body for body in answers(house))
    collected(house, now + timedelta(hours=1))  # asked for whole, though its tag is the same
    assert len(kept(house)["observations"]) > 0
    house.db.close()


JUNK = [
    b"<![",
    b"<!DOCTYPE [",
    b"&#99999999999;",
    b"&#xD800;",
    b'"',
    b",",
    b"\n",
    b"{",
    b"[[[[",
    b"-",
    b"1e999",
    b"NaN",
    b"null",
]
JUNK += [b"9" * 30, b"\x00", b"\xff", b"<table class=basicTable><tr><td>", b": ", b"true", b"2026-13-45"]


def test_no_answer_however_broken_is_more_than_a_fault_of_its_source(
    replay: Replay, root: Path, tmp_path: Path
) -> None:
    """Thirty times a source a real answer with a few bytes of it turned to junk: what comes of it is a fault or values."""
    with open_house(config(replay, root, tmp_path)) as house:
        collected(house, NOW)
        rng = random.Random(20260424)  # noqa: S311 -- no secret
        read = 0
        for source in house.settings.sources:
            reader = COLLECTORS[source.collector]
            asked = {request.url: request for request in reader.requests(Visit(source=source, now=NOW))}
            whole = house.db.execute("select url, body from answers where source = ? and body is not null", [source.id])
            bodies = [(asked[url], zlib.decompress(body)[:60_000]) for url, body in whole.fetchall() if url in asked]
            for request, body in rng.choices(bodies, k=30):
                broken = bytearray(body)
                for _ in range(rng.randrange(1, 6)):
                    begin = rng.randrange(len(broken) + 1)
                    broken[begin : begin + rng.randrange(8)] = rng.choice(JUNK)
                with suppress(FormatError):
                    reader.read(Visit(source=source, now=NOW), request, bytes(broken))
                    read += 1
        assert 0 < read < 30 * len(house.settings.sources)


@pytest.mark.parametrize("source", ["cboe", "tsmc"])
@pytest.mark.parametrize("begun", ["<", "<a ", "<table class=", "<!--"])
def test_a_page_of_nothing_but_beginnings_is_read_in_no_time(
    replay: Replay, root: Path, tmp_path: Path, source: str, begun: str
) -> None:
    """Where the time grows with the square of the length, three megabytes take hours."""
    with only(config(replay, root, tmp_path), source) as house:
        (followed,) = house.settings.sources
    reader, visit_now = COLLECTORS[source], Visit(source=followed, now=NOW)
    with pytest.raises(FormatError):
        reader.read(visit_now, next(iter(reader.requests(visit_now))), (begun * (3_000_000 // len(begun))).encode())


def test_an_implausible_value_of_the_real_world_is_shown_and_let_in(
    replay: Replay, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On 2025-01-09 the exchanges were closed, and the table has 32,813 contracts where a day has ten million."""
    path = config(replay, root, tmp_path)
    house = only(path, "options")
    collected(house, NOW)
    assert fares(house, NOW)["options"] == ("ok", "options.volume: implausible 32813 for 2025-01-09")
    day = "select value, first_seen from observations where series = 'options.volume' and time = '2025-01-09T00:00:00Z'"
    assert house.db.execute(day).fetchall() == []
    assert run(["series", "list", "--quarantined", "-c", str(path), "--json", "--as-of", stamp(NOW)]) == 0
    assert '"value": 32813.0' in capsys.readouterr().out
    assert (
        run(["series", "release", "options.volume", "--time", "2025-01-09", "-c", str(path), "--now", stamp(LATER)])
        == 0
    )
    collected(house, NEXT_DAY)
    assert house.db.execute(day).fetchall() == [(32813.0, stamp(LATER))]
    house.db.close()


def test_right_after_a_full_collect_next_to_nothing_is_sent(replay: Replay, root: Path, tmp_path: Path) -> None:
    """Nothing is due; and whoever asks all the same is sent only what changed.

    Of ranged sources the second visit asks for another stretch, and this world sends all of most of them again.
    """
    with open_house(config(replay, root, tmp_path)) as house:
        visits = [NOW + timedelta(minutes=k) for k in (0, 15, 16, 17)]
        collected(house, visits[0])
        first, looks = kept(house), seen(house)
        collected(house, visits[1])
        collected(house, visits[2], due=False)
        collected(house, visits[3], due=False)
        sent = [
            dict(
                house.db.execute(
                    "select watched, bytes from fetches where at = ? and bytes > 0", [stamp(at)]
                ).fetchall()
            )
            for at in visits
        ]
        assert sum(sent[0].values()) > 3_000_000
        assert sent[1] == {}
        assert set(sent[2]) <= RANGED
        assert sent[3] == {}
        assert kept(house) == first
        assert seen(house) == 3 * looks  # what was not sent again was seen again all the same
