"""What there is to label, in which order, and one short conversation about it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from core.articles import Article
from core.clock import stamp
from core.contracts import Contract
from core.labels import STRATA, Drawing, Drawn, Label
from core.tags import STANCES
from counterwire.house import House
from store import articles, labels

# Drawn of each day, narrative and stratum. What is tagged says how often tags are right, what is not how much is
# missed; a carrying article is far likelier near the line than far from it.
QUOTA = {"tagged": 2, "near": 2, "far": 1}
BACK = 28  # days
SHOWN = 6  # sentences of an article: the headline, and those with a phrase of the contract
HELP = "n no   p promotes   d disputes   r reports   (with the number of the sentence that says it)\n"
HELP += "t the whole text   s skip   u undo the last   q quit"

_KEYS = {stance[0]: stance for stance in STANCES}
_ANSWER = re.compile(r"([pdr])\s*(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article and narrative to be labelled, with the sentences that may speak of it."""

    contract: Contract
    article: Article
    passages: tuple[str, ...]
    drawing: Drawing


def queue(house: House, contracts: Sequence[Contract], *, now: datetime, limit: int) -> list[Item]:
    """What nobody has labelled yet: two drawn by lot, then one that the tagger is unsure of, and so on.

    The lot of a day is the same whenever it is drawn; the newest whole day comes first.
    """
    by_lot = [
        chain.from_iterable(_audit(house, c, start, end) for start, end in labels.days(now, BACK)) for c in contracts
    ]
    unsure = [_uncertain(house, c, now=now, limit=limit) for c in contracts]
    # What was labelled for another reason is drawn by lot all the same: left out, the audit would see the easy ones.
    audited = {c.id: _labelled(house, c, now=now, drawn="audit") for c in contracts}
    lots = _in_turn(by_lot, audited, seen := {c.id: _labelled(house, c, now=now) for c in contracts})
    doubts = _in_turn(unsure, seen, seen)
    chosen: list[tuple[Contract, str, Drawing]] = []
    while len(chosen) < limit:
        more = [one for source in (lots, lots, doubts) if (one := next(source, None))]
        if not more:
            break
        chosen += more
    held = {a.id: a for a in articles.load(house.db, list({article for _, article, _ in chosen}))}
    return [
        Item(contract=c, article=held[article], passages=passages(held[article], c), drawing=drawing)
        for c, article, drawing in chosen[:limit]
    ]


def passages(article: Article, contract: Contract) -> tuple[str, ...]:
    """The headline and the sentences with a phrase of the contract, at most SHOWN."""
    phrases = "|".join(re.escape(p) for p in sorted({*contract.about.entities, *contract.about.terms}, key=len))
    about = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)
    sentences = (" ".join(s.split()) for s in re.split(r"(?<=[.!?])\s+|\n+", article.text))
    return (article.title, *[s for s in sentences if phrases and about.search(s)][: SHOWN - 1])


def conversation(
    items: Sequence[Item],
    answers: Iterator[str],
    *,
    show: Callable[[str], None],
    save: Callable[[Label], None],
    who: str,
    clock: Callable[[], datetime],
) -> int:
    """Ask about each item and append what is said; returns how many labels hold at the end.

    Ends with the items, with `q`, or with the answers. What the tagger thinks is not shown: it would be believed.
    """
    given: list[int] = []
    at = 0
    while at < len(items):
        item = items[at]
        show(_asked(item, at + 1, len(items)))
        answer = next(answers, "q").strip().lower()
        while (label := _label(item, answer, who=who, at=clock())) is None and answer not in {"s", "u", "q"}:
            show(item.article.text or "(a headline only)" if answer == "t" else HELP)
            answer = next(answers, "q").strip().lower()
        if answer == "q":
            break
        if answer == "u":
            if given:
                at = given.pop()
                _take_back(items[at], save, who=who, at=clock())
        else:
            if label is not None:
                save(label)
                given.append(at)
            at += 1
    return len(given)


def _take_back(item: Item, save: Callable[[Label], None], *, who: str, at: datetime) -> None:
    save(Label(narrative=item.contract.id, article=item.article.id, who=who, at=at, tag=None, drawing=item.drawing))


def _asked(item: Item, number: int, of: int) -> str:
    article = item.article
    lines = [f"\n{number}/{of}  {item.contract.title}: {item.contract.proposition}"]
    lines.append(f"{article.first_seen:%Y-%m-%d}  {article.source}  {article.url}")
    lines += [f"  {k} {passage}" for k, passage in enumerate(item.passages, 1)]
    return "\n".join(lines) + "\nn, p, d, r, t, s, u, q (? explains): "


def _label(item: Item, answer: str, *, who: str, at: datetime) -> Label | None:
    """The label that an answer makes, None for one that makes none."""
    said = _ANSWER.fullmatch(answer)
    number = int(said[2] or 1) if said else 0
    if answer != "n" and not 1 <= number <= len(item.passages):
        return None
    return Label(
        narrative=item.contract.id,
        article=item.article.id,
        who=who,
        at=at,
        tag=said is not None,
        stance=_KEYS[said[1]] if said else None,
        passage=item.passages[number - 1] if said else "\n".join(item.passages),
        drawing=item.drawing,
    )


def _audit(house: House, contract: Contract, start: datetime, end: datetime) -> Iterator[tuple[Contract, str, Drawing]]:
    held = labels.stream(house.db, contract.id, since=start, until=end)
    for stratum in STRATA:
        ids = held[stratum]
        lot = random.Random(f"{stamp(start)} {contract.id} {stratum}")  # noqa: S311 -- a lot that can be drawn again
        drawn = lot.sample(ids, min(QUOTA[stratum], len(ids)))
        for article in drawn:
            yield contract, article, Drawing(drawn="audit", stratum=stratum, weight=len(ids) / len(drawn))


def _uncertain(
    house: House, contract: Contract, *, now: datetime, limit: int
) -> Iterator[tuple[Contract, str, Drawing]]:
    for article in labels.uncertain(house.db, contract.id, since=now - timedelta(days=BACK), limit=limit):
        yield contract, article, Drawing(drawn="uncertain")


def _labelled(house: House, contract: Contract, *, now: datetime, drawn: Drawn | None = None) -> set[str]:
    return {one.article for one in labels.in_force(house.db, contract.id, as_of=now, drawn=drawn)}


def _in_turn(
    parts: Sequence[Iterator[tuple[Contract, str, Drawing]]], without: dict[str, set[str]], seen: dict[str, set[str]]
) -> Iterator[tuple[Contract, str, Drawing]]:
    """One of each part in turn but for those `without`; what is given out is noted in `seen`."""
    for row in zip_longest(*parts):
        for one in row:
            if one is not None and one[1] not in without[one[0].id]:
                seen[one[0].id].add(one[1])
                yield one
