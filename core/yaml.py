"""YAML read at the door: YAML 1.2, duplicate keys refused, and every fault told with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode, SequenceNode

from core.errors import ConfigError


class Strict(BaseModel):
    """The base of everything read from YAML: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


M = TypeVar("M", bound=BaseModel)


class Document:
    """A YAML file as data, which can still say on which line a key stands."""

    def __init__(self, path: Path, data: CommentedMap) -> None:
        self.path, self.data = path, data

    def line(self, keys: tuple[str | int, ...]) -> int | None:
        """The line (from 1) of the deepest of `keys` that the file has."""
        node: Any = self.data
        found: int | None = None
        for key in keys:
            try:
                if isinstance(node, CommentedMap) and key in node:
                    found = node.lc.key(key)[0] + 1
                elif isinstance(node, CommentedSeq) and isinstance(key, int):
                    found = node.lc.item(key)[0] + 1
                else:
                    break
                node = node[key]
            except (KeyError, IndexError, TypeError):
                break
        return found

    def error(self, message: str, *keys: str | int) -> ConfigError:
        """A ConfigError that names this file, the line and the dotted key."""
        return ConfigError(message, file=str(self.path), line=self.line(keys), key=".".join(map(str, keys)))

    def parse(self, model: type[M]) -> M:
        """Validate the whole document; raises ConfigError naming every fault, the first one's line first."""
        try:
            return model.model_validate(_plain(self.data))
        except ValidationError as error:
            faults = [self._fault(e["loc"], e["msg"]) for e in error.errors()]
            first = faults[0]
            more = "".join(f"\n{f}" for f in faults[1:])
            raise ConfigError(first.message + more, file=first.file, line=first.line, key=first.key) from None

    def _fault(self, loc: tuple[str | int, ...], message: str) -> ConfigError:
        keys = tuple(k for k in loc if not (isinstance(k, str) and ("[" in k or k.startswith("function-"))))
        return self.error(message, *keys)


def read(path: Path) -> Document:
    """Read a YAML mapping; raises ConfigError for a missing file, a syntax fault or a duplicate key."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(error.strerror or "cannot be read", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8 (byte {error.start})", file=str(path)) from None
    try:
        data = _loaded(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        message = " ".join((error.problem or "is not valid YAML").split())
        raise ConfigError(message, file=str(path), line=mark.line + 1 if mark else None) from None
    except YAMLError as error:
        raise ConfigError(" ".join(str(error).split()), file=str(path)) from None
    if not isinstance(data, CommentedMap):
        raise ConfigError("must be a mapping of keys to values", file=str(path), line=1)
    return Document(path, data)


@lru_cache(maxsize=32)
def _loaded(text: str) -> Any:
    """The text as ruamel's data, which nobody changes. Kept, since a watch opens the same seven files at every
    pass, and reading them takes 0.5 s."""
    return YAML(typ="rt").load(text)


def append(path: Path, key: str, items: Sequence[Mapping[str, str]]) -> None:
    """Add `items` to the end of the list under `key`, one a line; every other byte of the file stays.

    ruamel's own round trip would put them behind the comment that heads the next section. Raises
    ConfigError if the file cannot be read or written, has no such list, or would not mean the same.
    """
    before = read(path)
    text = path.read_bytes().decode("utf-8")
    whole = YAML().compose(text)
    node = next((v for k, v in whole.value if k.value == key), None)
    if not isinstance(node, SequenceNode):
        raise before.error("must be a list", key)
    newline = "\r\n" if "\r\n" in text else "\n"
    written = [_one_line(item) for item in items]
    if not node.value and not whole.flow_style and "#" not in text[node.start_mark.index : node.end_mark.index]:
        start, end = node.start_mark.index, node.end_mark.index
        line = (text.find(newline, end) + len(text) + 1) % (len(text) + 1)  # its end, or the text's
        rows = "".join(f"{newline}  - {item}" for item in written)
        changed = text[:start].rstrip(" ") + text[end:line].rstrip() + rows + (text[line:] or newline)
    elif node.flow_style:
        start, end = node.start_mark.index, node.end_mark.index
        kept = text[start + 1 : end - 1].rstrip().rstrip(",")
        changed = f"{text[:start]}[{', '.join([kept, *written] if kept.strip() else written)}]{text[end:]}"
    else:
        end = text.find("\n", _end(node.value[-1]) - 1) + 1 or len(text)
        margin = " " * (node.value[-1].start_mark.column - 2)
        head = text[:end] if text[:end].endswith("\n") else text[:end] + newline
        changed = head + "".join(f"{margin}- {line}{newline}" for line in written) + text[end:]
    wanted = {**_plain(before.data), key: [*_plain(before.data)[key], *map(dict, items)]}
    if _means(changed) != wanted:
        raise before.error("cannot be added to safely; please add the line by hand", key)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(changed.encode())
        part.replace(path)
    except OSError as error:
        raise ConfigError(error.strerror or "cannot be written", file=str(path)) from None


def _means(text: str) -> Any:
    try:
        return _plain(YAML(typ="rt").load(text))
    except YAMLError:
        return None


def _one_line(item: Mapping[str, str]) -> str:
    out = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.width, yaml.sort_base_mapping_type_on_output = True, 1 << 20, False  # type: ignore[assignment]
    yaml.dump(dict(item), out)
    return out.getvalue().strip()


def _end(node: Any) -> int:
    """Where the text of a node ends; a block's own mark lies behind the comments that follow it."""
    if isinstance(node, ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _plain(node: Any) -> Any:
    """The same data without ruamel's types, which pydantic would carry along."""
    if isinstance(node, dict):
        return {str(k): _plain(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_plain(v) for v in node]
    for kind in (bool, str, int, float):  # ruamel subclasses them to remember how they were written
        if isinstance(node, kind):
            return kind(node)
    return node
