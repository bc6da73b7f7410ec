"""What stands around an article goes; what an article says of such things stays."""

import pytest

from ingest.furniture import own_words
from ingest.quality import graded

PROSE = "The maker of looms said on Monday that it would sell its plant in the north. Its rivals are not for sale. " * 4


@pytest.mark.parametrize(
    "notice",
    [
        "We use cookies to give you the best experience on our website.",
        "You can set your browser to block or alert you about these cookies.",
        "If you do not allow these cookies, you will experience less targeted advertising.",
        "Sign up for our free daily newsletter.",
        "Get the day's stories delivered straight to your inbox.",
        "Beginning of dialog window. Escape will cancel and close the window.",
        "This site is protected by reCAPTCHA and the Example Privacy Policy and Terms of Service apply.",
        "\u00a9 2026 Example Media. All rights reserved.",
        "The author has no position in any of the stocks mentioned.",
        "When you buy through links on our site, we may earn an affiliate commission.",
        "Your browser is out of date and potentially vulnerable to security risks.",
        "Tip: Try a valid symbol or a specific company name for relevant results",
    ],
)
def test_a_notice_to_the_reader_is_no_word_of_the_article(notice: str) -> None:
    assert own_words(f"{notice} {PROSE}{notice}").strip() == PROSE.strip()


@pytest.mark.parametrize(
    "sentence",
    [
        "The browser maker said that it would keep third-party cookies after all.",
        "Publishers fear for revenue when cookies disappear from browsers.",
        "The lender will cut its newsletter staff by half.",
        "Regulators fined the broker for misleading terms of service.",
        "Its commission on each trade fell to nine cents.",
        "The company will share the plant with its rival.",
    ],
)
def test_an_article_about_such_things_keeps_what_it_says(sentence: str) -> None:
    assert own_words(f"{PROSE}{sentence}") == f"{PROSE}{sentence}".strip()


@pytest.mark.parametrize(
    "tail",
    [
        "READ NEXT: 9 Loom Stocks To Buy. Our report on the next great loom follows.",
        "Should you invest $1,000 in Quux Looms right now? Consider the day of 2004 on which we named another.",
        "Related Articles: Looms rise again The next loom Why looms",
        "This article originally published on Zacks Investment Research (zacks.com).",
    ],
)
def test_from_a_promotion_on_nothing_is_the_articles(tail: str) -> None:
    assert own_words(f"{PROSE}{tail}") == PROSE.strip()


def test_a_text_that_begins_with_a_tails_words_is_not_cut_to_nothing() -> None:
    assert own_words(f"READ NEXT: {PROSE}").startswith("READ NEXT:")


def test_lines_stay_lines() -> None:
    assert own_words("The plant was sold.\nSign up for our free newsletter.\nIts rival was not.") == (
        "The plant was sold.\nIts rival was not."
    )


def test_a_wall_stays_known_as_one() -> None:
    wall = "We use cookies to give you the best experience. Please accept all cookies to go on."
    assert graded("Loom maker sells plant", wall) == (wall, "wall")
