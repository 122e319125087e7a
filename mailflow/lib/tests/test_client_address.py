"""A client cannot choose the address that limits and logs see."""

import pytest

from mailflow.lib.client_address import (
    client_address,
    is_forwarded,
    is_loopback,
    is_private,
    network_of,
    parse_networks,
)

PROXIES = parse_networks(["10.0.0.0/8", "2001:db8:1::/48"])


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7", "127.0.0.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "127.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "127.0.0.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.1", '"[2001:db8::7]:80"', "2001:db8::7"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1::1", "2001:db8:2::1", "2001:db8:2::1"),
        ("unix:", "198.51.100.7", "unix:"),
        ("", "198.51.100.7", ""),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer, forwarded_for, client):
    assert client_address(peer, forwarded_for, PROXIES) == client


def test_a_very_long_chain_is_read_from_the_right():
    chain = ", ".join(["127.0.0.1"] * 100_000 + ["198.51.100.7"])
    assert client_address("10.0.0.1", chain, PROXIES) == "198.51.100.7"


@pytest.mark.parametrize(
    "name",
    ["HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED",
     "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP", "HTTP_VIA"],
)  # fmt: skip
def test_every_forwarding_header_is_noticed(name):
    assert is_forwarded(["HTTP_HOST", name])


def test_a_direct_request_is_not_forwarded():
    assert not is_forwarded(["HTTP_HOST", "HTTP_X_API_KEY", "REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("address", "loopback", "private"),
    [
        ("127.0.0.1", True, True), ("127.8.9.1", True, True), ("::1", True, True),
        ("::ffff:127.0.0.1", True, True), ("10.1.2.3", False, True), ("fe80::1%eth0", False, True),
        ("100.64.0.1", False, True), ("203.0.113.9", False, False), ("", False, False),
        ("localhost", False, False), ("127.0.0.1.example", False, False),
    ],
)  # fmt: skip
def test_near_addresses_are_told_from_far_ones(address, loopback, private):
    assert (is_loopback(address), is_private(address)) == (loopback, private)


def test_a_whole_ipv6_network_counts_as_one_client():
    assert network_of("2001:db8::1") == network_of("2001:db8::2") == "2001:db8::/64"
    assert network_of("203.0.113.9") == "203.0.113.9"
