"""Whether a web address may be written into a rule: only plain https to a public name. Pure.

It judges what is written. What a name resolves to is for whoever connects to check again.
"""

import ipaddress
import re
from urllib.parse import urlsplit

PORTS = (None, 443, 8443)
# RFC 6761, RFC 6762, RFC 8375 and what private networks and clusters use.
PRIVATE_ENDINGS = (
    "localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa",
    "svc", "cluster.local", "localdomain",
)  # fmt: skip
# Names that resolve to whatever address is written into them.
REFLECTORS = ("nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "traefik.me")
LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def refusal(url: str) -> str:
    """Why the address is refused and what to write, as one sentence; empty when it may stand."""
    if not url.isascii() or any(sign in url for sign in "\\ \t\r\n") or not url.isprintable():
        return "It holds signs that hosts are disguised with: write it in plain ASCII."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "It is no web address: write https://host/path."
    if parts.scheme != "https":
        return "Only https is used, so that nobody on the way can read or change it."
    if "@" in parts.netloc or "%" in parts.netloc:
        return "The host must stand alone: no user name, password or percent signs."
    if port not in PORTS:
        return "Only the ports 443 and 8443 are used."
    return _host_refusal((parts.hostname or "").removesuffix("."))


def _host_refusal(host: str) -> str:
    if not host:
        return "It is no web address: write https://host/path."
    labels = host.split(".")
    if ":" in host or _is_number(labels[-1]):
        return _address_refusal(host)
    if len(labels) < 2 or not all(LABEL.fullmatch(label) for label in labels):
        return "The host must be a full public name such as hooks.example.com."
    for ending in (*PRIVATE_ENDINGS, *REFLECTORS):
        if host == ending or host.endswith(f".{ending}"):
            return f"Names in {ending} lead into private networks: use a public one."
    return ""


def _is_number(label: str) -> bool:
    """Whether browsers and resolvers would take a host that ends so for an IPv4 address."""
    return label.isdecimal() or re.fullmatch(r"0x[0-9a-f]*", label) is not None


def _address_refusal(host: str) -> str:
    """Only public addresses in their usual form: 127.1, 0x7f.1 and such are disguises."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "Write an address in its usual form, or better a name."
    if isinstance(address, ipaddress.IPv6Address) or not address.is_global:
        return "This address is not on the public internet: use a public name."
    if address.is_multicast or address in ipaddress.ip_network("192.0.0.0/24"):
        return "This address is not on the public internet: use a public name."
    return ""
