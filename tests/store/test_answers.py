"""Raw answers: kept once, as long as they come, and asked with again while they can be believed."""

from datetime import datetime, timedelta

import pytest

from core.series import RawAnswer
from store import answers
from store.database import Database
from tests.store.making import MORNING

DAY = timedelta(days=1)
A = "https://example.com/a"


def answered(db: Database, at: datetime, body: bytes, *, etag: str = "", status: int = 200) -> None:
    answer = RawAnswer(url=A, status=status, body=body, kept=status == 200, etag=etag)
    answers.save(db, "fred", answer, at=at)


def test_an_answer_is_kept_as_it_came_until_it_is_pruned(db: Database) -> None:
    body = b"date,value\n" * 1000
    for _ in range(2):
        answers.save(db, "fred", RawAnswer(url="https://example.com/a", status=200, body=body), at=MORNING)
    answers.save(
        db, "fred", RawAnswer(url="https://example.com/b", status=200, body=b"x", kept=False), at=MORNING + DAY
    )
    ((at, answer),) = answers.kept(db, "fred")
    assert (at, answer.body, answer.status) == (MORNING, body, 200)
    assert db.execute("SELECT size, length(body) < 200 FROM answers ORDER BY at").fetchall() == [(11_000, 1), (1, None)]
    assert answers.prune(db, before=MORNING + DAY) == 1
    assert db.execute("SELECT url FROM answers").fetchall() == [("https://example.com/b",)]


def test_a_content_that_came_again_is_kept_once_and_as_long_as_it_comes(db: Database) -> None:
    for day, body in enumerate((b"one", b"two", b"two", b"two")):
        answered(db, MORNING + day * DAY, body)
    assert [(at, a.body) for at, a in answers.kept(db, "fred")] == [(MORNING, b"one"), (MORNING + DAY, b"two")]
    assert answers.prune(db, before=MORNING + 3 * DAY) == 2
    assert [(at, a.body) for at, a in answers.kept(db, "fred")] == [(MORNING + DAY, b"two")]
    assert answers.prune(db, before=MORNING + 9 * DAY) == 2


@pytest.mark.parametrize(
    ("came", "since", "expected"),
    [
        pytest.param([(b"one", '"1"', 200)], 0, (b"one", '"1"'), id="the last whole answer and its tag"),
        pytest.param([(b"one", "", 200)], 0, None, id="an answer without validators cannot be asked with"),
        pytest.param([(b"one", '"1"', 200)], 1, None, id="an answer too old is not asked with"),
        pytest.param(
            [(b"one", '"1"', 200), (b"", "", 304)], 1, None, id="not modified does not make a whole answer any younger"
        ),
        pytest.param([(b"one", '"1"', 200), (b"", "", 304)], 0, (b"one", '"1"'), id="but does not take its place"),
        pytest.param(
            [(b"one", '"1"', 200), (b"one", '"2"', 200)], 1, (b"one", '"2"'), id="the same content under a newer tag"
        ),
        pytest.param(
            [(b"one", '"1"', 200), (b"two", "", 200)], 0, None, id="the last one counts, not the last with a tag"
        ),
        pytest.param(
            [(b"one", '"1"', 200), (b"two", '"1"', 200)], 0, None, id="two contents under one tag are believed no more"
        ),
    ],
)
def test_what_an_address_can_be_asked_with(
    db: Database, came: list[tuple[bytes, str, int]], since: int, expected: tuple[bytes, str] | None
) -> None:
    for day, (body, etag, status) in enumerate(came):
        answered(db, MORNING + day * DAY, body, etag=etag, status=status)
    held = answers.repeatable(db, "fred", since=MORNING + since * DAY).get(A)
    assert (held and (held.body, held.etag)) == expected
