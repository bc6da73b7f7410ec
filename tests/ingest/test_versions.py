"""What an article's next version takes back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.articles import Article, Change, TextKind
from ingest.versions import compare, page_due, retold, too_soon

NOW = datetime(2026, 4, 15, 6, tzinfo=UTC)
REST = " The maker of looms sells to forty mills in the valley. Its rivals sell to nine."
FIRST = Article(
    id="a",
    source="Example Courier",
    owner="Example",
    feed="",
    guid="a",
    url="",
    title="Loom maker will replace its rival",
    text=f"Quux Looms will replace its rival by June. It won 34% of all orders.{REST}",
    text_kind="full",
    quality="good",
    language="en",
    author="",
    published=NOW,
    first_seen=NOW,
)


def changed(text: str | None = None, title: str | None = None) -> Change:
    new = replace(FIRST, text=FIRST.text if text is None else text, title=title or FIRST.title, version=2)
    found = compare(FIRST, new)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "title", "marks"),
    [
        (f"Quux Looms could replace its rival by June. It won 34% of all orders.{REST}", None, {"softened"}),
        (f"Quux Looms will replace its rival by June. It won many orders.{REST}", None, {"numbers removed"}),
        (f"Quux Looms will replace its rival by June. It won 24% of all orders.{REST}", None, {"numbers changed"}),
        (f"Quux Looms will replace its rival by June.{REST}", None, {"numbers removed", "claim removed"}),
        (f"{FIRST.text} Correction: the valley has forty mills.", None, {"correction"}),
        (f"{FIRST.text} An earlier version of this article misstated the valley.", None, {"correction"}),
        (None, "Loom maker may replace its rival, analysts say", {"headline changed", "softened"}),
        (None, "Loom maker will replace its rival, it says", {"headline changed"}),
        (f"{FIRST.text} Shares rose.", None, set()),
        (f"Quux Looms will replace its rival by July. It won 34% of all orders.{REST}", None, set()),
    ],
    ids=[
        "will became could",
        "the percentage is gone",
        "the percentage is another",
        "the sentence with the percentage is gone",
        "a correction is announced",
        "an earlier version was wrong",
        "the headline became guarded",
        "the headline names its source",
        "a sentence was added",
        "a month changed",
    ],
)
def test_a_new_version_is_marked_for_what_it_takes_back(text: str | None, title: str | None, marks: set[str]) -> None:
    assert changed(text, title).marks == marks


def test_only_what_takes_something_back_is_a_walk_back() -> None:
    assert changed(title="Loom maker will replace its rival, it says").walks_back is False
    assert changed(f"{FIRST.text} Correction: the valley has forty mills.").walks_back is True


def test_the_diff_names_the_place_and_both_wordings() -> None:
    found = changed(
        f"Quux Looms could replace its rival by June. It won 34% of all orders.{REST}",
        "Loom maker could replace its rival",
    )
    assert found.diff.splitlines() == ["@title - will + could", "@word 2 - will + could"]
    assert (found.article, found.old, found.new) == ("a", 1, 2)
    assert found.share == pytest.approx(1 / 30)  # of 30 words


def test_the_same_words_in_other_lines_are_no_change() -> None:
    assert compare(FIRST, replace(FIRST, text=FIRST.text.replace(". ", ".\n"), version=2)) is None


def test_a_shorter_excerpt_is_no_version_unless_it_is_a_correction() -> None:
    assert compare(FIRST, replace(FIRST, text="Quux Looms will replace its rival by June.", version=2)) is None
    assert changed("This article has been corrected.").marks == {"correction"}


LINES = "Quux Looms sells looms.\nThe valley has forty mills.\nRivals sell to nine of them.\nIt rained on Sunday."


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (LINES, LINES.replace("\n", "  \n\n"), "full"),
        (LINES, LINES.replace("looms", "Looms").replace("forty mills", "\u201cforty\u201d mills"), "full"),
        (f"Updated April 15, 2026, 6:03 a.m. ET\n{LINES}", f"Updated April 15, 2026, 9:40 a.m. ET\n{LINES}", "full"),
        (f"Published 2 hours ago\n{LINES}", f"Published 1 day ago\n{LINES}", "full"),
        (f"{LINES}\nLast updated: 15 April 2026", LINES, "full"),
        (LINES, "\n".join(reversed(LINES.split("\n"))), "full"),
        (f"{LINES}\nShares to watch today", f"{LINES}\nFive looms for the weekend", "full"),
        (LINES, "Quux Looms sells looms.\nThe valley has forty mills.\nRivals sell to ni\u2026", "feed"),
    ],
    ids=[
        "white space",
        "case and quotation marks",
        "the hour of the last update",
        "how long ago it was",
        "a date that is gone",
        "sentences in another order",
        "a link to another story",
        "the feed cuts its text shorter",
    ],
)
def test_what_says_the_same_is_no_version(old: str, new: str, kind: TextKind) -> None:
    first = replace(FIRST, text=old, text_kind=kind)
    assert compare(first, replace(first, text=new, version=2)) is None


def test_a_rewritten_text_takes_nothing_back() -> None:
    other = "Looms of all kinds were bought at the fair, the club of mill owners wrote, and most of them were old ones."
    assert changed(other).marks == set()


def test_a_time_of_day_is_no_number() -> None:
    first = replace(FIRST, text=f"At 10:32 a.m. on April 14 it won 34% of all orders.{REST}")
    found = compare(first, replace(first, text=f"It won 34% of all orders.{REST}", version=2))
    assert found is not None
    assert found.marks == set()


def test_a_very_long_text_is_compared_in_a_moment() -> None:
    """Half of 50,000 words another each time: what a stranger's feed could send."""
    one, two = (" ".join(f"w{k if k % 2 else k + add}" for k in range(50_000)) + "." for add in (0, 1_000_000))
    found = compare(replace(FIRST, text=one), replace(FIRST, text=two, version=2))
    assert found is not None
    assert len(found.diff) < 600


FEED = replace(
    FIRST, text_kind="feed", text="Quux Looms will replace its rival by June, it says, and won 34% of orders."
)


def test_a_feed_that_tells_its_entry_otherwise_gives_the_next_version() -> None:
    told = replace(FEED, text=FEED.text.replace("will", "may"), first_seen=NOW + timedelta(hours=1))
    found = retold(FEED, told)
    assert found is not None
    version, change = found
    assert version == replace(FEED, text=told.text, version=2)
    assert change.marks == {"softened"}
    assert change.diff == "@word 2 - will + may"


def test_a_feeds_new_headline_stands_over_the_pages_text() -> None:
    told = replace(FEED, title="Loom maker may replace its rival", text="Another summary.")
    found = retold(FIRST, told)
    assert found is not None
    assert found[0] == replace(FIRST, title=told.title, version=2)
    assert retold(FIRST, replace(told, title=FIRST.title)) is None


def test_a_wall_is_no_version() -> None:
    assert retold(FEED, replace(FEED, text="Please enable cookies to go on reading.", quality="wall")) is None


@pytest.mark.parametrize(
    ("hours_old", "read_after", "due"),
    [(5, 0, False), (6, 0, True), (23, 6, False), (24, 6, True), (71, 24, False), (72, 24, True), (140, 72, False)],
)
def test_a_page_is_read_again_after_six_hours_a_day_and_three(hours_old: int, read_after: int, due: bool) -> None:
    assert page_due(NOW, NOW + timedelta(hours=read_after), now=NOW + timedelta(hours=hours_old)) is due


def test_a_live_page_has_a_version_every_so_often_and_not_at_every_poll() -> None:
    kept = [NOW]
    for minutes in range(15, 24 * 60 + 1, 15):
        now = NOW + timedelta(minutes=minutes)
        if not too_soon(replace(FIRST, version=len(kept)), since=kept[-1], now=now):
            kept.append(now)
    assert [(k - NOW) // timedelta(minutes=15) for k in kept[:5]] == [0, 1, 3, 6, 10]
    assert len(kept) == 14


def test_a_page_instead_of_a_summary_takes_nothing_back() -> None:
    summary = replace(FIRST, text="Quux Looms wins 34% of the orders, the mill owners' club wrote.", text_kind="feed")
    found = compare(summary, replace(FIRST, text="Quux Looms has orders.", version=2))
    assert found is not None
    assert found.marks == set()


def test_versions_of_two_articles_are_refused() -> None:
    with pytest.raises(ValueError, match="not versions of one article"):
        compare(FIRST, replace(FIRST, id="b"))
