"""Texts -> tags, by the model in force."""

from __future__ import annotations

from datetime import datetime

from counterwire.house import House
from counterwire.models import fitted
from counterwire.stages import LISTENS, Done
from counterwire.teaching import taught
from nlp.tagger import Tagger, card, load, model_id
from store import articles, events, tags
from store.database import writing

BATCH = 64


def tagger(house: House, *, now: datetime) -> Tagger:
    """The tagger of the house's contracts; heads that the database does not hold yet are fitted and kept.

    Each was taught by its contract and by the labels that had been given by its last training.
    """
    held = {}
    contracts = [taught(house, contract, as_of=now) for contract in house.contracts]
    for contract in contracts:
        name = model_id(contract)
        data = tags.model(house.db, name)
        if data is None:
            data = fitted(contract)
            with writing(house.db):
                tags.register_model(house.db, id=name, card=card(data), data=data, at=now)
        held[contract.id] = data
    return load(contracts, held)


def tagging(house: House, *, now: datetime) -> Done:
    """Tag every text that has none yet by this model."""
    handled = carrying = 0
    language: Tagger | None = None  # loaded only when there is something to tag
    while batch := events.pending(house.db, "tagging", LISTENS["tagging"], limit=BATCH):
        language = language or tagger(house, now=now)
        loaded = articles.load(house.db, [e.subject for e in batch])
        tagged = list(language.tag(loaded))
        touched = sorted({t.narrative for one in tagged for t in one.tags if t.carries})
        with writing(house.db):
            for one in tagged:
                tags.save(house.db, one, at=now)
            events.append(house.db, "tag", touched, at=now)
            events.advance(house.db, "tagging", batch[-1].id)
        handled += len(loaded)
        carrying += sum(any(t.carries for t in one.tags) for one in tagged)
    return Done(stage="tagging", handled=handled, new=carrying)
