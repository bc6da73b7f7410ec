"""What the web pages may do: render, label, and let a reader leave. Each call opens what it needs and closes it."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TypeVar

from briefing.render import page
from briefing.words import MEANINGS, SAMPLE
from counterwire import paths
from counterwire.house import House
from counterwire.unsubscribing import bearer, leave, secret
from desk.app import ROWS, Doors
from store import labels
from store.database import open_database

T = TypeVar("T")


def doors(house: House) -> Doors:
    """The doors of a house, whose own database connection belongs to another thread and is left alone."""
    key = secret(house.settings.database)
    shared = {
        "verdicts": {kind.value: meaning.label for kind, meaning in MEANINGS.items()},
        "mark": SAMPLE if house.sample else "",
        "rows": ROWS,
    }
    fill = partial(page, templates=paths.TEMPLATES, overrides=house.settings.templates)

    def render(name: str, values: Mapping[str, object]) -> str:
        return fill(name, {**shared, **values})

    def opened(act: Callable[[House], T]) -> T:
        with closing(open_database(house.settings.database, create=False)) as db:
            return act(replace(house, db=db))

    return Doors(
        render=render,
        sign=lambda text: hmac.new(key, text.encode(), "sha256").hexdigest()[:32],
        label=lambda said: opened(lambda here: labels.save(here.db, said)),
        clock=house.clock,
        bearer=lambda token: opened(lambda here: bearer(here, token)),
        leave=lambda token: opened(lambda here: leave(here, token, at=house.clock())),
    )
