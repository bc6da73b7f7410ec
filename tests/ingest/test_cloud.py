"""Collectors of the clouds' prices, Vast.ai, GitHub, CloudPing and the list of packages.

What the replayed world does not serve is proven on fixtures in the documented formats, whose numbers
are invented; what it does serve stands at the end, against the files that it is made of.
"""

import asyncio
import csv
import gzip
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from core.errors import FormatError
from core.series import Collected, Observation
from core.settings import FetchSettings, SourceSettings
from core.yaml import Strict
from core.yaml import read as read_yaml
from ingest.client import Client
from ingest.collectors import aws_prices, azure, cloudping, ec2_spot, gcp, github, table, top_packages, vast
from ingest.collectors.collector import Collector, Found, OptionError, Visit
from ingest.series import COLLECTORS, collect
from ingest.web import Answer

NOW = datetime(2026, 4, 15, 11, tzinfo=UTC)
MI300X, H100, GB200 = "Standard_ND96isr_MI300X_v5", "Standard_ND96isr_H100_v5", "Standard_ND128isr_NDR_GB200_v6"


@pytest.fixture(scope="module")
def fixtures(root: Path) -> Path:
    return root / "tests/data/fixtures"


def source(collector: str, series: Mapping[str, Any], **more: Any) -> SourceSettings:
    whole = {"id": "s", "collector": collector, "url": "https://prices.example.com/x", "every": "1d", "terms": "t"}
    return SourceSettings.model_validate(
        {**whole, **more, "series": {k: {"unit": "u", **v} for k, v in series.items()}}
    )


def found(collector: Collector, settings: SourceSettings, body: bytes | str, *, now: datetime = NOW) -> Found:
    """What `collector` finds in `body` as the answer to its first request."""
    collector.check(settings)
    visit = Visit(source=settings, now=now)
    return collector.read(visit, collector.requests(visit)[0], body.encode() if isinstance(body, str) else body)


def told(result: Found) -> dict[str, float | str]:
    """Every series with its value, or the reason why there is none."""
    return {**{v.series: round(v.value, 6) for v in result.values}, **dict(result.faults)}


EC2 = source(
    "ec2_spot",
    {f"spot_price{m}.{t}": {} for t in ("trn1.32xlarge", "p5.48xlarge", "trn2.48xlarge") for m in ("", "_regions")},
)
PAGE = source("aws_prices", {f"on_demand.{t}": {} for t in ("trn1.32xlarge", "dl1.24xlarge")}, options={"file": "page"})
OUT = {"transferType": "AWS Outbound", "fromRegionCode": "us-east-1", "toLocation": "External"}
OFFER = source(
    "aws_prices",
    {
        "egress.aws": {"options": {"unit": "GB", "attributes": OUT}},
        "egress.any": {"options": {"unit": "GB", "attributes": {"transferType": "InterRegion Outbound"}}},
        "egress.mars": {"options": {"unit": "GB", "attributes": {"toLocation": "Mars"}}},
    },
    options={"file": "offer"},
)
GCP = source(
    "gcp",
    {
        **{f"{m}.a3-highgpu-8g": {} for m in ("on_demand", "spot_price", "spot_discount")},
        **{f"{m}.a2-highgpu-8g": {} for m in ("on_demand", "spot_discount")},
        "on_demand.a9-decoy-8g": {},
    },
    options={"region": "us-central1"},
)
VAST = source(
    "vast",
    {
        "rented_share.h100": {"options": {"gpus": ["H100 SXM", "H100 NVL"]}},
        "rental_vast.h100": {"options": {"gpus": ["H100 SXM", "H100 NVL"]}},
    },
)
COMMITS = source("github", {"activity.neuron_commits": {"key": "example/toolkit", "options": {"of": "commits"}}})
ISSUES = source("github", {"open_issues.neuron": {"key": "example/toolkit", "options": {"of": "open_issues"}}})
PING = source("cloudping", {"latency.inter_region": {"options": {"pairs": 6}}})


@pytest.mark.parametrize(
    ("collector", "settings", "file", "expected"),
    [
        pytest.param(
            ec2_spot,
            EC2,
            "ec2_spot.json",
            {
                "spot_price.trn1.32xlarge": 4.5,
                "spot_price_regions.trn1.32xlarge": 3,
                "spot_price.p5.48xlarge": 20.5,
                "spot_price_regions.p5.48xlarge": 1,
                "spot_price.trn2.48xlarge": "not listed",
                "spot_price_regions.trn2.48xlarge": "not listed",
            },
            id="EC2's spot prices, where N/A* is no price",
        ),
        pytest.param(
            aws_prices,
            PAGE,
            "aws_page.json",
            {"on_demand.trn1.32xlarge": 11.5, "on_demand.dl1.24xlarge": "not listed"},
            id="the file behind Amazon's price page",
        ),
        pytest.param(
            aws_prices,
            OFFER,
            "aws_offer.json",
            {"egress.aws": 0.08, "egress.any": "2 products fit its attributes", "egress.mars": "not listed"},
            id="Amazon's price list, at the first tier that costs anything",
        ),
        pytest.param(
            gcp,
            GCP,
            "gcp_pricing.yml",
            {
                "on_demand.a3-highgpu-8g": 80,
                "spot_price.a3-highgpu-8g": 20,
                "spot_discount.a3-highgpu-8g": 75,
                "on_demand.a2-highgpu-8g": 30,
                "spot_discount.a2-highgpu-8g": "no spot market",
                "on_demand.a9-decoy-8g": "not listed in us-central1",
            },
            id="Google's machines in one region, and only those below compute",
        ),
        pytest.param(
            vast,
            VAST,
            "vast.json",
            # rented: 8 of machine 1 and 2 of 3; free: 4 of machine 2 (in its largest part) and 2 of 3
            {"rented_share.h100": 62.5, "rental_vast.h100": 2.35},
            id="Vast.ai's offers, whose parts overlap",
        ),
        pytest.param(github, ISSUES, "github_repository.json", {"open_issues.neuron": 123}, id="issues"),
        pytest.param(
            cloudping, PING, "cloudping.json", {"latency.inter_region": 70.5}, id="round trips between regions"
        ),
    ],
)
def test_a_fixture_in_the_documented_format_gives(
    fixtures: Path, collector: Collector, settings: SourceSettings, file: str, expected: dict[str, float | str]
) -> None:
    visit = Visit(source=settings, now=NOW)
    collector.check(settings)
    asked = collector.requests(visit)
    assert len({request.url for request in asked}) == 1
    body = (fixtures / file).read_bytes()
    said: dict[str, float | str] = {}
    for request in asked:
        said |= told(collector.read(visit, request, body))
    assert said == expected


def test_googles_prices_are_of_the_instant_at_which_the_file_was_made(fixtures: Path) -> None:
    result = found(gcp, GCP, (fixtures / "gcp_pricing.yml").read_bytes())
    assert {v.time for v in result.values} == {datetime(2026, 4, 14, 3, 53, 56, tzinfo=UTC)}


def test_amazons_file_is_read_packed_too_because_it_has_come_so_unsaid(fixtures: Path) -> None:
    packed = gzip.compress((fixtures / "aws_page.json").read_bytes())
    assert told(found(aws_prices, PAGE, packed))["on_demand.trn1.32xlarge"] == 11.5
    with pytest.raises(FormatError, match="cut short"):
        found(aws_prices, PAGE, packed[:-20])


# Azure: only all pages together make a value


AZURE = source(
    "azure",
    {
        f"{m}.{sku}": {}
        for sku in (MI300X, H100, GB200, "Standard_NC40ads_H100_v5")
        for m in ("on_demand", "regions", "spot_discount", "spot_spread", "spot_regions", "spot_price")
    },
    url="https://prices.example.com/api/retail/prices",
    options={"region": "westus3"},
)


class Pages:
    """Azure's two pages; the second may be missing."""

    def __init__(self, first: bytes, second: bytes | None) -> None:
        self.first, self.second, self.asked = first, second, list[str]()

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, cap: int | None = None) -> Answer:
        self.asked.append(url)
        body = self.second if "$skip=100" in url else self.first
        return Answer(url=url, status=200, headers={}, body=body or b"<html>busy</html>")


def test_azures_pages_are_read_together(fixtures: Path) -> None:
    web = Pages((fixtures / "azure_page1.json").read_bytes(), (fixtures / "azure_page2.json").read_bytes())
    collected = asyncio.run(collect(web, AZURE, now=NOW))
    said = {**{o.series: round(o.value, 6) for o in collected.values}, **dict(collected.faults)}
    assert said == {
        # westus3 50 and 10 (80 %), eastus2 60 and 30 (50 %), northeurope 70 without spot; Windows, low
        # priority, reservations, the price of last year and that of next year are passed over
        f"on_demand.{MI300X}": 50,
        f"regions.{MI300X}": 3,
        f"spot_discount.{MI300X}": 65,
        f"spot_spread.{MI300X}": 30,
        f"spot_regions.{MI300X}": 2,
        f"spot_price.{MI300X}": 20,
        f"on_demand.{H100}": 100,
        f"regions.{H100}": 1,
        **{f"{m}.{H100}": "no spot market" for m in ("spot_discount", "spot_spread", "spot_regions", "spot_price")},
        f"on_demand.{GB200}": "not listed in westus3",
        f"regions.{GB200}": 1,
        **{f"{m}.{GB200}": "no spot market" for m in ("spot_discount", "spot_spread", "spot_regions", "spot_price")},
        **{n: "not listed" for n in AZURE.series if n.endswith("NC40ads_H100_v5")},
    }
    assert len(collected.answers) == 2
    assert f"armSkuName eq '{MI300X}'" in unquote(web.asked[0])


def test_without_its_last_page_azure_gives_nothing_rather_than_a_part(fixtures: Path) -> None:
    web = Pages((fixtures / "azure_page1.json").read_bytes(), None)
    collected = asyncio.run(collect(web, AZURE, now=NOW))
    assert collected.values == ()
    assert len(collected.faults) == len(AZURE.series)
    assert all(reason.startswith("changed format: ") for _, reason in collected.faults)


# Vast.ai


def offer(**changed: Any) -> dict[str, Any]:
    whole = {"machine_id": 1, "gpu_name": "H100 SXM", "num_gpus": 1, "dph_total": 2, "rentable": True, "rented": False}
    return {**whole, **changed}


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        pytest.param([], ("not listed", "not listed"), id="no offers are not listed, and never a share of zero"),
        pytest.param(
            [offer(rented=True, rentable=False)], (100, "nothing to rent"), id="all rented leaves nothing to price"
        ),
        pytest.param([offer()], (0, 2), id="none rented is zero where offers are listed"),
        pytest.param(
            [offer(machine_id=i) for i in range(vast.LIMIT)],
            ("cut off at 2000 offers",) * 2,
            id="a full answer is cut off, and a share of a part a guess",
        ),
    ],
)
def test_offers_that_are_not_the_usual_ones(offers: list[dict[str, Any]], expected: tuple[Any, Any]) -> None:
    visit = Visit(source=VAST, now=NOW)
    body = json.dumps({"offers": offers}).encode()
    said = [told(vast.read(visit, request, body)) for request in vast.requests(visit)]
    assert tuple(value for one in said for value in one.values()) == expected


def test_vast_is_asked_with_a_key_only_if_there_is_one() -> None:
    settings = source("vast", {"rental_vast.x": {"options": {"gpus": ["X"]}}}, options={"key_env": "VAST_API_KEY"})
    (bare,) = vast.requests(Visit(source=settings, now=NOW))
    (keyed,) = vast.requests(Visit(source=settings, now=NOW, secrets={"VAST_API_KEY": "abc"}))
    assert (bare.headers, keyed.headers) == ({}, {"Authorization": "Bearer abc"})
    assert "abc" not in keyed.url


# GitHub


def test_commits_are_summed_over_whole_months_only(fixtures: Path) -> None:
    """Three commits a week, one on Sunday and two on Wednesday, from 25 January to 11 April 2026."""
    result = found(github, COMMITS, (fixtures / "github_commit_activity.json").read_bytes())
    # February has four Sundays and four Wednesdays; March five Sundays and four Wednesdays
    assert {v.time: v.value for v in result.values} == {
        datetime(2026, 2, 28, tzinfo=UTC): 4 * 1 + 4 * 2,
        datetime(2026, 3, 31, tzinfo=UTC): 5 * 1 + 4 * 2,
    }


@pytest.mark.parametrize("body", [b"", b"{}", b"[]\n"], ids=["nothing", "an empty object", "an empty list"])
def test_statistics_that_github_is_still_computing_are_a_fault_and_no_zero(body: bytes) -> None:
    assert told(found(github, COMMITS, body)) == {"activity.neuron_commits": "being computed"}


def test_a_month_without_commits_is_zero_because_github_says_so(fixtures: Path) -> None:
    weeks = json.loads((fixtures / "github_commit_activity.json").read_text("utf-8"))
    quiet = json.dumps([{**week, "days": [0] * 7} for week in weeks])
    assert [v.value for v in found(github, COMMITS, quiet).values] == [0, 0]


# The list of packages

TOP = source("top_packages", {"downloads_top.torch": {}, "downloads_top.neuronx-cc": {}})
LIST = {
    "last_update": "2026-04-01 08:46:33",
    "query": {"days": 30},
    "rows": [{"download_count": 70, "project": "torch"}, {"download_count": 50_000, "project": "x"}],
}


def test_a_package_that_is_not_on_the_list_is_below_its_cut_off() -> None:
    result = found(top_packages, TOP, json.dumps(LIST))
    assert told(result) == {
        "downloads_top.torch": 70,
        "downloads_top.neuronx-cc": "below the list's cut-off of 70 downloads",
    }
    assert result.values[0].time == datetime(2026, 4, 1, 8, 46, 33, tzinfo=UTC)


def test_too_few_pairs_of_regions_make_no_median(fixtures: Path) -> None:
    few = source("cloudping", {"latency.inter_region": {}})
    said = told(found(cloudping, few, (fixtures / "cloudping.json").read_bytes()))
    assert said == {"latency.inter_region": "only 6 pairs of regions, and 20 are needed"}


# A table may say by how much one column is below another

CATALOGUE = """AcceleratorName,AcceleratorCount,Price,SpotPrice,Region
tpu-v5p-8,1,16.8,4.2,us-east5
tpu-v5p-8,1,20,10,us-central1
tpu-v5p-8,1,20,,europe-west4
B200,8,64,,us-east4
"""


def off(accelerator: str, **more: Any) -> SourceSettings:
    options = {"value": "SpotPrice", "off": "Price", "take": "mean", "where": {"AcceleratorName": accelerator}, **more}
    return source("table", {"spot_discount.x": {"options": options}}, options={"undated": True})


@pytest.mark.parametrize(
    ("accelerator", "expected"),
    [
        pytest.param("tpu-v5p-8", 62.5, id="the mean of 75 and 50 percent, without the zone that has no spot price"),
        pytest.param("B200", "no spot market", id="listed, but nowhere on spot"),
        pytest.param("tpu7x", "not listed", id="not listed at all"),
    ],
)
def test_a_discount_of_a_catalogue(accelerator: str, expected: float | str) -> None:
    assert told(found(table, off(accelerator), CATALOGUE)) == {"spot_discount.x": expected}


def test_a_list_price_of_nothing_is_a_fault_that_names_its_column() -> None:
    with pytest.raises(FormatError, match="nothing to divide by") as fault:
        found(table, off("B200"), "AcceleratorName,Price,SpotPrice\nB200,0,1\n")
    assert fault.value.field == "Price"


# Formats that changed


@pytest.mark.parametrize(
    ("collector", "settings", "file", "old", "new", "field"),
    [
        pytest.param(ec2_spot, EC2, "ec2_spot.json", '"perhr"', '"permonth"', "config.rate", id="EC2's rate"),
        pytest.param(
            ec2_spot,
            EC2,
            "ec2_spot.json",
            '"4.5"',
            '"cheap"',
            "config.regions.2.instanceTypes.0.sizes.0.valueColumns.linux.prices.USD",
            id="a word for EC2's price",
        ),
        pytest.param(
            ec2_spot,
            EC2,
            "ec2_spot.json",
            '"linux"',
            '"gnu"',
            "config.regions.0.instanceTypes.0.sizes.0.valueColumns.linux.prices.USD",
            id="EC2's system",
        ),
        pytest.param(aws_prices, PAGE, "aws_page.json", '"regions"', '"places"', "regions", id="the page's regions"),
        pytest.param(
            aws_prices, PAGE, "aws_page.json", '"USD"', '"EUR"', "manifest.currencyCode", id="the page's currency"
        ),
        pytest.param(
            aws_prices,
            PAGE,
            "aws_page.json",
            '"11.5000000000"',
            '"0.0000000000"',
            "regions.US East (N. Virginia).trn1 32xlarge US East N. Virginia Linux.price",
            id="a price of nothing on the page",
        ),
        pytest.param(
            aws_prices,
            PAGE,
            "aws_page.json",
            '"Instance Type"',
            '"instanceType"',
            "regions.US East (N. Virginia).trn1 32xlarge US East N. Virginia Linux.Instance Type",
            id="the page's types",
        ),
        pytest.param(
            aws_prices, OFFER, "aws_offer.json", '"OnDemand"', '"Spot"', "terms.OnDemand", id="the list's terms"
        ),
        pytest.param(
            aws_prices,
            OFFER,
            "aws_offer.json",
            '"unit": "GB"',
            '"unit": "TB"',
            "terms.OnDemand.OUT1.OUT1.JRTCKXETXF.priceDimensions.OUT1.JRTCKXETXF.0.unit",
            id="the list's unit",
        ),
        pytest.param(
            azure, AZURE, "azure_page2.json", '"retailPrice"', '"price"', "Items.0.retailPrice", id="Azure's price"
        ),
        pytest.param(
            azure,
            AZURE,
            "azure_page2.json",
            '"currencyCode": "USD"',
            '"currencyCode": "EUR"',
            "Items.0.currencyCode",
            id="Azure's currency",
        ),
        pytest.param(
            azure,
            AZURE,
            "azure_page1.json",
            "prices.example.com:443",
            "evil.example.com",
            "NextPageLink",
            id="another host's page",
        ),
        pytest.param(
            gcp, GCP, "gcp_pricing.yml", "timestamp: 1776138836", "stamp: 1", "about.timestamp", id="Google's date"
        ),
        pytest.param(
            gcp, GCP, "gcp_pricing.yml", "1776138836", "1886138836", "about.timestamp", id="a date in the future"
        ),
        pytest.param(
            gcp,
            GCP,
            "gcp_pricing.yml",
            "  instance:\n    a2",
            "  machine:\n    a2",
            "compute.instance",
            id="Google's machines",
        ),
        pytest.param(
            gcp,
            source("gcp", {"on_demand.a3-broken-8g": {}}, options={"region": "us-central1"}),
            "gcp_pricing.yml",
            "",
            "",
            "compute.instance.a3-broken-8g.cost.us-central1.hour",
            id="a word for Google's price",
        ),
        pytest.param(vast, VAST, "vast.json", '"rented"', '"taken"', "offers.0.rented", id="whether it is rented"),
        pytest.param(
            vast, VAST, "vast.json", '"H100 NVL"', '"RTX 4090"', "offers.4.gpu_name", id="other cards than asked"
        ),
        pytest.param(github, COMMITS, "github_commit_activity.json", '"days"', '"daily"', "0.days", id="a week's days"),
        pytest.param(
            github, COMMITS, "github_commit_activity.json", "1769299200", "1769385600", "0.week", id="weeks from Monday"
        ),
        pytest.param(
            github, ISSUES, "github_repository.json", '"open_issues_count"', '"open"', "open_issues_count", id="issues"
        ),
        pytest.param(
            cloudping, PING, "cloudping.json", '"average"', '"p50"', "0.averages.0.average", id="CloudPing's averages"
        ),
    ],
)
def test_a_changed_format_is_named_by_field(  # noqa: PLR0917 -- a table's columns
    fixtures: Path, collector: Collector, settings: SourceSettings, file: str, old: str, new: str, field: str
) -> None:
    body = (fixtures / file).read_text("utf-8")
    assert old in body
    with pytest.raises(FormatError) as fault:
        found(collector, settings, body.replace(old, new))
    assert fault.value.field == field
    assert fault.value.sample


@pytest.mark.parametrize(
    "name", ["aws_prices", "azure", "cloudping", "ec2_spot", "gcp", "github", "top_packages", "vast"]
)
@pytest.mark.parametrize("body", ["<html>busy</html>", bytes(range(256)), "[1, 2", "[" * 100_000], ids=str)
def test_what_is_no_answer_at_all_is_a_format_error(name: str, body: str | bytes) -> None:
    settings = {
        "aws_prices": PAGE,
        "azure": AZURE,
        "cloudping": PING,
        "ec2_spot": EC2,
        "gcp": GCP,
        "github": COMMITS,
        "top_packages": TOP,
        "vast": VAST,
    }[name]
    with pytest.raises(FormatError):
        found(COLLECTORS[name], settings, body)


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        pytest.param(source("ec2_spot", {"price.x": {}}), "series.price.x", id="another measure"),
        pytest.param(
            source("ec2_spot", {"spot_price.x": {}}, options={"a": 1}), "options", id="options that it has not"
        ),
        pytest.param(source("aws_prices", {"on_demand.x": {}}), "options.file", id="a file that is not said"),
        pytest.param(
            source("aws_prices", {"egress.aws": {}}, options={"file": "offer"}),
            "series.egress.aws.options.attributes",
            id="a product without attributes",
        ),
        pytest.param(source("azure", {"on_demand.x": {}}), "options.region", id="a list price of no region"),
        pytest.param(
            source("azure", {"regions.x": {"options": {"region": "a"}}}),
            "series.regions.x.options",
            id="regions of one",
        ),
        pytest.param(source("gcp", {"on_demand.x": {}}), "options.region", id="Google without a region"),
        pytest.param(source("vast", {"rented_share.x": {}}), "series.rented_share.x.options.gpus", id="no cards"),
        pytest.param(
            source("github", {"a": {"key": "neuron", "options": {"of": "commits"}}}), "series.a.key", id="no repository"
        ),
        pytest.param(source("github", {"a": {"key": "a/b"}}), "series.a.options.of", id="nothing to count"),
        pytest.param(
            source("cloudping", {"a": {"options": {"pairs": 0}}}), "series.a.options.pairs", id="a median of nothing"
        ),
        pytest.param(source("top_packages", {"downloads.x": {}}), "series.downloads.x", id="the other list's series"),
        pytest.param(off("x", take="count"), "series.spot_discount.x.options", id="a discount that is counted"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_place(settings: SourceSettings, where: str) -> None:
    with pytest.raises(OptionError) as refused:
        COLLECTORS[settings.collector].check(settings)
    assert ".".join(map(str, refused.value.keys)) == where


# The real world, replayed


class Sources(Strict):
    sources: tuple[SourceSettings, ...]


MINE = ("azure", "gcp", "gcp_regions", "gcp_spot", "downloads_top", "neuron", "egress")


@pytest.fixture(scope="module")
def replayed(replayed_sources: Callable[[str], tuple[Path, str]]) -> dict[str, Collected]:
    """The clouds as the replay serves them on 30 April 2026."""
    config, host = replayed_sources("2026-04-30T11:00:00Z")
    mine = [s for s in read_yaml(config).parse(Sources).sources if s.id in MINE]
    return asyncio.run(_everything(mine, host))


async def _everything(sources: list[SourceSettings], host: str) -> dict[str, Collected]:
    now = datetime(2026, 4, 30, 11, tzinfo=UTC)
    async with Client(FetchSettings(contact="test@example.com", spacing=0, per_host=8, allow_hosts=(host,))) as client:
        visits = await asyncio.gather(*(collect(client, s, now=now, imported=True) for s in sources))
    return {collected.source: collected for collected in visits}


def newest(replayed: dict[str, Collected], series: str) -> Observation:
    return max((o for c in replayed.values() for o in c.values if o.series == series), key=lambda o: o.time)


def rows(real: Path, path: str) -> list[dict[str, str]]:
    with (real / "data/market" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.real
def test_the_clouds_that_are_replayed_are_collected_without_a_fault(replayed: dict[str, Collected]) -> None:
    assert {c.source: c.faults for c in replayed.values()} == dict.fromkeys(MINE, ())


@pytest.mark.real
def test_azures_pages_are_those_of_the_file(replayed: dict[str, Collected], real: Path) -> None:
    held = [
        r for r in rows(real, "azure/azure_ondemand_gpu_price_changes_karpenter.csv") if r["generated_date"] < "2026-05"
    ]
    mi300x = {r["region"]: float(r["usd_per_hour"]) for r in held if r["vm_size"] == MI300X}
    assert len(replayed["azure"].answers) > 2, "paged"
    assert newest(replayed, f"on_demand.{MI300X}").value == mi300x["westus3"] == 48.0
    assert newest(replayed, f"regions.{MI300X}").value == len(mi300x) == 17


@pytest.mark.real
def test_googles_h100_is_that_of_the_file(replayed: dict[str, Collected], real: Path) -> None:
    held = [
        r
        for r in rows(real, "gcp/gcp_gpu_price_summary_history.csv")
        if r["machine"] == "a3-highgpu-8g" and r["spot_us_central1"] and r["date"] <= "2026-04-30"
    ]
    spot, listed = newest(replayed, "spot_price.a3-highgpu-8g"), newest(replayed, "on_demand.a3-highgpu-8g")
    assert (f"{spot.time:%Y-%m-%d}", spot.value) == (held[-1]["date"], float(held[-1]["spot_us_central1"]))
    assert listed.value == float(held[-1]["hour_us_central1"])


@pytest.mark.real
@pytest.mark.parametrize(
    ("machine", "accelerator", "count"), [("ct6e-standard-8t", "tpu-v6e-8", "1"), ("a3-megagpu-8g", "H100-MEGA", "8")]
)
def test_both_sides_of_a_pair_on_google_are_read_from_one_catalogue(
    replayed: dict[str, Collected], real: Path, machine: str, accelerator: str, count: str
) -> None:
    held = [
        r
        for r in rows(real, "gpu_rental/skypilot_style_catalog_anycloud_2026-04_2026-05.csv")
        if (r["cloud"], r["accelerator"], r["count"]) == ("gcp", accelerator, count) and r["date"] <= "2026-04-30"
    ]
    last = max(held, key=lambda r: r["date"])
    seen = newest(replayed, f"spot_discount.{machine}")
    assert f"{seen.time:%Y-%m-%d}" == last["date"]
    assert seen.value == pytest.approx(100 - 100 * float(last["spot_median"]) / float(last["price_median"]))
    assert newest(replayed, f"spot_regions.{machine}").value == float(last["n_regions"])


@pytest.mark.real
def test_the_regions_on_offer_are_those_of_the_list(replayed: dict[str, Collected], real: Path) -> None:
    held = rows(real, "gcp/gcp_accelerator_regions_history.csv")
    for name in ("ct6e", "tpu7x", "nvidia-b200", "nvidia-h100-80gb"):
        listed = [r for r in held if r["accelerator_type"] == name and r["commit_date"] <= "2026-04-30"]
        assert newest(replayed, f"regions.{name}").value == len(listed[-1]["regions"].split("|"))


@pytest.mark.real
def test_the_toolkits_running_month_is_not_counted(replayed: dict[str, Collected], real: Path) -> None:
    held = {r["month"]: float(r["commits"]) for r in rows(real, "adoption/aws_neuron_sdk_commits_monthly.csv")}
    last = newest(replayed, "activity.neuron_commits")
    assert (last.time, last.value) == (datetime(2026, 3, 31, tzinfo=UTC), held["2026-03"])


@pytest.mark.real
def test_the_list_of_packages_is_dated_by_itself(replayed: dict[str, Collected], real: Path) -> None:
    held = rows(real, "adoption/pypi_30day_downloads_history.csv")
    torch = {r["date"]: float(r["downloads_30d"]) for r in held if r["project"] == "torch"}
    last = newest(replayed, "downloads_top.torch")
    assert (last.time, last.value) == (datetime(2026, 4, 1, tzinfo=UTC), torch["2026-04-01"])
