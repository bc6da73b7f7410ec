"""The findings at the end of the real data's notes, as `series show` prints them after an import."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterwire.cli import run

NOW = "2026-10-10T12:00:00Z"  # after the last of the files

# Each: what is asked, and what stands in a line of the answer. docs/series.md has the same commands.
FINDINGS = {
    "H100 spot on Google Cloud rose from $20.39 to $50.61": (
        "spot_price.a3-highgpu-8g --from 2025-12-01 --to 2026-07-31",
        "2025-12-04 20.39 USD/hour -> 2026-07-30 50.61 USD/hour",
    ),
    "while the on-demand price stood still": (
        "on_demand.a3-highgpu-8g --from 2025-12-01 --to 2026-07-31",
        "88.49 USD/hour -> 2026-07-30 88.49 USD/hour: +0 (+0.00 %)",
    ),
    "trn1.32xlarge has never been repriced since October 2022": (
        "on_demand.trn1.32xlarge --vintages",
        "2022-10-17                  21.5  first seen 2022-10-18 00:00",
    ),
    "and showed a 79 % average spot discount in June 2025": (
        "spot_discount.trn1.32xlarge",
        "2025-06-28             79.333333",
    ),
    "in three regions": ("spot_regions.trn1.32xlarge", "2025-06-28                     3"),
    "against 45 % for p5.48xlarge": ("spot_discount.p5.48xlarge", "2025-06-28             45.363636"),
    "in eleven": ("spot_regions.p5.48xlarge", "2025-06-28                    11"),
    "the target rate fell from 4.50 % to 3.75 %": (
        "macro.fed_target --from 2024-12-19 --to 2026-08-20",
        "2024-12-19 4.50 percent -> 2026-08-20 3.75 percent",
    ),
    "while the 10-year yield rose from 4.57 % to 4.69 %": (
        "macro.treasury_10y --from 2024-12-19 --to 2026-08-20",
        "2024-12-19 4.57 percent -> 2026-08-20 4.69 percent",
    ),
    "core PCE ran at 3.3 %": ("macro.core_pce --over 365d", "(+3.29 %)"),
    "high-yield spreads 2.75": ("macro.hy_spread", "2026-08-20                  2.75"),
    "NFCI -0.56": ("macro.nfci", "2026-08-14                -0.559"),
    "SPY gained 104 %": ("adjusted.spy --from 2022-12-30 --to 2026-07-01", "(+103.94 %)"),
    "and RSP 60 %": ("adjusted.rsp --from 2022-12-30 --to 2026-07-01", "(+60.19 %)"),
    # Everybody's own last four quarters, as told. By calendar quarter it is 566, for Oracle's newest ends in August.
    "five hyperscalers spent $586 bn on capex in four quarters": (
        "capex_year.hyperscalers",
        "2026-08-31       586,363,000,000",
    ),
}


@pytest.fixture(scope="module")
def house(real: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("findings")
    text = (root / "config.yaml").read_text("utf-8").replace("narratives: narratives", f"narratives: {root}/narratives")
    (folder / "config.yaml").write_text(text, "utf-8")
    config = str(folder / "config.yaml")
    mapping = str(root / "docs" / "market.yaml")
    assert run(["series", "import", str(real / "data/market"), "--mapping", mapping, "-c", config, "--now", NOW]) == 0
    return config


@pytest.mark.real
@pytest.mark.parametrize("finding", FINDINGS)
def test_a_finding_is_printed_by_series_show(finding: str, house: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked, expected = FINDINGS[finding]
    assert run(["series", "show", *asked.split(), "-c", house, "--as-of", NOW]) == 0
    assert expected in capsys.readouterr().out


def test_every_finding_stands_in_the_documentation(root: Path) -> None:
    text = (root / "docs" / "series.md").read_text("utf-8")
    assert [asked for asked, _ in FINDINGS.values() if f"counterwire series show {asked} " not in text] == []
