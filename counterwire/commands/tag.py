"""`counterwire tag`: tag articles of a JSONL file."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from counterwire.options import Config


def tag(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help="One article a line: id, title, text.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.jsonl", help="Where to write.", show_default="print")
    ] = None,
    config: Config = None,
) -> None:
    """Tag the articles of a file for every narrative, in the same order."""
    from core.clock import utc_now
    from counterwire.jsonl import lines, writing_to
    from counterwire.standalone import standalone_tagger
    from nlp.formats import read_articles, tag_line

    tagger = standalone_tagger(config)
    count, skipped = 0, Counter[str]()
    with lines(source) as given, writing_to(out) as target:
        for tagged in tagger.tag(read_articles(given, str(source), now=utc_now())):
            target.write(json.dumps(tag_line(tagged.article, tagged), ensure_ascii=False) + "\n")
            count += 1
            skipped[tagged.skipped] += 1
    if out is not None:
        unread = ", ".join(f"{why} {number}" for why, number in sorted(skipped.items()) if why)
        print(f"{count} articles tagged by {tagger.model} -> {out}", file=sys.stderr)
        print(f"not read: {unread or 'none'}", file=sys.stderr)
