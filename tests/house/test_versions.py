"""What a publisher changes after the fact is kept beside what stood there before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterwire.cli import run
from counterwire.house import open_house
from tests.house.small_world import Reply, World
from tests.house.test_pass import DATE, MORNING, PROMOTES, WEATHER

FIRM = "Custom chips will end Nvidia reign"
SOFT = "Custom chips may end Nvidia reign, some say"
NOON = ["--now", "2026-04-15T12:00:00Z"]
EVENING = ["--now", "2026-04-15T19:00:00Z"]
MORE = [
    "The cloud provider has built forty halls for its own chips since January, and it will fill them by autumn.",
    "Its customers have moved 34% of their training jobs, the chip chief said, and they are paying less for each of them.",
    "Rivals buy the same wafers from the same foundry, which has no more of them to sell before the end of next year.",
    "The shares of the company fell on Tuesday, while those of the makers of networking equipment gained a little.",
]


def rows(config: Path, sql: str) -> list[dict[str, Any]]:
    with open_house(config) as house:
        return list(house.db.query(sql))


def page(*paragraphs: str) -> Reply:
    told = "".join(f"<p>{p}</p>" for p in paragraphs)
    return Reply(f"<html><body><article><h1>{FIRM}</h1>{told}</article></body></html>".encode(), kind="text/html")


def publish(world: World, title: str = FIRM, text: str = PROMOTES) -> None:
    others = [(f"rain-{k}", f"Rain until Thursday, {k}", WEATHER, DATE) for k in range(3)]
    world.feed("harbour", [("chips", title, text, DATE), *others])


@pytest.fixture
def config(world: World, configured: Callable[..., Path]) -> Path:
    publish(world)
    return configured(feeds=["harbour"])


def test_a_headline_that_became_guarded_is_a_walk_back(world: World, config: Path) -> None:
    assert run(["run", "-c", str(config), *MORNING]) == 0
    publish(world, title=SOFT)
    assert run(["run", "-c", str(config), *NOON]) == 0
    (change,) = rows(config, "SELECT * FROM article_changes")
    assert (change["title_before"], change["title"], change["version"]) == (FIRM, SOFT, 2)
    assert (change["walks_back"], change["marks"]) == (1, "headline changed, softened")
    assert change["changed"] == "2026-04-15T12:00:00Z"
    assert "nvidia_killer" in change["narratives"]
    tagged = rows(config, "SELECT title, version FROM tagged_articles WHERE narrative = 'nvidia_killer'")
    assert tagged in ([{"title": SOFT, "version": 2}], [])  # tagged anew, whatever the tagger makes of it
    assert rows(config, "SELECT DISTINCT version FROM tags WHERE article = (SELECT article FROM changes)") == [
        {"version": 1},
        {"version": 2},
    ]


def test_entries_that_say_the_same_have_one_version_however_often_they_are_read(world: World, config: Path) -> None:
    assert run(["run", "-c", str(config), *MORNING]) == 0
    publish(world, text=f"{PROMOTES}  ")
    assert run(["run", "-c", str(config), *NOON]) == 0
    publish(world, text=PROMOTES.replace("training jobs", " training  jobs"))
    assert run(["run", "-c", str(config), *EVENING]) == 0
    assert rows(config, "SELECT max(version) AS newest FROM article_versions") == [{"newest": 1}]
    assert rows(config, "SELECT * FROM changes") == []


def test_a_page_that_carries_a_narrative_is_read_again_and_its_walk_back_kept(world: World, config: Path) -> None:
    world.pages["/harbour/chips"] = page(PROMOTES, *MORE)
    assert run(["run", "-c", str(config), *MORNING]) == 0
    world.pages["/harbour/chips"] = page(PROMOTES, *MORE[:1], *MORE[2:], "Correction: the halls are fourteen.")
    assert run(["run", "-c", str(config), *NOON]) == 0
    asked = [world.asked.count(f"/harbour/{name}") for name in ("chips", "rain-0")]
    assert asked == [1, 1]  # five hours are too soon
    assert run(["run", "-c", str(config), *EVENING]) == 0
    asked = [world.asked.count(f"/harbour/{name}") for name in ("chips", "rain-0")]
    assert asked == [2, 1]  # what carries no narrative is left alone
    (change,) = rows(config, "SELECT * FROM article_changes")
    assert (change["version"], change["before"], change["walks_back"]) == (3, 2, 1)
    assert {"correction", "numbers removed"} <= set(change["marks"].split(", "))
    assert rows(config, "SELECT status, new FROM fetches WHERE kind = 'page'") == [{"status": "ok", "new": 1}]


def test_an_older_briefing_is_the_same_bytes_after_the_headline_was_changed(
    world: World, config: Path, tmp_path: Path
) -> None:
    assert run(["run", "-c", str(config), *MORNING]) == 0
    sent = {p.suffix: p.read_bytes() for p in (tmp_path / "briefings").glob("2026-04-15.*")}
    publish(world, title=SOFT, text=WEATHER)
    assert run(["run", "-c", str(config), *NOON]) == 0
    assert len(rows(config, "SELECT * FROM changes")) == 1
    assert run(["brief", "-c", str(config), "--as-of", "2026-04-15", "--out", str(tmp_path / "again")]) == 0
    assert {p.suffix: p.read_bytes() for p in (tmp_path / "again").iterdir()} == sent


def test_a_page_gives_its_own_address(world: World, config: Path) -> None:
    told = page(PROMOTES, *MORE)
    link = f'<head><link rel="canonical" href="{world.url}/2026/chips?utm_source=feed"></head>'
    world.pages["/harbour/chips"] = Reply(told.body.replace(b"<body>", f"{link}<body>".encode()), kind="text/html")
    assert run(["run", "-c", str(config), *MORNING]) == 0
    assert rows(config, "SELECT url FROM articles WHERE guid LIKE '%/chips'") == [{"url": f"{world.url}/2026/chips"}]


def test_a_story_that_is_a_press_release_says_whose(world: World, config: Path) -> None:
    sale = "HILLTOWN, April 14, 2026 /PRNewswire/ -- Quux Looms, a maker of looms, today announced a sale. "
    publish(world, title="Quux Looms announces a sale", text=sale + " ".join(MORE))
    assert run(["run", "-c", str(config), *MORNING]) == 0
    told = rows(config, "SELECT released_by, voice, articles, outlets FROM story_copies WHERE released_by IS NOT NULL")
    assert told == [{"released_by": "Quux Looms", "voice": "Quux Looms", "articles": 1, "outlets": 1}]


def test_the_owners_own_rows_say_whose_voice_an_outlet_is(world: World, config: Path) -> None:
    own = "houses:\n  - {name: Harbour Holding, outlets: [The Harbour], source: the imprint, date: 2026-04-01}\n"
    (config.parent / "mine.yaml").write_text(own, "utf-8")
    config.write_text(f"families: mine.yaml\n{config.read_text('utf-8')}", "utf-8")
    assert run(["run", "-c", str(config), *MORNING]) == 0
    assert rows(config, "SELECT DISTINCT voice FROM story_copies") == [{"voice": "Harbour Holding"}]
    (config.parent / "mine.yaml").write_text("houses:\n  - {name: Harbour Holding, outlets: [The Harbour]}\n", "utf-8")
    assert run(["run", "-c", str(config), *NOON]) == 3


def test_what_a_company_publishes_itself_is_a_release_without_a_wires_mark(world: World, config: Path) -> None:
    config.write_text(config.read_text("utf-8").replace("kind: newspaper", "kind: company"), "utf-8")
    assert run(["run", "-c", str(config), *MORNING]) == 0
    assert rows(config, "SELECT DISTINCT released_by FROM story_copies") == [{"released_by": "harbour"}]
