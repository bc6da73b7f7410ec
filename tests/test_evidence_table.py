"""docs/series.md says which source fills each check; config.yaml and the contracts must agree."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from core import accelerators, derived
from core.contracts import load_all
from core.settings import Settings, load
from ingest.series import COLLECTORS
from signals.accelerators import pair_series
from signals.derived import needed
from signals.measuring import series_of

SHIPPED = {"claims": "claims.yaml", "cadence": "accelerators.yaml"}
INSTEAD = {"fred_api", "stooq"}  # stand in for fred and yahoo
HALF_A_DAY = timedelta(hours=12)


@pytest.fixture(scope="module")
def shipped(root: Path) -> Settings:
    return load(root / "config.yaml")[0]


@pytest.fixture(scope="module")
def table(root: Path) -> dict[str, set[str]]:
    """The sources by check, as the documentation has them."""
    text = (root / "docs/series.md").read_text("utf-8").split("## What fills each check")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    assert rows[0] == ["narrative", "question", "checks", "filled by"]
    told = [(re.findall(r"`(\w+)`", checks), set(re.findall(r"`([\w.]+)`", by))) for _, _, checks, by in rows[2:]]
    listed = [check for checks, _ in told for check in checks]
    assert len(listed) == len(set(listed))
    return {check: sources for checks, sources in told for check in checks}


@pytest.fixture(scope="module")
def filled(root: Path, shipped: Settings) -> dict[str, set[str]]:
    """The sources that the settings have for each check."""
    parts = accelerators.load(root / "signals/accelerators.yaml")
    of = derived.load(root / "signals/derived.yaml")
    collected = {name: source.id for source in shipped.sources for name in source.series}
    found = {}
    for contract in load_all(root / "narratives"):
        for check in (*contract.checks, *contract.concede_if):
            measure = check.measure
            asked = pair_series(measure.of, parts) if measure.of else {i for i in (measure.a, measure.b) if i}
            ids = needed(asked, of, parts)
            found[check.id] = {collected[i] for i in ids if i in collected}
            found[check.id] |= {SHIPPED[kind] for i in ids if (kind := i.partition(".")[0]) in SHIPPED}
    return found


def test_every_check_of_both_contracts_is_filled(filled: dict[str, set[str]]) -> None:
    assert [check for check, sources in filled.items() if not sources] == []


def test_what_is_expected_and_what_is_claimed_is_held_against_series_that_somebody_collects(
    root: Path, shipped: Settings
) -> None:
    parts = accelerators.load(root / "signals/accelerators.yaml")
    of = derived.load(root / "signals/derived.yaml")
    collected = {name for source in shipped.sources for name in source.series}
    asked = [
        (contract.id, series_of(measure, parts))
        for contract in load_all(root / "narratives")
        for measure in (*(e.measure for e in contract.expected), *(n.measure for n in contract.numbers))
        if measure is not None
    ]
    assert len(asked) > 10
    assert [(name, sorted(ids)) for name, ids in asked if not needed(ids, of, parts) & collected] == []


def test_the_documentation_names_every_check_and_what_fills_it(
    table: dict[str, set[str]], filled: dict[str, set[str]]
) -> None:
    assert table.keys() == filled.keys()
    assert {c: sorted(filled[c] - table[c]) for c in table if not filled[c] <= table[c]} == {}
    together = set().union(*filled.values())
    assert set().union(*table.values()) - together == INSTEAD


def test_every_source_is_polite_and_says_its_terms(shipped: Settings) -> None:
    """One request a second to a host at most, and none twice in less than six hours."""
    assert (shipped.fetch.spacing, shipped.fetch.per_host) == (1.0, 2)
    assert [s.id for s in shipped.sources if s.every < HALF_A_DAY / 2 or not s.terms.startswith("https://")] == []


def test_no_key_stands_in_the_settings_and_every_collector_is_used(shipped: Settings, root: Path) -> None:
    used = {source.collector for source in shipped.sources}
    text = (root / "config.yaml").read_text("utf-8")
    assert COLLECTORS.keys() - used == {"fred_api"}
    assert "collector: fred_api" in text
    assert not re.search(r"(?i)api_?key\s*[:=]\s*[0-9a-z]{16}", text)
