"""References to stored rows, so that every sentence can be recomputed."""

from __future__ import annotations

from datetime import datetime

from briefing.model import Ref
from core.articles import Quotation
from core.clock import stamp
from core.series import Observation
from core.shipped import KINDS


def ref(table: str, **key: str | int | datetime) -> Ref:
    """A row of `table` named by its key columns; instants as they are stored."""
    parts = ((k, stamp(v) if isinstance(v, datetime) else str(v)) for k, v in key.items())
    return Ref(table=table, key=tuple(parts))


def of_observation(observation: Observation) -> Ref:
    """The stored vintage behind a value; of what ships with the program, the row of its data file."""
    if observation.series.partition(".")[0] in KINDS:
        return ref("shipped", series=observation.series, time=observation.time, value=repr(observation.value))
    return ref("observations", series=observation.series, time=observation.time, first_seen=observation.first_seen)


def of_quotation(quotation: Quotation, narrative: str) -> tuple[Ref, ...]:
    """The span that is quoted, and the version of the article that it is cut from."""
    where: dict[str, str | int] = {"article": quotation.article, "version": quotation.version}
    return (
        ref("evidence_spans", narrative=narrative, **where, starts=quotation.start, ends=quotation.end),
        ref("article_versions", **where),
    )
