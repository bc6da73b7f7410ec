"""The renders: the same figures in every form, nothing remote, nothing too large, overridable."""

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from briefing.model import Briefing
from briefing.render import COLUMNS, Form, render
from core.errors import ConfigError

LIMIT = 102_000  # bytes; Gmail clips a message beyond 102 KB
VOID = {"meta", "br", "img", "link", "hr", "input", "path", "use"}
MINUS = "\u2212"
AXIS = (f"{MINUS}1 against", "for +1")
FORMS: tuple[Form, ...] = ("html", "text", "markdown", "json", "page")


class Page(HTMLParser):
    """An HTML page read strictly: tags in order, attributes, visible text; a tag left open is an error."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.heard: list[str] = []
        self.hidden: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        classes = [d.get("class") for t, d in self.tags if t == "div"]
        inside = {"style", "title"} & set(self.open) or (classes == ["preheader"] and self.open[-1:] == ["div"])
        (self.hidden if inside else self.heard).append(data)

    @property
    def text(self) -> str:
        """The visible words, white space collapsed."""
        return " ".join(" ".join(self.heard).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]


def figures(text: str) -> Counter[str]:
    for axis in AXIS:
        text = text.replace(axis, "")
    text = re.sub(r"(?:https?://|mailto:)\S+|\[[.=|#]{41}\]", "", text)
    return Counter(re.findall(rf"[+{MINUS}]?\d(?:[\d,.:]*\d)?", text))


def html(briefing: Briefing, templates: Path) -> Page:
    return Page(render(briefing, "html", templates=templates))


def test_html_is_well_formed_mail_without_anything_remote(make: SimpleNamespace, templates: Path) -> None:
    raw = render(make.composed(), "html", templates=templates)
    page = Page(raw)
    assert raw.startswith("<!DOCTYPE html>")
    assert page.all("html")[0]["lang"] == "en"
    assert '<meta charset="utf-8">' in raw[:1024]
    assert not {"img", "script", "link", "iframe", "object", "form", "svg"} & {tag for tag, _ in page.tags}
    assert not re.search(r"url\(|@import|@font-face|\bsrc=|\bbackground=", raw)
    assert {tag for tag, attrs in page.tags for name in attrs if name.startswith("on")} == set()
    assert [a["href"] for a in page.all("a")] == [f"https://news.example.com/{n}/story?id={n}" for n in range(3)]


def test_html_has_a_preheader_dark_colours_and_six_hundred_pixels(make: SimpleNamespace, templates: Path) -> None:
    raw = render(make.composed(), "html", templates=templates)
    page = Page(raw)
    assert page.tags[[t for t, _ in page.tags].index("body") + 1][1]["class"] == "preheader"
    assert "Nvidia killer: The press pushes this" in "".join(page.hidden)
    assert "@media (prefers-color-scheme: dark)" in raw
    assert [m["content"] for m in page.all("meta") if m.get("name") == "color-scheme"] == ["light dark"]
    assert any(t.get("width") == "600" and "max-width" in str(t.get("style")) for t in page.all("table"))


def test_styles_are_inlined_where_clients_drop_style_sheets(make: SimpleNamespace, templates: Path) -> None:
    page = html(make.composed(), templates)
    styled = [attrs for _, attrs in page.tags if attrs.get("class") in {"headline", "why", "track", "verdict"}]
    assert styled
    assert all(attrs.get("style") for attrs in styled)


def test_layout_tables_say_so_and_bars_are_described(make: SimpleNamespace, templates: Path) -> None:
    page = html(make.composed(), templates)
    bars = [t for t in page.all("table") if t.get("role") == "img"]
    assert len(bars) == 4
    assert all("on a scale from" in str(b["aria-label"]) for b in bars)
    assert [t for t, _ in page.tags if t in {"h1", "h2"}] == ["h1", "h2", "h2", "h2", "h2"]
    assert len([a for a in page.all("th") if a.get("scope") == "row"]) == 5 + 5  # the measured rows of two boards


@pytest.mark.parametrize("lived", [False, True], ids=["a plain day", "a day with everything"])
def test_every_form_prints_the_same_figures(make: SimpleNamespace, templates: Path, lived: bool) -> None:
    made = make.composed(**make.lived()) if lived else make.composed()
    seen = figures(html(made, templates).text)
    assert sum(seen.values()) > 150
    assert figures(render(made, "text", templates=templates)) == seen
    plain = re.sub(r"\\(.)", r"\1", render(made, "markdown", templates=templates))
    assert figures(plain) == seen


@pytest.mark.parametrize("form", ["html", "text", "markdown", "page"])
def test_every_part_is_said_in_every_form(make: SimpleNamespace, templates: Path, form: Form) -> None:
    """What the mail says is said in text, in Markdown and on the page; the page says all the rest."""
    made = make.composed(**make.lived())
    raw = render(made, form, templates=templates)
    said = Page(raw).text if form in {"html", "page"} else " ".join(raw.replace("\\", "").split())
    wanted = [made.headline, made.gaps.text, made.command, made.provenance]
    wanted += [s.text for s in (*made.unchecked, made.sources.summary)]
    wanted += [name for p in made.sources.problems for name in p.names]
    sections = [made.pairs, made.ledger, made.audits]
    for part in made.narratives:
        card, board = part.card, part.board
        wanted += [part.proposition, card.sentence.text, card.tally.text, card.stance, board.summary.text]
        wanted += [card.coverage.text, *(limit.text for limit in card.limits)]
        wanted += [a.text for a in (*part.lead, *part.arguments)] + [p.alt for p in (*part.course, *part.gap)]
        for row in (*(r for r in board.measured if r.main), *board.concede):
            wanted += [row.asks, row.says, row.sentence, *([row.figure, row.date] if row.figure else [])]
        wanted += [r.spark.drawn for r in board.measured if r.main]
        wanted += [q.text for q in part.quotes] + [board.aside] * (form != "page")
        sections += [part.numbers, part.book, part.absent, part.change]
        if form == "page":
            rows = (*board.measured, *board.unknown, *board.context, *board.concede)
            wanted += [*made.reading, *board.proxies, *(p.alt for p in part.multiples)]
            wanted += [f.text for f in card.facts]
            wanted += [asks for a in (*part.lead, *part.arguments) for asks in a.checks]
            wanted += [w for row in rows for w in (row.asks, row.says, row.rule, row.sentence, *row.detail)]
    wanted += [
        w
        for s in sections
        for w in (s.note, *(one.text for one in s.sentences), *(one.text for one in s.rest * (form == "page")))
    ]
    missing = [w for w in wanted if " ".join(w.split()) not in said]
    assert missing == []


def test_text_keeps_to_its_columns(make: SimpleNamespace, templates: Path) -> None:
    for line in render(make.composed(sample=True), "text", templates=templates).splitlines():
        assert len(line) <= COLUMNS or line.strip().startswith("https://")


def test_json_is_the_whole_model_with_its_rows(make: SimpleNamespace, templates: Path) -> None:
    data = json.loads(render(make.composed(), "json", templates=templates))
    assert data["as_of"] == "2026-04-24T05:00:00Z"
    row = data["narratives"][0]["board"]["measured"][0]
    assert (row["figure"], row["value"], row["support"]) == ("31.40\u00a0pp", 31.4, -1.0)
    assert row["refs"] == [
        {"table": "readings", "narrative": "nvidia_killer", "check": "idle_rivals", "as_of": "2026-04-24T05:00:00Z"},
        {
            "table": "observations",
            "series": "spot_discount.a",
            "time": "2026-04-23T00:00:00Z",
            "first_seen": "2026-04-23T03:00:00Z",
        },
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_demonstration_is_marked_in_every_form(make: SimpleNamespace, templates: Path, form: Form) -> None:
    """Once for the page, its notice and its subject, and once for each narrative and quotation."""
    raw = render(make.composed(sample=True), form, templates=templates)
    assert raw.count("SAMPLE") >= 2 + 2 + 3
    assert "SAMPLE" not in render(make.composed(), form, templates=templates)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_briefing_gives_the_same_bytes(make: SimpleNamespace, templates: Path, form: Form) -> None:
    first, second = (render(make.composed(), form, templates=templates) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_briefing_renders(make: SimpleNamespace, templates: Path, form: Form) -> None:
    nothing = make.composed(told=[], before={}, quoted={}, sources=[], contracts=[])
    assert render(nothing, form, templates=templates)


def heavy(make: SimpleNamespace) -> Briefing:
    """Two narratives of 30 checks, three quotations of 420 characters, 20 sources that fail in ten ways."""
    told = []
    for verdict in make.verdicts():
        base = make.readings(verdict.narrative)
        held = [
            replace(r, check=f"{r.check}_{n}", weight=r.weight / 3, asks="Does a question as long as they come, over two lines of the mail, fit?")
            for n in range(4) for r in base if not (n and r.concede)
        ][:30]  # fmt: skip
        told.append(
            make.verdict(verdict.narrative, verdict.kind, held=held, push=verdict.pressure, reason=verdict.reason)
        )
    ill = [make.source(f"Some Regional Paper {n}", "failing", reason=f"http 5{n % 10:02}") for n in range(20)]
    quoted = {v.narrative: [make.quotation(0, text="word " * 84)] * 3 for v in told}
    return make.composed(**make.lived(told), sources=ill, quoted=quoted, sample=True)  # type: ignore[no-any-return]


def test_a_heavy_day_stays_under_the_limit(make: SimpleNamespace, templates: Path) -> None:
    made = heavy(make)
    shown = {p.name: "<svg></svg>" for n in made.narratives for p in (*n.course, *n.gap)}
    raw = render(made, "html", templates=templates, drawings=shown)
    assert "Some Regional Paper 19" in raw
    assert raw.count("cid:") == len(shown) == 2
    assert len(raw.encode()) < LIMIT


def test_two_hundred_and_fifty_failing_sources_are_named_within_the_limit(
    make: SimpleNamespace, templates: Path
) -> None:
    ill = [make.source(f"Some Regional Paper {n}", "failing", reason=f"http 5{n % 10:02}") for n in range(250)]
    raw = render(make.composed(sources=ill), "html", templates=templates)
    assert "Some Regional Paper 249" in raw
    assert len(raw.encode()) < LIMIT


def test_an_ordinary_day_is_far_under_the_limit(make: SimpleNamespace, templates: Path) -> None:
    assert len(render(make.composed(), "html", templates=templates).encode()) < 0.6 * LIMIT


def test_a_template_of_the_user_takes_the_place_of_ours(make: SimpleNamespace, templates: Path, tmp_path: Path) -> None:
    (tmp_path / "briefing.txt").write_text("{{ briefing.headline }}, in my own words")
    (tmp_path / "mail.css").write_text(".headline { color: #123456 }")
    made = make.composed()
    assert render(made, "text", templates=templates, overrides=tmp_path) == f"{made.headline}, in my own words\n"
    assert "color:#123456" in render(made, "html", templates=templates, overrides=tmp_path).replace(": #", ":#")


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        pytest.param("one\n{{ briefing.nonsense }}", (2, "nonsense"), id="a name that a briefing does not have"),
        pytest.param("{{ 1 + 'a' }}", (1, "TypeError"), id="a sum of unlike things"),
        pytest.param("\udcff", (None, "UnicodeDecodeError"), id="a file that is not UTF-8"),
        pytest.param("{% for %}", (1, "block"), id="a syntax fault"),
        pytest.param("a\nb\n{% include 'none.txt' %}", (None, "no such template"), id="a file that is missing"),
    ],
)
def test_a_faulty_template_is_named_with_its_line(
    make: SimpleNamespace, templates: Path, tmp_path: Path, template: str, fault: tuple[int | None, str]
) -> None:
    (tmp_path / "briefing.txt").write_text(template, errors="surrogateescape")
    with pytest.raises(ConfigError, match=fault[1]) as caught:
        render(make.composed(), "text", templates=templates, overrides=tmp_path)
    assert caught.value.line == fault[0]
    assert caught.value.file.endswith(".txt")


def test_templates_compute_nothing(templates: Path) -> None:
    """No arithmetic, no formatting of numbers, no call but of a macro or a loop's own."""
    allowed = re.compile(r"^(wrap|underlined|words|join|queries|capitalize)$")
    for path in sorted(p for p in templates.iterdir() if p.is_file()):
        source = re.sub(r"\{#.*?#\}|\"[^\"]*\"", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for code in re.findall(r"\{\{(.*?)\}\}|\{%(.*?)%\}", source, flags=re.DOTALL):
            text = "".join(code)
            assert not re.search(r"[*/%]|\+|(?<=\s)-(?=\s)", text), (path.name, text)
            drawn = path.name == "backtest.html" and text.strip() in {
                "c.drawn | safe",
                "c.studied | safe",
            }  # our own SVG
            assert drawn or all(allowed.match(f) for f in re.findall(r"\|\s*(\w+)", text)), (path.name, text)
