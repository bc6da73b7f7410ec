"""What is found beside the verdict: the two cases, what would change it, pairs, contradictions, what is absent.

Each has one plain sentence and the ids of the rows behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.alerts import Alert
from core.audits import Rates
from core.calls import Record, Score
from core.comparisons import Comparison
from core.verdicts import Pressure, VerdictKind

Side = Literal["for", "against", "neither"]
LeftOut = Literal["check", "source", "story"]
Standing = Literal["waits", "there", "absent", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One side's case: the contract's words for it, and the checks that speak for it, the strongest first.

    `checks` pair a check's id with its term, weight times support, in [-1, 1].
    """

    text: str
    checks: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The best case for the proposition and against it; `leads` is the one that the verdict leaves better off."""

    leads: Side
    steelman: Case
    counter: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """The verdict's kind with one thing left out. `id` is the check's, the source's name or the story's.

    `name` is a story's headline, where somebody has looked it up.
    """

    left_out: LeftOut
    id: str
    kind: VerdictKind
    name: str = ""

    @property
    def told(self) -> str:
        """What was left out, as a reader knows it: `the check idle rivals`, `the story “Chips get cheaper”`."""
        known = f"“{self.name}”" if self.name else self.id.replace("_", " ") if self.left_out == "check" else self.id
        return f"the {self.left_out} {known}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What would change a verdict: everything that was left out in turn, and what changed its kind.

    `tried` counts checks, sources and stories in this order.
    """

    kind: VerdictKind
    tried: tuple[int, int, int]
    alternatives: tuple[Alternative, ...]

    @property
    def sentence(self) -> str:
        """What would change the verdict, in one plain sentence."""
        checks, sources, stories = self.tried
        told = "1 story" if stories == 1 else f"{stories} stories"
        scope = f"leaving out any one of {_count(checks, 'check')}, {_count(sources, 'source')} and {told}"
        if not self.alternatives:
            return f"It stays {self.kind} on {scope}."
        first = self.alternatives[0]
        more = f", and {len(self.alternatives) - 1} more would change it" if len(self.alternatives) > 1 else ""
        return f"Of {scope}, {len(self.alternatives)} change it: without {first.told} it would be {first.kind}{more}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How many days the first narrative's daily stories run ahead of the second's, with a 90 % interval.

    Positive: the first leads. `correlation` is that at the lag. All None where `limit` says why.
    """

    days: int | None = None
    low: float | None = None
    high: float | None = None
    correlation: float | None = None
    observed: int = 0
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two narratives of which one needs the other: who carries both, and which one leads.

    `both_articles` and `both_outlets` are ids and names, sorted; `first_articles` and its like count
    what carries each of them over `window_days`.
    """

    first: str
    second: str
    titles: tuple[str, str]
    why: str
    as_of: datetime
    window_days: int
    first_articles: int
    second_articles: int
    first_outlets: int
    second_outlets: int
    both_articles: tuple[str, ...]
    both_outlets: tuple[str, ...]
    lead: Lead

    @property
    def sentence(self) -> str:
        """The pair in one line."""
        one, other = self.titles
        carried = (
            f"In {self.window_days} days {_count(len(self.both_articles), 'article')} carried both “{one}”"
            f" ({self.first_articles}) and “{other}” ({self.second_articles}), and"
            f" {_count(len(self.both_outlets), 'outlet')} both (of {self.first_outlets} and {self.second_outlets})"
        )
        lead = self.lead
        if lead.days is None or lead.low is None or lead.high is None:
            return f"{carried}; which leads cannot be said: {lead.limit}."
        interval = f"90 % interval {lead.low:+.0f} to {lead.high:+.0f} days over {lead.observed} days"
        if lead.low <= 0 <= lead.high:
            return f"{carried}; neither measurably leads ({interval})."
        ahead, behind = (one, other) if lead.days > 0 else (other, one)
        return f"{carried}; “{ahead}” leads “{behind}” by {_count(abs(lead.days), 'day')} ({interval})."


def _count(n: int, thing: str) -> str:
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One outlet that promotes and disputes the same proposition in its own voice within a fortnight."""

    outlet: str
    narrative: str
    promotes: str
    promotes_seen: datetime
    disputes: str
    disputes_seen: datetime

    @property
    def sentence(self) -> str:
        """The contradiction in one plain sentence; "read as", since the stances are the tagger's."""
        first, then = sorted(((self.promotes_seen, "promoting"), (self.disputes_seen, "disputing")))
        days = (then[0] - first[0]).days
        when = f"{days} days later" if days > 1 else "a day later" if days else "within a day"
        day = f"{first[0].day} {first[0]:%b %Y}"
        return f"{self.outlet}, in its own voice: read as {first[1]} it on {day}, as {then[1]} it {when}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Something that should exist by a day if the proposition is true, and how it stands at one instant.

    `since` is from when on it has been absent, or there.
    """

    what: str
    by: date
    standing: Standing
    since: date | None
    reason: str = ""

    @property
    def sentence(self) -> str:
        """How it stands in one plain sentence."""
        what = self.what.rstrip(".")
        if self.standing == "waits":
            return f"Not due before {self.by}: {what}."
        if self.standing == "there":
            return f"There since {self.since}: {what}."
        if self.standing == "absent":
            return f"Should exist since {self.since} and does not: {what}."
        return f"Unknown ({self.reason}), due {self.by}: {what}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """The press's lean corrected for how often the tagger was found wrong; `limit` says why it is not."""

    narrative: str
    labels: int
    rates: Rates
    lean: float | None = None
    low: float | None = None
    high: float | None = None
    limit: str = ""

    @property
    def sentence(self) -> str:
        """How right the tags are, and the correction, in plain words."""
        if self.lean is None or self.low is None or self.high is None:
            return self.rates.sentence + (f" Too few to correct the lean: {self.limit}." if self.labels else "")
        return (
            f"{self.rates.sentence} Corrected for it the lean is {self.lean:+.2f} [{self.low:+.2f}, {self.high:+.2f}]."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a story came from: its first article and outlet, and of a press release that article and its issuer.

    `articles` is how many of the story's articles carry the narrative in the window.
    """

    story: str
    articles: int
    article: str
    outlet: str
    release: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """All that is found beside one verdict. `wide` is the press over the other window, 28 days beside 7 or 7 beside 28.

    `calls` are the narrative's, `score` is over the calls of all narratives; `ledger` is how many
    rows the ledger had, with the hash of its last one. `origin` is that of the largest story in the
    window, None where no article is in a story.
    """

    narrative: str
    as_of: datetime
    cases: Cases
    what_if: WhatIf
    wide: Pressure
    audited: Audited
    pairings: tuple[Pairing, ...]
    contradictions: tuple[Contradiction, ...]
    expectations: tuple[Expectation, ...]
    comparisons: tuple[Comparison, ...]
    calls: tuple[Record, ...]
    score: Score
    ledger: tuple[int, str]
    alerts: tuple[Alert, ...]
    origin: Origin | None = None
