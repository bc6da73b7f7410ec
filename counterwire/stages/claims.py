"""Tagged texts -> the numbers that they claim, each held against the contract's measure as known then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from core.articles import Article
from core.comparisons import Comparison, NumericClaim
from core.contracts import Contract
from counterwire.house import House
from counterwire.known import known as series_known
from counterwire.stages import LISTENS, Done
from nlp.numbers import claimed
from nlp.sentences import sentences
from signals.comparisons import compared
from signals.measuring import series_of
from store import articles, events
from store import claims as store_claims
from store.database import writing

BATCH = 512


def claims(house: House, *, now: datetime) -> Done:
    """Read the numbers of every tagged text that has not been read yet."""
    handled = new = 0
    while batch := events.pending(house.db, "claims", LISTENS["claims"], limit=BATCH):
        ids = [e.subject for e in batch]
        found = list(_read(house, ids))
        with writing(house.db):
            store_claims.save(house.db, found, at=now)
            told = store_claims.of_articles(house.db, [c.article for c in found])
            store_claims.save_comparisons(house.db, comparisons(house, house.contracts, told, as_of=now))
            events.advance(house.db, "claims", batch[-1].id)
        handled, new = handled + len(batch), new + len(found)
    return Done(stage="claims", handled=handled, new=new)


def comparisons(
    house: House, contracts: Sequence[Contract], told: Sequence[NumericClaim], *, as_of: datetime
) -> list[Comparison]:
    """Claims held against their contracts, from series known at `as_of` and cut again at each claim's own instant."""
    held = {c.id: c for c in contracts}
    measures = [n.measure for c in contracts for n in c.numbers if any(t.narrative == c.id for t in told)]
    ids = frozenset().union(*(series_of(m, house.accelerators) for m in measures))
    series = series_known(house, ids, as_of=as_of) if measures else {}
    return [
        compared(held[claim.narrative], claim, series, accelerators=house.accelerators)
        for claim in told
        if claim.narrative in held
    ]


def _read(house: House, ids: Sequence[str]) -> Iterator[NumericClaim]:
    phrases = {c.id: [p.lower() for n in c.numbers for p in n.phrases] for c in house.contracts}
    carried = store_claims.carried(house.db, ids)
    texts = {a.id: a for a in articles.load(house.db, sorted({article for article, *_ in carried}))}
    for (name, version, narrative), spans in carried.items():
        article = texts[name]
        if article.version == version:
            yield from _of(article, narrative, spans, phrases.get(narrative, []))


def _of(
    article: Article, narrative: str, spans: Iterable[tuple[int, int]], phrases: Sequence[str]
) -> Iterator[NumericClaim]:
    body = article.body
    chosen = {*spans}
    chosen |= {(a, b) for a, b in sentences(body) if any(p in body[a:b].lower() for p in phrases)}
    seen: set[int] = set()
    for start, end in sorted(chosen):
        sentence = body[start:end]
        for number in claimed(sentence):
            if start + number.start not in seen:  # a span may overlap a sentence that was split otherwise
                seen.add(start + number.start)
                yield NumericClaim(
                    article=article.id,
                    version=article.version,
                    narrative=narrative,
                    source=article.source,
                    first_seen=article.first_seen,
                    quantity=number.kind,
                    low=number.low,
                    high=number.high,
                    unit=number.unit,
                    period=number.period,
                    comparator=number.comparator,
                    subject=number.subject,
                    start=start + number.start,
                    end=start + number.end,
                    sentence_start=start,
                    sentence=sentence,
                )
