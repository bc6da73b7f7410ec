"""What labels teach: the sentences that people spoke of stand beside the contract's own examples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.contracts import Contract
from core.labels import Label
from core.tags import STANCES
from counterwire.house import House
from counterwire.models import fitted
from nlp.tagger import card, model_id
from store import labels, tags
from store.database import writing

# As many unrelated sentences as carrying ones make the tagger timid: on 284 articles that it had not seen, recall fell
# from .66 to .41 with 25 and 25 labels, since the share of carrying examples sets what a probability means.
CARRYING = 3


def taught(house: House, contract: Contract, *, as_of: datetime) -> Contract:
    """The contract as its last training by `as_of` left it; as it was written where there was none.

    Only for `nlp`: the examples are more, everything else and the stored contract are the same.
    """
    last = labels.training(house.db, contract.id, as_of=as_of)
    return with_labels(contract, labels.in_force(house.db, contract.id, as_of=last.at)) if last else contract


def with_labels(contract: Contract, held: Sequence[Label]) -> Contract:
    """The contract with labelled sentences among its examples; `held` is oldest first.

    A passage that carries it teaches its stance. Of an article that does not carry it one sentence is
    unrelated, of the newest such articles one for each CARRYING that carry. A sentence that stands
    there already, or was labelled before, is left where it was put first.
    """
    kinds = (*STANCES, "unrelated")
    known = {s for kind in kinds for s in getattr(contract.examples, kind)}
    more: dict[str, list[str]] = {kind: [] for kind in kinds}

    def teach(kind: str, sentence: str) -> None:
        if sentence and sentence not in known:
            known.add(sentence)
            more[kind].append(sentence)

    for label in held:
        if label.tag:
            teach(label.stance or "reports", label.passage)
    room = sum(map(len, more.values())) // CARRYING
    for label in reversed(held):
        if not label.tag and len(more["unrelated"]) < room:
            shown = label.passage.split("\n")
            teach("unrelated", shown[min(1, len(shown) - 1)])  # the first after the headline has a phrase
    longer = {kind: (*getattr(contract.examples, kind), *found) for kind, found in more.items()}
    return contract.model_copy(update={"examples": contract.examples.model_copy(update=longer)})


def train(house: House, contract: Contract, *, now: datetime) -> labels.Training:
    """Fit the contract and all labels given by `now`, and let that tag from now on; nothing is tagged here."""
    held = labels.in_force(house.db, contract.id, as_of=now)
    extended = with_labels(contract, held)
    data = fitted(extended)
    done = labels.Training(at=now, labels=len(held), model=model_id(extended))
    with writing(house.db):
        told = card(data) | {"date": f"{now:%Y-%m-%d}", "labels": len(held)}
        tags.register_model(house.db, id=done.model, card=told, data=data, at=now)
        labels.record_training(house.db, contract.id, done)
    return done
