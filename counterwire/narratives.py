"""A narrative in a terminal: what it states, what taught it, and how it reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.contracts import Contract
from core.tags import STANCES
from counterwire.house import House
from counterwire.models import fitted
from counterwire.teaching import taught
from nlp.leaks import leaks
from nlp.tagger import load, model_id
from nlp.trials import misread
from signals.auditing import rates
from store import articles, audits, labels, tags

LONGEST = 110  # characters of a line in a terminal


def shown(house: House, contract: Contract, *, as_of: datetime) -> Iterator[str]:
    """The contract, its model with the card, and the audit as of an instant."""
    yield f"{contract.id}: {contract.title}, version {contract.hash}"
    yield f"  {contract.proposition}"
    yield f"  counter: {contract.counter}"
    for part in ("checks", "concede_if", "claims"):
        yield f"  {part}: {', '.join(one.id for one in getattr(contract, part)) or 'none'}"
    counted = ", ".join(f"{len(getattr(contract.examples, k))} {k}" for k in (*STANCES, "unrelated"))
    yield f"  examples: {counted}"
    last = labels.training(house.db, contract.id, as_of=as_of)
    held = len(labels.in_force(house.db, contract.id, as_of=as_of))
    learnt = f"{last.labels} taught on {last.at:%Y-%m-%d}" if last else "none taught yet (`counterwire train`)"
    yield f"  labels: {held}, {learnt}"
    name = model_id(taught(house, contract, as_of=as_of))
    card = tags.model_card(house.db, name)
    yield f"  model: {name}" + ("" if card else ", to be fitted by the next pass")
    for key, value in (card or {}).items():
        if key not in {"id", "narrative"} and value not in ("", {}):
            yield f"    {key}: {_plain(value)}"
    yield f"  {rates(audits.judged(house.db, contract.id, as_of=as_of)).sentence}"


def tried(house: House, contract: Contract, *, newest: int) -> Iterator[str]:
    """What is doubtful in the examples, which of them are misread, and the newest articles that it tags."""
    yield from (f"warning: {leak}" for leak in leaks(contract))
    wrong = misread(contract)
    examples = sum(len(getattr(contract.examples, k)) for k in (*STANCES, "unrelated"))
    yield f"{len(wrong)} of {examples} examples are misread by a model that learnt from the others:"
    yield from (f"  {one.kind}, read as {one.read_as}: {one.sentence}" for one in wrong)
    extended = taught(house, contract, as_of=house.clock())
    tagger = load([extended], {contract.id: fitted(extended)})
    if tagger.warning:
        yield f"warning: {tagger.warning}"
    held = articles.load(house.db, articles.newest(house.db, limit=newest))
    carrying = [(a, t.tags[0]) for a, t in zip(held, tagger.tag(held), strict=True) if t.tags[0].carries]
    yield f"{len(carrying)} of the {len(held)} newest articles are tagged:"
    for article, tag in sorted(carrying, key=lambda one: -one[1].probability):
        yield f"  {tag.probability:.2f} {tag.stance}  {article.source}: {article.title}"[:LONGEST]
        for span in tag.spans[:1]:
            yield f"       {span.says}: {span.text}"[:LONGEST]
            yield f"       like the example: {span.example}"[:LONGEST]


def _plain(value: object) -> str:
    return ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
