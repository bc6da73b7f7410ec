"""Azure's retail prices: `prices.azure.com/api/retail/prices?$filter=..`, pages of 100 by NextPageLink.

Series of a virtual machine's name (`Standard_ND96isr_H100_v5`), Linux, by the hour, in USD:
`on_demand.SKU` in the region that `options.region` names (of the source or of the series), so that
it moves with a price and not with the list of regions; `regions.SKU` how many regions list it on
demand; `spot_discount.SKU` mean over the regions that sell both ways of 100 * (1 - spot / on demand),
with `spot_spread.SKU` largest less smallest of them (points) and `spot_regions.SKU` their number;
`spot_price.SKU` median over the regions. A machine on demand without a spot price is "no spot market".
A discount is the price of idle capacity: a proxy, not a utilisation rate; Azure's eviction rates need
a token and are not read.

Cadence: prices change on some days of a month; one filtered request for all machines and its some
twenty pages once a day. Publication rule: prices in force are of the visit (`effectiveStartDate` says
since when, and a later one is passed over). No key; Microsoft answers 429 to haste, so spacing stays
a second. Terms: https://learn.microsoft.com/legal/termsofuse
Form: https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import fmean, median
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import Found, OptionError, Request, Value, Visit, changed, options
from ingest.collectors.naming import check_names, measure, same_host, subject_of

MEASURES = ("on_demand", "regions", "spot_discount", "spot_spread", "spot_regions", "spot_price")
NO_SPOT_MARKET = "no spot market"


class _Options(Strict):
    region: str = ""


class _Item(BaseModel):
    """One meter. What the replayed world leaves out has the value of an ordinary Linux machine."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    currencyCode: Literal["USD"]  # noqa: N815 -- Azure's spelling, kept so that a fault names Azure's field
    retailPrice: Annotated[float, Field(ge=0, allow_inf_nan=False)]  # noqa: N815 -- as above
    armRegionName: str  # noqa: N815 -- as above
    armSkuName: str  # noqa: N815 -- as above
    unitOfMeasure: str  # noqa: N815 -- as above
    type: str
    skuName: str = ""  # noqa: N815 -- as above
    productName: str = ""  # noqa: N815 -- as above
    effectiveStartDate: datetime  # noqa: N815 -- as above


class _Page(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    Items: list[_Item]
    NextPageLink: str | None = None


@dataclass(slots=True)
class _Machine:
    """Prices of one machine by region, each the one that came into force last."""

    on_demand: dict[str, tuple[datetime, float]] = field(default_factory=dict)
    spot: dict[str, tuple[datetime, float]] = field(default_factory=dict)

    def discounts(self) -> list[float]:
        both = self.on_demand.keys() & self.spot.keys()
        return [100 * (1 - self.spot[r][1] / self.on_demand[r][1]) for r in sorted(both)]


def check(source: SourceSettings) -> None:
    """A series is named for one of the measures; `on_demand` needs a region."""
    check_names(source, MEASURES, "SKU")
    options(_Options, source.options, "options")
    for name, series in source.series.items():
        if measure(name) != "on_demand" and series.options:
            raise OptionError(f"{measure(name)} knows no options", "series", name, "options")
        if measure(name) == "on_demand" and not _region(source, name):
            raise OptionError("is missing: the region whose price is meant", "options", "region")


def requests(visit: Visit) -> Sequence[Request]:
    """One address for all machines; its answer names the next page."""
    machines = sorted({subject_of(visit.source, name) for name in visit.source.series})
    either = " or ".join(f"armSkuName eq '{machine}'" for machine in machines)
    asked = f"serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and ({either})"
    return [Request(url=f"{visit.source.url}?$filter={quote(asked)}", series=tuple(visit.source.series))]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The next page to ask for, or after the last one the measures of each machine."""
    page = _page(body, request.url)
    if page.NextPageLink:
        if not same_host(page.NextPageLink, visit.source.url):
            raise FormatError("leads to another host", url=request.url, field="NextPageLink", sample=body)
        following = Request(url=page.NextPageLink, series=request.series, before=(*request.before, body))
        return Found(more=(following,))
    machines: dict[str, _Machine] = {}
    for one in (*(_page(earlier, request.url) for earlier in request.before), page):
        for item in one.Items:
            _take(item, machines, now=visit.now)
    values, faults = [], []
    for name in request.series:
        said = _said(name, machines.get(subject_of(visit.source, name)), _region(visit.source, name))
        if isinstance(said, str):
            faults.append((name, said))
        else:
            values.append(Value(series=name, value=said, time=None))
    return Found(values=tuple(values), faults=tuple(faults))


def _page(body: bytes, url: str) -> _Page:
    try:
        return _Page.model_validate_json(body)
    except ValidationError as error:
        raise changed(error, url=url, body=body) from error


def _take(item: _Item, machines: dict[str, _Machine], *, now: datetime) -> None:
    since = item.effectiveStartDate if item.effectiveStartDate.tzinfo else item.effectiveStartDate.replace(tzinfo=UTC)
    other = "Windows" in item.productName or "Low Priority" in item.skuName or "CloudServices" in item.productName
    if item.type != "Consumption" or item.unitOfMeasure != "1 Hour" or other or since > now or not item.retailPrice:
        return
    machine = machines.setdefault(item.armSkuName, _Machine())
    prices = machine.spot if item.skuName.endswith("Spot") else machine.on_demand
    held = prices.get(item.armRegionName)
    if held is None or (since, -item.retailPrice) > (held[0], -held[1]):  # of two at once, the lower
        prices[item.armRegionName] = (since, item.retailPrice)


def _said(name: str, machine: _Machine | None, region: str) -> float | str:
    if machine is None or not machine.on_demand:
        return "not listed"
    if measure(name) == "on_demand":
        return machine.on_demand[region][1] if region in machine.on_demand else f"not listed in {region}"
    if measure(name) == "regions":
        return float(len(machine.on_demand))
    discounts = machine.discounts()
    if not discounts:
        return NO_SPOT_MARKET
    said: Mapping[str, float] = {
        "spot_discount": fmean(discounts),
        "spot_spread": max(discounts) - min(discounts),
        "spot_regions": float(len(discounts)),
        "spot_price": median(price for _, price in machine.spot.values()),
    }
    return said[measure(name)]


def _region(source: SourceSettings, name: str) -> str:
    given = {**source.options, **source.series[name].options}
    return options(_Options, given, "series", name, "options").region
