"""A verdict drawn in the terminal, with every term that made it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from core.contracts import Contract
from core.findings import Beside
from core.verdicts import Evidence, Pressure, Reading, Verdict


def show(contract: Contract, verdict: Verdict, beside: Beside, *, zone: ZoneInfo) -> None:
    """Print the verdict, the press's side, the evidence board, the mornings and what was found beside them."""
    console = Console(highlight=False)
    at = verdict.as_of.astimezone(zone)
    console.print(f"[bold]{contract.title}[/bold]  {at:%Y-%m-%d %H:%M %Z}  contract {contract.hash}")
    console.print(f"{contract.proposition}\n", markup=False)
    console.print(f"[bold]{verdict.kind}[/bold]" + (f": {verdict.reason}" if verdict.reason else ""))
    console.print(_press(verdict.pressure))
    console.print(_board(verdict.evidence))
    for r in verdict.evidence.readings:
        if r.detail:
            console.print(f"{r.check}: {r.detail}", markup=False)
    console.print(_mornings(verdict))
    for title, sentences in _beside(beside):
        console.print(f"\n[bold]{title}[/bold]")
        for sentence in sentences:
            console.print(f"- {sentence}", markup=False)


def _beside(b: Beside) -> Iterator[tuple[str, list[str]]]:
    """Titles and sentences, a title without sentences left out."""
    wide = b.wide
    rows, head = b.ledger
    press = (
        f"Over {wide.window_days} days the lean is {wide.lean:+.2f} [{wide.low:+.2f}, {wide.high:+.2f}],"
        f" attention {_figure(wide.attention, '.2f')}, {wide.articles} articles."
    )
    strongest = [
        f"{side}: " + (", ".join(f"{check} ({term:+.3f})" for check, term in case.checks) or "no check speaks for it")
        for side, case in (("for", b.cases.steelman), ("against", b.cases.counter))
    ]
    calls = [r.sentence for r in b.calls] + [b.score.sentence, f"The ledger has {rows} rows, the last is {head[:12]}."]
    for title, sentences in (
        ("The press otherwise", [press, b.audited.sentence]),
        ("The strongest checks of both cases", strongest),
        ("What would change it", [b.what_if.sentence]),
        ("Pairs", [p.sentence for p in b.pairings]),
        ("Contradictory beliefs", [c.sentence for c in b.contradictions]),
        ("What should exist", [e.sentence for e in b.expectations]),
        ("Claims against numbers", [c.sentence for c in b.comparisons]),
        ("Calls", calls),
        ("Alerts", [f"{a.at:%Y-%m-%d}: {a.sentence} ({a.null_history})" for a in b.alerts]),
    ):
        if sentences:
            yield title, sentences


def _figure(value: float | None, form: str = "+.2f") -> str:
    return "unknown" if value is None else format(value, form)


def _press(p: Pressure) -> Table:
    table = Table(title=f"Press, trailing {p.window_days} days", title_justify="left", show_header=False)
    for name, value in (
        ("lean (90 % interval)", f"{p.lean:+.2f} [{p.low:+.2f}, {p.high:+.2f}]"),
        ("voices promote / dispute / report", f"{p.promotes:.1f} / {p.disputes:.1f} / {p.reports:.1f}"),
        ("independent voices (n_eff)", f"{p.n_eff:.1f} of {p.voices}"),
        ("articles, stories, outlets", f"{p.articles}, {p.stories}, {p.outlets}"),
        ("stories observed / expected", f"{p.observed} / {p.expected:.1f} (dispersion {p.dispersion:.2f})"),
        ("attention", f"{_figure(p.attention, '.2f')} {p.limit}"),
        ("pressure", _figure(p.pressure)),
        ("agreement", _figure(p.agreement, ".2f")),
        ("echo (share of text that is older)", _figure(p.echo, ".2f")),
        ("promoted by interested parties", _figure(p.own_book, ".2f")),
    ):
        table.add_row(name, value)
    return table


def _board(evidence: Evidence) -> Table:
    low, high = _figure(evidence.low), _figure(evidence.high)
    table = Table(
        title=f"Evidence {_figure(evidence.support)} [{low}, {high}], coverage {evidence.coverage:.0%}",
        title_justify="left",
    )
    for column in ("check", "value", "threshold", "scale", "support", "weight", "state"):
        table.add_column(column, justify="left" if column in {"check", "state"} else "right")
    for r in evidence.readings:
        table.add_row(*_row(r))
    return table


def _row(r: Reading) -> tuple[str, ...]:
    kind = " (context)" if r.context else " (concede if)" if r.concede else ""
    return (
        r.check + kind,
        "unknown" if r.value is None else f"{r.value:,.2f} {r.unit}",
        "" if r.threshold is None else f"{r.threshold:,.2f}",
        "" if r.scale is None else f"{r.scale:,.2f}",
        "" if r.support is None else f"{r.support:+.2f}",
        f"{r.weight:.1%}" if r.weight else "",
        r.freshness + (f" ({r.reason})" if r.reason else ""),
    )


def _mornings(verdict: Verdict) -> Table:
    table = Table(title="The mornings it rests on", title_justify="left")
    for column in ("morning", "lean", "attention", "evidence"):
        table.add_column(column, justify="left" if column == "morning" else "right")
    for m in verdict.mornings:
        p, e = m.pressure, m.evidence
        table.add_row(
            f"{m.as_of:%Y-%m-%d}",
            f"{p.lean:+.2f} [{p.low:+.2f}, {p.high:+.2f}]",
            _figure(p.attention, ".2f"),
            f"{_figure(e.support)} [{_figure(e.low)}, {_figure(e.high)}]",
        )
    return table
