"""Companies, products, people and institutions by the names that the press gives them: a component over spaCy's entity ruler."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.yaml import read

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

GAZETTEER = Path(__file__).parent / "entities.yaml"
NAMED = ("company", "institution")  # kinds whose owner is a name as well
PERSON = "person"


class Entities:
    """Sets `doc.ents` of articles that something is read of: `label_` is the kind, `ent_id_` whose it is."""

    def __init__(self, language: Language) -> None:
        from spacy.pipeline import EntityRuler

        self._ruler = EntityRuler(language)
        self._ruler.add_patterns(patterns())

    def __call__(self, doc: Doc) -> Doc:
        """One document."""
        return self._ruler(doc) if any(doc._.considered.values()) else doc


@cache
def patterns() -> list[dict[str, Any]]:
    """The gazetteer as the ruler takes it."""
    held: Mapping[str, Mapping[str, list[str]]] = read(GAZETTEER).data
    return [
        {"label": kind, "pattern": name, "id": owner}
        for kind, owners in held.items()
        for owner, names in owners.items()
        for name in ([owner] if kind in NAMED else []) + names
    ]


def organisations(doc: Doc) -> dict[str, str]:
    """Whose every name is that the article gives, longest names first; a person's last name too, once the whole one stands
    in the article."""
    found: dict[str, str] = {}
    for entity in doc.ents:
        found[entity.text] = entity.ent_id_
        if entity.label_ == PERSON:
            found[entity.text.split()[-1]] = entity.ent_id_
    return dict(sorted(found.items(), key=lambda named: (-len(named[0]), named[0])))
