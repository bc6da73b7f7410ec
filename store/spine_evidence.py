"""Tables that came after the spine: what the evidence needs besides."""

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
