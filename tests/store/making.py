"""Makers of articles, tags and verdicts that say only what a test is about. All of it is fictitious."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.articles import Article, Lineage, Signature
from core.calls import Call
from core.clock import stamp
from core.comparisons import NumericClaim
from core.contracts import Measure
from core.series import Observation
from core.tags import Span, Tag, TaggedArticle
from core.verdicts import Evidence, Morning, Pressure, Reading, Verdict, VerdictKind
from store import articles, tags
from store.database import Database, writing

MORNING = datetime(2026, 4, 15, 6, tzinfo=UTC)


def make_article(name: str = "a1", **changes: Any) -> Article:
    return Article(
        **{
            "id": name,
            "source": "The Daily Example",
            "owner": "Example Group",
            "feed": "https://example.com/feed.xml",
            "guid": name,
            "url": f"https://example.com/{name}",
            "title": "Chips get cheaper",
            "text": "The cloud prices its own chip below the rest.",
            "text_kind": "feed",
            "quality": "good",
            "language": "en",
            "author": "",
            "published": MORNING,
            "first_seen": MORNING,
            **changes,
        }
    )


def make_tag(narrative: str = "nvidia_killer", *, carries: bool = True, **changes: Any) -> Tag:
    told: dict[str, Any] = {
        "narrative": narrative,
        "carries": carries,
        "probability": 0.9 if carries else 0.1,
        "stance": "promotes" if carries else None,
        "stance_probabilities": {"promotes": 0.8, "disputes": 0.1, "reports": 0.1},
        "claims": ("cheaper",) if carries else (),
        "spans": (Span(start=0, end=17, text="Chips get cheaper", says="promotes", example="Chips are cheap."),)
        if carries
        else (),
    }
    return Tag(**{**told, **changes})


def press(
    db: Database,
    article: Article,
    *given: Tag,
    story: str | None = None,
    at: datetime | None = None,
    model: str = "m1",
    copied: float = 0.0,
) -> None:
    """Store an article with its story and its tags, all at `at` (its first_seen unless said)."""
    at = at or article.first_seen
    with writing(db):
        articles.add(db, [article])
        place = Lineage(article=article.id, story=story or article.id, copied=copied, joined=at)
        articles.save_lineages(db, [(Signature(article=article.id, shingles=0, hashes=b"", bands=b""), place, article)])
        tags.save(db, TaggedArticle(article=article.id, version=article.version, model=model, tags=given), at=at)


def make_observation(
    value: float, time: datetime, seen: datetime, series: str = "macro.vix", **more: Any
) -> Observation:
    return Observation(series=series, time=time, value=value, first_seen=seen, **more)


def make_verdict(
    as_of: datetime = MORNING, *, lean: float = 0.4, kind: str = "PRESS_AHEAD", contract: str = "c1"
) -> Verdict:
    pressure = Pressure(
        narrative="nvidia_killer",
        as_of=as_of,
        window_days=7,
        lean=lean,
        low=0.1,
        high=0.6,
        attention=None,
        pressure=None,
        limit="press baseline, day 3 of 28",
        n_eff=4.5,
        promotes=6.0,
        disputes=1.0,
        reports=2.0,
        articles=12,
        stories=9,
        outlets=7,
        voices=6,
        observed=9,
        expected=4.0,
        dispersion=1.0,
        baseline_days=3,
        agreement=0.7,
        echo=0.2,
        own_book=None,
    )
    known = Reading(
        check="idle_rivals",
        narrative="nvidia_killer",
        as_of=as_of,
        family="spot",
        asks="Are rival accelerators as hard to get?",
        value=34.0,
        unit="points",
        threshold=0.0,
        scale=20.0,
        support=-1.0,
        weight=0.25,
        context=False,
        concede=False,
        freshness="FRESH",
        reason="",
        sentence="Rivals' spot discount is 34 points deeper.",
        observations=(make_observation(79.0, MORNING, MORNING, "spot_discount.trn1.32xlarge"),),
    )
    missing = Reading(
        check="repricing",
        narrative="nvidia_killer",
        as_of=as_of,
        family="price",
        asks="Who cuts prices?",
        value=None,
        unit="percent",
        threshold=None,
        scale=None,
        support=None,
        weight=0.25,
        context=False,
        concede=False,
        freshness="UNKNOWN",
        reason="not collected",
        sentence="Unknown: not collected.",
    )
    evidence = Evidence(
        narrative="nvidia_killer",
        as_of=as_of,
        support=-1.0,
        low=-1.0,
        high=-0.25,
        coverage=0.5,
        readings=(known, missing),
    )
    return Verdict(
        narrative="nvidia_killer",
        contract=contract,
        as_of=as_of,
        kind=VerdictKind(kind),
        reason="",
        press=(5, 0),
        data=(0, 6),
        quiet=0,
        mornings=(Morning(as_of=as_of, pressure=pressure, evidence=evidence),),
    )


def make_call(opened: datetime = MORNING, **changes: Any) -> Call:
    given: dict[str, Any] = {
        "id": f"nvidia_killer@{stamp(opened)}",
        "narrative": "nvidia_killer",
        "contract": "c1",
        "opened": opened,
        "kind": VerdictKind.PRESS_AHEAD,
        "measure": Measure.model_validate({"kind": "percent_change", "a": "price.x", "over": "90d"}),
        "direction": "up",
        "due": opened + timedelta(days=90),
        "start": None,
        "probability": 0.6,
        "base_rate": 0.5,
        "horizons": 9,
        "tilt": 0.1,
        "calibrated": False,
    }
    return Call(**{**given, **changes})


def make_claim(article: str = "a1", **changes: Any) -> NumericClaim:
    given: dict[str, Any] = {
        "article": article,
        "version": 1,
        "narrative": "nvidia_killer",
        "source": "The Daily Example",
        "first_seen": MORNING,
        "quantity": "percent",
        "low": 3.0,
        "high": 3.0,
        "unit": "percent",
        "period": "",
        "comparator": "=",
        "subject": "The yield",
        "start": 20,
        "end": 29,
        "sentence_start": 0,
        "sentence": "The yield stands at 3 percent.",
    }
    return NumericClaim(**{**given, **changes})
