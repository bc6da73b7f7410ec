"""Series ids of the form `measure.subject`, as `spot_price.trn1.32xlarge`: what is said, and of what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from core.settings import SourceSettings
from ingest.collectors.collector import OptionError


def check_names(source: SourceSettings, measures: Collection[str], subject: str) -> None:
    """Raise OptionError for the first series that is not one of `measures`, a point and a subject."""
    for name in source.series:
        if measure(name) not in measures or not subject_of(source, name):
            known = ", ".join(f"{one}.{subject}" for one in measures)
            raise OptionError(f"must be one of {known}", "series", name)


def no_options(source: SourceSettings, names: Iterable[str] | None = None) -> None:
    """Raise OptionError for options of the source, or of any of its series (of `names` alone)."""
    told = f"the collector {source.collector!r} knows no options"
    if names is None and source.options:
        raise OptionError(told, "options")
    for name in source.series if names is None else names:
        if source.series[name].options:
            raise OptionError(told, "series", name, "options")


def measure(name: str) -> str:
    """What a series says."""
    return name.partition(".")[0]


def subject_of(source: SourceSettings, name: str) -> str:
    """What a series is about: its key, or the rest of its id."""
    return source.series[name].key or name.partition(".")[2]


def same_host(a: str, b: str) -> bool:
    """Whether two addresses lead to one host; the port may be spelled out in one of them."""
    return urlsplit(a).hostname == urlsplit(b).hostname
