"""Nothing that a feed sends can change the shape of a briefing, a link or a header."""

import json
import re
import unicodedata
from email import message_from_bytes
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from briefing.mail import message
from briefing.model import Briefing
from briefing.render import COLUMNS, Form, render
from core.verdicts import VerdictKind

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "an image that calls home": '<img src=x onerror="fetch(1)">',
    "a closing table": "</td></tr></table></body></html>",
    "a style sheet": "</style><style>*{display:none}</style>",
    "a comment that never ends": "<!-- ",
    "a conditional comment": "<!--[if mso]><b>x</b><![endif]-->",
    "an attribute that ends early": '" onmouseover="alert(1)" x="',
    "a single quotation mark": "' onclick='alert(1)",
    "an entity": "&lt;b&gt; &#60;script&#62; &amp;amp;",
    "a header": "Subject: x\r\nBcc: all@example.com\r\n\r\nbody",
    "an encoded word": "=?utf-8?q?=0D=0ABcc:_all@example.com?=",
    "a right-to-left override": "\u202e\u2066evil\u2069 moc.elpmaxe",
    "zero-width characters": "pay\u200bpal\u2060\ufeff\u00ad",
    "controls": "a\x00b\x08c\x1b[2Jd\x85e",
    "a word of 10 kB": "W" * 10_000,
    "a text of 100 kB": "lorem ipsum " * 8_000,
    "a stack of marks": "Z" + "\u0335\u0336" * 500,
    "template syntax": "{{ 7 * 7 }} {% for x in y %} {# c #} ${7*7} <%= 7 %>",
    "Markdown links": "[click](javascript:alert(1)) ![i](http://evil.example/i.png) <http://evil.example>",
    "Markdown blocks": "# title",
    "a Markdown list": "- item",
    "a Markdown number": "1. item",
    "a Markdown rule": "---",
    "a Markdown fence": "```",
    "emphasis": "**bold** _em_ ~~gone~~ `code` $x$",
    "an autolink": "see http://evil.example/x and www.evil.example now",
    "a reference definition": "[a]: http://evil.example",
    "a boundary": "--=_0123456789abcdef",
    "a lone surrogate": "a\ud800b",
    "line separators": "a\u2028b\u2029c\x0bd\x0ce",
    "an emoji sequence": "👩\u200d💻🏴\U000e0067\U000e0062\U000e007f",
    "a format string": "%s %n {0.__class__}",
    "an emoji flood": "\U0001f4a5" * 2_000,
    "a family of emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 300,
    "digits of another script": "\u0661\u0662\u0663 \u0967\u0968\u0969 \uff11\uff12\uff13",
    "mirrored text without an override": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 (1) [2]",
    "an isolate that is never closed": "\u2067\u2068 open",
    "a details element": "</summary></details><details open>",
    "an SVG": "<svg onload=alert(1)><use href=data:x></svg>",
    "MathML": "<math><mi href='javascript:alert(1)'>x</mi></math>",
    "a base address": "<base href='http://evil.example/'>",
    "a refresh": "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "a picture's address": 'cid:nvidia_killer-course" src="http://evil.example/x.png',
    "SQL": "'); DROP TABLE readings; --",
    "CSS": "}</style> * { background: url(http://evil.example) } /*",
    "a word of joined syllables": "\u00ad".join(["Silben"] * 400),
    "a table row of Markdown": "| a | b |\n|---|---|\n| c | d |",
    "a task list": "- [x] done",
    "a footnote": "[^1]: http://evil.example",
    "Unicode line tricks": "a\u0085b\u2029\u2028\u180e\u3164",
    "a letter among thousands of no width": "\u200b" * 5_000 + "x" + "\ufeff" * 5_000,
}
WRONG = (
    "mailto:desk@example.com?subject=Wrong%20tag%3A%20nvidia_killer%20a0a0a0a0a0a0a0a0&body=I%20think%20that%20this%20is%20"
    "wrong.%20Right%20would%20be%20%28keep%20one%29%3A%20promotes%20%2F%20disputes%20%2F%20reports%20%2F%20not%20about%20it%20at%20all"
)
LINKS = ["https://news.example.com/0/story?id=0", WRONG]


def poisoned(make: SimpleNamespace, text: str) -> Briefing:
    """A briefing with `text` wherever a feed, a source's answer or a contract's owner can put one."""
    held = [
        make.reading("nvidia_killer", "idle_rivals", asks=text, reason=text, sentence=text, detail=text, unit=text, family=text),
        make.reading(
            "nvidia_killer", "repricing", asks=text, sentence=text, detail=text, unit=text, family=text, value=1.0, support=0.5,
            scale=2.0, weight=0.3, freshness="FRESH", reason="", observations=(make.observation("a.b", 1, 1.0),),
        ),
    ]  # fmt: skip
    kind = VerdictKind.INSUFFICIENT_EVIDENCE
    push = make.pressure("nvidia_killer", attention=None, pressure=None, limit=text)
    words = {"title": text, "proposition": text, "counter": text, "steelman": text}
    quote = {"text": text, "says": text, "title": text, "source": text}
    told = [make.verdict("nvidia_killer", kind, reason=text, push=push, held=held)]
    return make.composed(  # type: ignore[no-any-return]  # the builders come untyped from a fixture
        **make.lived(told, text=text),
        contracts=[make.contract("nvidia_killer").model_copy(update=words)],
        quoted={"nvidia_killer": [make.quotation(0, **quote)]},
        sources=[make.source(text, "failing", reason=text), make.source("Well"), make.source("Also well")],
    )


class Shape(HTMLParser):
    """Every tag with the names of its attributes, every comment and declaration."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[Any] = []
        self.links: list[str | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, sorted(name for name, _ in attrs)))
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(tag)

    def handle_comment(self, data: str) -> None:
        self.parts.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.parts.append("unknown")


def blocks(raw: str) -> list[str]:
    """The kinds of everything that a Markdown reader sees."""
    tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(raw)
    inline = [c for t in tokens for c in t.children or []]
    links = [str(c.attrs.get("href")) for c in inline if c.type == "link_open"]
    assert links == LINKS
    plain = {"text", "softbreak", "text_special"}
    return [t.type for t in tokens] + [c.type for c in inline if c.type not in plain]


def rendered(make: SimpleNamespace, templates: Path, text: str) -> SimpleNamespace:
    made = poisoned(make, text)
    forms: tuple[Form, ...] = ("html", "text", "markdown", "json", "page")
    return SimpleNamespace(**{f: render(made, f, templates=templates) for f in forms}, subject=made.subject, sent=text)


@pytest.fixture(scope="module")
def plain(make: SimpleNamespace, templates: Path) -> SimpleNamespace:
    """All forms with harmless words in every place."""
    return rendered(make, templates, "plain words")


@pytest.fixture(scope="module", params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest, make: SimpleNamespace, templates: Path) -> SimpleNamespace:
    """All forms with one hostile string in every place."""
    return rendered(make, templates, request.param)


def test_html_keeps_its_shape(hostile: SimpleNamespace, plain: SimpleNamespace) -> None:
    found = Shape(hostile.html)
    assert found.parts == Shape(plain.html).parts
    assert found.links == LINKS
    assert len(hostile.html.encode()) < 102_000


def test_the_page_keeps_its_shape(hostile: SimpleNamespace, plain: SimpleNamespace) -> None:
    """Of a reading's detail a part is printed for each semicolon in it; all else stands where it stood."""
    found = Shape(hostile.page)
    names = {part[0] for part in found.parts if isinstance(part, tuple)}
    assert names == {part[0] for part in Shape(plain.page).parts if isinstance(part, tuple)}
    assert not {"comment", "unknown"} & {part for part in found.parts if isinstance(part, str)}
    assert [link for link in found.links if not str(link).startswith("#")] == Shape(plain.page).links[2:]
    assert {a for part in found.parts if isinstance(part, tuple) for a in part[1]} == {
        a for part in Shape(plain.page).parts if isinstance(part, tuple) for a in part[1]
    }


def test_no_form_carries_what_cannot_be_seen(hostile: SimpleNamespace) -> None:
    raw = (hostile.html + hostile.page + hostile.text + hostile.markdown + hostile.json + hostile.subject).replace(
        "\n", ""
    )
    assert {c for c in raw if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}} == set()


def test_text_keeps_its_columns(hostile: SimpleNamespace) -> None:
    assert [line for line in hostile.text.splitlines() if len(line) > COLUMNS and line.strip() != WRONG] == []


def test_markdown_keeps_its_shape(hostile: SimpleNamespace, plain: SimpleNamespace) -> None:
    assert blocks(hostile.markdown) == blocks(plain.markdown)


def test_json_carries_the_same_keys(hostile: SimpleNamespace, plain: SimpleNamespace) -> None:
    assert json.loads(hostile.json).keys() == json.loads(plain.json).keys()


def test_mail_keeps_its_headers(hostile: SimpleNamespace, make: SimpleNamespace) -> None:
    mail = message(
        sender="Counterwire <briefing@example.com>",
        recipient="analyst@example.com",
        subject=hostile.subject + hostile.sent[:200],
        html=hostile.html,
        text=hostile.text,
        message_id="<a@example.com>",
        as_of=make.as_of,
    )
    back = message_from_bytes(mail.as_bytes(), policy=SMTP)
    names = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe"]
    assert back.keys() == [*names, "MIME-Version", "Content-Type"]
    assert back["To"] == "analyst@example.com"
    assert [p.get_content_type() for p in back.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert not re.search(r"[\r\n\x00]", back["Subject"])
