"""No address but a public one is ever contacted."""

import asyncio
import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from core.errors import FetchError
from core.settings import FetchSettings
from ingest.client import Client
from ingest.guard import RefusedAddressError, guarded_socket, is_public
from tests.ingest.loopback import Said, Site

REFUSED = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",  # noqa: S104 -- an address to refuse, nothing is bound
    "10.0.0.1",
    "172.16.5.4",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2001:0:53aa:64c::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "not an address",
]
PUBLIC = ["8.8.8.8", "93.184.215.14", "::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(RefusedAddressError):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 80)))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_accepted(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0x7f.0.0.1:{port}/",
        "http://0x7f000001:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://user:secret@127.0.0.1:{port}/",
        "http://127.0.0.1.:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
        "//127.0.0.1/",
        "http://",
        "",
    ],
)
def test_no_spelling_of_an_address_gets_past_the_guard(url: str) -> None:
    # A listening socket that would notice: nothing may arrive on it.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)

        async def ask() -> FetchError:
            async with Client(FetchSettings(contact="tests@example.com", spacing=0, timeout=5)) as client:
                with pytest.raises(FetchError) as caught:
                    await client.get(url.replace("{port}", str(listening.getsockname()[1])))
                return caught.value

        assert asyncio.run(ask()).reason in ("refused address", "invalid address", "no such host")
        with pytest.raises(BlockingIOError):
            listening.accept()


class Rebinding(AbstractResolver):
    """A name server that answers with a public address first, and with ours from then on."""

    def __init__(self, port: int) -> None:
        self.answers = iter(["93.184.215.14"])
        self.port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = next(self.answers, "127.0.0.1")
        return [
            {"hostname": host, "host": address, "port": self.port, "family": family, "proto": 0, "flags": 0},
        ]

    async def close(self) -> None:
        pass


def test_a_name_that_was_public_when_checked_is_refused_when_it_leads_home_at_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)

        async def rebind() -> bool:
            names = Rebinding(listening.getsockname()[1])
            checked = (await names.resolve("rebinding.example.com"))[0]["host"]
            connector = aiohttp.TCPConnector(resolver=names, use_dns_cache=False, socket_factory=guarded_socket)
            async with aiohttp.ClientSession(connector=connector) as session:
                with pytest.raises(aiohttp.ClientConnectorError) as caught:
                    await session.get("http://rebinding.example.com/")
            assert str(caught.value.os_error) == "refused address 127.0.0.1"
            return is_public(checked)

        assert asyncio.run(rebind())
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_redirect_to_the_metadata_of_a_cloud_is_refused(site: Site) -> None:
    for k, home in enumerate(("169.254.169.254", "[fd00:ec2::254]", "localhost:1", "0x7f000001", "[::ffff:10.0.0.1]")):
        site.says[f"/{k}"] = Said(status=302, headers={"Location": f"http://{home}/latest/meta-data/"})

    async def follow(path: str) -> str:
        async with Client(site.settings()) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(site.base + path)
            return caught.value.reason

    assert {asyncio.run(follow(path)) for path in list(site.says)} == {"refused address"}
