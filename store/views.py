"""The views for analysts. Their names and columns are promises; docs/database.md explains them.

They are made anew whenever their SQL here differs from that in the file.
"""

from __future__ import annotations

from store.known import EVER, cut

# What the last look at each watched thing gave: the feeds that were active, and every series source
# that was ever looked at. A failure wins over a success at the same instant. Stale: no success for
# 48 hours (172,800 s; over a weekend a daily source is silent, but still answers), and the next
# look was due, so that a source that is read once a week is not stale on its third day.
HEALTH = """\
WITH watched AS (
    SELECT 'feed' AS kind, feed AS watched, source AS name
    FROM feed_versions
    WHERE active = 1 AND at = (
        SELECT max(v.at) FROM feed_versions AS v WHERE v.feed = feed_versions.feed AND KNOWN(v.at)
    )
    UNION ALL
    SELECT DISTINCT 'series', watched, watched FROM fetches WHERE kind = 'series' AND KNOWN(at)
), looked AS (
    SELECT watched.*, (
        SELECT f.id FROM fetches AS f
        WHERE f.kind = watched.kind AND f.watched = watched.watched AND KNOWN(f.at)
        ORDER BY f.at DESC, f.status = 'failed' DESC, f.url LIMIT 1
    ) AS last, (
        SELECT f.at FROM fetches AS f
        WHERE f.kind = watched.kind AND f.watched = watched.watched AND KNOWN(f.at) AND f.status <> 'failed'
        ORDER BY f.at DESC LIMIT 1
    ) AS last_ok
    FROM watched
)
SELECT looked.name, coalesce(last.url, looked.watched) AS url, looked.kind,
    CASE
        WHEN looked.last IS NULL THEN 'never'
        WHEN last.status = 'failed' THEN 'failing'
        WHEN unixepoch(INSTANT()) - unixepoch(looked.last_ok) > 172800 AND coalesce(last.due, '') < INSTANT() THEN 'stale'
        ELSE 'ok'
    END AS state,
    last.reason, looked.last_ok, (
        SELECT count(DISTINCT f.at) FROM fetches AS f
        WHERE f.kind = looked.kind AND f.watched = looked.watched AND KNOWN(f.at)
            AND f.status = 'failed' AND f.at >= coalesce(looked.last_ok, '')
    ) AS failures, last.at AS last_look, last.due AS next_look, looked.last AS look
FROM looked LEFT JOIN fetches AS last ON last.id = looked.last
ORDER BY looked.kind, looked.name, url"""

_TAGGED_ARTICLES = """\
SELECT t.narrative, t.article, v.title, a.source, a.owner, a.url, a.published, t.seen AS first_seen,
    t.stance, t.probability, t.speaker, t.organisation, t.own_book,
    (SELECT group_concat(claim, ' ') FROM (SELECT claim FROM claims WHERE tag = t.id ORDER BY claim)) AS claims,
    (SELECT text FROM (SELECT text, number, says <> t.stance AS other FROM spans WHERE tag = t.id)
        ORDER BY other, number LIMIT 1) AS quotation,
    l.story, s.owner AS voice, l.copied, v.counts, v.quality, a.marks, a.imported, t.version, t.model, t.tagged_at
FROM tags AS t
JOIN articles AS a ON a.id = t.article
JOIN article_versions AS v ON v.article = t.article AND v.version = t.version
LEFT JOIN lineages AS l ON l.article = t.article AND l.joined = LINEAGE_IN_FORCE(t.article)
LEFT JOIN stories AS s ON s.id = l.story
WHERE t.carries = 1 AND t.id = TAG_IN_FORCE(t.article, t.narrative)"""

_ARTICLE_CHANGES = """\
SELECT c.article, a.source, a.owner, a.url, v.title, b.title AS title_before, c.first_seen AS changed,
    a.first_seen, c.version, c.before, c.walks_back, c.marks, c.gone, c.diff,
    (SELECT group_concat(narrative, ' ') FROM (
        SELECT DISTINCT narrative FROM tags WHERE article = c.article AND carries = 1 ORDER BY narrative
    )) AS narratives
FROM changes AS c
JOIN articles AS a ON a.id = c.article
JOIN article_versions AS v ON v.article = c.article AND v.version = c.version
JOIN article_versions AS b ON b.article = c.article AND b.version = c.before"""

_STORY_COPIES = """\
SELECT s.id AS story, v.title, s.source, s.owner AS voice, s.first_seen, count(*) AS articles,
    count(DISTINCT a.source) AS outlets, max(a.first_seen) AS last_seen, RELEASED_BY(s.id) AS released_by
FROM stories AS s
JOIN articles AS o ON o.id = s.article
JOIN article_versions AS v ON v.article = o.id AND v.version = o.version
JOIN lineages AS l ON l.story = s.id
JOIN articles AS a ON a.id = l.article
WHERE l.joined = LINEAGE_IN_FORCE(l.article)
GROUP BY s.id"""

_EVIDENCE_BOARD = """\
SELECT r.narrative, r.as_of, r."check", r.family, r.asks, r.value, r.unit, r.threshold, r.scale, r.support,
    r.weight, r.context, r.concede, r.freshness, r.reason, r.sentence, r.contract, r.detail
FROM readings AS r
WHERE (r.as_of, r.contract) = (
    SELECT v.as_of, v.contract FROM verdicts AS v
    WHERE v.narrative = r.narrative ORDER BY v.as_of DESC, v.contract DESC LIMIT 1
)
ORDER BY r.narrative, r.concede, r.number"""

_NARRATIVE_DAYS = """\
WITH last AS (
    SELECT *, row_number() OVER (
        PARTITION BY narrative, substr(as_of, 1, 10) ORDER BY as_of DESC, contract DESC
    ) AS place
    FROM pressures
)
SELECT p.narrative, substr(p.as_of, 1, 10) AS day, p.as_of, v.kind AS verdict, v.reason,
    p.lean, p.low AS lean_low, p.high AS lean_high, p.attention, p.pressure, p.n_eff, p.articles, p.stories,
    p.outlets, p.voices, p.echo, e.support, e.low AS support_low, e.high AS support_high, e.coverage, p.contract
FROM last AS p
LEFT JOIN evidence AS e USING (narrative, as_of, contract)
LEFT JOIN verdicts AS v USING (narrative, as_of, contract)
WHERE p.place = 1
ORDER BY p.narrative, p.as_of"""

_EVIDENCE_SPANS = """\
SELECT t.narrative, t.article, t.version, s.starts, s.ends, s.says, s.text, s.example, t.model, t.tagged_at
FROM spans AS s JOIN tags AS t ON t.id = s.tag"""

_CALL_LEDGER = """\
WITH told AS (
    SELECT o.call, o.narrative, o.body AS o, r.body AS r, o.hash, r.at AS written
    FROM calls AS o LEFT JOIN calls AS r ON r.call = o.call AND r.act = 'resolved'
    WHERE o.act = 'opened'
)
SELECT call, narrative, o ->> 'opened' AS opened, o ->> 'kind' AS kind,
    CASE
        WHEN o ->> 'void' <> '' OR r ->> 'void' <> '' THEN 'void'
        WHEN r IS NULL THEN 'open'
        WHEN r ->> 'came_true' THEN 'came true'
        ELSE 'did not come true'
    END AS state,
    o ->> 'direction' AS direction, json_extract(o, '$.measure') AS measure, o ->> 'due' AS due,
    o ->> 'start' AS start_value, r ->> 'end' AS end_value, o ->> 'probability' AS probability,
    o ->> 'base_rate' AS base_rate, o ->> 'horizons' AS horizons, o ->> 'tilt' AS tilt,
    o ->> 'calibrated' AS calibrated, r ->> 'brier' AS brier, r ->> 'base_brier' AS base_brier,
    coalesce(nullif(o ->> 'void', ''), r ->> 'void', '') AS void, o ->> 'contract' AS contract, hash
FROM told
ORDER BY opened, call"""

_CLAIMS_CHECKED = """\
SELECT n.narrative, n.article, a.source, a.first_seen, n.sentence, n.subject, n.quantity, n.comparator,
    n.low AS claimed_low, n.high AS claimed_high, n.unit, n.period, c.measure, c.actual, c.gap,
    c.reason AS not_comparable, c.as_of, n.version, c.contract
FROM numeric_claims AS n
JOIN articles AS a ON a.id = n.article
JOIN comparisons AS c ON c.claim = n.id
WHERE c.contract = (
    SELECT hash FROM contracts AS k WHERE k.narrative = n.narrative ORDER BY k.first_seen DESC LIMIT 1
)
ORDER BY a.first_seen, n.article, n.narrative, n.starts"""

VIEWS = {
    "tagged_articles": cut(_TAGGED_ARTICLES, as_of=EVER),
    "evidence_spans": _EVIDENCE_SPANS,
    "article_changes": _ARTICLE_CHANGES,
    "story_copies": cut(_STORY_COPIES, as_of=EVER),
    "evidence_board": _EVIDENCE_BOARD,
    "narrative_days": _NARRATIVE_DAYS,
    "claims_checked": _CLAIMS_CHECKED,
    "call_ledger": _CALL_LEDGER,
    "source_health": cut(HEALTH, as_of="coalesce((SELECT max(at) FROM fetches), '9999')"),
}
