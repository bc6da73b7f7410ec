"""A briefing as HTML mail, text, Markdown, JSON, or a page for the archive."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import css_inline
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)
from markupsafe import Markup

from briefing.model import Briefing, Ref
from briefing.sql import queries
from core.clock import stamp
from core.errors import ConfigError

Form = Literal["html", "text", "markdown", "json", "page"]

COLUMNS = 72  # of the text form, so that one level of quoting stays under 80
TEMPLATES: Mapping[Form, str] = {
    "html": "briefing.html",
    "text": "briefing.txt",
    "markdown": "briefing.md",
    "page": "page.html",
}

_VERBATIM = frozenset({"url", "wrong", "name", "command", "drawn"})  # Markdown places these in code or as an address
_MARKDOWN = re.compile(r"[\\`*\[\]<~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_OPENS = re.compile(r"^(?:[-+]\s|[-=]+\s*$|#{1,6}(?:\s|$)|>)|^(\d+)(?=[.)](?:\s|$))")  # blocks, at the start of a line
_BLANKS = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")
_AUTOLINK = re.compile(r"(https?|ftp):(?=//)|\bwww(?=\.)", re.IGNORECASE)


def render(
    briefing: Briefing,
    form: Form,
    *,
    templates: Path,
    overrides: Path | None = None,
    drawings: Mapping[str, str] | None = None,
) -> str:
    """Render one form; a template of the same name in `overrides` takes the place of ours.

    `html` is the mail, `page` the archive page, which has all that the mail leaves out. `drawings`
    are SVG elements by the name of their picture: the page places them, and the mail refers to
    `cid:NAME`; a picture without a drawing is left to its words. The same arguments give the same
    text. Raises ConfigError, with file and line, for a template that is missing, wrong, or names
    something that a briefing does not have.
    """
    if form == "json":
        return json.dumps(as_plain(briefing), ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    shown = _mapped(briefing, _markdown) if form == "markdown" else briefing
    values = {"briefing": shown, "drawings": {name: Markup(svg) for name, svg in (drawings or {}).items()}}  # noqa: S704 -- our own SVG
    text = page(TEMPLATES[form], values, templates=templates, overrides=overrides)
    if form == "html":
        return _inlined(text)
    return text.strip("\n") + "\n" if form == "page" else _BLANKS.sub("\n\n", text).strip("\n") + "\n"


def page(name: str, values: Mapping[str, object], *, templates: Path, overrides: Path | None = None) -> str:
    """Fill the template `name` with `values`; raises ConfigError as `render` does."""
    environment = _environment(templates, overrides)
    try:
        return environment.get_template(name).render(values)
    except TemplateNotFound as error:
        raise ConfigError("there is no such template", file=str(templates / str(error.name))) from error
    except TemplateSyntaxError as error:
        file = error.filename or str(templates / name)
        raise ConfigError(error.message or "is no template", file=file, line=error.lineno) from error
    except Exception as error:  # a template is its owner's program, and can fail in any way that one can
        file, line = _where(error.__traceback__, templates / name)
        raise ConfigError(f"{type(error).__name__}: {error}", file=file, line=line) from error


def as_plain(value: Any) -> Any:
    """The model as JSON values; a reference becomes `{"table": ..., column: ...}`."""
    if isinstance(value, Ref):
        return {"table": value.table, **dict(value.key)}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [as_plain(v) for v in value]
    return stamp(value) if isinstance(value, datetime) else value


def wrap(text: str, indent: int = 0, first: str | None = None) -> str:
    """Fold a paragraph at COLUMNS; `first` opens its first line in place of the indent."""
    return textwrap.fill(
        text,
        COLUMNS,
        initial_indent=" " * indent if first is None else first,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def words(parts: Iterable[str]) -> str:
    """The parts that are not empty, with spaces between them."""
    return " ".join(part for part in parts if part)


def underlined(text: str, char: str) -> str:
    """A heading of the text form, folded like all of it."""
    lines = textwrap.wrap(text, COLUMNS, break_on_hyphens=False)
    return "\n".join([*lines, char * max(map(len, lines), default=0)])


def _environment(templates: Path, overrides: Path | None) -> Environment:
    folders = [templates] if overrides is None else [overrides, templates]
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(wrap=wrap, words=words, underlined=underlined, queries=queries)
    return environment


def _inlined(html: str) -> str:
    # The sheet marked "keep" (narrow screens, dark colours) stays where it is. css-inline's own
    # keep_at_rules puts it first, and the charset declaration beyond the 1024 bytes that browsers read.
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)
    return str(inliner.inline(html)).replace(' data-css-inline="keep"', "", 1).strip() + "\n"


def _mapped(value: Any, escape: Callable[[str], str]) -> Any:
    """The same model with every text escaped once, so that no template can forget to."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, tuple):
        return tuple(_mapped(v, escape) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        held = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in _VERBATIM}
        return replace(value, **{name: _mapped(v, escape) for name, v in held.items()})
    return value


def _markdown(text: str) -> str:
    text = _MARKDOWN.sub(r"\\\g<0>", text)
    text = _OPENS.sub(lambda m: f"{m[1]}\\" if m[1] else f"\\{m[0]}", text)
    return _AUTOLINK.sub(r"\g<0>\\", text)


def _where(trace: TracebackType | None, default: Path) -> tuple[str, int | None]:
    """The template line that a fault at run time comes from: Jinja puts it in the traceback."""
    found: tuple[str, int | None] = (str(default), None)
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if Path(name).suffix in {".html", ".txt", ".md", ".css"}:
            found = (name, trace.tb_lineno)
        trace = trace.tb_next
    return found
