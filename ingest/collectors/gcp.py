"""Google's machine prices, from Cyclenerd's `pricing.yml`, which is made from Google's billing catalogue.

Series of a machine type (`a3-highgpu-8g`: host and accelerators together), in one region that
`options.region` names: `on_demand.MACHINE` and `spot_price.MACHINE` in USD/hour,
`spot_discount.MACHINE` = 100 * (1 - spot / on demand). One region, because the file prices machines
in regions that do not offer them, and a mean over those would be of nothing. A machine without a
spot price there is "no spot market". TPUs are not in it: they come from SkyPilot's catalogue, and the
regions of either from the list of accelerators, both by the collector `table`.

Cadence: renewed about weekly; once a day is plenty, and one file of some 3 MB serves all machines.
Publication rule: `about.timestamp` says when it was made, and its prices are of that instant. No key.
Licence: Apache-2.0, https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from core.errors import FormatError
from core.settings import SourceSettings
from core.yaml import Strict
from ingest.collectors.collector import Found, Request, Value, Visit, changed, options
from ingest.collectors.naming import check_names, measure, no_options, subject_of

MEASURES = ("on_demand", "spot_price", "spot_discount")
NO_SPOT_MARKET = "no spot market"

Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Options(Strict):
    region: str


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _About(_Part):
    timestamp: Annotated[int, Field(ge=1_500_000_000, le=7_258_118_400)]  # 2017 to 2200


class _Cost(_Part):
    hour: Price
    hour_spot: Price = 0.0


class _Machine(_Part):
    cost: dict[str, dict[str, Any]]


def check(source: SourceSettings) -> None:
    """The source's options name the region; a series is named for one of the measures."""
    options(_Options, source.options, "options")
    no_options(source, source.series)
    check_names(source, MEASURES, "MACHINE")


def requests(visit: Visit) -> Sequence[Request]:
    """One address serves all."""
    return [Request(url=visit.source.url, series=tuple(visit.source.series))]


def read(visit: Visit, request: Request, body: bytes) -> Found:
    """The prices of each machine in the region; raises FormatError naming the field."""
    region = options(_Options, visit.source.options).region
    try:
        lines = body.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise FormatError(f"is no text ({error.reason})", url=request.url, sample=body) from error
    top = _children(lines)
    try:
        made = _About.model_validate(_read(top.get("about", ())))
    except ValidationError as error:
        raise changed(error, url=request.url, body=body, field="about") from error
    time = datetime.fromtimestamp(made.timestamp, UTC)
    if time > visit.now:
        raise FormatError("lies in the future", url=request.url, field="about.timestamp", sample=body)
    machines = _children(_children(top.get("compute", ())).get("instance", ()))
    if not machines:
        raise FormatError("is missing", url=request.url, field="compute.instance", sample=body)
    costs: dict[str, _Cost | None] = {}
    values, faults = [], []
    for name in request.series:
        machine = subject_of(visit.source, name)
        if machine not in costs:
            costs[machine] = _cost(machines, machine, region, request.url, body)
        said = _said(measure(name), costs[machine], region)
        if isinstance(said, str):
            faults.append((name, said))
        else:
            values.append(Value(series=name, value=said, time=time))
    return Found(values=tuple(values), faults=tuple(faults))


def _said(what: str, cost: _Cost | None, region: str) -> float | str:
    if cost is None or not cost.hour:
        return f"not listed in {region}"
    if what == "on_demand":
        return cost.hour
    if not cost.hour_spot:
        return NO_SPOT_MARKET
    return cost.hour_spot if what == "spot_price" else 100 * (1 - cost.hour_spot / cost.hour)


def _cost(machines: Mapping[str, Sequence[str]], machine: str, region: str, url: str, body: bytes) -> _Cost | None:
    if machine not in machines:
        return None
    where = f"compute.instance.{machine}"
    try:
        given = _Machine.model_validate(_read(machines[machine])).cost.get(region)
        where = f"{where}.cost.{region}"
        return None if given is None else _Cost.model_validate(given)
    except ValidationError as error:
        raise changed(error, url=url, body=body, field=where) from error


def _read(lines: Sequence[str]) -> Any:
    """Lines as YAML; None if they are none."""
    try:
        return YAML(typ="safe", pure=True).load("\n".join(lines)) if lines else None
    except YAMLError:
        return None


def _children(lines: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The lines under each key that stands at the least indent of `lines`.

    The whole file takes a minute to read with all of YAML's grammar, the few machines that anybody
    follows a tenth of a second: so they are cut out by their indent first, and read alone.
    """
    indents = [len(line) - len(line.lstrip(" ")) if line.strip() else None for line in lines]
    outer = min((indent for indent in indents if indent is not None), default=0)
    begins = [i for i, indent in enumerate(indents) if indent == outer]
    ends = [*begins[1:], len(lines)][: len(begins)]
    return {
        lines[begin].strip().removesuffix(":"): lines[begin + 1 : end] for begin, end in zip(begins, ends, strict=True)
    }
