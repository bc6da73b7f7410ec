"""The rows in Datasette: all that an analyst may see, nothing that they may not, and no query that never ends."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from store import editions, verdicts
from tests.desk.conftest import READER, Desk
from tests.store.making import MORNING, make_verdict


def query(desk: Desk, sql: str) -> Any:
    return json.loads(desk.ask(f"/data/counterwire.json?_shape=array&sql={quote(sql)}").text)


def test_rows_and_views_can_be_queried(desk: Desk) -> None:
    assert query(desk, "select article, stance from tagged_articles") == [{"article": "a1", "stance": "promotes"}]
    assert desk.ask("/data/counterwire/tagged_articles").status == 200
    assert desk.ask("/data/").status == 200


@pytest.mark.parametrize(
    "path", ["/data/", "/data/counterwire", "/data/counterwire/articles", "/data/counterwire/tagged_articles"]
)
def test_made_up_rows_say_so_on_every_page(desk: Desk, path: str) -> None:
    assert "SAMPLE" in desk.ask(path).text


def test_what_a_pass_writes_meanwhile_is_seen(desk: Desk) -> None:
    before = query(desk, "select count(*) as n from verdicts")[0]["n"]
    verdicts.save(desk.house.db, make_verdict(MORNING + timedelta(days=1)))
    assert query(desk, "select count(*) as n from verdicts")[0]["n"] == before + 1


@pytest.mark.parametrize(
    "path",
    [
        "/data/counterwire/deliveries",
        "/data/counterwire/deliveries.json",
        "/data/counterwire/deliveries.csv",
        "/data/counterwire/deliveries?_facet=recipient",
        "/data/counterwire/deliveries.json?recipient__contains=ann",
        "/data/counterwire/deliveries/1.json",
    ],
)
def test_no_address_is_to_be_seen(desk: Desk, path: str) -> None:
    assert desk.house.db.table("deliveries").count == 1
    told = desk.ask(path)
    assert READER.partition("@")[0] not in told.text.replace("recipient__contains=ann", "")
    assert "1@example.com" not in told.text


@pytest.mark.parametrize(
    "sql",
    [
        "select recipient || 1 as x, message_id, thread from deliveries",
        "select d.* from deliveries as d order by recipient",
        "select group_concat(recipient) as x from unsubscribed",
        "select json_group_array(recipient) as x from (select * from deliveries)",
    ],
)
def test_no_query_gives_an_address(desk: Desk, sql: str) -> None:
    editions.unsubscribe(desk.house.db, recipient="gone@example.com", edition="daily", at=MORNING)
    assert "example.com" not in json.dumps(query(desk, sql))


def test_a_hidden_column_cannot_be_guessed_at(desk: Desk) -> None:
    guess = "select count(*) as n from deliveries where recipient = 'ann.reader@example.com'"
    assert query(desk, guess) == [{"n": 0}]
    assert query(desk, "select count(*) as n from deliveries") == [{"n": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "delete from labels",
        "attach database '/tmp/x.db' as x",
        "with x as (select 1) delete from labels",
        "pragma journal_mode = delete",
        "select load_extension('x')",
        "select writefile('/tmp/x', 'y')",
    ],
)
def test_nothing_but_reading_is_allowed(desk: Desk, sql: str) -> None:
    assert query(desk, sql)["ok"] is False


@pytest.mark.parametrize(
    "path", ["/data/counterwire.db", "/data/-/databases.json", "/data/-/versions.json", "/data/-/threads"]
)
def test_neither_the_file_nor_the_machine_is_shown(desk: Desk, path: str) -> None:
    assert desk.ask(path).status in {403, 404}


def test_a_query_that_never_ends_is_stopped_and_others_are_answered(desk: Desk) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    assert query(desk, endless)["title"] == "SQL Interrupted"
    assert desk.ask("/").status == 200


def test_without_the_extra_the_command_says_what_to_install(written: Path, root: Path) -> None:
    code = (
        "import sys; sys.modules['datasette'] = sys.modules['datasette.app'] = None\n"
        "from counterwire.cli import run; sys.exit(run(['web', '-c', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(written)], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert "pip install 'counterwire[web]'" in done.stderr
