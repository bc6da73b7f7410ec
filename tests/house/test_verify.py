"""A sent briefing is recomputed from its rows: whatever was altered since is named."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest

from counterwire.cli import run
from tests.house.conftest import small_mailbox, small_world, writer
from tests.house.test_pass import MORNING, furnish

ALTERATIONS = {
    "a figure of the JSON form": "update briefings set json = replace(json, 'n_eff ', 'n_eff 9')",
    "a quotation of the JSON form": "update briefings set json = replace(json, 'chips to end', 'chips to mend')",
    "a link": "update briefings set json = json_set(json, '$.narratives[0].quotes[0].url', 'http://elsewhere.example')",
    "one byte of the mail": "update briefings set html = replace(html, 'Counterwire', 'Counterwirf')",
    "one byte of the text": "update briefings set text = text || ' '",
    "one byte of the Markdown": "update briefings set markdown = replace(markdown, 'Trainium', 'Trainiun')",
    "one byte of the archive page": "update briefings set page = replace(page, 'Counterwire', 'Counterwirf')",
    "a picture that no row gives": "insert or replace into pictures select id, 'nvidia_killer-course', x'00' from briefings",
    "the subject": "update briefings set subject = 'Nothing to see'",
    "the article that was quoted": "update article_versions set title = replace(title, 'chips to end', 'chips to mend')",
    "the passage that was quoted": "update spans set text = replace(text, 'chips to end', 'chips to mend')",
    "a stance": "update tags set stance = 'disputes' where carries = 1",
    "a stored observation": "update observations set value = value + 1",
    "a stored lean": "update pressures set lean = lean + 0.01",
    "a stored support": "update evidence set coverage = coverage / 2 where coverage > 0",
    "a stored reading": "update readings set value = value + 1 where value is not null",
    "a stored verdict": "update verdicts set kind = 'PRESS_AHEAD'",
    "a reading taken away": "delete from readings where number = 1",
    "a look that the source health rests on": "update fetches set status = 'failed', reason = 'http 500'",
}


@pytest.fixture(scope="module")
def morning(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The config of a house in which one pass was made; read only."""
    with small_world() as world, small_mailbox() as mailbox:
        config = writer(world, mailbox, root, tmp_path_factory.mktemp("lived"))(feeds=furnish(world))
        assert run(["run", "-c", str(config), *MORNING]) == 0
    return config


def copied(config: Path, folder: Path) -> Path:
    """The same house once more, in a new folder of that name; gives its config."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copytree(config.parent / "narratives", folder / "narratives")
    shutil.copy(config, folder / "config.yaml")
    with closing(sqlite3.connect(config.parent / "counterwire.db")) as db, db:
        db.execute("vacuum into ?", [str(folder / "counterwire.db")])
    return folder / "config.yaml"


@pytest.fixture
def lived(morning: Path, tmp_path: Path) -> Path:
    """A house of one's own in which one pass was made."""
    return copied(morning, tmp_path / "lived")


@pytest.mark.slow
def test_what_was_sent_holds_and_every_alteration_is_named(
    lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One pass, then each alteration on its own copy of the database."""
    assert run(["verify", "-c", str(lived)]) == 0
    assert "all hold" in capsys.readouterr().out
    untold = []
    for name, sql in ALTERATIONS.items():
        copy = copied(lived, tmp_path / "altered")
        with closing(sqlite3.connect(copy.parent / "counterwire.db")) as db, db:
            assert db.execute(sql).rowcount > 0, f"{name}: altered no row"
        if run(["verify", "2026-04-15", "-c", str(copy)]) != 1:
            untold.append(name)
        told = capsys.readouterr().err
        assert "does not hold" in told, name
        assert "Traceback" not in told
    assert not untold


def test_the_sentence_that_does_not_hold_is_printed(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lived.parent / "counterwire.db"
    with closing(sqlite3.connect(path)) as db, db:
        kept = json.loads(db.execute("select json from briefings").fetchone()[0])
        kept["headline"] = "Buy everything"
        db.execute("update briefings set json = ?", [json.dumps(kept)])
    assert run(["verify", "-c", str(lived)]) == 1
    assert "briefing.headline" in (told := capsys.readouterr().err)
    assert "Buy everything" in told


def test_a_briefing_that_does_not_exist_is_a_clear_error(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "1999-12-31", "-c", str(lived)]) == 4
    assert "there is no briefing '1999-12-31'" in capsys.readouterr().err


def test_the_sql_that_the_page_shows_gives_rows(lived: Path) -> None:
    with closing(sqlite3.connect(lived.parent / "counterwire.db")) as db, db:
        page = db.execute("select page from briefings").fetchone()[0]
        queries = {unescape(q) for q in re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)}
        assert len(queries) > 20
        assert [q for q in queries if not db.execute(q).fetchall()] == []


def test_a_later_found_origin_of_the_largest_story_does_not_hold(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The clause of the card by hand-written SQL; then a press release is planted behind that story."""
    path = lived.parent / "counterwire.db"
    with closing(sqlite3.connect(path)) as db, db:
        made = json.loads(db.execute("select json from briefings").fetchone()[0])
        told = {n["id"]: n["card"]["coverage"]["text"].replace("\u00a0", " ") for n in made["narratives"]}
        story, n, outlet, article = db.execute(
            """select s.id, count(*), s.source, s.article from tags t
               join lineages l on l.article = t.article join stories s on s.id = l.story
               where t.narrative = 'nvidia_killer' and t.carries = 1
               group by s.id order by count(*) desc, s.first_seen limit 1"""
        ).fetchone()
        assert n > 1, "a story of several articles is in the small world"
        assert f"the largest story ({n} articles) began at {outlet}." in told["nvidia_killer"]
        db.execute(
            "insert into releases values (?, (select first_seen from stories where id = ?), 'Quux')", [article, story]
        )
    assert run(["verify", "-c", str(lived)]) == 1
    assert "card.coverage" in capsys.readouterr().err
