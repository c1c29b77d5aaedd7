"""Which network addresses a crawl may talk to: public ones, and the seed's own."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_PORTS = {"http": 80, "https": 443}


class AddressRefused(Exception):
    """A host resolved to an address that this crawl may not talk to."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} resolves to {address}, which is not a public address")
        self.host, self.address = host, address


def is_public(address: str | Address) -> bool:
    """Whether an IP address is one of the public internet; False for what is no address.

    Not public: loopback, private, link-local (cloud metadata lives there), shared (CGNAT),
    multicast, reserved, unspecified, documentation, and IPv6 forms that carry such an IPv4.

    Source: IANA special-purpose address registries (RFC 6890); RFC 4291, 3056, 4380, 6052.
    """
    try:
        ip = ip_address(address.partition("%")[0] if isinstance(address, str) else address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        carried = _carried(ip)
        if carried is not None:
            return is_public(carried)
        if ip.is_site_local:
            return False
    # Python calls some multicast and 240.0.0.0/4 global; no web server lives there.
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _carried(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside a mapped, compatible, 6to4, Teredo or NAT64 address."""
    number = int(ip)
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if any(ip in network for network in _NAT64):
        return IPv4Address(number & 0xFFFF_FFFF)
    if number >> 32 == 0 and number > 1:  # ::a.b.c.d, deprecated but still routed by some hosts
        return IPv4Address(number)
    return None


def literal(host: str) -> str | None:
    """The address that a host name spells by itself; None for a name that needs DNS.

    Also the forms that C libraries take: "2130706433", "0x7f.1", "127.1", "017700000001".
    """
    bare = host.strip("[]")
    try:
        return str(ip_address(bare.partition("%")[0]))
    except ValueError:
        pass
    if not bare or not bare[0].isdigit():
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(bare))
    except (OSError, ValueError):
        return None


class AddressPolicy:
    """Decides after DNS, for every connection, whether it may be made.

    A seed on a private address permits that very address and port, nothing beside it.
    """

    def __init__(self, seeds: Iterable[str], *, allow_private: bool = False) -> None:
        self.allow_private = allow_private
        self._seeds = {endpoint for seed in seeds for endpoint in _endpoints(seed)}
        self._learned: set[tuple[str, int]] = set()

    def permits(self, host: str, port: int, address: str) -> bool:
        """Whether a connection to `host`, resolved to `address`, may be made."""
        if self.allow_private or is_public(address):
            return True
        if (host.lower(), port) in self._seeds:
            self._learned.add((address, port))
            return True
        return (address, port) in self._learned

    def check(self, host: str, port: int, address: str) -> None:
        """Do nothing for a permitted connection.

        Raises:
            AddressRefused: the connection may not be made.
        """
        if not self.permits(host, port, address):
            raise AddressRefused(host, address)

    def forbids_url(self, url: str) -> bool:
        """Whether a URL names a forbidden address without needing DNS."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            return False
        host = (parts.hostname or "").lower()
        address = "127.0.0.1" if host == "localhost" else literal(host)
        return address is not None and not self.permits(host, port, address)


def _endpoints(seed: str) -> list[tuple[str, int]]:
    """Host and port of a seed; a seed on a default port stands for both, as sites move to https."""
    try:
        parts = urlsplit(seed)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return []
    host = (parts.hostname or "").lower()
    ports = (80, 443) if port in (80, 443) else (port,)
    return [(host, each) for each in ports]
