"""All series of the house: what was collected, what is claimed, and what is derived from them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core.claims import as_series
from core.series import Series
from counterwire.house import House
from signals.derived import derive, needed
from store import series as store_series


def known(house: House, ids: Collection[str] | None, *, as_of: datetime) -> dict[str, Series]:
    """The series with these ids (None: all), with every vintage first seen by `as_of`.

    What others are derived from is there too. A series of which nothing was known is absent.
    """
    if ids is None:
        wanted, stored = None, store_series.load(house.db, None, as_of=as_of)
    else:
        wanted = needed(ids, house.derived, house.accelerators)
        stored = store_series.load(house.db, wanted, as_of=as_of)
    told = {name: s for name, s in as_series(house.claims).items() if wanted is None or name in wanted}
    asked = [one.id for one in house.derived] if ids is None else ids
    return derive(house.derived, stored | told, asked, accelerators=house.accelerators)
