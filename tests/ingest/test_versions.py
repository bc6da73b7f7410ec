"""What an article's next version takes back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.articles import Article
from ingest.versions import Change, compare

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


def test_a_shorter_excerpt_takes_nothing_back() -> None:
    assert changed("Quux Looms will replace its rival by June.").marks == set()


def test_a_page_instead_of_a_summary_takes_nothing_back() -> None:
    summary = replace(FIRST, text="Quux Looms wins 34% of the orders, the mill owners' club wrote.", text_kind="feed")
    found = compare(summary, replace(FIRST, text="Quux Looms has orders.", version=2))
    assert found is not None
    assert found.marks == set()


def test_versions_of_two_articles_are_refused() -> None:
    with pytest.raises(ValueError, match="not versions of one article"):
        compare(FIRST, replace(FIRST, id="b"))
