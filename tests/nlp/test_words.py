"""Hashed words against the library that they were fitted with."""

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from nlp.words import BUCKETS, WIDTH, Words

TITLES = [
    "Chips to end a reign, analysts say",
    "",
    "Wall Street, Wall Street and Wall Street",
    "İstanbul café 中文 naïve - 3.5%",
]
TEXTS = [
    "",
    "a x",
    "Shares rose. Shares rose again, and bonds fell: “nobody's surprise”.",
    "It's the S&P 500's 10th gain_of 2026",
]


def test_a_half_is_what_scikit_learns_vectorizer_makes_of_it() -> None:
    theirs = HashingVectorizer(n_features=BUCKETS, ngram_range=(1, 2), norm=None).transform(TITLES + TEXTS).toarray()
    expected = normalize(np.sign(theirs) * np.log1p(np.abs(theirs)))
    assert np.abs(Words().half(TITLES + TEXTS).toarray() - expected).max() < 1e-12


def test_a_row_is_the_headlines_half_and_then_the_texts() -> None:
    rows = Words().rows(TITLES, TEXTS).toarray()
    assert rows.shape == (len(TITLES), WIDTH)
    assert (rows[:, :BUCKETS] == Words().half(TITLES).toarray()).all()
    assert (rows[:, BUCKETS:] == Words().half(TEXTS).toarray()).all()
