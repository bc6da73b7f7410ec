"""What the room's tests share."""

from collections.abc import Iterator

import pytest

from tests.ingest.loopback import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    """A real server on loopback that says what the test tells it to."""
    with serving() as site:
        yield site
