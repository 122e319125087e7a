"""Verifies one DKIM signature (RFC 6376, 8301, 8463) against a key record. Pure.

Ours, because dkimpy's relaxed canonicalisation takes quadratic time on a run of blanks (500 KB of
them stall a process for minutes) and it needs PyNaCl for Ed25519; the tests hold it against
dkimpy's signer. Every step here is linear in the size of the message.
"""

import binascii
import hashlib
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

# RFC 8601 2.7.1
Result = Literal["pass", "fail", "policy", "permerror"]
Headers = list[tuple[bytes, bytes]]  # name as written; value from after the colon to before CRLF

_LINE_END = re.compile(rb"\r?\n")
_BLANKS = re.compile(rb"[ \t]+")
_B_TAG = re.compile(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")
_MOST_HEADERS = 2_000
_MOST_SIGNED_NAMES = 200
_LONGEST_SIGNATURE = 16_384
_SMALLEST_RSA_BITS = 1024  # RFC 8301 3.2
# PKCS#1 keys without the SubjectPublicKeyInfo around them are in the DNS too.
_SPKI_RSA = bytes.fromhex("300d06092a864886f70d0101010500")


class Unusable(Exception):
    """The signature or key cannot be evaluated (a permanent error); the text says why."""


class Refused(Exception):
    """The signature may be right but is not accepted; the text says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The tags of one DKIM-Signature header, checked as far as goes without the key."""

    field: tuple[bytes, bytes]
    algorithm: str
    domain: str
    identity_domain: str
    selector: str
    signed_names: tuple[bytes, ...]
    header_relaxed: bool
    body_relaxed: bool
    body_hash: bytes
    value: bytes
    length: int | None
    expires: int | None


@dataclass(frozen=True, slots=True)
class SplitMessage:
    """A message as signers see it: header fields in order, body with CRLF line ends."""

    headers: Headers
    body: bytes


def split(raw: bytes) -> SplitMessage:
    """Never raises; lines that are no header field are left out."""
    head, body = _split_head(raw)
    headers: Headers = []
    for line in _LINE_END.split(head):
        if line[:1] in (b" ", b"\t") and headers:
            name, value = headers.pop()
            headers.append((name, value + b"\r\n" + line))
            continue
        name, colon, value = line.partition(b":")
        if colon and name.strip():
            headers.append((name, value))
        if len(headers) > _MOST_HEADERS:
            break
    return SplitMessage(headers, _LINE_END.sub(b"\r\n", body))


def parse(field: tuple[bytes, bytes]) -> Signature:
    """Raises Unusable (RFC 6376 6.1.1)."""
    if len(field[1]) > _LONGEST_SIGNATURE:
        raise Unusable("the signature header is too long")
    tags = _parse_tags(field[1])
    missing = [name for name in ("v", "a", "b", "bh", "d", "h", "s") if not tags.get(name)]
    if missing:
        raise Unusable(f"the tag {missing[0]}= is missing")
    if tags["v"] != "1":
        raise Unusable("the version is not 1")
    names = tuple(name.strip().lower().encode() for name in tags["h"].split(":"))
    if b"from" not in names:
        raise Unusable("From is not signed")
    if len(names) > _MOST_SIGNED_NAMES:
        raise Unusable("too many header names are signed")
    domain, identity = tags["d"].lower(), tags.get("i", "").lower().rpartition("@")[2]
    if identity and identity != domain and not identity.endswith("." + domain):
        raise Unusable("the identity is not of the signing domain")
    header_mode, _, body_mode = tags.get("c", "simple/simple").lower().partition("/")
    if {header_mode, body_mode or "simple"} - {"simple", "relaxed"}:
        raise Unusable("the canonicalisation is unknown")
    if "q" in tags and "dns/txt" not in tags["q"].lower().split(":"):
        raise Unusable("the key is not in the DNS")
    return Signature(
        field=field,
        algorithm=tags["a"].lower(),
        domain=domain,
        identity_domain=identity or domain,
        selector=tags["s"].lower(),
        signed_names=names,
        header_relaxed=header_mode == "relaxed",
        body_relaxed=body_mode == "relaxed",
        body_hash=_base64(tags["bh"]),
        value=_base64(tags["b"]),
        length=_number(tags.get("l")),
        expires=_number(tags.get("x")),
    )


def verify(
    message: SplitMessage, signature: Signature, key_record: str, now: int
) -> tuple[Result, str]:
    """The result and its reason in words. `now` is Unix time in seconds; never raises."""
    try:
        key = _key(key_record, signature)
        if signature.expires is not None and signature.expires < now:
            return "fail", "the signature has expired"
        if len(message.headers) > _MOST_HEADERS:
            raise Unusable("the message has too many header fields")
        body = canonical_body(message.body, signature.body_relaxed)
        if signature.length is not None and signature.length < len(body):
            # RFC 6376 8.2: anybody can add to such a message.
            raise Refused("only a part of the body is signed")
        if hashlib.sha256(body).digest() != signature.body_hash:
            return "fail", "the body was changed"
        return _check(key, signature, _signed_headers(message.headers, signature))
    except Unusable as error:
        return "permerror", str(error)
    except Refused as error:
        return "policy", str(error)


def canonical_body(body: bytes, relaxed: bool) -> bytes:
    """RFC 6376 3.4.3 and 3.4.4."""
    if relaxed:
        body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n")
        body = body.removesuffix(b" ")
    end = len(body)
    while body.endswith(b"\r\n", 0, end):
        end -= 2
    if end == 0:
        return b"" if relaxed else b"\r\n"
    return body[:end] + b"\r\n"


def _split_head(raw: bytes) -> tuple[bytes, bytes]:
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    if not ends:
        return raw, b""
    at, length = min(ends)
    return raw[:at], raw[at + length :]


def _parse_tags(value: bytes) -> dict[str, str]:
    """RFC 6376 3.2; folding blanks inside values are left out where base64 needs it."""
    tags: dict[str, str] = {}
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        raise Unusable("the signature header is not text") from None
    for part in text.split(";"):
        name, equals, content = part.partition("=")
        name = name.strip()
        if not name and not equals:
            continue
        if not equals or name in tags:
            raise Unusable("the signature header is malformed")
        tags[name] = "".join(content.split()) if name in ("b", "bh", "h", "p") else content.strip()
    return tags


def _base64(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unusable("a value is not base64") from None


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 76):
        raise Unusable("a number is malformed")
    return int(text)


def _key(record: str, signature: Signature) -> RSAPublicKey | Ed25519PublicKey:
    """RFC 6376 3.6.1, 6.1.2."""
    tags = _parse_tags(record.encode("utf-8", "replace"))
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        raise Unusable("the key record is malformed")
    if not tags["p"]:
        raise Unusable("the key was revoked")
    if "h" in tags and "sha256" not in tags["h"].lower().split(":"):
        raise Unusable("the key is not for SHA-256")
    if not {"*", "email"} & {word.strip() for word in tags.get("s", "*").split(":")}:
        raise Unusable("the key is not for mail")
    flags = {word.strip() for word in tags.get("t", "").split(":")}
    if "s" in flags and signature.identity_domain != signature.domain:
        raise Unusable("the key does not allow subdomains")
    kind = tags.get("k", "rsa").lower()
    if signature.algorithm == "rsa-sha1":
        raise Unusable("rsa-sha1 is not secure (RFC 8301)")
    if signature.algorithm != f"{kind}-sha256":
        raise Unusable("the algorithm is unknown or not the key's")
    return _ed25519(tags["p"]) if kind == "ed25519" else _rsa(tags["p"])


def _ed25519(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(_base64(text))
    except ValueError:
        raise Unusable("the key is malformed") from None


def _rsa(text: str) -> RSAPublicKey:
    der = _base64(text)
    key: object
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        key = _bare_rsa(der)
    if not isinstance(key, RSAPublicKey):
        raise Unusable("the key is malformed")
    if key.key_size < _SMALLEST_RSA_BITS:
        raise Unusable("the key is too short (RFC 8301)")
    return key


def _bare_rsa(der: bytes) -> object:
    """The same key with its kind written around it (RFC 8017 A.1.1, RFC 5280 4.1.2.7)."""
    bits = _der(0x03, b"\x00" + der)
    try:
        return load_der_public_key(_der(0x30, _SPKI_RSA + bits))
    except (ValueError, UnsupportedAlgorithm):
        raise Unusable("the key is malformed") from None


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _signed_headers(headers: Headers, signature: Signature) -> bytes:
    """RFC 6376 3.7 and 5.4.2: from the bottom up, each field once, the signature itself last.

    Every From is hashed, so that one added later breaks the signature (8.15).
    """
    by_name: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for header in headers:
        by_name.setdefault(header[0].strip().lower(), []).append(header)
    names = (*signature.signed_names, *[b"from"] * len(by_name.get(b"from", [])))
    chosen = [by_name[name].pop() for name in names if by_name.get(name)]
    name, value = signature.field
    unsigned = (name, _B_TAG.sub(rb"\1", value))
    relaxed = signature.header_relaxed
    signed = b"".join(_canonical_header(header, relaxed) + b"\r\n" for header in chosen)
    return signed + _canonical_header(unsigned, relaxed)


def _canonical_header(header: tuple[bytes, bytes], relaxed: bool) -> bytes:
    """RFC 6376 3.4.1 and 3.4.2, without the line end."""
    name, value = header
    if not relaxed:
        return name + b":" + value
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _check(
    key: RSAPublicKey | Ed25519PublicKey, signature: Signature, signed: bytes
) -> tuple[Result, str]:
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature.value, signed, PKCS1v15(), SHA256())
        else:
            key.verify(signature.value, hashlib.sha256(signed).digest())
    except InvalidSignature:
        return "fail", "the signature does not match"
    return "pass", ""
