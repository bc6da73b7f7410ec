"""Vast.ai's market of rented GPUs: `console.vast.ai/api/v0/bundles/?q={..}`, offers as JSON.

Series, of one card or of a class of cards (`options.gpus`, Vast's names, as [H100 SXM, H100 NVL]):
`rented_share.X` percent of the listed GPUs that are rented, the nearest public measure of utilisation;
`rental_vast.X` median of `dph_total / num_gpus` over what can be rented now, in USD per GPU and hour.
A machine is offered in parts that overlap (one GPU of it, two, all eight), so that adding offers would
count it many times: of each machine the largest rented and the largest free offer count.
It is a market of small owners, thin for large cards: a proxy of demand, not of a cloud's fleet.

Cadence: the market moves by the minute; four visits a day are plenty, one request a series.
Publication rule: undated, a value is of the visit, and nobody publishes a history. Key: searching needs
none, as public collectors report in 2026, though Vast's own examples send one; should that change, the
source's option `key_env` names the variable that holds yours, e.g. VAST_API_KEY. Terms: https://vast.ai/terms. Form: https://docs.vast.ai/api
When the answer is full to its limit the rest is unknown, and a share of a part would be a guess: then,
and when no offer is listed, the series is a fault with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from statistics import median
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import Found, Request, Value, Visit, address, changed, options
from ingest.collectors.naming import check_names, measure

MEASURES = ("rented_share", "rental_vast")
LIMIT = 2000  # offers of one answer; public collectors see some dozens of a large card

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Source(Strict):
    key_env: str = ""


class _Options(Strict):
    gpus: Annotated[tuple[str, ...], Field(min_length=1)]


class _Offer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    machine_id: int
    gpu_name: str
    num_gpus: Annotated[int, Field(ge=1, le=1024)]
    dph_total: Dollars
    rentable: bool
    rented: bool


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    offers: list[_Offer]


def check(source: SourceSettings) -> None:
    """A series is named for one of the two measures, and says which cards it is about."""
    check_names(source, MEASURES, "GPU")
    options(_Source, source.options, "options")
    for name in source.series:
        _gpus(source, name)


def requests(visit: Visit) -> Sequence[Request]:
    """One address for each set of cards; with the key, if there is one."""
    key = visit.secrets.get(options(_Source, visit.source.options).key_env)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return [
        Request(url=address(visit.source.url, q=_query(_gpus(visit.source, name))), series=(name,), headers=headers)
        for name in visit.source.series
    ]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The measures of the cards asked for; raises FormatError naming the field."""
    try:
        offers = _Answer.model_validate_json(body).offers
    except ValidationError as error:
        raise changed(error, url=request.url, body=body) from error
    values, faults = [], []
    for name in request.series:
        gpus = _gpus(visit.source, name)
        strange = next((i for i, offer in enumerate(offers) if offer.gpu_name not in gpus), None)
        if strange is not None:
            reason = f"answered {offers[strange].gpu_name}, asked for {', '.join(gpus)}"
            raise FormatError(reason, url=request.url, field=f"offers.{strange}.gpu_name", sample=body)
        said = _said(measure(name), offers)
        if isinstance(said, str):
            faults.append((name, said))
        else:
            values.append(Value(series=name, value=said, time=None))
    return Found(values=tuple(values), faults=tuple(faults))


def _said(what: str, offers: Sequence[_Offer]) -> float | str:
    if not offers:
        return "not listed"
    if len(offers) >= LIMIT:
        return f"cut off at {LIMIT} offers"
    if what == "rental_vast":
        prices = [o.dph_total / o.num_gpus for o in offers if o.rentable and not o.rented and o.dph_total]
        return median(prices) if prices else "nothing to rent"
    rented, free = _largest(offers, rented=True), _largest(offers, rented=False)
    return 100 * rented / (rented + free)


def _largest(offers: Sequence[_Offer], *, rented: bool) -> int:
    """GPUs in the largest such offer of each machine, added up."""
    by_machine: dict[int, int] = {}
    for offer in offers:
        if offer.rented == rented:
            by_machine[offer.machine_id] = max(by_machine.get(offer.machine_id, 0), offer.num_gpus)
    return sum(by_machine.values())


def _query(gpus: Sequence[str]) -> str:
    asked = {"gpu_name": {"in": list(gpus)}, "external": {"eq": False}, "type": "on-demand", "limit": LIMIT}
    return json.dumps(asked, separators=(",", ":"))


def _gpus(source: SourceSettings, name: str) -> tuple[str, ...]:
    return options(_Options, source.series[name].options, "series", name, "options").gpus
