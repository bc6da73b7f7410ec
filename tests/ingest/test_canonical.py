"""One article has one address, whatever phone it was read on."""

import pytest

from ingest.canonical import canonical, stated

ADDRESS = "https://www.example.com/2026/looms"


@pytest.mark.parametrize(
    ("variant", "address"),
    [
        ("https://m.example.com/2026/looms", "https://example.com/2026/looms"),
        ("https://amp.example.com/2026/looms", "https://example.com/2026/looms"),
        ("https://www.example.com/amp/2026/looms", ADDRESS),
        ("https://www.example.com/2026/looms/amp/", ADDRESS),
        ("https://www.example.com/2026/looms/amp", ADDRESS),
        ("https://www.example.com/2026/looms.amp.html", f"{ADDRESS}.html"),
        ("https://www.example.com/2026/looms?amp=1&page=2", f"{ADDRESS}?page=2"),
        ("https://www.example.com/2026/looms?outputType=amp", ADDRESS),
        ("https://www.google.com/amp/s/www.example.com/2026/looms", ADDRESS),
        ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2026/looms", ADDRESS),
        ("https://www.example.com/amplifiers/best", "https://www.example.com/amplifiers/best"),
        ("https://www.example.com/camp", "https://www.example.com/camp"),
        ("https://m.example/1", "https://m.example/1"),
        ("https://mexample.com/1", "https://mexample.com/1"),
    ],
)
def test_a_variant_for_phones_is_the_page_itself(variant: str, address: str) -> None:
    assert canonical(variant) == address
    assert canonical(address) == address


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="https://www.example.com/looms">', "https://www.example.com/looms"),
        ("<LINK href='/looms?a=1&amp;b=2' REL=canonical />", "https://www.example.com/looms?a=1&b=2"),
        ('<link rel="canonical" href="https://www.example.com/">', "https://www.example.com/read?id=7"),
        ('<link rel="canonical" href="https://elsewhere.example.org/looms">', "https://www.example.com/read?id=7"),
        ('<link rel="stylesheet" href="https://www.example.com/a.css">', "https://www.example.com/read?id=7"),
        ('<meta property="og:url" content="https://example.com/looms?fbclid=1">', "https://example.com/looms"),
        (
            '<meta property="og:url" content="/other"><link rel="canonical" href="/looms">',
            "https://www.example.com/looms",
        ),
        ('<meta property="og:url" content="https://elsewhere.example.org/a">', "https://www.example.com/read?id=7"),
    ],
    ids=[
        "stated",
        "relative, with entities, in any case",
        "the front page",
        "another site",
        "another link",
        "og:url",
        "both",
        "og:url of another site",
    ],
)
def test_a_pages_own_address_is_believed_where_it_can_be(head: str, address: str) -> None:
    page = f"<html><head>{head}</head></html>".encode()
    assert stated(page, "https://www.example.com/read?id=7&utm_source=x") == address


@pytest.mark.parametrize(
    ("url", "given", "believed"),
    [
        ("https://www.courier.co.uk/1", "https://news.courier.co.uk/looms", True),
        ("https://www.courier.co.uk/1", "https://www.ledger.co.uk/looms", False),
        ("http://127.0.0.1:8001/1", "http://127.0.0.1:8002/looms", False),
        ("http://10.0.0.1/1", "http://11.0.0.1/looms", False),
    ],
    ids=["one house under co.uk", "two under co.uk", "two ports of one address", "two addresses"],
)
def test_a_site_is_what_one_owner_registered(url: str, given: str, believed: bool) -> None:
    page = f'<link rel="canonical" href="{given}">'.encode()
    assert stated(page, url) == (given if believed else url)
