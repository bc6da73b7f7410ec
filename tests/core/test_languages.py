"""English is told from other languages by its commonest words, and what is too short counts as English."""

import pytest

from core.languages import language_of

ENGLISH = "The kettle is made of tin and the people like to buy it. " * 5
GERMAN = "Der Kessel aus Zinn ist billig und die Leute kaufen ihn gern. "


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        pytest.param("Rates stay where they are", ENGLISH, "en", id="English"),
        pytest.param("Nvidia, AMD, Intel", "", "en", id="names"),
        pytest.param("", "", "en", id="nothing"),
        pytest.param("", GERMAN * 5, "und", id="German"),
        pytest.param("Der Nvidia-Killer", GERMAN, "und", id="a German beginning"),
        pytest.param("Kessel aus Zinn", "", "en", id="a few words"),
        pytest.param(
            "El banco central mantiene los tipos y la bolsa de Madrid cae", "", "und", id="a Spanish headline"
        ),
        pytest.param("\u0946\u0947 \u0915\u093e\u0930\u094d\u0930\u0935\u093e\u0908", "", "und", id="Devanagari"),
    ],
)
def test_the_language_is_english_or_undetermined(title: str, text: str, expected: str) -> None:
    assert language_of(title, text) == expected
