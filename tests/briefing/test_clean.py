"""Text from outside becomes one safe line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.clean import LONGEST_WORD, clean, link


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("a\r\nBcc: b@example.com", "a Bcc: b@example.com", id="line ends become spaces"),
        pytest.param("a\u2028b\u2029c", "a b c", id="so do Unicode's own line ends"),
        pytest.param("abc\u202egpj.exe", "abcgpj.exe", id="a right-to-left override goes"),
        pytest.param("\u2066a\u2069\u200fb", "ab", id="isolates and marks of direction go"),
        pytest.param("pass\u200bword\ufeff", "password", id="zero-width characters go"),
        pytest.param("a\x00b\x1b[31mc\x7f", "ab[31mc", id="controls and terminal escapes go"),
        pytest.param("a\ud800b", "ab", id="lone surrogates go"),
        pytest.param("a\U000e0041b", "ab", id="invisible tag characters go"),
        pytest.param("e\u0301" + "\u0301" * 50, "é" + "\u0301" * 2, id="stacked marks are thinned"),
        pytest.param("  two   words ", "two words", id="white space is one space"),
        pytest.param("<b>Müller & Söhne</b>", "<b>Müller & Söhne</b>", id="what is visible stays"),
        pytest.param("", "", id="nothing stays nothing"),
    ],
)
def test_clean_keeps_what_can_be_seen(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_a_word_that_no_column_holds_is_cut() -> None:
    assert clean("x" * 10_000) == "x" * 39 + "…"


def test_long_text_is_cut_between_words() -> None:
    assert clean("one two three four", 12) == "one two…"


@given(st.text())
def test_clean_text_is_clean_already(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in once)
    assert all(len(word) <= LONGEST_WORD for word in once.split())


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        pytest.param("https://news.example.com/a?b=1&c=2#d", "https://news.example.com/a?b=1&c=2#d", id="plain"),
        pytest.param("http://example.com:8080/", "http://example.com:8080/", id="with a port"),
        pytest.param("https://example.com/a_(b)", "https://example.com/a_%28b%29", id="parentheses are encoded"),
        pytest.param("https://münchen.example.com/ä", "https://xn--mnchen-3ya.example.com/%C3%A4", id="not ASCII"),
        pytest.param("https://example.com/50%25", "https://example.com/50%25", id="encoded once only"),
        pytest.param("javascript:alert(1)", "", id="a script"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("//example.com/x", "", id="no scheme"),
        pytest.param("https://user:secret@example.com/", "", id="a name that hides the host"),
        pytest.param('https://example.com/" onclick="x', "", id="a quotation mark"),
        pytest.param("https://example.com/\r\nX: y", "", id="a line end"),
        pytest.param("https://example.com/\u202egpj", "", id="an override"),
        pytest.param("https://example.com:99999/", "", id="no such port"),
        pytest.param("https://[::1/", "", id="a broken bracket"),
        pytest.param("https://exa\\mple.com/", "", id="a backslash"),
        pytest.param("https:///path", "", id="no host"),
        pytest.param("https://example.com/" + "a" * 2000, "", id="too long"),
    ],
)
def test_only_a_plain_web_address_is_linked_to(url: str, safe: str) -> None:
    assert link(url) == safe
