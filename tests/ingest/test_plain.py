"""What strangers write becomes plain text, and their links lose their trackers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.canonical import canonical
from ingest.plain import article_lines, entities, fold, lines, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("in <b>one</b> w<i>or</i>d", "in one word"),
        ("AT&amp;T &eacute;t&eacute;", "AT&T été"),
        ("AT&amp;amp;T", "AT&T"),
        ("AT&T rose", "AT&T rose"),
        ("x < y and y > z", "x < y and y > z"),
        ("<script>alert(1)</script>kept<style>p{}</style>", "kept"),
        ("<p>so\u00adft\u200b ze\u200dro\ufeff</p>", "soft zero"),
        ("a\xa0b\t c\r\nd", "a b c\nd"),
        ("nul\x00 and \ud800 half", "nul and half"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("<!-- hidden --><p>seen</p>", "seen"),
        ("", ""),
    ],
    ids=[
        "blocks end lines",
        "breaks too",
        "words stay whole",
        "entities are decoded",
        "twice if need be",
        "a bare ampersand stays",
        "comparisons are no tags",
        "scripts and styles vanish whole",
        "what cannot be seen is gone",
        "whitespace is folded",
        "what no database takes is gone",
        "list items are lines",
        "comments vanish",
        "nothing stays nothing",
    ],
)
def test_html_becomes_plain_text(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_a_title_is_one_line() -> None:
    assert fold(" Chips\n  rally\u200b again\t") == "Chips rally again"


def test_paragraphs_are_lines_without_empty_ones() -> None:
    assert lines("a  b\n\n \n c ") == "a b\nc"


def test_what_a_feed_hangs_on_to_an_article_is_cut_off() -> None:
    text = "Yields rose.\nThe post Yields rise appeared first on Example Ledger.\nRead more »"
    assert article_lines(text) == "Yields rose."


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://example.com/a?utm_source=rss&id=7&fbclid=x", "https://example.com/a?id=7"),
        ("https://example.com/a?q=x%20y&b=%2F", "https://example.com/a?q=x%20y&b=%2F"),
        ("HTTPS://Example.COM:443/A#top", "https://example.com/A"),
        ("http://example.com:8080", "http://example.com:8080/"),
        ("/news/1?utm_medium=x", "https://base.example.com/news/1"),
        ("//cdn.example.com/x", "https://cdn.example.com/x"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("http://[2606:4700::1]/a", "http://[2606:4700::1]/a"),
        ("javascript:alert(1)", ""),
        ("mailto:a@example.com", ""),
        ("http://[broken", ""),
        ("http://example.com:99999/", ""),
    ],
    ids=[
        "trackers go, the rest stays",
        "byte for byte",
        "scheme, host, port and fragment are normalised",
        "a port that means something stays",
        "relative links are resolved",
        "scheme-relative ones too",
        "credentials are dropped",
        "IPv6",
        "scripts are no links",
        "mail is no article",
        "nonsense",
        "an impossible port",
    ],
)
def test_links_lose_what_tells_who_shared_them(link: str, expected: str) -> None:
    assert canonical(link, "https://base.example.com/feed.xml") == expected


@given(
    st.lists(
        st.one_of(
            st.text(max_size=8),
            st.sampled_from(
                [
                    "&amp;",
                    "&lt",
                    "&hellip;",
                    "&#133;",
                    "&NotEqualTilde;",
                    "&#0;",
                    "&nbsp",
                    "<br>",
                    "<p>",
                    "</li",
                    "<a b='>'>",
                    "\n",
                    "<!--",
                    "<script>",
                ]
            ),
        ),
        max_size=12,
    ).map("".join)
)
def test_nothing_grows_by_being_made_plain(markup: str) -> None:
    """So that of two texts of a feed the shorter one need not be made plain to be dropped."""
    assert len(plain(markup)) <= len(markup)
    assert len(lines(entities(markup))) <= len(markup)
