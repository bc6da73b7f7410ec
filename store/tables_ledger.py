"""The tables of what is forecast, of what gave alarm, and of the numbers that articles claim."""

LEDGER = """
DROP TABLE calls; -- never written before this step

CREATE TABLE calls (
    number INTEGER PRIMARY KEY,
    call TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('opened', 'resolved')),
    narrative TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    UNIQUE (call, act)
) STRICT;
CREATE TRIGGER calls_are_never_edited BEFORE UPDATE ON calls
BEGIN SELECT raise(ABORT, 'the ledger is only appended to'); END;
CREATE TRIGGER calls_are_never_deleted BEFORE DELETE ON calls
BEGIN SELECT raise(ABORT, 'the ledger is only appended to'); END;

CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    narrative TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('verdict', 'concede', 'burst', 'walk_back')),
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    contract TEXT NOT NULL,
    sentence TEXT NOT NULL,
    a_year REAL,
    null_history TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_at ON alerts (at, narrative);

CREATE TABLE numeric_claims (
    id INTEGER PRIMARY KEY,
    article TEXT NOT NULL,
    version INTEGER NOT NULL,
    narrative TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    quantity TEXT NOT NULL CHECK (quantity IN ('percent', 'usd', 'count', 'ratio')),
    low REAL NOT NULL,
    high REAL NOT NULL,
    unit TEXT NOT NULL,
    period TEXT NOT NULL,
    comparator TEXT NOT NULL CHECK (comparator IN ('=', '>', '<', '~')),
    subject TEXT NOT NULL,
    sentence_starts INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (article, version, narrative, starts),
    FOREIGN KEY (article, version) REFERENCES article_versions (article, version)
) STRICT;

CREATE TABLE comparisons (
    claim INTEGER NOT NULL REFERENCES numeric_claims (id),
    contract TEXT NOT NULL,
    as_of TEXT NOT NULL,
    measure TEXT NOT NULL,
    actual REAL,
    gap REAL,
    reason TEXT NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (claim, contract)
) STRICT, WITHOUT ROWID;

CREATE TABLE wide_pressures (
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
"""
