"""May this address be connected to? Pure: look-ups happen elsewhere, numbers are judged here.

A feed, and whoever it redirects to, is a stranger: without a rule it could have us read the router's pages
or a cloud's metadata. So an address must be one of the public internet, or be named in `poll.allow_private`.
What is judged is always the number that will be connected to, never how it was written. The list is for
the feeds of its own hosts: whoever else leads to them is a stranger still.

To refuse one more network: a line in CLOSED, and a row in tests/core/test_addresses.py.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from aggregator.core.urls import ascii_host

Network = IPv4Network | IPv6Network

# IANA's registries of special-purpose addresses, read so that all in doubt is closed. `ipaddress.is_global`
# is no substitute: it differs between versions of Python and lets NAT64, 6to4 and multicast through.
CLOSED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network (RFC 791)
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # behind a provider's NAT (RFC 6598)
        "127.0.0.0/8",  # this machine (RFC 1122)
        "169.254.0.0/16",  # link-local, and where clouds keep their metadata (RFC 3927)
        "172.16.0.0/12",  # private (RFC 1918)
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.0.2.0/24",  # documentation (RFC 5737)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "192.168.0.0/16",  # private (RFC 1918)
        "198.18.0.0/15",  # benchmarks (RFC 2544)
        "198.51.100.0/24",  # documentation (RFC 5737)
        "203.0.113.0/24",  # documentation (RFC 5737)
        "224.0.0.0/4",  # multicast (RFC 5771)
        "240.0.0.0/4",  # reserved, and broadcast (RFC 1112, RFC 919)
        "2001::/23",  # protocol assignments, among them Teredo, which holds an IPv4 address (RFC 2928)
        "2001:db8::/32",  # documentation (RFC 3849)
        "2002::/16",  # 6to4: an IPv4 address inside (RFC 3056)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
# All that was given to the public so far. The rest is loopback, link-local, unique local, multicast, or has
# an IPv4 address inside: ::ffff:0:0/96 (RFC 4291), 64:ff9b::/96 (RFC 6052), 64:ff9b:1::/48 (RFC 8215).
PUBLIC_IPV6 = IPv6Network("2000::/3")


def is_public(address: str) -> bool:
    """Whether this IPv4 or IPv6 address belongs to the public internet."""
    number = ip_address(address)
    if number.version == 6 and number not in PUBLIC_IPV6:
        return False
    return not _within(number, CLOSED)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the user lets us connect to although it is private: host names as asked for, and networks."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def takes(self, host: str, address: str) -> bool:
        """Whether `address`, which `host` resolved to, may be connected to."""
        return is_public(address) or self.lists(host, (address,))

    def lists(self, host: str, addresses: Collection[str]) -> bool:
        """Whether the list holds this host: by name, or as all of its `addresses` are in networks of it."""
        if _name(host) in self.names:
            return True
        return bool(addresses) and all(_within(ip_address(one), self.networks) for one in addresses)


def allowed(listed: Iterable[str]) -> Allowed:
    """`poll.allow_private` ready for use: names, addresses and networks, in any order."""
    names: set[str] = set()
    networks: list[Network] = []
    for text in listed:
        try:
            networks.append(ip_network(text.strip("[]"), strict=False))
        except ValueError:
            names.add(_name(text))
    return Allowed(frozenset(names), tuple(networks))


def _within(number: IPv4Address | IPv6Address, networks: Iterable[Network]) -> bool:
    return any(number in network for network in networks)


def _name(host: str) -> str:
    try:
        return ascii_host(host.rstrip("."))
    except UnicodeError:  # a label that is empty or too long: no name that anything resolves to
        return host.casefold()
