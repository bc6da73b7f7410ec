"""EC2's public spot prices: `website.spot.ec2.aws.a2z.com/spot.json`, the file behind AWS's price page.

Series, of an instance type, Linux, over the regions that list it:
`spot_price.TYPE` median price in USD/hour, `spot_price_regions.TYPE` number of those regions, which
stands beside the median because a region that comes or goes moves it.
Cadence: AWS renews the file every few minutes; one file of some 2.7 MB serves all types, so twice a
day is plenty. Publication rule: undated, a value is of the visit; there is no history (credentials
and `describe-spot-price-history` give 90 days). No key. Terms: https://aws.amazon.com/terms/
"N/A*" is AWS's word for a type that a region does not sell on spot: no price, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from ingest.collectors.collector import Found, Request, Value, Visit, changed
from ingest.collectors.naming import check_names, measure, no_options, subject_of

SYSTEM = "linux"
NOT_SOLD = "N/A"

MEASURES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "spot_price": median,
    "spot_price_regions": lambda prices: float(len(prices)),
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Family(_Part):
    sizes: list[dict[str, Any]]  # one broken size that nobody follows is not our affair


class _Region(_Part):
    region: str
    instanceTypes: list[_Family]  # noqa: N815 -- Amazon's spelling, kept so that a fault names Amazon's field


class _Config(_Part):
    rate: Literal["perhr"]
    regions: Annotated[list[_Region], Field(min_length=1)]


class _Answer(_Part):
    config: _Config


class _Prices(_Part):
    USD: str


class _Column(_Part):
    name: str
    prices: _Prices


COLUMNS = TypeAdapter(list[_Column])
PRICE = TypeAdapter(Annotated[float, Field(gt=0, allow_inf_nan=False)])


def check(source: SourceSettings) -> None:
    """A series is named for one of the two measures; its key, or the rest of its id, is the type."""
    no_options(source)
    check_names(source, MEASURES, "TYPE")


def requests(visit: Visit) -> Sequence[Request]:
    """One address serves all."""
    return [Request(url=visit.source.url, series=tuple(visit.source.series))]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """Both measures of each type; a type that no region sells on spot is "not listed", not zero."""
    try:
        regions = _Answer.model_validate_json(body).config.regions
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    listed: dict[str, list[tuple[str, Any]]] = {}
    for i, region in enumerate(regions):
        for j, family in enumerate(region.instanceTypes):
            for k, size in enumerate(family.sizes):
                where = f"config.regions.{i}.instanceTypes.{j}.sizes.{k}"
                if not isinstance(size.get("size"), str):
                    raise FormatError("is missing", url=request.url, field=f"{where}.size", sample=body)
                listed.setdefault(size["size"], []).append((where, size.get("valueColumns")))
    values, faults = [], []
    for name in request.series:
        given = listed.get(subject_of(visit.source, name), ())
        prices = [p for where, columns in given if (p := _price(columns, where, request.url, body)) is not None]
        if prices:
            values.append(Value(series=name, value=MEASURES[measure(name)](prices), time=None))
        else:
            faults.append((name, "not listed"))
    return Found(values=tuple(values), faults=tuple(faults))


def _price(columns: Any, where: str, url: str, body: bytes) -> float | None:
    field = f"{where}.valueColumns"
    try:
        said = {column.name: column.prices.USD for column in COLUMNS.validate_python(columns)}
        field = f"{field}.{SYSTEM}.prices.USD"
        if SYSTEM not in said:
            raise FormatError("is missing", url=url, field=field, sample=body)
        return None if said[SYSTEM].startswith(NOT_SOLD) else PRICE.validate_python(said[SYSTEM])
    except ValidationError as error:
        raise changed(error, url=url, body=body, field=field) from error
