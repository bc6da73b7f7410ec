"""Amazon's list prices, from either of the two files that Amazon gives away without a key.

`options: {file: page}`: the file behind the price page of one region and system,
`b0.p.awsstatic.com/pricing/2.0/meteredUnitMaps/ec2/USD/current/ec2-ondemand-without-sec-sel/REGION/Linux/index.json`
(some 1,300 rows). Its form is Amazon's own and documented nowhere.
Series `on_demand.TYPE`: USD/hour, Linux, in the region of the address.
`options: {file: offer}`: a file of the documented price list,
`pricing.us-east-1.amazonaws.com/offers/v1.0/aws/SERVICE/current/REGION/index.json`.
A series names its product by attributes and says the unit, as `egress.aws` does:
`{attributes: {transferType: AWS Outbound, fromRegionCode: us-east-1, toLocation: External}, unit: GB}`;
its value is the first tier that costs anything.

Why two: the documented file for EC2 has hundreds of megabytes a region, in JSON and in CSV, and grows
with every reservation term; to download that daily for forty numbers is not polite, and we hold an
answer whole. The mirror instances.vantage.sh/instances.json is smaller, but still tens of megabytes,
second hand, and of all regions. So EC2 comes from the page's file, and data transfer, which is small,
from the price list. SkyPilot's catalogue (`table`) is the second source of the same EC2 prices.

Cadence: Amazon publishes both files within hours of a change; once a day is plenty. Publication rule:
a list price stands until it is changed, so a value is of the visit. Terms: https://aws.amazon.com/terms/
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import Found, Request, Value, Visit, changed, options
from ingest.collectors.naming import check_names, no_options, subject_of

GZIP = b"\x1f\x8b"
MOST = 50_000_000  # bytes that a page's file may inflate to; it has 2 million today
FREE = 0.0

Number = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Source(Strict):
    file: Literal["page", "offer"]


class _Product(Strict):
    attributes: Annotated[dict[str, str], Field(min_length=1)]
    unit: str


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Manifest(_Part):
    currencyCode: Literal["USD"] = "USD"  # noqa: N815 -- Amazon's spelling, kept so that a fault names Amazon's field


class _Page(_Part):
    """Rows stand under the region's name, each under a name of its own."""

    manifest: _Manifest = _Manifest()
    regions: Annotated[dict[str, dict[str, dict[str, Any]]], Field(min_length=1, max_length=1)]


class _Listed(_Part):
    attributes: dict[str, str] = {}


class _Terms(_Part):
    OnDemand: dict[str, dict[str, dict[str, Any]]]


class _Offer(_Part):
    products: Annotated[dict[str, _Listed], Field(min_length=1)]
    terms: _Terms


class _PerUnit(_Part):
    USD: Number


class _Tier(_Part):
    unit: str
    beginRange: Number  # noqa: N815 -- as above
    pricePerUnit: _PerUnit  # noqa: N815 -- as above


PRICE = TypeAdapter(Annotated[float, Field(gt=0, allow_inf_nan=False)])
TIERS = TypeAdapter(Annotated[dict[str, _Tier], Field(min_length=1)])


def check(source: SourceSettings) -> None:
    """Of a page, series are `on_demand.TYPE`; of an offer, each names its product by attributes."""
    if options(_Source, source.options, "options").file == "page":
        no_options(source, source.series)
        check_names(source, ["on_demand"], "TYPE")
        return
    for name, series in source.series.items():
        options(_Product, series.options, "series", name, "options")


def requests(visit: Visit) -> Sequence[Request]:
    """One address serves all."""
    return [Request(url=visit.source.url, series=tuple(visit.source.series))]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The prices; raises FormatError naming the field. What the file does not hold is "not listed"."""
    page = options(_Source, visit.source.options).file == "page"
    plain = _inflated(body, request.url) if body.startswith(GZIP) else body
    try:
        answer = _Page.model_validate_json(plain) if page else _Offer.model_validate_json(plain)
    except ValidationError as error:
        raise changed(error, url=request.url, body=plain) from error
    found = (
        _from_page(answer, visit, request, plain)
        if isinstance(answer, _Page)
        else _from_offer(answer, visit, request, plain)
    )
    return Found(
        values=tuple(Value(series=n, value=v, time=None) for n, v in found.items() if not isinstance(v, str)),
        faults=tuple((n, v) for n, v in found.items() if isinstance(v, str)),
    )


def _inflated(body: bytes, url: str) -> bytes:
    """Amazon's store holds these files packed, and has sent them so without saying it."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(body, MOST)
    except zlib.error as error:
        raise FormatError(f"is not gzip ({error})", url=url, sample=body) from error
    if not inflater.eof:
        raise FormatError("is cut short, or far larger than it was", url=url, sample=body)
    return plain


def _from_page(page: _Page, visit: Visit, request: Request, body: bytes) -> Mapping[str, float | str]:
    ((region, rows),) = page.regions.items()
    by_type: dict[str, tuple[str, Any]] = {}
    for row, cells in rows.items():
        kind = cells.get("Instance Type")
        if not isinstance(kind, str):
            field = f"regions.{region}.{row}.Instance Type"
            raise FormatError("is missing", url=request.url, field=field, sample=body)
        by_type[kind] = (row, cells.get("price"))
    found: dict[str, float | str] = {}
    for name in request.series:
        row, price = by_type.get(subject_of(visit.source, name), ("", None))
        try:
            found[name] = PRICE.validate_python(price) if row else "not listed"
        except ValidationError as error:
            raise changed(error, url=request.url, body=body, field=f"regions.{region}.{row}.price") from error
    return found


def _from_offer(offer: _Offer, visit: Visit, request: Request, body: bytes) -> Mapping[str, float | str]:
    found: dict[str, float | str] = {}
    for name in request.series:
        wanted = options(_Product, visit.source.series[name].options)
        fit = [
            sku
            for sku, product in offer.products.items()
            if wanted.attributes.items() <= product.attributes.items() and sku in offer.terms.OnDemand
        ]
        if len(fit) == 1:
            found[name] = _first_tier(offer.terms.OnDemand[fit[0]], wanted.unit, fit[0], request.url, body)
        else:
            found[name] = f"{len(fit)} products fit its attributes" if fit else "not listed"
    return found


def _first_tier(terms: Mapping[str, Mapping[str, Any]], unit: str, sku: str, url: str, body: bytes) -> float:
    where = f"terms.OnDemand.{sku}"
    if len(terms) != 1:
        raise FormatError(f"has {len(terms)} terms, and had one", url=url, field=where, sample=body)
    ((term, content),) = terms.items()
    where = f"{where}.{term}.priceDimensions"
    try:
        tiers = TIERS.validate_python(content.get("priceDimensions"))
    except ValidationError as error:
        raise changed(error, url=url, body=body, field=where) from error
    strange = next((key for key, tier in tiers.items() if tier.unit != unit), None)
    if strange:
        said = f"is {tiers[strange].unit!r} instead of {unit!r}"
        raise FormatError(said, url=url, field=f"{where}.{strange}.unit", sample=body)
    priced = sorted((t.beginRange, t.pricePerUnit.USD) for t in tiers.values() if t.pricePerUnit.USD > FREE)
    if not priced:
        raise FormatError("costs nothing in any tier", url=url, field=where, sample=body)
    return priced[0][1]
