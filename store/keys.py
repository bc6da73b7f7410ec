"""Which signatures share a key: sorted runs of keys, searched a batch at a time.

A B-tree of 34 random keys an article has to change about as many pages for every article that comes; at 500,000
articles that took 2 ms each. So the keys of a batch are kept as one sorted array, and arrays are put together as
they grow in number: an article's keys are written about six times over, always in one piece.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from core.clock import stamp
from store.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

PER_KEY, BEST = 24, 24  # a template's siblings are needed to know it as one; 24 show it as well as 48 did
GROWTH = 4  # a run is put together with the one before it unless that is so much larger
LARGEST = 65_536  # articles of one run: 27 MB that are searched at once


def nearest(
    db: Database, bands: Sequence[bytes], fresh: Sequence[bool], first: int, *, since: datetime, until: datetime
) -> list[list[int]]:
    """For each signature of a batch the numbers of those, kept or before it in the batch, that share most keys.

    The fresh ones of the batch count as numbered from `first` on. Of a key that many share (a template's)
    the newest `PER_KEY` are looked at, and of all these the `BEST` that have the most keys in common are
    given, the newer first: so a lookup costs the same however many are kept. Runs without an article first
    seen between `since` and `until` are not read.
    """
    import numpy as np

    keys, owners = _sorted(bands, range(len(bands)))
    numbers = first + np.cumsum(fresh) - 1  # of a fresh one; of another one, the number of the fresh one before it
    held = np.asarray(fresh)[owners]
    asked, theirs = _before(keys, owners, held)
    hits = [(owners[asked], numbers[owners[theirs]])]
    left = PER_KEY - np.bincount(asked, minlength=len(keys))
    for run_keys, run_numbers in _runs(db, since, until):
        asked, theirs = _newest(run_keys, keys, left)
        hits.append((owners[asked], run_numbers[theirs].astype(np.int64)))
        left -= np.bincount(asked, minlength=len(keys))
    return _best(hits, len(bands))


def add_run(db: Database, bands: Sequence[bytes], numbers: Sequence[int], seen: Collection[datetime]) -> None:
    """Keep the keys of new signatures, whose numbers are above all kept; runs that have grown alike become one."""
    import numpy as np

    keys, owners = _sorted(bands, numbers)
    oldest, newest, articles = stamp(min(seen)), stamp(max(seen)), len(numbers)
    found = owners.astype("<u4")
    while last := db.execute(
        "SELECT id, articles, oldest, newest, keys, numbers FROM key_runs ORDER BY id DESC LIMIT 1"
    ).fetchone():
        number, held, from_, to, old_keys, old_numbers = last
        if held >= GROWTH * articles or held + articles > LARGEST:
            break
        keys = np.concatenate([np.frombuffer(old_keys, "<u8"), keys])
        found = np.concatenate([np.frombuffer(old_numbers, "<u4"), found])
        order = keys.argsort(kind="stable")
        keys, found = keys[order], found[order]
        oldest, newest, articles = min(oldest, from_), max(newest, to), articles + held
        db.execute("DELETE FROM key_runs WHERE id = ?", [number])
    db.execute(
        "INSERT INTO key_runs (articles, oldest, newest, keys, numbers) VALUES (?, ?, ?, ?, ?)",
        [articles, oldest, newest, keys.astype("<u8").tobytes(), found.tobytes()],
    )


def _sorted(bands: Sequence[bytes], numbers: Sequence[int]) -> tuple[Keys, Numbers]:
    """The keys of all, sorted, and whose each is; of equal keys the first one's first."""
    import numpy as np

    keys = np.frombuffer(b"".join(bands), "<u8").astype(np.uint64)
    owners = np.repeat(np.asarray(numbers, np.int64), [len(b) // 8 for b in bands])
    order = keys.argsort(kind="stable")
    return keys[order], owners[order]


def _runs(db: Database, since: datetime, until: datetime) -> Iterator[tuple[Keys, NDArray[np.uint32]]]:
    """The runs that may matter, the newest first, one at a time."""
    import numpy as np

    wanted = db.execute(
        "SELECT id FROM key_runs WHERE newest >= ? AND oldest <= ? ORDER BY id DESC", [stamp(since), stamp(until)]
    ).fetchall()
    for (number,) in wanted:
        keys, numbers = db.execute("SELECT keys, numbers FROM key_runs WHERE id = ?", [number]).fetchone()
        yield np.frombuffer(keys, "<u8"), np.frombuffer(numbers, "<u4")


def _before(keys: Keys, owners: Numbers, held: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Pairs of places of one key: each one's, and those of the newest `PER_KEY` that stand before it and are held."""
    import numpy as np

    places = np.flatnonzero(held)
    kept = keys[places]
    starts = np.searchsorted(kept, keys)
    # Where each would stand among the held ones: they are in the batch's order within a key.
    ends = np.searchsorted(places, np.arange(len(keys)))
    asked, theirs = _spans(np.maximum(starts, ends - PER_KEY), ends)
    return asked, places[theirs]


def _newest(kept: Keys, keys: Keys, left: Numbers) -> tuple[Numbers, Numbers]:
    """Pairs of places, in `keys` and in `kept`, that hold one key: the last `left` of each."""
    import numpy as np

    starts = np.searchsorted(kept, keys)
    held = np.flatnonzero(kept[np.minimum(starts, len(kept) - 1)] == keys)  # few are; only their ends are sought
    starts, ends = starts[held], np.searchsorted(kept, keys[held], "right")
    asked, theirs = _spans(np.maximum(starts, ends - left[held]), ends)
    return held[asked], theirs


def _spans(starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """Each place with everything from its start to its end."""
    import numpy as np

    lengths = np.maximum(ends - starts, 0)
    asked = np.repeat(np.arange(len(lengths)), lengths)
    offsets = np.arange(len(asked)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return asked, starts[asked] + offsets


def _best(hits: Sequence[tuple[Numbers, Numbers]], count: int) -> list[list[int]]:
    import numpy as np

    asked = np.concatenate([a for a, _ in hits])
    pairs, shared = np.unique(asked << 40 | np.concatenate([n for _, n in hits]), return_counts=True)
    asked, numbers = pairs >> 40, pairs & (1 << 40) - 1
    order = np.lexsort((-numbers, -shared, asked))
    found, bounds = numbers[order], np.searchsorted(asked[order], np.arange(count + 1))
    return [found[a : min(a + BEST, b)].tolist() for a, b in pairwise(bounds.tolist())]
