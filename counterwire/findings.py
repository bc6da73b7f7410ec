"""All that is found beside a verdict, gathered for one instant from rows known then."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from core.comparisons import Comparison
from core.contracts import Contract
from core.findings import Beside, Origin, Pairing, WhatIf
from core.tags import Mention, SourceCount
from counterwire.house import House
from counterwire.known import known as series_known
from counterwire.stages.claims import comparisons
from counterwire.stages.judge import Court
from signals.absent import expectations
from signals.audited import audited
from signals.calls import score
from signals.cases import cases
from signals.contradictions import FORTNIGHT, contradictions
from signals.measuring import series_of
from signals.pairing import LEAD_DAYS, WINDOW_DAYS, pairing
from signals.sensitivity import what_if
from store import alerts, articles, audits, calls, claims, origins, tags

ALERTS_FOR = timedelta(days=7)


def beside(house: House, court: Court, contract: Contract, *, as_of: datetime) -> Beside:
    """What a briefing or `explain` shows of one narrative beside its verdict at `as_of`."""
    verdict, db, days = court.verdict(contract, as_of=as_of), house.db, contract.window.days
    wanted = [e.measure for e in contract.expected if e.measure]
    ids = frozenset().union(*(series_of(m, house.accelerators) for m in wanted))
    series = series_known(house, ids, as_of=as_of) if ids else {}
    fortnight = tags.mentions(db, contract.id, as_of=as_of, days=(2 * FORTNIGHT).days)
    return Beside(
        narrative=contract.id,
        as_of=as_of,
        cases=cases(contract, verdict),
        what_if=_named(
            house,
            what_if(contract, verdict, court.press(contract, [m.as_of for m in verdict.mornings], days=days)),
            as_of=as_of,
        ),
        wide=court.wide(contract, as_of),
        audited=audited(verdict.pressure, audits.judged(db, contract.id, as_of=as_of)),
        pairings=_pairings(house, contract, as_of=as_of),
        contradictions=tuple(contradictions(contract.id, fortnight, as_of=as_of)),
        expectations=tuple(expectations(contract, series, as_of=as_of, accelerators=house.accelerators)),
        comparisons=_comparisons(house, contract, as_of=as_of),
        calls=calls.records(db, as_of=as_of, narrative=contract.id),
        score=score(calls.records(db, as_of=as_of), as_of=as_of),
        ledger=calls.head(db, as_of=as_of),
        alerts=tuple(alerts.given(db, contract.id, as_of=as_of, since=as_of - ALERTS_FOR)),
        origin=_origin(house, contract, as_of=as_of),
    )


def _origin(house: House, contract: Contract, *, as_of: datetime) -> Origin | None:
    """That of the story with the most articles in the window; of two the one first seen."""
    told = Counter(m.story for m in tags.mentions(house.db, contract.id, as_of=as_of, days=contract.window.days))
    if not told:
        return None
    story, articles = told.most_common(1)[0]  # of equals the first counted, and mentions come by first seen
    return origins.origin(house.db, story, articles=articles, as_of=as_of)


def _named(house: House, found: WhatIf, *, as_of: datetime) -> WhatIf:
    """The same with the headlines of its stories: a story is known by the article that it began with."""
    stories = [a.id for a in found.alternatives if a.left_out == "story"]
    titles = {article.id: article.title for article in articles.load(house.db, stories, as_of=as_of)}
    named = (replace(a, name=titles.get(a.id, "")) if a.left_out == "story" else a for a in found.alternatives)
    return replace(found, alternatives=tuple(named))


def _pairings(house: House, contract: Contract, *, as_of: datetime) -> tuple[Pairing, ...]:
    others = {c.id: c for c in house.contracts_at(as_of)}

    def of(one: Contract) -> tuple[list[Mention], list[SourceCount]]:
        return (
            tags.mentions(house.db, one.id, as_of=as_of, days=WINDOW_DAYS),
            tags.source_counts(house.db, one.id, as_of=as_of, days=LEAD_DAYS),
        )

    found = []
    for name in sorted(contract.paired_with):
        if name in others:
            (own, own_counts), (other, other_counts) = of(contract), of(others[name])
            found.append(pairing(contract, others[name], (own, other), (own_counts, other_counts), as_of=as_of))
    return tuple(found)


def _comparisons(house: House, contract: Contract, *, as_of: datetime) -> tuple[Comparison, ...]:
    told = claims.in_window(house.db, contract.id, as_of=as_of, days=contract.window.days)
    return tuple(comparisons(house, [contract], told, as_of=as_of))
