"""What each verdict means in plain words, and what each proxy is not."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.model import Side
from core.verdicts import VerdictKind

SAMPLE = "SAMPLE"
SAMPLE_NOTICE = (
    "SAMPLE. The articles and mastheads in this briefing are made up to show what one looks like. Do not quote it."
)
UNAUDITED = "How often the tags and stances behind the press figures are wrong has not been audited."
NO_QUOTES = "No passage of the press that carries this narrative is on record for the window."

CHANGE = "What would change the verdict"
MORE = (
    "The archive page of this briefing has every pair that was compared, every rule and weight, how to read the "
    "figures, and for each sentence the SQL that gives its rows."
)
WRONG_TAG = "I think that this is wrong. Right would be (keep one): promotes / disputes / reports / not about it at all"

CONCEDE = "A line under “What would prove us wrong” has been crossed. On that point the contrarian concedes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A verdict in words. `side` has the better case by it, and its argument comes first."""

    label: str
    short: str
    sentence: str
    stance: str
    side: Side


MEANINGS: dict[VerdictKind, Meaning] = {
    VerdictKind.PRESS_AHEAD: Meaning(
        label="Press ahead of the data",
        short="press ahead of the data",
        sentence="The press pushes this, and the data point the other way.",
        stance="The contrarian case stands. It falls if the data turn.",
        side="against",
    ),
    VerdictKind.PRESS_BACKED: Meaning(
        label="Press backed by the data",
        short="press backed by the data",
        sentence="The press pushes this, and the data back it.",
        stance="We concede: on this record the press is right.",
        side="for",
    ),
    VerdictKind.PRESS_BEHIND: Meaning(
        label="Press behind the data",
        short="press behind the data",
        sentence="The press doubts this, and the data support it.",
        stance="Here the contrarian case is the proposition itself.",
        side="for",
    ),
    VerdictKind.PRESS_RIGHTLY_DOUBTS: Meaning(
        label="Press rightly doubts",
        short="press rightly doubts",
        sentence="The press doubts this, and the data agree with the doubt.",
        stance="There is nothing to contradict: press and data say the same.",
        side="against",
    ),
    VerdictKind.MIXED: Meaning(
        label="Mixed",
        short="mixed",
        sentence="Press and data do not both speak clearly, so no gap between them can be called.",
        stance="No side is taken.",
        side="neither",
    ),
    VerdictKind.QUIET: Meaning(
        label="Quiet",
        short="quiet",
        sentence="The press gives this far less attention than usual.",
        stance="Without a push there is nothing to lean against.",
        side="neither",
    ),
    VerdictKind.INSUFFICIENT_EVIDENCE: Meaning(
        label="Not enough evidence",
        short="not enough evidence",
        sentence="There is too little to judge by",  # the verdict's own reason ends it
        stance="No side is taken. The board is shown for what it holds.",
        side="neither",
    ),
}

TITLES: dict[Side, str] = {
    "for": "The best case for it",
    "against": "The case against it",
    "neither": "",
}

# What a series measures is often not what is asked. Keyed by the part of a series id before the dot.
PROXIES: dict[str, tuple[str, str]] = {
    "spot_discount": (
        "spot discount",
        "A spot discount is the price of spare capacity. It is not a utilisation rate.",
    ),
    "spot_interruption": (
        "interruption class",
        "An interruption class is a band for how often spot capacity is taken back. It is not a utilisation rate.",
    ),
    "spot_regions": (
        "regions on spot",
        "Regions on spot are those that list a type there, not how many machines stand in them.",
    ),
    "spot_spread": (
        "regional spread",
        "A spread between regions shows how uneven spot prices are, not how full the regions are.",
    ),
    "on_demand": ("list price", "A list price is what is asked, not what large customers pay."),
    "rental": ("rental offer", "A rental price is an offer, not a closed deal."),
    "downloads": (
        "downloads",
        "Downloads count automated builds and mirrors with people. They are not users or workloads.",
    ),
    "breadth": (
        "sector breadth",
        "Sector breadth counts eleven sector funds, each once, whatever it weighs. It is not the share of members.",
    ),
    "volume": ("one fund's volume", "The volume of one large fund stands in for that of all shares."),
    "options": ("option volume", "Option volume counts contracts traded, not positions held."),
    "capex": ("capital spending", "Capital spending counts everything that is built, not accelerators alone."),
}

READING = (
    "Lean runs from \u22121 (all voices dispute the proposition) to +1 (all promote it). Its interval is a 90\u00a0% "
    "jackknife over voices. Reporting without a stance adds attention, never lean.",
    "n_eff is the number of equally loud independent voices that the coverage is worth; copies and one owner's "
    "titles are one voice.",
    "Attention compares stories with each source's own baseline; 0.5 is usual. Pressure is lean times attention.",
    "Data support runs from \u22121 to +1 by thresholds stated beforehand. Its range shows how far it moves when a "
    "family of checks is left out or the missing ones are filled with \u00b10.5. It is not a confidence interval.",
    "UNKNOWN and STALE checks count for neither side. A missing value is never read as zero.",
)
