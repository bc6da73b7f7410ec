"""What can go wrong, named for who must act.

CounterwireError
├── ConfigError     a file the owner wrote is wrong   -> stop, name file, line and key
├── InputError      an argument or input file is wrong -> stop, name it and the line
├── StoreError      the database cannot be used       -> stop
├── FetchError      an address gave nothing           -> count it, go on, look again later
├── FormatError     an answer is not what it claims   -> count it, go on, keep the sample
└── DeliveryError   a message was not accepted        -> keep it queued, try again later
"""

from __future__ import annotations


class CounterwireError(Exception):
    """The root: every error that we raise on purpose."""


class ConfigError(CounterwireError):
    """A settings or contract file is wrong; the text names file, line and key."""

    def __init__(self, message: str, *, file: str, line: int | None = None, key: str = "") -> None:
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {key}: {message}" if key else f"{where}: {message}")
        self.message, self.file, self.line, self.key = message, file, line, key


class InputError(CounterwireError):
    """An argument, or a line of a file handed in, cannot be read; the text names it."""


class StoreError(CounterwireError):
    """The database cannot be opened, migrated or written."""


class FetchError(CounterwireError):
    """An address gave no usable answer.

    `reason` is a short stable word ("timeout", "http 503", "refused address", "too large"), fit
    for a table; `retry_after` is what the server asked for, in seconds.
    """

    def __init__(self, reason: str, *, url: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(f"{url}: {reason}")
        self.reason, self.url, self.status, self.retry_after = reason, url, status, retry_after


class FormatError(CounterwireError):
    """An answer arrived and is not what it claims; `sample` keeps its beginning."""

    def __init__(self, reason: str, *, url: str, field: str = "", sample: bytes = b"") -> None:
        super().__init__(f"{url}: {field}: {reason}" if field else f"{url}: {reason}")
        self.reason, self.url, self.field, self.sample = reason, url, field, sample[:2000]


class DeliveryError(CounterwireError):
    """A message was not accepted; `permanent` says that trying again is pointless."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.permanent = reason, permanent
