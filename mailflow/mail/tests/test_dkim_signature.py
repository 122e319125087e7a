"""What a signer signed is verified, what was changed is not, and nothing takes long."""

import base64
import hashlib
import time

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mailflow.mail.dkim_signature import Unusable, canonical_body, parse, split, verify

NOW = int(time.time())
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
SPKI = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
PKCS1 = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
RECORD = "v=DKIM1; k=rsa; p=" + base64.b64encode(SPKI).decode()
MAIL = (
    b"From: Cy <cy@customer.example>\r\nTo: support@studio.example\r\nSubject: =?utf-8?q?Hi?=\r\n"
    b" folded \r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@customer.example>\r\n\r\n"
    b"Hello \t there  \r\n\r\n.dot\r\n\r\n\r\n"
)


def sign(mail=MAIL, canon=(b"relaxed", b"relaxed"), **options) -> bytes:
    return dkim.sign(mail, b"sel", b"customer.example", PEM, canonicalize=canon, **options) + mail


def check(raw: bytes, record=RECORD, now=NOW):
    message = split(raw)
    field = next(h for h in message.headers if h[0].lower() == b"dkim-signature")
    return verify(message, parse(field), record, now)


@pytest.mark.parametrize("headers", [b"simple", b"relaxed"])
@pytest.mark.parametrize("body", [b"simple", b"relaxed"])
@pytest.mark.parametrize(
    "content", [MAIL, MAIL.partition(b"Hello")[0], MAIL[:-4] + b"no end", MAIL + b" \t\r\n"]
)
def test_what_dkimpy_signs_we_verify(headers, body, content):
    raw = sign(content, (headers, body))
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: RECORD.encode())
    assert check(raw) == ("pass", "")


def test_line_ends_that_a_store_changed_do_not_matter():
    assert check(sign().replace(b"\r\n", b"\n")) == ("pass", "")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [(b"Hello", b"Hullo", "the body was changed"),
     (b"Cy <cy@", b"Cy <eve@", "the signature does not match"),
     (b"folded", b"unfolded", "the signature does not match")],
)  # fmt: skip
def test_a_change_is_noticed(old, new, reason):
    assert check(sign().replace(old, new)) == ("fail", reason)


def test_a_second_from_breaks_the_signature():
    assert check(b"From: boss@customer.example\r\n" + sign())[0] == "fail"
    assert (
        check(sign().replace(b"\r\n\r\n", b"\r\nFrom: boss@customer.example\r\n\r\n", 1))[0]
        == "fail"
    )


def test_a_part_signed_body_is_not_accepted():
    raw = sign(length=True)
    assert check(raw) == ("pass", "")
    assert check(raw + b"Send money to Eve.\r\n") == ("policy", "only a part of the body is signed")


def test_a_bare_pkcs1_key_works():
    assert check(sign(), "p=" + base64.b64encode(PKCS1).decode()) == ("pass", "")


def test_ed25519_works():
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    body_hash = base64.b64encode(hashlib.sha256(b"Hello there\r\n\r\n.dot\r\n").digest())
    tags = b"v=1; a=ed25519-sha256; c=relaxed/relaxed; d=x.example; s=sel; h=from; bh=" + body_hash
    signed = b"from:Cy <cy@customer.example>\r\ndkim-signature:" + tags + b"; b="
    value = base64.b64encode(key.sign(hashlib.sha256(signed).digest()))
    record = "v=DKIM1; k=ed25519; p=" + base64.b64encode(public).decode()
    assert check(b"DKIM-Signature: " + tags + b"; b=" + value + b"\r\n" + MAIL, record)[0] == "pass"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("v=DKIM1; p=", "the key was revoked"),
        ("v=DKIM1", "the key record is malformed"),
        ("v=DKIM2; p=" + RECORD.partition("p=")[2], "the key record is malformed"),
        ("p=nonsense!", "a value is not base64"),
        ("p=AAAA", "the key is malformed"),
        (RECORD + "; h=sha1", "the key is not for SHA-256"),
        (RECORD + "; s=tlsrpt", "the key is not for mail"),
        (RECORD.replace("rsa", "ed25519"), "the algorithm is unknown or not the key's"),
    ],
)
def test_a_key_that_does_not_fit_is_a_permanent_error(record, reason):
    assert check(sign(), record) == ("permerror", reason)


def test_a_short_key_is_refused():
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()
    assert small.key_size == 1024
    tiny = base64.b64decode(  # 512 bits
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL/eAr0v3AW9OmJ7kR1o1s0mTLJZJWjbpqKdAiTuzFNCBZDNCyPkWxYH"
        "Tb6b9zQ2f6LZ8S8D9s0q5a4cmoWgZG0CAwEAAQ=="
    )
    assert check(sign(), "p=" + base64.b64encode(tiny).decode()) == (
        "permerror", "the key is too short (RFC 8301)",
    )  # fmt: skip


def test_sha1_is_refused():
    assert (
        check(sign().replace(b"rsa-sha256", b"rsa-sha1"))[1] == "rsa-sha1 is not secure (RFC 8301)"
    )


def test_an_expired_signature_fails():
    raw = sign()
    assert check(raw.replace(b"v=1;", b"v=1; x=1;")) == ("fail", "the signature has expired")


@pytest.mark.parametrize(
    "value",
    [
        b"", b"v=1", b";;;", b"v=1; v=1", b"\xff\xfe", b"=" * 100,
        b"v=2; a=rsa-sha256; b=a; bh=a; d=x; h=from; s=s",
        b"v=1; a=rsa-sha256; b=a; bh=a; d=x; h=to; s=s",
        b"v=1; a=rsa-sha256; b=aaaa; bh=aaaa; d=x; h=from; s=s; i=@y",
        b"v=1; a=rsa-sha256; b=aaaa; bh=aaaa; d=x; h=from; s=s; l=-1",
        b"v=1; a=rsa-sha256; b=aaaa; bh=aaaa; d=x; h=from; s=s; c=x/y",
        b"v=1; a=rsa-sha256; b=aaaa; bh=aaaa; d=x; h=from; s=s; l=" + b"9" * 5000,
        b"v=1; a=rsa-sha256; b=aaaa; bh=aaaa; d=x; s=s; h=" + b"from:" * 1000,
        b"x" * 20_000,
    ],
)  # fmt: skip
def test_a_malformed_signature_is_a_permanent_error(value):
    with pytest.raises(Unusable):
        parse((b"DKIM-Signature", value))


@pytest.mark.parametrize(
    "body", [b" " * 3_000_000 + b"x", b"\r\n" * 1_500_000, b" \r\n" * 1_000_000]
)
@pytest.mark.timed
def test_hostile_bodies_take_linear_time(body):
    started = time.process_time()
    canonical_body(body, relaxed=True)
    canonical_body(body, relaxed=False)
    assert time.process_time() - started < 2


@pytest.mark.timed
def test_hostile_headers_take_linear_time():
    raw = b"a:\n" * 500_000 + b"\n"
    started = time.process_time()
    assert len(split(raw).headers) <= 2_001
    parse(
        (
            b"DKIM-Signature",
            b" v=1; a=rsa-sha256; bh=aaaa; d=x; s=s; h=from; b=aaaa" + b" \n" * 8000,
        )
    )
    assert time.process_time() - started < 2
