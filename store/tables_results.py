"""The first release's tables of figures, of what is computed from all, and of what is sent; and of refused figures."""

RESULTS = """
CREATE TABLE series (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT;

CREATE TABLE observations (
    series TEXT NOT NULL REFERENCES series (id),
    time TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    value REAL NOT NULL,
    imported INTEGER NOT NULL CHECK (imported IN (0, 1)),
    PRIMARY KEY (series, time, first_seen)
) STRICT, WITHOUT ROWID;

CREATE TABLE sightings (
    series TEXT NOT NULL REFERENCES series (id),
    seen TEXT NOT NULL,
    held INTEGER NOT NULL,
    new INTEGER NOT NULL,
    PRIMARY KEY (series, seen)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    status INTEGER NOT NULL,
    size INTEGER NOT NULL,
    body BLOB,
    UNIQUE (source, url, at)
) STRICT;
CREATE INDEX answers_at ON answers (at);

CREATE TABLE pressures (
    narrative TEXT NOT NULL,
    as_of TEXT NOT NULL,
    contract TEXT NOT NULL,
    window_days INTEGER NOT NULL,
    lean REAL NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    attention REAL,
    pressure REAL,
    "limit" TEXT NOT NULL,
    n_eff REAL NOT NULL,
    promotes REAL NOT NULL,
    disputes REAL NOT NULL,
    reports REAL NOT NULL,
    articles INTEGER NOT NULL,
    stories INTEGER NOT NULL,
    outlets INTEGER NOT NULL,
    voices INTEGER NOT NULL,
    observed INTEGER NOT NULL,
    expected REAL NOT NULL,
    dispersion REAL NOT NULL,
    baseline_days INTEGER NOT NULL,
    agreement REAL,
    echo REAL,
    own_book REAL,
    PRIMARY KEY (narrative, as_of, contract)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
    narrative TEXT NOT NULL,
    as_of TEXT NOT NULL,
    contract TEXT NOT NULL,
    support REAL,
    low REAL,
    high REAL,
    coverage REAL NOT NULL,
    PRIMARY KEY (narrative, as_of, contract)
) STRICT, WITHOUT ROWID;

CREATE TABLE readings (
    narrative TEXT NOT NULL,
    as_of TEXT NOT NULL,
    contract TEXT NOT NULL,
    concede INTEGER NOT NULL CHECK (concede IN (0, 1)),
    number INTEGER NOT NULL,
    "check" TEXT NOT NULL,
    family TEXT NOT NULL,
    asks TEXT NOT NULL,
    value REAL,
    unit TEXT NOT NULL,
    threshold REAL,
    scale REAL,
    support REAL CHECK (support BETWEEN -1 AND 1),
    weight REAL NOT NULL,
    context INTEGER NOT NULL CHECK (context IN (0, 1)),
    freshness TEXT NOT NULL CHECK (freshness IN ('FRESH', 'STALE', 'UNKNOWN')),
    reason TEXT NOT NULL,
    sentence TEXT NOT NULL,
    observations TEXT NOT NULL,
    PRIMARY KEY (narrative, as_of, contract, concede, number)
) STRICT;

CREATE TABLE verdicts (
    narrative TEXT NOT NULL,
    as_of TEXT NOT NULL,
    contract TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    press_for INTEGER NOT NULL,
    press_against INTEGER NOT NULL,
    data_for INTEGER NOT NULL,
    data_against INTEGER NOT NULL,
    quiet INTEGER NOT NULL,
    PRIMARY KEY (narrative, as_of, contract)
) STRICT, WITHOUT ROWID;

CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    narrative TEXT NOT NULL,
    contract TEXT NOT NULL,
    opened TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('PRESS_AHEAD', 'PRESS_BEHIND')),
    measure TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('up', 'down')),
    due TEXT NOT NULL,
    start_value REAL,
    probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
    base_rate REAL,
    calibrated INTEGER NOT NULL CHECK (calibrated IN (0, 1)),
    resolved TEXT,
    end_value REAL,
    outcome INTEGER CHECK (outcome IN (0, 1)),
    brier REAL,
    void TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX calls_narrative ON calls (narrative, opened);

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX events_kind ON events (kind);

CREATE TABLE cursors (
    stage TEXT PRIMARY KEY,
    event INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor_kinds (
    stage TEXT NOT NULL REFERENCES cursors (stage),
    kind TEXT NOT NULL,
    PRIMARY KEY (stage, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE briefings (
    id TEXT PRIMARY KEY,
    as_of TEXT NOT NULL,
    edition TEXT NOT NULL,
    at TEXT NOT NULL,
    subject TEXT NOT NULL,
    contracts TEXT NOT NULL,
    html TEXT,
    text TEXT,
    markdown TEXT,
    json TEXT
) STRICT;
CREATE INDEX briefings_as_of ON briefings (as_of);
CREATE INDEX briefings_edition ON briefings (edition);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    briefing TEXT NOT NULL,
    recipient TEXT NOT NULL,
    message_id TEXT NOT NULL,
    queued TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    tried TEXT,
    next_try TEXT,
    sent TEXT,
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (briefing, recipient)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (next_try) WHERE next_try IS NOT NULL;

CREATE TABLE labels (
    narrative TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id),
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    tag INTEGER NOT NULL CHECK (tag IN (0, 1)),
    stance TEXT CHECK (stance IN ('promotes', 'disputes', 'reports')),
    PRIMARY KEY (narrative, article, who, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX labels_article ON labels (article);
"""

QUARANTINE = """
CREATE TABLE quarantine (
    series TEXT NOT NULL REFERENCES series (id),
    time TEXT NOT NULL,
    value REAL NOT NULL,
    first_seen TEXT NOT NULL,
    undated INTEGER NOT NULL CHECK (undated IN (0, 1)),
    released TEXT,
    PRIMARY KEY (series, time, value)
) STRICT, WITHOUT ROWID;
"""
