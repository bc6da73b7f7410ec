"""How hard, and how independently, the press pushes a narrative."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain, repeat

from core.press import PressRun, Stood
from core.tags import Mention, SourceCount
from core.verdicts import Pressure
from signals.attention import Attention, attentions

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
    """That of one morning: `pressures` of a run of one."""
    return pressures(narrative, PressRun.of_one(mentions, counts, as_of=as_of), window_days=window_days)[0]


def pressures(narrative: str, press: PressRun, *, window_days: int = 7) -> list[Pressure]:
    """Lean, attention and their product over each morning's trailing window (DESIGN section 4).

    lean = (P - D) / (P + D + R + 2) over voices: a voice of n stories weighs min(n, 3), split over
    promotes, disputes and reports as its stories are. A story counts once, with stance and voice
    of its origin, the mention seen earliest in the window (ties by article id). The interval is lean
    plus or minus t(0.95, V - 1) times the jackknife standard error over V voices, the two invented
    ones (one promoting, one disputing) included; with few voices it reaches beyond [-1, 1], and is
    left so. n_eff = (sum w)^2 / sum w^2 over the real voices, 0 without any.

    The counts reach back over the first morning's window and 56 days more. Mentions outside a window
    are ignored. Agreement is the larger side's share of P + D, echo the mean copied share of the
    articles, own book the interested parties' share of the promoting stories whose speaker's
    interest is known.
    """
    told = attentions(press.counts, mornings=len(press.mornings), window_days=window_days)
    return [
        of_window(narrative, inside, attention, as_of=as_of, window_days=window_days)
        for as_of, inside, attention in zip(press.mornings, windows(press, window_days), told, strict=True)
    ]


def windows(press: PressRun, window_days: int) -> list[list[Mention]]:
    """The mentions of each morning's window, as they stood on it, in their order."""
    held = []
    for k, as_of in enumerate(press.mornings):
        since, until = (
            bisect_right(press.mentions, t, key=_seen) for t in (as_of - timedelta(days=window_days), as_of)
        )
        held.append([s.mention for s in press.mentions[since:until] if s.first <= k < s.until])
    return held


def _seen(stood: Stood) -> datetime:
    return stood.mention.seen


def of_window(
    narrative: str, inside: Sequence[Mention], told: Attention, *, as_of: datetime, window_days: int
) -> Pressure:
    """The pressure of one morning from the mentions of its window, in their order, and its attention."""
    origins = list(first_told(inside).values())
    voices = kinds(voices_of(origins))
    promotes, disputes, reports = (_sum(voices, side) for side in ("p", "d", "r"))
    leans = leaning(voices)
    interested = [m.own_book for m in origins if m.stance == "promotes" and m.own_book is not None]
    return Pressure(
        narrative=narrative,
        as_of=as_of,
        window_days=window_days,
        lean=leans.lean,
        low=leans.low,
        high=leans.high,
        attention=told.attention,
        pressure=None if told.attention is None else leans.lean * told.attention,
        limit=told.limit,
        n_eff=leans.n_eff,
        promotes=promotes,
        disputes=disputes,
        reports=reports,
        articles=len({m.article for m in inside}),
        stories=len(origins),
        outlets=len({m.source for m in inside}),
        voices=voices.total(),
        observed=told.observed,
        expected=told.expected,
        dispersion=told.dispersion,
        baseline_days=told.baseline_days,
        agreement=max(promotes, disputes) / (promotes + disputes) if promotes + disputes > 0 else None,
        echo=math.fsum(m.copied for m in inside) / len(inside) if inside else None,
        own_book=sum(interested) / len(interested) if interested else None,
    )


@cache
def t_quantile(p: float, df: int) -> float:
    """The quantile of Student's t distribution (scipy.special.stdtrit, which scipy.stats.t.ppf calls)."""
    from scipy.special import stdtrit  # type: ignore[import-untyped,unused-ignore]  # scipy has no types

    return float(stdtrit(df, p))


Told = tuple[int, int, int]  # stories that promote, dispute, report


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What a voice weighs, and how that is split."""

    weight: float
    p: float
    d: float
    r: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """What the verdict reads of the press beside its attention."""

    lean: float
    low: float
    high: float
    n_eff: float


SIDES = {"promotes": 0, "disputes": 1, "reports": 2}  # places in `Told`
_FOR, _AGAINST = Voice(weight=1.0, p=1.0, d=0.0, r=0.0), Voice(weight=1.0, p=0.0, d=1.0, r=0.0)  # the invented two


def first_told(mentions: Sequence[Mention]) -> dict[str, Mention]:
    """Each story's origin, of mentions in the order of having been seen."""
    return {m.story: m for m in reversed(mentions)}


def voices_of(origins: Iterable[Mention]) -> dict[str, Told]:
    """How many stories of each stance every voice told."""
    told: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for m in origins:
        told[m.voice][SIDES[m.stance]] += 1
    return {voice: (p, d, r) for voice, (p, d, r) in told.items()}


def kinds(voices: Mapping[str, Told]) -> Counter[Voice]:
    """How many voices there are of each kind: most have told one story, so that a hundred are of few kinds."""
    found: Counter[Voice] = Counter()
    for told, n in Counter(voices.values()).items():
        found[voice(*told)] += n
    return found


@cache
def voice(promotes: int, disputes: int, reports: int) -> Voice:
    """A voice of so many stories, at least one."""
    n = promotes + disputes + reports
    w = float(min(n, FULL_VOICE))
    return Voice(weight=w, p=w * promotes / n, d=w * disputes / n, r=w * reports / n)


def leaning(voices: Counter[Voice]) -> Leaning:
    """The lean of so many voices of each kind, its interval, and how many independent voices they are."""
    lean, error = _lean(voices)
    margin = t_quantile(LEVEL, voices.total() + 1) * error
    squares = math.fsum(n * v.weight**2 for v, n in voices.items())
    n_eff = _sum(voices, "weight") ** 2 / squares if voices else 0.0
    return Leaning(lean=lean, low=lean - margin, high=lean + margin, n_eff=n_eff)


def _sum(voices: Counter[Voice], part: str) -> float:
    """Rounded once, so that the order of the voices changes no bit; so are all sums here."""
    return _repeated((getattr(v, part), n) for v, n in voices.items())


def _repeated(terms: Iterable[tuple[float, int]]) -> float:
    return math.fsum(chain.from_iterable(repeat(x, n) for x, n in terms))


_WHOLE = 80  # bits behind the point; a side of a voice of n stories is at least 3 / n, and a double has 52 bits more


def _lean(voices: Counter[Voice]) -> tuple[float, float]:
    """The lean and its jackknife standard error, sqrt((V - 1) / V * sum((lean without v - their mean)^2)).

    The lean without a voice is taken from the whole, in integers, so that nothing is lost; neither
    the order of voices nor a swap of the stances changes a bit.
    """
    every = voices + Counter((_FOR, _AGAINST))
    sides = {v: int(math.ldexp(v.p - v.d, _WHOLE)) for v in every}
    side, weight, one = sum(n * sides[v] for v, n in every.items()), _sum(every, "weight"), 1 << _WHOLE
    without = [((side - sides[v]) / one / (weight - v.weight), n) for v, n in every.items()]
    count = every.total()
    mean = _repeated(without) / count
    spread = _repeated(((x - mean) ** 2, n) for x, n in without)
    return side / one / weight + 0.0, math.sqrt((count - 1) / count * spread)
