"""The config and the accelerator table that are shipped: complete, real, and consistent with each other."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core import accelerators
from core.accelerators import Accelerator
from core.editions import EditionSettings
from core.errors import ConfigError
from core.settings import (
    DeliverySettings,
    FeedSettings,
    FetchSettings,
    ScheduleSettings,
    SeriesSettings,
    Settings,
    SmtpSettings,
    SourceSettings,
    WebSettings,
    load,
)
from core.yaml import Strict
from ingest.series import check

SERIES = {
    *(f"macro.{m}" for m in ("core_cpi", "core_pce", "sticky_cpi", "fed_target", "treasury_2y", "treasury_10y")),
    *(f"macro.{m}" for m in ("breakeven_10y", "real_10y", "fed_assets", "reverse_repo", "reserves", "nfci")),
    *(f"macro.{m}" for m in ("hy_spread", "ig_spread", "vix", "corporate_yield")),
    *(f"price.{p}" for p in ("spy", "rsp", "qqq", "smh", "nvda", "amd", "avgo", "tsm", "iwm")),
}

DOCUMENTED = (
    ScheduleSettings,
    FetchSettings,
    DeliverySettings,
    SmtpSettings,
    EditionSettings,
    WebSettings,
    FeedSettings,
    SourceSettings,
    SeriesSettings,
)


@pytest.fixture(scope="module")
def shipped(root: Path) -> Settings:
    return load(root / "config.yaml")[0]


@pytest.fixture(scope="module")
def parts(root: Path) -> tuple[Accelerator, ...]:
    return accelerators.load(root / "signals" / "accelerators.yaml")


def series(settings: Settings) -> dict[str, SourceSettings]:
    return {name: source for source in settings.sources for name in source.series}


def test_there_are_thirty_feeds_of_many_owners(shipped: Settings) -> None:
    assert len(shipped.feeds) >= 30
    assert len({f.owner for f in shipped.feeds}) >= 20
    assert {f.kind for f in shipped.feeds} >= {"newspaper", "broadcaster", "trade", "company", "release", "aggregator"}


def test_a_source_has_one_owner_and_one_kind(shipped: Settings) -> None:
    known: dict[str, tuple[str, str]] = {}
    wrong = [f.source for f in shipped.feeds if known.setdefault(f.source, (f.owner, f.kind)) != (f.owner, f.kind)]
    assert wrong == []


def test_every_address_is_public_and_encrypted(shipped: Settings) -> None:
    addresses = [f.url for f in shipped.feeds] + [a for s in shipped.sources for a in (s.url, s.terms)]
    assert [a for a in addresses if urlsplit(a).scheme != "https" or "." not in (urlsplit(a).hostname or "")] == []


def test_nobody_is_mailed_and_nobody_named_until_the_analyst_says_so(shipped: Settings) -> None:
    assert (shipped.delivery.recipients, shipped.delivery.smtp) == ((), None)
    assert shipped.fetch.contact == "you@example.com"  # which `config check` asks to be replaced


@pytest.mark.parametrize("part", DOCUMENTED, ids=lambda part: part.__name__)
def test_every_key_is_shown_where_the_analyst_looks(root: Path, part: type[Strict]) -> None:
    text = "".join((root / name).read_text("utf-8") for name in ("config.yaml", "docs/mail.md"))
    assert [key for key in part.model_fields if not re.search(rf"\b{key}\b", text)] == []


def test_every_source_fits_its_collector(shipped: Settings) -> None:
    for source in shipped.sources:
        check(source)


def test_the_series_that_the_contracts_are_written_against_are_there(shipped: Settings) -> None:
    assert SERIES - series(shipped).keys() == set()


def test_every_series_has_a_unit_and_a_plausible_range(shipped: Settings) -> None:
    wrong = [
        name
        for source in shipped.sources
        for name, s in source.series.items()
        if not s.unit or s.plausible is None or s.plausible[0] >= s.plausible[1]
    ]
    assert wrong == []


def test_a_measure_has_one_unit_across_its_series(shipped: Settings) -> None:
    units: dict[str, set[str]] = {}
    for source in shipped.sources:
        for name, s in source.series.items():
            units.setdefault(name.partition(".")[0], set()).add(s.unit)
    assert {kind: found for kind, found in units.items() if kind not in ("macro", "options") and len(found) > 1} == {}


def test_what_each_stands_for_is_filled_in_everywhere(shipped: Settings) -> None:
    (source,) = (s for s in shipped.sources if s.id == "downloads")
    assert source.series["downloads.torch-xla"].key == "torch-xla"
    assert not any("{" in name for name in series(shipped))


def test_each_without_a_place_for_it_is_refused_with_its_line(tmp_path: Path, root: Path) -> None:
    text = (root / "config.yaml").read_text("utf-8").replace("spot_discount.{type}:", "spot_discount.x:")
    for measure in ("spread", "interruption", "regions"):
        text = text.replace(f"spot_{measure}.{{type}}:", f"spot_{measure}.x:")
    (tmp_path / "config.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"config\.yaml:\d+: sources\.2: .*each\.type"):
        load(tmp_path / "config.yaml")


def test_every_accelerator_on_amazons_spot_market_is_watched(shipped: Settings, parts: tuple[Accelerator, ...]) -> None:
    on_spot = {name for part in parts if part.cloud == "aws" and part.spot for name in part.types}
    watched = series(shipped)
    missing = {
        f"{measure}.{name}"
        for measure in ("spot_discount", "spot_spread", "spot_interruption", "spot_regions")
        for name in on_spot
    } - watched.keys()
    assert missing == set()


def test_every_type_belongs_to_one_part(parts: tuple[Accelerator, ...]) -> None:
    counted = Counter((part.cloud, name) for part in parts for name in part.types)
    assert [name for name, n in counted.items() if n > 1] == []


def test_every_date_of_the_table_says_where_it_is_from(parts: tuple[Accelerator, ...]) -> None:
    unsourced = [p.part for p in parts if str(p.available.year) not in p.source]
    vague = [
        p.part
        for p in parts
        if p.available.day == 1 and "first of month" not in p.source and "1 June 2021" not in p.source
    ]
    assert (unsourced, vague) == ([], [])


def test_the_sides_are_those_of_the_makers(parts: tuple[Accelerator, ...]) -> None:
    assert [p.part for p in parts if (p.maker == "Nvidia") != (p.side == "nvidia")] == []
    assert {(p.cloud, p.job) for p in parts if p.side == "rival"} <= {
        (p.cloud, p.job) for p in parts if p.side == "nvidia"
    }
