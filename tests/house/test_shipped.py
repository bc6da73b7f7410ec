"""A figure that no source gives points at the row of the data file that ships with the program."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counterwire.house import open_house
from counterwire.passes import one_pass
from counterwire.stages.briefs import composed
from counterwire.stages.judge import Court

NOW = "2026-04-15T12:00:00Z"


def refs(node: Any) -> list[dict[str, str]]:
    if isinstance(node, dict):
        return [*node.get("refs", []), *(r for k, v in node.items() if k != "refs" for r in refs(v))]
    return [r for v in node for r in refs(v)] if isinstance(node, list) else []


def test_claims_and_cadence_point_at_rows_with_the_files_hash(configured: Callable[..., Path], root: Path) -> None:
    with open_house(configured(feeds=["harbour"]), now=NOW) as house:
        one_pass(house, now=house.clock())
        made = json.loads(composed(house, Court(house), as_of=house.clock()).renders["json"])
        named = {(r["series"], r["time"][:10], float(r["value"])) for r in refs(made) if r["table"] == "shipped"}
        assert ("claims.zero_dte_share", "2025-12-31", 62.4) in named  # said of November 2025
        assert {series for series, _, _ in named} >= {"cadence.rival", "cadence.nvidia", "claims.cowos_share_nvidia"}
        stored = {
            (series, time[:10], value): (file, digest)
            for series, time, value, file, digest in house.db.execute(
                "SELECT series, time, value, file, hash FROM shipped"
            )
        }
        assert named - stored.keys() == set()
        for file, digest in stored.values():
            assert hashlib.sha256((root / file).read_bytes()).hexdigest().startswith(digest)
        assert not [
            r for r in refs(made) if r["table"] == "observations" and r["series"].startswith(("claims.", "cadence."))
        ]
