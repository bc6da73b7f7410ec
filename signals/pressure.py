"""How hard, and how independently, the press pushes a narrative."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.tags import Mention, SourceCount
from core.verdicts import Pressure
from signals.attention import attention

FULL_VOICE = 3  # stories; a louder outlet is still one voice
LEVEL = 0.95  # the quantile of a two-sided 90 % interval


def pressure(
    narrative: str,
    mentions: Sequence[Mention],
    counts: Sequence[SourceCount],
    *,
    as_of: datetime,
    window_days: int = 7,
) -> Pressure:
    """Lean, attention and their product over the trailing window (DESIGN section 4).

    lean = (P - D) / (P + D + R + 2) over voices: a voice of n stories weighs min(n, 3), split over
    promotes, disputes and reports as its stories are. A story counts once, with stance and voice
    of its origin, the mention seen earliest in the window (ties by article id). The interval is lean
    plus or minus t(0.95, V - 1) times the jackknife standard error over V voices, the two invented
    ones (one promoting, one disputing) included; with few voices it reaches beyond [-1, 1], and is
    left so. n_eff = (sum w)^2 / sum w^2 over the real voices, 0 without any.

    `counts` reach back over the window and 56 days more. Mentions outside the window are ignored.
    Agreement is the larger side's share of P + D, echo the mean copied share of the articles, own
    book the interested parties' share of the promoting stories whose speaker's interest is known.
    """
    since = as_of - timedelta(days=window_days)
    inside = [m for m in mentions if since < m.seen <= as_of]
    origins = _origins(inside)
    voices = _voices(origins)
    promotes, disputes, reports = (math.fsum(getattr(v, side) for v in voices) for side in ("p", "d", "r"))
    lean, error = _lean(voices)
    margin = t_quantile(LEVEL, len(voices) + 1) * error
    told = attention(counts, window_days=window_days)
    weights = [v.weight for v in voices]
    interested = [m.own_book for m in origins if m.stance == "promotes" and m.own_book is not None]
    return Pressure(
        narrative=narrative,
        as_of=as_of,
        window_days=window_days,
        lean=lean,
        low=lean - margin,
        high=lean + margin,
        attention=told.attention,
        pressure=None if told.attention is None else lean * told.attention,
        limit=told.limit,
        n_eff=math.fsum(weights) ** 2 / math.fsum(w * w for w in weights) if weights else 0.0,
        promotes=promotes,
        disputes=disputes,
        reports=reports,
        articles=len({m.article for m in inside}),
        stories=len(origins),
        outlets=len({m.source for m in inside}),
        voices=len(voices),
        observed=told.observed,
        expected=told.expected,
        dispersion=told.dispersion,
        baseline_days=told.baseline_days,
        agreement=max(promotes, disputes) / (promotes + disputes) if promotes + disputes > 0 else None,
        echo=math.fsum(m.copied for m in inside) / len(inside) if inside else None,
        own_book=sum(interested) / len(interested) if interested else None,
    )


def t_quantile(p: float, df: int) -> float:
    """The quantile of Student's t distribution (scipy.special.stdtrit, which scipy.stats.t.ppf calls)."""
    from scipy.special import stdtrit  # type: ignore[import-untyped,unused-ignore]  # scipy has no types

    return float(stdtrit(df, p))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    weight: float
    p: float
    d: float
    r: float


_INVENTED = (_Voice(weight=1.0, p=1.0, d=0.0, r=0.0), _Voice(weight=1.0, p=0.0, d=1.0, r=0.0))


def _origins(mentions: Sequence[Mention]) -> list[Mention]:
    first: dict[str, Mention] = {}
    for m in sorted(mentions, key=lambda m: (m.seen, m.article)):
        first.setdefault(m.story, m)
    return list(first.values())


def _voices(origins: Sequence[Mention]) -> list[_Voice]:
    stances: dict[str, Counter[str]] = defaultdict(Counter)
    for m in origins:
        stances[m.voice][m.stance] += 1
    made = []
    for _, told in sorted(stances.items()):
        n = told.total()
        w = float(min(n, FULL_VOICE))
        p, d, r = (w * told[stance] / n for stance in ("promotes", "disputes", "reports"))
        made.append(_Voice(weight=w, p=p, d=d, r=r))
    return made


def _lean(voices: Sequence[_Voice]) -> tuple[float, float]:
    """The lean and its jackknife standard error, sqrt((V - 1) / V * sum((lean without v - their mean)^2)).

    fsum rounds once, so that neither the order of voices nor a swap of the stances changes a bit.
    """
    every = (*_INVENTED, *voices)
    sides, weights = [v.p - v.d for v in every], [v.weight for v in every]
    without = [
        math.fsum((*sides, -side)) / math.fsum((*weights, -weight)) for side, weight in zip(sides, weights, strict=True)
    ]
    mean = math.fsum(without) / len(every)
    spread = math.fsum((x - mean) ** 2 for x in without)
    return math.fsum(sides) / math.fsum(weights) + 0.0, math.sqrt((len(every) - 1) / len(every) * spread)
