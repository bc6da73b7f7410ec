"""The contract in force at an instant is the one that was there then."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.contracts import Contract, load
from store import contracts
from store.database import open_database

BEFORE = datetime(2026, 4, 12, 7, tzinfo=UTC)
FIRST = datetime(2026, 4, 13, 7, tzinfo=UTC)
LATER = datetime(2026, 4, 20, 7, tzinfo=UTC)


@pytest.fixture
def shipped(root: Path) -> Contract:
    return load(root / "narratives" / "nvidia_killer.yaml")


def test_an_edited_contract_holds_from_its_edit_on(shipped: Contract, tmp_path: Path) -> None:
    edited = shipped.model_copy(update={"counter": "Another counter."})
    db = open_database(tmp_path / "a.db")
    contracts.save(db, [shipped], at=FIRST)
    contracts.save(db, [shipped], at=datetime(2026, 4, 14, 7, tzinfo=UTC))
    contracts.save(db, [edited], at=LATER)
    assert contracts.in_force(db, as_of=BEFORE) == ()
    assert [c.hash for c in contracts.in_force(db, as_of=FIRST)] == [shipped.hash]
    assert [c.counter for c in contracts.in_force(db, as_of=LATER)] == ["Another counter."]
    assert db.execute("select count(*) from contracts").fetchone()[0] == 2
    db.close()


def test_a_changed_copy_has_a_hash_of_its_own(shipped: Contract) -> None:
    """The hash is kept once it is asked for, and must not go along with a copy."""
    before = shipped.hash
    edited = shipped.model_copy(update={"counter": "Another counter."})
    assert edited.hash != before
    assert edited.model_copy(update={"counter": shipped.counter}).hash == before == shipped.hash


def test_a_contract_comes_back_whole(shipped: Contract, tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    contracts.save(db, [shipped], at=FIRST)
    assert contracts.in_force(db, as_of=FIRST) == (shipped,)
    db.close()
