"""Mail and page in a real browser: nothing scrolls sideways, on any width, in light and in dark.

Accessibility is looked at where `axe-core` is there (`make node_modules/axe-core`).
"""

import html
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from briefing.pictures import drawings
from briefing.render import Form, render
from tests.briefing.test_hostile import HOSTILE, poisoned

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = (375, 600, 1200)
CRUEL = ("a word of 10 kB", "an emoji flood", "a right-to-left override", "a stack of marks", "a closing table", "CSS")
# Frames of a page of ours, since no browser window is as narrow as a phone.
HARNESS = """<!DOCTYPE html><pre id="out"></pre><script>
async function look(name, width, axe) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width:${width}px;height:667px;border:0`;
  frame.src = name;
  document.body.append(frame);
  await new Promise(done => frame.onload = done);
  const page = frame.contentDocument;
  page.querySelectorAll("details").forEach(one => one.open = true);
  const found = {name, width, scroll: page.documentElement.scrollWidth, inner: frame.contentWindow.innerWidth,
    dark: frame.contentWindow.matchMedia("(prefers-color-scheme: dark)").matches, faults: []};
  if (axe) {
    const script = page.createElement("script");
    script.src = axe;
    await new Promise(done => { script.onload = done; page.head.append(script); });
    const told = await frame.contentWindow.axe.run();
    found.faults = told.violations.map(v => [v.impact, v.id, v.nodes[0].html.slice(0, 200)]);
  }
  frame.remove();
  return found;
}
(async () => {
  const found = [];
  for (const name of NAMES) for (const width of WIDTHS) found.push(await look(name, width, AXE));
  document.getElementById("out").textContent = "FOUND" + JSON.stringify(found) + "END";
})();
</script>"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's name
        pass


@pytest.fixture(scope="module")
def pages(make: SimpleNamespace, templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mail and the page of a full day and of hostile ones, as files."""
    folder: Path = tmp_path_factory.mktemp("pages")
    given = make.lived()
    made = make.composed(**given, sample=True)
    drawn = {
        name: drawing
        for part in made.narratives
        for name, drawing in drawings(make.contract(part.id), part, given["courses"][part.id]).items()
    }
    svg = {name: drawing.svg for name, drawing in drawn.items()}
    forms: tuple[Form, ...] = ("html", "page")
    for form in forms:
        (folder / f"full.{form}.html").write_text(render(made, form, templates=templates, drawings=svg), "utf-8")
        for number, name in enumerate(CRUEL):
            text = render(poisoned(make, HOSTILE[name]), form, templates=templates)
            (folder / f"cruel{number}.{form}.html").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def served(pages: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(pages)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def looked(pages: Path, served: str, tmp_path: Path, names: list[str], *, dark: bool, axe: str = "") -> list[Any]:
    told = {"NAMES": names, "WIDTHS": list(WIDTHS), "AXE": axe}
    text = re.sub("NAMES|WIDTHS|AXE", lambda m: json.dumps(told[m[0]]), HARNESS)
    (pages / "harness.html").write_text(text, "utf-8")
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}",
        f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--virtual-time-budget=120000",
        "--window-size=1300,900", "--dump-dom", f"{served}/harness.html",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    found = re.search("FOUND(.*)END</pre>", html.unescape(done.stdout), re.DOTALL)
    assert found, done.stdout[:1000]
    held: list[Any] = json.loads(found[1])
    assert len(held) == len(names) * len(WIDTHS)
    assert all(one["dark"] is dark for one in held)
    return held


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_scrolls_sideways(pages: Path, served: str, tmp_path: Path, dark: bool) -> None:
    names = sorted(p.name for p in pages.glob("*.*.html"))
    assert len(names) == 2 * (1 + len(CRUEL))
    found = looked(pages, served, tmp_path, names, dark=dark)
    assert [one for one in found if one["scroll"] > one["inner"]] == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(pages: Path, served: str, root: Path, tmp_path: Path, dark: bool) -> None:
    axe = root / "node_modules" / "axe-core" / "axe.min.js"
    if not axe.exists():
        pytest.skip("axe-core is not here (make node_modules/axe-core)")
    shutil.copy(axe, pages / "axe.min.js")
    found = looked(pages, served, tmp_path, ["full.html.html", "full.page.html"], dark=dark, axe="axe.min.js")
    serious = [fault for one in found for fault in one["faults"] if fault[0] in {"serious", "critical"}]
    assert serious == []
