"""A briefing to try the room on: two narratives, ten checks each, made-up articles on plausible figures."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from briefing.compose import compose
from briefing.model import Briefing
from core.articles import Quotation, SourceHealth
from core.contracts import Contract
from core.series import Observation
from core.verdicts import Evidence, Morning, PastVerdict, Pressure, Reading, Verdict, VerdictKind
from tests.briefing.lived import beside, course

AS_OF = datetime(2026, 4, 24, 5, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")

# role, id, question, series, unit, value, threshold, scale, if_true, weight, family, days before as_of
TABLES = {
    "nvidia_killer": """
check   idle_rivals   Are rivals as hard to get as Nvidia?  spot_discount.a  percentage~points 31.4 0  20 below .25 spot     1
check   repricing     Is Nvidia's list price cut faster?    on_demand.b      percent          -12.5 0  15 below .14 list     2
check   software_moat Do developers move to rival software? downloads.neuron percent            1.3 5   5 above .14 software 1
check   cadence       Do rivals ship generations faster?    cadence.months   months             2.0 0   6 below .08 cadence 22
check   bluff         Is Nvidia's gross margin falling?     margin.nvda      percent              - 70  5 below .12 margin   0
check   capital_trap  Do buyers spend less than they earn?  capex.amzn       ratio                - .6 .2 below .10 capital  0
check   inference     Do inference cards rent for more?     rental.l40s      percent            3.9 0  25 above .09 rental   4
check   growth        Is revenue growth under rivals'?      growth.nvda      percent              - 40 20 below .08 margin   0
context allocation    How does TSMC's revenue move?         supply.tsmc      percent           41.2 0   1 above 0   context 14
context antitrust     Is there an antitrust finding?        claims.antitrust count                - 0   1 above 0   context  0
concede shortage      Is any chip that is available taken?  rental.h100      USD/hour          2.31 3.5 1 above 0   concede  2
""",
    "wall_street_recovery": """
check   inflation     Is core inflation back at its target? macro.core_pce   percent            3.3 2   1 below .16 inflation 23
check   long_end      Does the long end confirm it?         macro.ten_year   percentage~points  .12 0  .5 below .14 rates     2
check   liquidity     Are financial conditions loose?       macro.nfci       index             -.56 0  .5 below .15 liquidity 7
check   breadth       Do most stocks take part?             price.rsp        percent           -4.1 0   5 above .18 breadth   1
check   credit        Are credit spreads calm?              macro.hy_spread  percent           2.75 3.62 1.4 below .15 credit 2
check   members       Are members above their average?      breadth.above    percent              - 50 25 above .07 breadth   0
check   churn         Is option volume short-dated?         options.put_call ratio             0.91 1  .2 below .08 options  54
check   capital_cost  Is borrowing cheaper for companies?   macro.corporate  percent              - 5   1 below .07 rates     0
context vix           How nervous is the option market?     macro.vix        index             18.4 0   1 above 0   context   2
concede spreads       Do spreads fall under 2.5 %?          macro.hy_spread  percent           2.75 2.5 .5 below 0  concede   2
""",
}
WORDS = {
    "nvidia_killer": {
        "title": "Nvidia killer",
        "proposition": "A rival or in-house accelerator will replace Nvidia, take meaningful share from it, or end "
        "customers' dependence on it.",
        "counter": "The moat is software, packaging allocation and cadence; in-house silicon is a bargaining chip "
        "and an ageing asset.",
        "steelman": "Inference is moving to cheaper silicon, and the largest buyers now design their own.",
    },
    "wall_street_recovery": {
        "title": "Wall Street recovery",
        "proposition": "The market is in a broad and lasting recovery: inflation is beaten, rates come down, and "
        "earnings carry the rest.",
        "counter": "The rebound is narrow, inflation is sticky, and the long end does not believe the Fed.",
        "steelman": "Credit is calm, financial conditions are loose, and spreads have rarely been tighter.",
    },
}
PASSAGES = [
    (
        "“We expect most of our inference to run on our own silicon by the end of next year,” said the head of "
        "infrastructure at Harbour Cloud, calling the rental market for imported chips unsustainable.",
        "Northgate Ledger",
        "Harbour Cloud says its own chips will carry the load",
    ),
    (
        "The start-up's accelerator costs a third of the incumbent's, and three of its first customers say they "
        "will not go back.",
        "The Meridian Wire",
        "A small chip with large friends",
    ),
    (
        "Analysts at Calder & Wyn call the dependence on one supplier a phase that is ending.",
        "Eastquay Observer",
        "The end of an unhappy dependence",
    ),
    ("A fourth passage that is one too many.", "Fourth Paper", "Too many"),
]


def rows(narrative: str) -> list[SimpleNamespace]:
    """The narrative's table, read."""
    found = []
    for line in TABLES[narrative].strip().splitlines():
        role, name, rest = line.split(maxsplit=2)
        asks, rest = rest.split("?", 1)
        series, unit, *figures, if_true, weight, family, days = rest.split()
        value, threshold, scale = (None if f == "-" else float(f) for f in figures)
        found.append(
            SimpleNamespace(
                role=role,
                id=name,
                asks=f"{asks}?",
                series=series,
                unit=unit.replace("~", " "),
                value=value,
                threshold=threshold,
                scale=scale,
                if_true=if_true,
                weight=float(weight),
                family=family,
                days=int(days),
            )
        )
    return found


@cache
def contract(narrative: str) -> Contract:
    """A whole contract for one of the two narratives."""

    def check(row: SimpleNamespace) -> dict[str, Any]:
        sign = {"if_true": row.if_true, "threshold": row.threshold, "scale": row.scale}
        return {
            "id": row.id,
            "asks": row.asks,
            "measure": {"kind": "level", "a": row.series},
            "unit": row.unit,
            "family": row.family,
            "max_age": "30d",
            "because": "Stated beforehand.",
            **({"context": True} if row.role == "context" else sign),
        }

    base: dict[str, Any] = {
        "id": narrative,
        **WORDS[narrative],
        "scope": "For the tests.",
        "about": {"terms": ["chip"]},
        "claims": [{"id": "cheaper", "says": "Custom chips make training or inference cheaper."}],
        "examples": {k: [f"{k} {i}" for i in range(5)] for k in ("promotes", "disputes", "reports", "unrelated")},
        "checks": [check(r) for r in rows(narrative) if r.role != "concede"],
        "concede_if": [check(r) for r in rows(narrative) if r.role == "concede"],
        "outcome": {"measure": {"kind": "level", "a": "price.spy"}, "direction": "up", "horizon": "90d"},
    }
    return Contract.model_validate(base)


def observation(series: str, days: int, value: float) -> Observation:
    """A value for midnight UTC, `days` before the briefing."""
    time = datetime(2026, 4, 24, tzinfo=UTC) - timedelta(days=days)
    return Observation(series=series, time=time, value=value, first_seen=time + timedelta(hours=3))


def reading(narrative: str, check: str, **given: Any) -> Reading:
    """An UNKNOWN reading, unless told otherwise."""
    base: dict[str, Any] = {
        "check": check,
        "narrative": narrative,
        "as_of": AS_OF,
        "family": "spot",
        "asks": "Is it so?",
        "value": None,
        "unit": "percent",
        "threshold": None,
        "scale": None,
        "support": None,
        "weight": 0.0,
        "context": False,
        "concede": False,
        "freshness": "UNKNOWN",
        "reason": "not collected",
        "sentence": "Unknown: not collected.",
        "observations": (),
    }
    return Reading(**{**base, **given})


def readings(narrative: str) -> tuple[Reading, ...]:
    """The readings of all checks of one narrative, as the signals would give them."""
    return tuple(_reading(narrative, row) for row in rows(narrative))


def _reading(narrative: str, row: SimpleNamespace) -> Reading:
    kind = {"family": row.family, "asks": row.asks, "unit": row.unit, "weight": row.weight}
    kind |= {"context": row.role == "context", "concede": row.role == "concede"}
    if row.value is None:
        return reading(narrative, row.id, **kind)
    seen = observation(row.series, row.days, row.value)
    told = f"{row.value:.2f} {row.unit} ({seen.time:%Y-%m-%d})"
    kind |= {"value": row.value, "observations": (seen,)}
    if row.days > 30:
        said = f"Stale: {told} is {row.days} days old, and at most 30 count."
        reason = f"{row.days} days old, at most 30 count"
        return reading(narrative, row.id, freshness="STALE", reason=reason, sentence=said, **kind)
    if row.role == "context":
        said = f"{told}; context, without weight."
        return reading(narrative, row.id, freshness="FRESH", reason="", sentence=said, **kind)
    distance = max(-1.0, min(1.0, (row.value - row.threshold) / row.scale))
    support = distance if row.if_true == "above" else -distance
    said = (
        f"{told} is {abs(row.value - row.threshold):.2f} {row.unit} {'above' if distance > 0 else 'below'} the "
        f"threshold of {row.threshold:.2f} {row.unit}; the proposition expects it {row.if_true}, so it speaks "
        f"{'for' if support > 0 else 'against'} it (support {support:+.2f})."
    )
    bar = {"threshold": row.threshold, "scale": row.scale, "support": support}
    return reading(narrative, row.id, freshness="FRESH", reason="", sentence=said, **kind, **bar)


def pressure(narrative: str, **given: Any) -> Pressure:
    """A press that pushes, unless told otherwise."""
    base: dict[str, Any] = {
        "narrative": narrative,
        "as_of": AS_OF,
        "window_days": 7,
        "lean": 0.44,
        "low": 0.21,
        "high": 0.67,
        "attention": 0.83,
        "pressure": 0.37,
        "limit": "",
        "n_eff": 6.2,
        "promotes": 7.5,
        "disputes": 1.5,
        "reports": 3.0,
        "articles": 38,
        "stories": 25,
        "outlets": 21,
        "voices": 11,
        "observed": 31,
        "expected": 19.4,
        "dispersion": 1.3,
        "baseline_days": 56,
        "agreement": 0.8,
        "echo": 0.23,
        "own_book": 0.31,
    }
    return Pressure(**{**base, **given})


def verdict(
    narrative: str,
    kind: VerdictKind,
    *,
    push: Pressure | None = None,
    support: tuple[float | None, float | None, float | None] = (-0.41, -0.62, -0.18),
    coverage: float = 0.7,
    held: Sequence[Reading] | None = None,
    **given: Any,
) -> Verdict:
    """A verdict over seven mornings that all look like the last one."""
    data = Evidence(
        narrative=narrative,
        as_of=AS_OF,
        support=support[0],
        low=support[1],
        high=support[2],
        coverage=coverage,
        readings=readings(narrative) if held is None else tuple(held),
    )
    morning = Morning(as_of=AS_OF, pressure=push or pressure(narrative), evidence=data)
    base: dict[str, Any] = {
        "narrative": narrative,
        "contract": contract(narrative).hash,
        "as_of": AS_OF,
        "kind": kind,
        "reason": "",
        "press": (6, 0),
        "data": (0, 7),
        "quiet": 0,
        "mornings": (morning,) * 7,
    }
    return Verdict(**{**base, **given})


def past(narrative: str, kind: VerdictKind, lean: float, support: float | None, days: int = 1) -> PastVerdict:
    """What the briefing `days` before said."""
    return PastVerdict(narrative=narrative, as_of=AS_OF - timedelta(days=days), kind=kind, lean=lean, support=support)


def quotation(n: int, **given: Any) -> Quotation:
    """A made-up passage of a made-up masthead."""
    text, source, title = PASSAGES[n]
    base: dict[str, Any] = {
        "article": f"a{n}" * 8,
        "version": 1,
        "start": 120,
        "end": 320,
        "text": text,
        "says": "cheaper" if n else "promotes",
        "title": title,
        "url": f"https://news.example.com/{n}/story?id={n}",
        "source": source,
        "first_seen": AS_OF - timedelta(days=n, hours=9),
        "probability": 0.97 - n / 20,
    }
    return Quotation(**{**base, **given})


def source(name: str, state: str = "ok", **given: Any) -> SourceHealth:
    """One source, in order unless told otherwise."""
    base: dict[str, Any] = {
        "name": name,
        "url": f"https://{name.lower().replace(' ', '')}.example.com/feed",
        "kind": "feed",
        "state": state,
        "reason": "",
        "last_ok": AS_OF - timedelta(hours=1),
        "failures": 0,
        "look": None if state == "never" else 7,
    }
    return SourceHealth(**{**base, **given})


def health() -> list[SourceHealth]:
    """60 feeds and 3 series sources, four of them in trouble."""
    return [
        *(source(f"Paper {n}") for n in range(57)),
        source("Northgate Ledger", "failing", reason="http 503", failures=3, last_ok=AS_OF - timedelta(days=2)),
        source("Eastquay Observer", "failing", reason="http 503", failures=1),
        source("Fells Gazette", "never", reason="refused address", last_ok=None, failures=5),
        source("fred", kind="series"),
        source("yahoo", kind="series"),
        source("advisor", "stale", kind="series", reason="no new value", last_ok=AS_OF - timedelta(days=9)),
    ]


def verdicts() -> list[Verdict]:
    """Nvidia killer has a case against the press; Wall Street recovery lacks a baseline."""
    lack = "press baseline, day 12 of 28"
    thin: dict[str, Any] = {"attention": None, "pressure": None, "limit": lack, "own_book": None, "baseline_days": 12}
    thin |= {"lean": 0.12, "low": -0.21, "high": 0.45, "n_eff": 4.1, "articles": 17, "stories": 14, "outlets": 9}
    return [
        verdict("nvidia_killer", VerdictKind.PRESS_AHEAD),
        verdict(
            "wall_street_recovery",
            VerdictKind.INSUFFICIENT_EVIDENCE,
            push=pressure("wall_street_recovery", **thin),
            support=(-0.09, -0.34, 0.2),
            coverage=0.78,
            reason=lack,
            press=(0, 0),
            data=(0, 2),
        ),
    ]


def composed(
    *,
    as_of: datetime = AS_OF,
    zone: ZoneInfo = ZONE,
    sample: bool = False,
    told: Sequence[Verdict] | None = None,
    before: Mapping[str, PastVerdict] | None = None,
    quoted: Mapping[str, Sequence[Quotation]] | None = None,
    sources: Sequence[SourceHealth] | None = None,
    contracts: Sequence[Contract] | None = None,
    **more: Any,
) -> Briefing:
    """The example briefing, any part of it replaced."""
    mixed = past("nvidia_killer", VerdictKind.MIXED, 0.31, -0.38)
    thin = past("wall_street_recovery", VerdictKind.INSUFFICIENT_EVIDENCE, 0.10, -0.10)
    return compose(
        as_of=as_of,
        zone=zone,
        contracts=[contract(n) for n in TABLES] if contracts is None else contracts,
        verdicts=verdicts() if told is None else told,
        previous={"nvidia_killer": mixed, "wall_street_recovery": thin} if before is None else before,
        quotations={"nvidia_killer": [quotation(n) for n in range(4)]} if quoted is None else quoted,
        health=health() if sources is None else sources,
        sample=sample,
        version="0.1.0",
        **more,
    )


def lived(told: Sequence[Verdict] | None = None, text: str = "") -> dict[str, Any]:
    """What `composed` takes to have everything in it: ninety mornings, and all that is found beside the verdicts."""
    given = verdicts() if told is None else told
    return {
        "told": given,
        "beside": {v.narrative: beside(v, text=text) for v in given},
        "courses": {v.narrative: course(v) for v in given},
        "wrong_tag": "mailto:desk@example.com",
    }


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """The builders, for tests that vary a part."""
    builders: list[Callable[..., Any]] = [contract, reading, readings, pressure, verdict, verdicts]
    builders += [past, quotation, source, health, observation, composed, lived, course, beside]
    return SimpleNamespace(**{b.__name__: b for b in builders}, as_of=AS_OF, zone=ZONE)


@pytest.fixture(scope="session")
def templates(root: Path) -> Path:
    """The shipped templates."""
    return root / "templates"
