"""One briefing from verdicts and evidence: what it leads with, what it concedes, what it admits."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from briefing.model import Ref
from core.verdicts import VerdictKind

NB = "\u00a0"
M = "\u2212"


def walk(value: Any) -> Iterator[Any]:
    """Every part of a model."""
    yield value
    if isinstance(value, tuple):
        for part in value:
            yield from walk(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from walk(getattr(value, field.name))


def only(make: SimpleNamespace, verdict: Any, **given: Any) -> Any:
    """A briefing on one narrative, and that narrative's part."""
    return make.composed(told=[verdict], **given).narratives[0]


def test_what_moved_comes_first_with_both_figures(make: SimpleNamespace) -> None:
    made = make.composed()
    assert made.changes_title == f"What changed since 23{NB}Apr{NB}2026"
    assert [(c.title, c.moved) for c in made.changes] == [("Nvidia killer", True), ("Wall Street recovery", False)]
    first = made.changes[0].sentence.text.replace(NB, " ")
    assert first == (f"Mixed → Press ahead of the data. Press lean +0.31 → +0.44, data support {M}0.38 → {M}0.41.")
    assert made.headline == "Nvidia killer: press ahead of the data (was mixed)"
    assert made.subject == "Counterwire 24 Apr 2026 | Nvidia killer: press ahead of the data (was mixed)"


def test_the_first_briefing_says_so(make: SimpleNamespace) -> None:
    made = make.composed(before={})
    assert made.changes_title == "First briefing"
    assert made.headline.startswith("First briefing. ")


def test_a_day_without_change_says_so(make: SimpleNamespace) -> None:
    kind = VerdictKind.MIXED
    before = {"nvidia_killer": make.past("nvidia_killer", kind, 0.4, None)}
    made = make.composed(told=[make.verdict("nvidia_killer", kind)], before=before)
    assert made.headline == "No verdict changed. Nvidia killer: mixed"
    assert "data support unknown" in made.changes[0].sentence.text
    assert made.gaps.text.startswith("No gap between press and data")


def test_no_gap_is_not_claimed_where_nothing_can_be_told(make: SimpleNamespace) -> None:
    kinds = {"nvidia_killer": VerdictKind.MIXED, "wall_street_recovery": VerdictKind.INSUFFICIENT_EVIDENCE}
    made = make.composed(told=[make.verdict(n, k) for n, k in kinds.items()])
    assert made.gaps.text.replace(NB, " ") == (
        "No gap between press and data is shown on 2 narratives. On 1 of them there is too little evidence to tell."
    )


def test_an_older_comparison_names_its_own_day(make: SimpleNamespace) -> None:
    old = make.past("wall_street_recovery", VerdictKind.QUIET, 0.0, 0.0, days=8)
    new = make.past("nvidia_killer", VerdictKind.MIXED, 0.3, -0.3)
    made = make.composed(before={"nvidia_killer": new, "wall_street_recovery": old})
    told = {c.narrative: c.sentence.text for c in made.changes}
    assert told["wall_street_recovery"].endswith(f"since 16{NB}Apr{NB}2026.")
    assert "since" not in told["nvidia_killer"]


@pytest.mark.parametrize(
    ("kind", "lead", "rest"),
    [
        pytest.param(VerdictKind.PRESS_AHEAD, ["against"], ["for"], id="the counter leads when the press is ahead"),
        pytest.param(VerdictKind.PRESS_BACKED, ["for"], ["against"], id="its best case leads when data back it"),
        pytest.param(VerdictKind.PRESS_BEHIND, ["for"], ["against"], id="and when the press doubts what data support"),
        pytest.param(VerdictKind.PRESS_RIGHTLY_DOUBTS, ["against"], ["for"], id="doubt that is right leads"),
        pytest.param(VerdictKind.MIXED, [], ["for", "against"], id="no side leads when the record is mixed"),
        pytest.param(VerdictKind.QUIET, [], ["for", "against"], id="nor when it is quiet"),
        pytest.param(VerdictKind.INSUFFICIENT_EVIDENCE, [], ["for", "against"], id="nor when there is too little"),
    ],
)
def test_the_argument_that_leads(make: SimpleNamespace, kind: VerdictKind, lead: list[str], rest: list[str]) -> None:
    part = only(make, make.verdict("nvidia_killer", kind))
    assert [a.side for a in part.lead] == lead
    assert [a.side for a in part.arguments] == rest
    assert part.card.stance


def test_the_contrarian_concedes_when_data_back_the_press(make: SimpleNamespace) -> None:
    part = only(make, make.verdict("nvidia_killer", VerdictKind.PRESS_BACKED))
    assert part.card.stance == "We concede: on this record the press is right."


def test_too_little_evidence_says_why_and_still_shows_the_board(make: SimpleNamespace) -> None:
    part = make.composed().narratives[1]
    assert part.card.sentence.text == "There is too little to judge by: press baseline, day 12 of 28."
    assert len(part.board.measured) == 5
    attention = next(f for f in part.card.facts if f.label == "Attention")
    assert attention.text == "UNKNOWN(press baseline, day 12 of 28)"
    assert "Pressure" not in {f.label for f in part.card.facts}


def test_sample_sizes_and_intervals_stand_beside_every_score(make: SimpleNamespace) -> None:
    card = make.composed().narratives[0].card
    assert card.press.figure == "+0.44"
    assert card.press.interval.replace(NB, " ") == "90 % interval +0.21 to +0.67"
    assert card.data.interval.replace(NB, " ") == f"range {M}0.62 to {M}0.18"
    told = {f.label: f.text.replace(NB, " ") for f in card.facts}
    assert told["Coverage"] == "38 articles, 25 stories, 21 outlets in the 7 days to 24 Apr 2026"
    assert told["Independence"] == "n_eff 6.2 of 11 voices"
    assert told["Attention"].startswith("0.83 (0.50 is usual): 31 stories, 19.4 expected")


def test_no_press_at_all_is_unknown_not_zero(make: SimpleNamespace) -> None:
    empty = make.pressure("nvidia_killer", articles=0, stories=0, lean=0.0, low=-0.9, high=0.9)
    part = only(make, make.verdict("nvidia_killer", VerdictKind.INSUFFICIENT_EVIDENCE, push=empty))
    assert part.card.press.figure == "UNKNOWN(no article carried it)"
    assert part.card.press.interval == ""
    assert part.card.facts[0].text.replace(NB, " ") == "no article in the 7 days to 24 Apr 2026"


def test_no_data_at_all_is_unknown_not_zero(make: SimpleNamespace) -> None:
    verdict = make.verdict("nvidia_killer", VerdictKind.INSUFFICIENT_EVIDENCE, support=(None, None, None), held=())
    part = only(make, verdict)
    assert part.card.data.figure == "UNKNOWN(no check could be measured)"
    assert part.board.summary.text == "The contract has no weighed check."


def test_a_crossed_concede_if_is_said_at_the_top(make: SimpleNamespace) -> None:
    held = [make.reading("nvidia_killer", "shortage", concede=True, value=4.2, support=0.7, freshness="FRESH")]
    made = make.composed(told=[make.verdict("nvidia_killer", VerdictKind.PRESS_AHEAD, held=held)])
    assert made.preheader.startswith("A concede-if line is crossed.")
    assert len(made.narratives[0].card.concessions) == 1
    assert made.narratives[0].board.concede[0].says == "crossed: concede"
    assert make.composed().narratives[0].card.concessions == ()


def test_at_most_three_quotations_each_with_source_date_and_link(make: SimpleNamespace) -> None:
    quotes = make.composed().narratives[0].quotes
    assert [q.source for q in quotes] == ["Northgate Ledger", "The Meridian Wire", "Eastquay Observer"]
    assert quotes[0].url == "https://news.example.com/0/story?id=0"
    assert quotes[0].date == f"23{NB}Apr{NB}2026"
    assert quotes[1].says == "Custom chips make training or inference cheaper"
    assert quotes[1].text.startswith("“The start-up")
    assert quotes[0].text.startswith("“We expect")  # its own mark, not a second one


def test_every_source_in_trouble_is_named_with_its_reason(make: SimpleNamespace) -> None:
    sources = make.composed().sources
    assert sources.summary.text.replace(NB, " ") == "57 of 60 feeds and 2 of 3 series sources are in order."
    told = {p.what: [n.replace(NB, " ") for n in p.names] for p in sources.problems}
    assert told["Feeds failing: http 503"] == [
        "Eastquay Observer (1 failure, last good 24 Apr 2026)",
        "Northgate Ledger (3 failures, last good 22 Apr 2026)",
    ]
    assert told["Feeds never answered: refused address"] == ["Fells Gazette (5 failures, never good)"]
    assert told["Series stale: no new value"] == ["advisor (last good 15 Apr 2026)"]


def test_a_source_that_gave_only_a_part_is_in_order_and_named_with_what_it_left_out(make: SimpleNamespace) -> None:
    health = [make.source("advisor", kind="series", reason="not listed (p4de)"), make.source("fred", kind="series")]
    sources = make.composed(sources=health).sources
    assert sources.summary.text.replace(NB, " ") == "2 of 2 series sources are in order."
    assert [(p.what, p.names) for p in sources.problems] == [("Series with a remark", ("advisor (not listed (p4de))",))]


def test_a_degraded_day_says_so_before_anything_else(make: SimpleNamespace) -> None:
    ill = [make.source(f"Paper {n}", "failing", reason="timeout") for n in range(3)]
    notice = make.composed(sources=[*ill, make.source("Well")]).notices[0]
    assert notice.text.replace(NB, " ").startswith("Only 1 of 4 sources")
    assert make.composed().notices == ()
    assert "nothing has been collected" in make.composed(sources=[]).notices[0].text


def test_an_empty_degraded_first_month_day_says_so_in_one_paragraph(make: SimpleNamespace) -> None:
    """Three of four sources fail, no article came, and the press is on its twelfth day."""
    ill = [make.source(f"Paper {n}", "failing", reason="timeout") for n in range(3)]
    none = {"articles": 0, "attention": None, "pressure": None, "limit": "day 12", "baseline_days": 12}
    told = make.verdict("nvidia_killer", VerdictKind.INSUFFICIENT_EVIDENCE, push=make.pressure("nvidia_killer", **none))
    (notice,) = make.composed(told=[told], sources=[*ill, make.source("Well")]).notices
    said = notice.text.replace(NB, " ")
    assert said.startswith("Only 1 of 4 sources are in order.")
    assert "No article carried any of the narratives in the window" in said
    assert "The press baseline is on day 12 of 28." in said
    assert notice.refs


def test_a_first_month_is_not_told_of_when_one_narrative_is_over_it(make: SimpleNamespace) -> None:
    assert make.composed().notices == ()  # Wall Street recovery is on day 12, Nvidia killer has its 56 days


@pytest.mark.parametrize(
    ("where", "told"),
    [
        pytest.param("", "", id="nowhere to tell"),
        pytest.param(
            "https://desk.example.com", "https://desk.example.com/label?narrative=nvidia_killer&article=", id="the web"
        ),
        pytest.param("mailto:desk@example.com", "mailto:desk@example.com?subject=Wrong%20tag%3A%20nvidia_", id="mail"),
        pytest.param("javascript:alert(1)//", "", id="what is no address"),
    ],
)
def test_a_quotation_says_where_to_tell_that_its_tag_is_wrong(make: SimpleNamespace, where: str, told: str) -> None:
    quote = make.composed(wrong_tag=where).narratives[0].quotes[0]
    assert quote.wrong.startswith(told)
    assert bool(quote.wrong) == bool(told)


def test_what_is_found_beside_the_verdict_stands_in_its_place(make: SimpleNamespace) -> None:
    made = make.composed(**make.lived())
    part = made.narratives[0]
    assert [s.text.replace(NB, " ") for s in part.numbers.sentences] == [
        "Northgate Ledger claims over 40 percent; actual as of then 31.5 percent: 8.5 too high."
    ]
    assert part.numbers.note.replace(NB, " ").startswith("1 number that the press gave could not be compared")
    assert part.book.sentences[0].text.replace(NB, " ").startswith("31 % of the promoting assertions")
    assert part.absent.sentences[0].text.startswith("Should exist since 2026-03-31 and does not")
    assert "without the source The Meridian Wire it would be “mixed”" in part.change.sentences[0].text
    assert made.pairs.sentences[0].text.startswith("In 28 days 2 articles carr")
    assert len(made.pairs.sentences) == 1  # told once, though both narratives found it
    assert "Brier 0.152 against 0.240" in made.ledger.sentences[0].text
    assert made.ledger.sentences[-1].text.endswith("the hash of the last begins abababababab.")
    assert "precision 91%" in made.audits.sentences[0].text
    assert "walks back" in made.changes[0].alerts[0].text
    assert part.lead[0].checks  # the checks that speak for the case that leads


def test_every_sentence_beside_the_verdict_names_its_rows(make: SimpleNamespace) -> None:
    """What should exist by a date comes from the contract, which is no row of its own."""
    made = make.composed(**make.lived())
    sections = [made.pairs, made.ledger, made.audits]
    sections += [s for n in made.narratives for s in (n.numbers, n.book, n.change)]
    assert [one.text for s in sections for one in s.sentences if not one.refs] == []


def test_a_briefing_on_nothing_is_honest(make: SimpleNamespace) -> None:
    made = make.composed(told=[], before={}, quoted={}, sources=[], contracts=[])
    assert made.headline == "No narrative has a verdict"
    assert made.gaps.text == "There is no verdict to report."


def test_a_verdict_without_its_contract_is_refused(make: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="nvidia_killer"):
        make.composed(contracts=[])


def test_a_demonstration_is_marked_in_every_part(make: SimpleNamespace) -> None:
    made = make.composed(sample=True)
    assert made.mark == "SAMPLE"
    assert made.subject.startswith("SAMPLE ")
    assert made.preheader.startswith("SAMPLE ")
    assert made.notices[0].text.startswith("SAMPLE.")
    assert all(n.mark == "SAMPLE" and all(q.mark == "SAMPLE" for q in n.quotes) for n in made.narratives)


def test_every_sentence_with_a_figure_names_its_rows(make: SimpleNamespace) -> None:
    """Words about the method, and what came from no row (the empty database), are the exceptions."""
    made = make.composed()
    for part in walk(made):
        text = getattr(part, "text", None) or getattr(part, "figure", None)
        if hasattr(part, "refs") and text and any(c.isdigit() for c in text):
            assert part.refs, text


def test_references_name_tables_and_keys(make: SimpleNamespace) -> None:
    refs = {r for r in walk(make.composed()) if isinstance(r, Ref)}
    wanted = {
        "verdicts": {"narrative", "as_of"},
        "pressures": {"narrative", "as_of"},
        "readings": {"narrative", "check", "as_of"},
        "observations": {"series", "time", "first_seen"},
        "evidence_spans": {"narrative", "article", "version", "starts", "ends"},
        "article_versions": {"article", "version"},
        "fetches": {"id"},
        "feeds": {"url"},
        "shipped": {"series", "time", "value"},
    }
    assert {r.table for r in refs} == set(wanted)
    assert all({k for k, _ in r.key} == wanted[r.table] for r in refs)


def test_the_same_input_gives_the_same_briefing(make: SimpleNamespace) -> None:
    assert make.composed() == make.composed()


def test_the_order_of_sources_does_not_matter(make: SimpleNamespace) -> None:
    assert make.composed().sources.problems == make.composed(sources=make.health()[::-1]).sources.problems


def test_the_command_reproduces_the_instant(make: SimpleNamespace) -> None:
    made = make.composed()
    assert made.command == "counterwire brief --as-of 2026-04-24T05:00:00Z"
    assert make.contract("nvidia_killer").hash in made.provenance
