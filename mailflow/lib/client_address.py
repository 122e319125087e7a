"""Who really sends a request: the TCP peer, or what a proxy of ours says about it. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Names as WSGI spells them. Any of them on a request means that a proxy stands before us, or that
# the client pretends so.
FORWARDING_HEADERS = frozenset(
    {"HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_VIA"}
)
_FORWARDING_PREFIX = "HTTP_X_FORWARDED"


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks in CIDR form or single addresses. Raises ValueError."""
    return tuple(ip_network(text, strict=False) for text in texts)


def parse_address(text: str) -> Address | None:
    """An address, also with a port or in brackets; IPv4 inside IPv6 is IPv4. None when it is none.

    A zone (`fe80::1%eth0`) is dropped: it has no meaning on another machine.
    """
    text = text.strip().strip('"').partition("%")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_address(peer: str, forwarded_for: str, trusted_proxies: Sequence[Network]) -> str:
    """The address of whoever sent the request, as text.

    `forwarded_for` is X-Forwarded-For, all lines joined by commas. It counts only while the one
    who wrote it is a trusted proxy: read from the right, the first address that is no proxy of
    ours is the client. Other headers (CF-Connecting-IP, Forwarded, X-Real-IP) never count: a proxy
    that does not know them lets a client's own value through.
    """
    current = parse_address(peer)
    if current is None:
        return peer
    hops = forwarded_for.split(",") if forwarded_for else []
    while hops and _is_in(current, trusted_proxies):
        before = parse_address(hops.pop())
        if before is None:
            break
        current = before
    return str(current)


def is_forwarded(names: Iterable[str]) -> bool:
    """Whether any of these header names (WSGI spelling) says that the request passed a proxy."""
    return any(name in FORWARDING_HEADERS or name.startswith(_FORWARDING_PREFIX) for name in names)


def is_loopback(address: str) -> bool:
    """Whether the peer is this machine."""
    parsed = parse_address(address)
    return parsed is not None and parsed.is_loopback


def is_private(address: str) -> bool:
    """Whether the peer is this machine or on a private or link-local network (RFC 1918, 4193)."""
    parsed = parse_address(address)
    return parsed is not None and _is_in(parsed, _PRIVATE)


def network_of(address: str) -> str:
    """What a limit counts by: an IPv4 address, or the /64 that one IPv6 subscriber owns."""
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed) if parsed else address


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


# An explicit table: `ipaddress.is_private` changes its mind between Python versions.
_PRIVATE = parse_networks(
    ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
     "100.64.0.0/10", "::1/128", "fc00::/7", "fe80::/10")
)  # fmt: skip
