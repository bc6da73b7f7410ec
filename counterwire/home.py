"""Where the program's own files lie: `_app` inside an installed package, the checkout's root otherwise."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
HOME = _HERE / "_app" if (_HERE / "_app").is_dir() else _HERE.parent
