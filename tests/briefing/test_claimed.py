"""Claims are shown as claims: newest first per check, dated, and only those that were out."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from briefing.claimed import claimed
from core.claims import Claim
from core.contracts import Check, Contract, Measure


def claim(check: str, on: date, who: str) -> Claim:
    return Claim(check=check, who=who, on=on, kind="forecast", says=f"{who} says so.", source="https://example.com/a")


def contract_of(contract: Contract) -> Contract:
    measure = Measure(kind="level", a="claims.cowos")
    shared = {"asks": "?", "measure": measure, "unit": "percent", "family": "claims", "context": True}
    checks = tuple(Check(id=name, max_age="400d", because="claims", **shared) for name in ("cowos", "yields"))
    return contract.model_copy(update={"checks": checks})


def test_of_claims_of_one_day_the_one_that_answers_the_question_is_shown(make: SimpleNamespace) -> None:
    day = date(2026, 1, 5)
    answer = claim("cowos", day, "A Bank").model_copy(update={"value": 60, "unit": "%", "series": "claims.cowos"})
    told = [claim("cowos", day, "Zeta Weekly"), answer, claim("cowos", date(2025, 1, 5), "Older")]
    shown = claimed(contract_of(make.contract("nvidia_killer")), told, as_of=datetime(2026, 4, 15, 7, tzinfo=UTC))
    assert [one.who for one in shown] == ["A Bank, 5 Jan 2026 (forecast)"]


def test_the_newest_claim_that_was_out_stands_beside_its_check(make: SimpleNamespace) -> None:
    told = [
        claim("cowos", date(2026, 1, 5), "Old Works"),
        claim("cowos", date(2026, 3, 5), "New Works"),
        claim("cowos", date(2026, 4, 15), "Too Late"),  # out at the end of its day
        claim("elsewhere", date(2026, 1, 1), "Nobody"),
    ]
    shown = claimed(contract_of(make.contract("nvidia_killer")), told, as_of=datetime(2026, 4, 15, 7, tzinfo=UTC))
    assert [(one.check, one.who) for one in shown] == [("cowos", "New Works, 5 Mar 2026 (forecast)")]
