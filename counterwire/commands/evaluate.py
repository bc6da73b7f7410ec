"""`counterwire evaluate`: how right the tags are, measured against labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from counterwire.options import Config, Json


def evaluate(
    labels: Annotated[Path, typer.Argument(metavar="LABELS.jsonl", help="Articles with labels, one a line.")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Tag labelled articles and print precision, recall, F1, calibration and confusion."""
    from core.clock import utc_now
    from counterwire.jsonl import lines
    from counterwire.scores import in_figures, in_words
    from counterwire.standalone import standalone_tagger
    from nlp.evaluation import evaluate as measure
    from nlp.formats import read_labels

    tagger = standalone_tagger(config)
    with lines(labels) as given:
        held = list(read_labels(given, str(labels), now=utc_now()))
    scores = measure(held, list(tagger.tag(one.article for one in held)))
    typer.echo(
        json.dumps({s.narrative: in_figures(s) for s in scores}) if as_json else "\n\n".join(map(in_words, scores))
    )
