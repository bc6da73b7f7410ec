"""The first release's tables of what comes from the press: feeds, articles, stories, tags."""

PRESS = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted')),
    summary TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE feeds (
    url TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    every INTEGER NOT NULL,
    interval INTEGER NOT NULL,
    due TEXT,
    etag TEXT,
    modified TEXT,
    body_hash TEXT,
    failures REAL NOT NULL DEFAULT 0,
    last_ok TEXT,
    problem TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE feed_versions (
    feed TEXT NOT NULL REFERENCES feeds (url),
    at TEXT NOT NULL,
    source TEXT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    PRIMARY KEY (feed, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('feed', 'page', 'series')),
    watched TEXT NOT NULL,
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    entries INTEGER NOT NULL,
    new INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    due TEXT,
    run INTEGER REFERENCES runs (id),
    UNIQUE (kind, watched, url, at)
) STRICT;
CREATE INDEX fetches_watched ON fetches (kind, watched, at, status);
CREATE INDEX fetches_at ON fetches (at);
CREATE INDEX fetches_run ON fetches (run);

CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    owner TEXT NOT NULL,
    feed TEXT NOT NULL,
    guid TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT,
    first_seen TEXT NOT NULL,
    marks TEXT NOT NULL,
    imported INTEGER NOT NULL CHECK (imported IN (0, 1)),
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX articles_first_seen ON articles (first_seen);

CREATE TABLE article_versions (
    id INTEGER PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id),
    version INTEGER NOT NULL CHECK (version > 0),
    first_seen TEXT NOT NULL,
    text_kind TEXT NOT NULL CHECK (text_kind IN ('full', 'feed', 'headline')),
    quality TEXT NOT NULL,
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    language TEXT NOT NULL,
    author TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (article, version)
) STRICT;

CREATE TABLE stories (
    id TEXT PRIMARY KEY,
    article TEXT NOT NULL REFERENCES articles (id),
    source TEXT NOT NULL,
    owner TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    joined TEXT NOT NULL,
    counts INTEGER NOT NULL CHECK (counts IN (0, 1))
) STRICT;
CREATE INDEX stories_article ON stories (article);
CREATE INDEX stories_counted ON stories (first_seen, joined, source) WHERE counts = 1;

CREATE TABLE lineages (
    article TEXT NOT NULL REFERENCES articles (id),
    joined TEXT NOT NULL,
    story TEXT NOT NULL REFERENCES stories (id),
    copied REAL NOT NULL CHECK (copied BETWEEN 0 AND 1),
    PRIMARY KEY (article, joined)
) STRICT, WITHOUT ROWID;
CREATE INDEX lineages_story ON lineages (story);

CREATE TABLE signatures (
    id INTEGER PRIMARY KEY,
    article TEXT NOT NULL UNIQUE REFERENCES articles (id),
    shingles INTEGER NOT NULL,
    width INTEGER NOT NULL CHECK (width IN (4, 8)),
    bands TEXT NOT NULL,
    hashes BLOB NOT NULL
) STRICT;

-- Without a foreign key: it would need an index as large as the table, 32 rows an article.
CREATE TABLE bands (
    key INTEGER NOT NULL,
    signature INTEGER NOT NULL,
    PRIMARY KEY (key, signature)
) STRICT, WITHOUT ROWID;

CREATE TABLE models (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    card TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE tags (
    id INTEGER PRIMARY KEY,
    article TEXT NOT NULL,
    narrative TEXT NOT NULL,
    version INTEGER NOT NULL,
    model TEXT NOT NULL,
    tagged_at TEXT NOT NULL,
    holds_from TEXT NOT NULL,
    seen TEXT NOT NULL,
    carries INTEGER NOT NULL CHECK (carries IN (0, 1)),
    probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
    stance TEXT CHECK (stance IN ('promotes', 'disputes', 'reports')),
    stance_probabilities TEXT NOT NULL,
    speaker TEXT NOT NULL,
    own_book INTEGER CHECK (own_book IN (0, 1)),
    UNIQUE (article, narrative, version, model),
    FOREIGN KEY (article, version) REFERENCES article_versions (article, version),
    CHECK (carries = 0 OR stance IS NOT NULL)
) STRICT;
CREATE INDEX tags_carrying ON tags (narrative, seen, article) WHERE carries = 1;
CREATE INDEX tags_version ON tags (article, version);

CREATE TABLE claims (
    tag INTEGER NOT NULL REFERENCES tags (id),
    claim TEXT NOT NULL,
    PRIMARY KEY (tag, claim)
) STRICT, WITHOUT ROWID;

CREATE TABLE spans (
    tag INTEGER NOT NULL REFERENCES tags (id),
    number INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    says TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (tag, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE press_counts (
    narrative TEXT NOT NULL,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    stories INTEGER NOT NULL CHECK (stories >= 0),
    carrying INTEGER NOT NULL CHECK (carrying BETWEEN 0 AND stories),
    PRIMARY KEY (narrative, day, source, first_seen)
) STRICT, WITHOUT ROWID;
"""
