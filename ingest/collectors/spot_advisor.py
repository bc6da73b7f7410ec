"""EC2's Spot Advisor: how much cheaper spot is than on demand, and how often it is taken away.

One JSON of some 1.2 MB without a date, so an observation is of the visit. Per region, system and
instance type it says `s`, the saving against on demand in percent (negative when spot costs
more), and `r`, the class of monthly interruptions: 0 under 5 %, 1 to 10, 2 to 15, 3 to 20, 4 over.
A saving is the price of idle capacity: a proxy, not a utilisation rate.

Four series of a type, Linux, over the regions that list it:
`spot_discount.TYPE` mean saving, `spot_spread.TYPE` largest less smallest saving (points),
`spot_interruption.TYPE` mean class, `spot_regions.TYPE` number of regions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from ingest.collectors.collector import Found, OptionError, Request, Value, Visit, changed

SYSTEM = "Linux"


class _Advice(BaseModel):
    """Only the outside is read at first: one broken type that nobody follows is not our affair."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    spot_advisor: Annotated[dict[str, dict[str, dict[str, Any]]], Field(min_length=1)]


class _Offer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    s: Annotated[float, Field(le=100, allow_inf_nan=False)]
    r: Annotated[int, Field(ge=0, le=4)]


Offers = Sequence[_Offer]
MEASURES: Mapping[str, Callable[[Offers], float]] = {
    "spot_discount": lambda offers: fmean(o.s for o in offers),
    "spot_spread": lambda offers: max(o.s for o in offers) - min(o.s for o in offers),
    "spot_interruption": lambda offers: fmean(o.r for o in offers),
    "spot_regions": lambda offers: float(len(offers)),
}


def check(source: SourceSettings) -> None:
    """A series is named for one of the four measures; its key, or the rest of its id, is the type."""
    if source.options:
        raise OptionError("the collector 'spot_advisor' knows no options", "options")
    for name, series in source.series.items():
        if name.partition(".")[0] not in MEASURES or not _type(source, name):
            known = ", ".join(f"{measure}.TYPE" for measure in MEASURES)
            raise OptionError(f"must be one of {known}", "series", name)
        if series.options:
            raise OptionError("the collector 'spot_advisor' knows no options", "series", name, "options")


def requests(visit: Visit) -> Sequence[Request]:
    """One address serves all."""
    return [Request(url=visit.source.url, series=tuple(visit.source.series))]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The four measures of each type; a type that no region lists is "not listed", not zero."""
    try:
        regions = _Advice.model_validate_json(body).spot_advisor
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    if not any(systems.get(SYSTEM) for systems in regions.values()):
        reason = f"no region has offers for {SYSTEM}"
        raise FormatError(reason, url=request.url, field="spot_advisor", sample=body)
    values, faults = [], []
    for name in request.series:
        offers = _offers(regions, _type(visit.source, name), request.url, body)
        if offers:
            values.append(Value(series=name, value=MEASURES[name.partition(".")[0]](offers), time=None))
        else:
            faults.append((name, "not listed"))
    return Found(values=tuple(values), faults=tuple(faults))


def _type(source: SourceSettings, name: str) -> str:
    return source.series[name].key or name.partition(".")[2]


def _offers(regions: Mapping[str, Mapping[str, Mapping[str, Any]]], kind: str, url: str, body: bytes) -> Offers:
    offers = []
    for region, systems in regions.items():
        given = systems.get(SYSTEM, {}).get(kind)
        if given is not None:
            try:
                offers.append(_Offer.model_validate(given))
            except ValidationError as error:
                where = f"spot_advisor.{region}.{SYSTEM}.{kind}"
                raise changed(error, url=url, body=body, field=where) from error
    return offers
