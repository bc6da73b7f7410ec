"""From the scores of sentences to the tag of an article, by a few weights that all narratives share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.articles import Article
from core.tags import STANCES, Span, Stance, Tag
from nlp.heads import Heads, Values, softmax
from nlp.passages import HEADLINE, Scores
from nlp.speakers import speaker

CLIP = 6.0  # a sentence's logit; beyond 400 to 1 the sentence machines know nothing
LEAD = 4  # sentences after the headline in which the press says what its news is
SPANS = 5  # shown of an article
# Cosine from which a sentence says the claim that it is nearest to. Of 37 quoted sentences over it 26 said that claim,
# or denied it; at 0.30 about half did. Few are that near: 15 of 189 (Nvidia killer) and 22 of 1,006 (recovery).
NEAR = 0.35
QUOTED = 0.5  # probability from which a sentence is shown; the best one always is


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregator:
    """Weights of `features` (13 and an intercept) by step, and of `stance_features` (3 rows of 11 and an intercept).

    An article carries the narrative from `threshold` on; one that is only a headline from `headline` on.
    """

    carries: Mapping[str, tuple[float, ...]]
    stance: tuple[tuple[float, ...], ...]
    threshold: float
    headline: float

    def probability(self, features: Values, step: str) -> float:
        """That the article carries the narrative, from the features at one step."""
        weights = np.array(self.carries[step])
        return float(1 / (1 + np.exp(-(features @ weights[:-1] + weights[-1]))))

    def stances(self, features: Values) -> Values:
        """Probabilities of STANCES, given that it does."""
        weights = np.array(self.stance)
        return softmax(weights[:, :-1] @ features + weights[:, -1])

    def carried(self, probability: float, step: str) -> bool:
        """Whether that is enough for a tag."""
        return probability >= (self.headline if step == HEADLINE else self.threshold)


def features(scores: Scores, article: Article) -> Values:
    """What the tag rests on (13,).

    Logits of sentences: the highest, the mean of the three highest, the headline, the highest of headline and lead;
    log of one plus the number over even odds, their share; whether the headline has a phrase of the contract, log of
    one plus the number of phrases, whether there is only a headline, log of one plus the sum of probabilities; the
    logit by words; log of one plus the number of the article's sentences, and the share of them with a phrase.
    """
    z = np.clip(scores.logits, -CLIP, CLIP)
    p = 1 / (1 + np.exp(-z))
    place = np.array([passage.index for passage in scores.passages])
    first = sorted(z, reverse=True)[:3]
    over = int((p > 0.5).sum())
    return np.array(
        [
            first[0],
            float(np.mean(first)),
            z[0],
            z[place <= LEAD].max(),
            np.log1p(over),
            over / len(z),
            float(any(start < len(article.title) for start, _ in scores.hits)),
            np.log1p(len(scores.hits)),
            float(not article.text.strip()),
            np.log1p(p.sum()),
            float(np.clip(scores.words, -CLIP, CLIP)),
            np.log1p(scores.sentences),
            scores.speaking / scores.sentences,
        ]
    )


def stance_features(scores: Scores) -> Values:
    """What the stance rests on (11,): promoting and disputing, each as the mean over sentences weighed by their
    probability of carrying the narrative, as the headline, the highest of any sentence (reporting, too), the mean
    of the three sentences likeliest to carry it, and the `lean`.
    """
    carrying = 1 / (1 + np.exp(-scores.logits))
    said = carrying[:, None] * scores.stances
    mean = said.sum(axis=0) / carrying.sum()
    best = scores.stances[np.argsort(-carrying, kind="stable")[:3]].mean(axis=0)
    return np.concatenate([mean[:2], said[0, :2], said.max(axis=0), best[:2], scores.lean])


def article_tag(
    heads: Heads,
    scores: Scores | None,
    article: Article,
    aggregator: Aggregator,
    *,
    words: float | None = None,
    interests: Mapping[str, str] | None = None,
    claims: Sequence[str] = (),
    examples: Mapping[str, Sequence[str]] | None = None,
    known: Mapping[str, str] | None = None,
) -> Tag:
    """The tag. `scores` None: nothing passed the gate, or the article is not read, which is a probability of 0, or
    its `words` (a calibrated logit) were so unlikely that no sentence was read, and theirs is the probability. `interests` are the contract's: the
    speaker is that of the likeliest sentence, and talks their own book if an interest is stated for them; else nobody
    knows. An outlet's own voice does not. `claims` are
    the ids of the contract's claims; a sentence that is near none says none. `examples` are the contract's, by stance;
    `known` the organisations of those whom the article names.
    """
    if scores is None or not len(scores.logits):
        probability = 0.0 if words is None else round(float(1 / (1 + np.exp(-words))), 4)
        return Tag(narrative=heads.narrative, carries=False, probability=probability)
    probability = round(aggregator.probability(features(scores, article), scores.step), 4)
    if not aggregator.carried(probability, scores.step):
        return Tag(narrative=heads.narrative, carries=False, probability=probability)
    said = speaker(scores.passages[int(np.argmax(scores.logits))].text, interests or {}, known or {})
    stances = [round(float(p), 4) for p in aggregator.stances(stance_features(scores))]
    spans = tuple(_span(scores, i, article, claims, examples or {}) for i in _shown(scores))
    return Tag(
        narrative=heads.narrative,
        carries=True,
        probability=probability,
        stance=STANCES[int(np.argmax(stances))],
        stance_probabilities=dict(zip(STANCES, stances, strict=True)),
        speaker=said.name if said else "",
        organisation=said.organisation if said else "",
        own_book=None if said and not said.interest else said is not None,
        claims=tuple(dict.fromkeys(s.claim for s in spans if s.claim)),
        spans=spans,
    )


def _shown(scores: Scores) -> list[int]:
    """The sentences to quote, in reading order: the likeliest, and what else is likely, SPANS at most."""
    order = [int(i) for i in np.argsort(-scores.logits, kind="stable")]
    even = float(np.log(QUOTED / (1 - QUOTED)))
    return sorted(order[:1] + [i for i in order[1:SPANS] if scores.logits[i] >= even])


def _span(
    scores: Scores, i: int, article: Article, claims: Sequence[str], examples: Mapping[str, Sequence[str]]
) -> Span:
    passage = scores.passages[i]
    k = int(np.argmax(scores.stances[i]))
    says: Stance = STANCES[k]
    claim = claims[int(scores.claims[i])] if len(claims) and scores.near[i] >= NEAR else ""
    return Span(
        start=passage.start,
        end=passage.end,
        text=article.body[passage.start : passage.end],
        says=says,
        claim=claim,
        example=examples[says][int(scores.examples[i, k])] if examples else "",
    )
