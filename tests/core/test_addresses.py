"""Which addresses may be connected to, written as they are and as someone might disguise them."""

import pytest

from aggregator.core.addresses import Allowed, allowed, is_public


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e",
    ],
)
def test_an_address_of_the_public_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.9",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:1.1.1.1",
        "64:ff9b::7f00:1",
        "64:ff9b::101:101",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_every_other_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("listed", "host", "address", "takes"),
    [
        ([], "news.example", "1.1.1.1", True),
        ([], "news.example", "10.0.0.1", False),
        (["10.0.0.1"], "news.example", "10.0.0.1", True),
        (["10.0.0.1"], "news.example", "10.0.0.2", False),
        (["10.0.0.7/8"], "news.example", "10.9.9.9", True),
        (["10.0.0.0/8"], "news.example", "fd00::1", False),
        (["10.0.0.0/8"], "news.example", "::ffff:10.0.0.1", False),
        (["fd00::/8"], "news.example", "fd00::1", True),
        (["[::1]"], "localhost", "::1", True),
        (["nas.lan"], "nas.lan", "192.168.1.7", True),
        (["NAS.lan."], "nas.LAN", "192.168.1.7", True),
        (["bücher.lan"], "xn--bcher-kva.lan", "192.168.1.7", True),
        (["nas.lan"], "www.nas.lan", "192.168.1.7", False),
        (["nas.lan"], "evil.example", "192.168.1.7", False),
        (["nas.lan"], "nas..lan", "192.168.1.7", False),
        (["nä" * 40 + ".lan"], "nas.lan", "192.168.1.7", False),
        (["192.168.1.0/24"], "2130706433", "127.0.0.1", False),
    ],
)
def test_a_private_one_may_be_connected_to_if_it_or_the_name_asked_for_is_listed(
    listed: list[str], host: str, address: str, takes: bool
) -> None:
    assert allowed(listed).takes(host, address) is takes


@pytest.mark.parametrize(
    ("host", "addresses", "lists"),
    [
        ("nas.lan", [], True),
        ("news.example", [], False),
        ("news.example", ["1.1.1.1"], False),
        ("news.example", ["10.0.0.1"], True),
        ("news.example", ["10.0.0.1", "1.1.1.1"], False),
    ],
)
def test_a_host_is_listed_by_its_name_or_with_all_of_its_addresses(
    host: str, addresses: list[str], lists: bool
) -> None:
    assert allowed(["nas.lan", "10.0.0.0/8"]).lists(host, addresses) is lists


def test_nothing_private_is_allowed_by_itself() -> None:
    assert allowed([]) == Allowed()
