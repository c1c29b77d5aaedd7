from __future__ import annotations

import pytest

from archiver.crawl.addresses import AddressPolicy, AddressRefused, is_public, literal


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104 - refused, not bound to
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2001:0:4136:e378:8000:63bf:5601:5601",
        "not an address",
        "",
    ],
)
def test_addresses_that_pages_have_no_business_to_name_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "8.8.8.8",
        "172.15.0.1",
        "172.32.0.1",
        "100.128.0.1",
        "2606:2800:21f:cb07::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:7f00:1", "::ffff:7f00:1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("anna.example", None),
        ("1.anna.example", None),
        ("99999999999", None),
        ("", None),
    ],
)
def test_a_host_that_spells_an_address_is_seen_through(host: str, address: str | None) -> None:
    assert literal(host) == address


def test_public_addresses_are_permitted_and_private_ones_refused() -> None:
    policy = AddressPolicy(["http://anna.example/"])
    policy.check("anna.example", 80, "93.184.215.14")
    with pytest.raises(AddressRefused, match=r"evil\.example resolves to 127\.0\.0\.1"):
        policy.check("evil.example", 80, "127.0.0.1")


def test_a_seed_on_loopback_permits_its_own_port_and_no_other() -> None:
    policy = AddressPolicy(["http://127.0.0.1:8000/blog/"])
    assert policy.permits("127.0.0.1", 8000, "127.0.0.1")
    assert not policy.permits("127.0.0.1", 8001, "127.0.0.1")
    assert not policy.permits("127.0.0.2", 8000, "127.0.0.2")
    assert not policy.permits("evil.example", 22, "127.0.0.1")


def test_a_seed_by_name_permits_the_address_that_it_turned_out_to_have() -> None:
    policy = AddressPolicy(["http://nas.local/"])
    assert not policy.permits("evil.example", 80, "192.168.1.9")
    assert policy.permits("nas.local", 443, "192.168.1.9")
    assert policy.permits("nas", 443, "192.168.1.9")
    assert not policy.permits("nas", 443, "192.168.1.10")


def test_private_addresses_can_be_allowed_altogether() -> None:
    assert AddressPolicy([], allow_private=True).permits("x", 80, "10.0.0.1")


@pytest.mark.parametrize(
    ("url", "forbidden"),
    [
        ("http://169.254.169.254/latest/meta-data/", True),
        ("http://localhost:9200/_search", True),
        ("http://LOCALHOST/", True),
        ("http://0x7f.1/", True),
        ("http://[::1]:8080/", True),
        ("http://127.0.0.1:8000/about", False),
        ("http://127.0.0.1:9999/about", True),
        ("http://8.8.8.8/", False),
        ("http://anna.example/", False),
        ("http://[bad/", False),
    ],
)
def test_urls_that_name_a_forbidden_address_are_seen_without_dns(url: str, forbidden: bool) -> None:
    assert AddressPolicy(["http://127.0.0.1:8000/"]).forbids_url(url) is forbidden
