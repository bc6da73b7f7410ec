"""Ninety mornings and all that is found beside a verdict, made up, for briefings with everything in them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core.alerts import Alert
from core.audits import Rates
from core.calls import Call, Record, Resolution, Score
from core.comparisons import Comparison, NumericClaim
from core.contracts import Measure
from core.findings import (
    Alternative,
    Audited,
    Beside,
    Case,
    Cases,
    Contradiction,
    Expectation,
    Lead,
    Pairing,
    WhatIf,
)
from core.verdicts import Evidence, Verdict, VerdictKind

DAYS = 90


def course(given: Verdict) -> tuple[Verdict, ...]:
    """The ninety mornings before a verdict: the press rises, the data fall, every check wavers."""
    found = []
    for k in range(DAYS):
        at = given.as_of - timedelta(days=DAYS - 1 - k)
        part = k / (DAYS - 1)
        evidence: Evidence = given.evidence
        readings = tuple(
            replace(r, as_of=at, value=None if r.value is None else r.value * (0.8 + 0.2 * part) + math.sin(k / 9))
            for r in evidence.readings
        )
        support = None if k < 10 else 0.3 - 0.71 * part
        band = (None, None) if support is None else (support - 0.2, support + 0.2)
        morning = replace(
            given.mornings[-1],
            as_of=at,
            pressure=replace(given.pressure, as_of=at, lean=-0.2 + 0.64 * part, low=-0.4 + part, high=min(1.0, part)),
            evidence=replace(evidence, as_of=at, support=support, low=band[0], high=band[1], readings=readings),
        )
        kind = given.kind if k > 60 else VerdictKind.MIXED if k > 20 else VerdictKind.INSUFFICIENT_EVIDENCE
        found.append(replace(given, as_of=at, kind=kind, mornings=(morning,)))
    return (*found[:-1], given)


def beside(given: Verdict, *, text: str = "", **changed: Any) -> Beside:
    """Everything that can be found beside a verdict; `text` in every place where an outsider's words can stand."""
    name, at = given.narrative, given.as_of
    checks = [r.check for r in given.evidence.readings if r.support is not None]
    claim = NumericClaim(
        article="a0" * 8, version=1, narrative=name, source=text or "Northgate Ledger", first_seen=at, quantity="percent",
        low=40.0, high=40.0, unit=text or "percent", period="", comparator=">", subject=text, start=30, end=36,
        sentence_start=0, sentence=text or "It is over 40 percent cheaper.",
    )  # fmt: skip
    measure = Measure(kind="level", a="price.spy")
    call = Call(
        id=f"{name}@then", narrative=name, contract=given.contract, opened=at - timedelta(days=100),
        kind=VerdictKind.PRESS_AHEAD, measure=measure, direction="up", due=at - timedelta(days=10), start=512.5,
        probability=0.61, base_rate=0.51, horizons=21, tilt=0.1, calibrated=False,
    )  # fmt: skip
    record = Record(
        call=call,
        resolution=Resolution(call=call.id, at=call.due, end=540.0, came_true=True, brier=0.152, base_brier=0.240),
    )
    base: dict[str, Any] = {
        "narrative": name,
        "as_of": at,
        "cases": Cases(
            leads="against",
            steelman=Case(text="", checks=tuple((c, 0.1) for c in checks[:2])),
            counter=Case(text="", checks=tuple((c, -0.2) for c in checks[2:4])),
        ),
        "what_if": WhatIf(
            kind=given.kind,
            tried=(8, 21, 25),
            alternatives=(Alternative(left_out="source", id=text or "The Meridian Wire", kind=VerdictKind.MIXED),),
        ),
        "wide": replace(given.pressure, window_days=28),
        "audited": Audited(
            narrative=name,
            labels=64,
            rates=Rates(labels=64, precision=(0.91, 0.84, 0.95), recall=None),
            lean=0.39,
            low=0.11,
            high=0.68,
        ),
        "pairings": (
            Pairing(
                first="nvidia_killer", second="wall_street_recovery", titles=(text or "Nvidia killer", "Recovery"),
                why="", as_of=at, window_days=28, first_articles=38, second_articles=17, first_outlets=21,
                second_outlets=9, both_articles=("a0" * 8, "a1" * 8), both_outlets=("Northgate Ledger",),
                lead=Lead(days=3, low=1.0, high=6.0, correlation=0.4, observed=56),
            ),
        ),
        "contradictions": (
            Contradiction(
                outlet=text or "Eastquay Observer", narrative=name, promotes="a1" * 8,
                promotes_seen=at - timedelta(days=9), disputes="a2" * 8, disputes_seen=at - timedelta(days=2),
            ),
        ),
        "expectations": (
            Expectation(
                what=text or "A named customer outside Amazon trains a frontier model on Trainium.",
                by=date(2026, 3, 31), standing="absent", since=date(2026, 3, 31),
            ),
        ),
        "comparisons": (
            Comparison(claim=claim, contract=given.contract, as_of=at, measure=measure, actual=31.5, gap=8.5),
            Comparison(claim=replace(claim, start=99), contract=given.contract, as_of=at, reason=text or "no period"),
        ),
        "calls": (record,),
        "score": Score(scored=1, independent=1, open=0, voids=0, share_true=1.0, brier=0.152, base_brier=0.24),
        "ledger": (2, "ab" * 32),
        "alerts": (
            Alert(
                id=f"{name}:walk_back", narrative=name, kind="walk_back", subject="", at=at - timedelta(hours=3),
                contract=given.contract, sentence=text or "The Meridian Wire walks back “A small chip” in version 2: softened.",
                a_year=None, null_history=text or "not yet estimable: 80 of 365 days of press",
            ),
        ),
    }  # fmt: skip
    return Beside(**{**base, **changed})
