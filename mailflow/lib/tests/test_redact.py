"""No secret passes, harmless text stays as it is, and no text makes it slow."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.lib.redact import REDACTED, redact, redact_json

# A tilde stands where nothing stands, so that this file itself holds no secret that a scanner of
# repositories would stop. Each: the text, and what must not be left of it.
HEX32 = "0123456789abcdef0123456789abcdef"
MIXED = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3"
SECRETS = [
    ("AKIA~IOSFODNN7EXAMPLE", "IOSFODNN7"),
    ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalr"),
    ("ghp_~" + MIXED, MIXED),
    ("github_pat_~" + MIXED, MIXED),
    ("glpat-~" + MIXED[:20], MIXED[:20]),
    ("gldt-~" + MIXED[:20], MIXED[:20]),
    ("AIza~" + MIXED[:35], MIXED[:35]),
    ("ya29.~" + MIXED, MIXED),
    ("GOCSPX-~" + MIXED[:28], MIXED[:28]),
    ("sk_live_~4eC39HqLyjWDarjtT1zdp7dc", "HqLyj"),
    ("whsec_~" + MIXED, MIXED),
    ("sk-proj-~" + MIXED, MIXED),
    ("sk-ant-api03-~" + MIXED, MIXED),
    ("sk-or-v1-~" + HEX32, HEX32),
    ("hf_~" + MIXED[:34], MIXED[:34]),
    ("gsk_~" + MIXED, MIXED),
    ("xoxb-~1234567890-abcdefABCDEF", "abcdefABC"),
    ("xapp-~1-A012-345-abcdef", "abcdef"),
    ("https://hooks.slack.com/services/~T0000/B0000/" + MIXED[:24], MIXED[:24]),
    ("https://x.webhook.office.com/webhookb2/~" + HEX32 + "@" + HEX32, HEX32),
    ("https://discord.com/api/v10/webhooks/1234/~" + MIXED, MIXED),
    ("https://hooks.zapier.com/hooks/catch/1234/~abcd12/", "abcd12"),
    ("SG.~" + MIXED[:22] + "." + MIXED, MIXED[:22]),
    ("SK~" + HEX32, HEX32),
    ("key-~" + HEX32, HEX32),
    (HEX32 + "~-us12", HEX32),
    (HEX32 + "~-deadbeef-12345678", HEX32),
    ("xkeysib-~" + HEX32 + HEX32 + "-" + MIXED[:16], HEX32),
    ("dop_v1_~" + HEX32 + HEX32, HEX32),
    ("shpat_~" + HEX32, HEX32),
    ("pypi-~AgEIcHlwaS5vcmc" + MIXED, MIXED),
    ("npm_~" + MIXED[:36], MIXED[:36]),
    ("hvs.~" + MIXED, MIXED),
    ("dapi~" + HEX32, HEX32),
    ("glsa_~" + MIXED, MIXED),
    ("secret_~" + MIXED, MIXED),
    ("sq0atp-~" + MIXED[:22], MIXED[:22]),
    ("https://api.telegram.org/bot123456789:~AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe", "AAHdq"),
    ("eyJhbGciOiJIUzI1NiJ9.~eyJhIjoxfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "SflKx"),
    ("eyJhbGciOiJub25lIn0.~eyJhIjoxfQ.", "eyJhIjoxfQ"),
    ("AccountKey=~" + MIXED + "==;EndpointSuffix=core.windows.net", MIXED),
    ("Endpoint=sb://x/;SharedAccessKey=~" + MIXED + "=", MIXED),
    ("https://a.blob.core.windows.net/c?sv=2022&se=2026&sig=~" + MIXED + "%3D", MIXED),
    ("https://s3.amazonaws.com/b?X-Amz-Signature=~" + HEX32 + HEX32, HEX32),
    ("https://x.example/cb?access_token=~abc&state=1", "abc"),
    ("https://x.example/reset?token=~a1b2c3d4e5f6", "a1b2c3"),
    ("postgres://app:~p@ss-w0rd@db.internal:5432/mail", "p@ss"),
    ("redis://:~s3cr3t@cache:6379/0", "s3cr3t"),
    ("https://admin:~hunter2@db.example.com/x", "hunter2"),
    ("https://~ghx0123456789abcdef@github.com/a/b", "ghx0123"),
    ("amqp://u:~pw@h/v", ":pw@"),
    ("Server=db;Uid=sa;Pwd=~hunter2;", "hunter2"),
    ("Authorization: Bearer ~abcdef0123456789abcdef", "abcdef0"),
    ("authorization: Basic ~YWRtaW46aHVudGVyMg==", "YWRtaW4"),
    ("Proxy-Authorization: Digest username=u, response=~abcdef", "abcdef"),
    ("curl -H 'Authorization: token ~abcdef0123'", "abcdef0123"),
    ("sent Bearer ~abcdef0123456789 to it", "abcdef"),
    ("sent Basic ~YWRtaW46aHVudGVyMg== to it", "YWRtaW4"),
    ("Cookie: ~sid=abc; csrftoken=def", "abc"),
    ("Set-Cookie: ~session=9f86d081884c; Path=/; HttpOnly", "9f86"),
    ("x-api-key: ~short", "short"),
    ("X-Auth-Token: ~abc", "abc"),
    ("X-Postmark-Server-Token: ~" + HEX32, HEX32),
    ("Ocp-Apim-Subscription-Key: ~abcd", "abcd"),
    ("password=~hunter2secret", "hunter2"),
    ("passwd: ~x9", "x9"),
    ("PASSWORD = '~correct horse battery'", "horse"),
    ("DB_PASS=~hunter2", "hunter2"),
    ("my password is ~Hunter2!", "Hunter2"),
    ("passphrase: ~correct horse battery staple", "battery"),
    ("<password>~hunter2</password>", "hunter2"),
    ("--password ~hunter2 --verbose", "hunter2"),
    ("--token=~abc", "abc"),
    ("password%3D~hunter2", "hunter2"),
    ("password=3D~hunter2", "hunter2"),
    ("'password' => '~hunter2'", "hunter2"),
    ("os.environ['API_KEY'] = '~abc'", "abc'"),
    ('{"client_secret": "~GIVE me"}', "GIVE"),
    ('{"a":{"b":"{\\"password\\":\\"~hunter2\\"}"}}', "hunter2"),
    ('{"private_key":"-----BEGIN ~PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"}',
     "MIIE"),
    ("-----BEGIN ~RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB\n\nMIIE\n"
     "-----END RSA PRIVATE KEY-----", "MIIE"),
    ("-----BEGIN ~EC PRIVATE KEY-----\nMHcC", "MHcC"),
    ("-----BEGIN ~PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2.0.22 (GNU/Linux)\n\nlQOY\n=abcd\n"
     "-----END PGP PRIVATE KEY BLOCK-----", "lQOY"),
    ("Private-Lines: 2\n~AAAAB3Nz\nabcd==\nPrivate-MAC: " + HEX32, "AAAAB3"),
    ("AGE-SECRET-KEY-1~QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ", "QQQQ"),
    ("//registry.npmjs.org/:_authToken=~abc", "abc"),
    ("client_secret=~~abcd&grant_type=x", "abcd"),
    ("card 4111 1111 1111 ~1111 exp", "1111 1111"),
    ("كلمة المرور: ~hunter2", "hunter2"),
    ("?token=~hunter", "hunter"), ('{"secret": "~hunter"}', "hunter"),
    ("egs_session=~hunterxx", "hunterxx"),
    ("connect.sid=~s%3Ahunter", "hunter"), ("otpauth://totp/x?secret=~JBSWYDPE&issuer=x", "JBSWY"),
    ("machine x login y password ~hunter2", "hunter2"),
    ("curl -u admin:~hunter2 https://x", "hunter2"),
    ("sshpass -p ~hunter2 ssh x", "hunter2"), ("aws_session_token=~FwoGZX", "FwoGZX"),
    ("---- BEGIN ~SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAA\n---- END SSH2", "P2/56"),
    ("key=-----BEGIN%20~PRIVATE%20KEY-----%0AMIIEvQ%0A-----END%20PRIVATE%20KEY-----", "MIIEvQ"),
    ("mongodb+srv://app:~hunter2@c.example/x", "hunter2"), ("kennwort: ~hunter2", "hunter2"),
]  # fmt: skip
HARMLESS = [
    "Hello Cy, your order 4711 was sent on 2026-11-24 at 10:00.",
    "Please reset your password on the account page.",
    "Forgot your password? The password must have 12 characters.",
    "A token of our appreciation. The secret of good tea is time.",
    "Session: Monday 10:00 in room 3. Key: see the map.",
    "The bearer of this letter may enter. Basic functions are free; Basic authentication too.",
    "api_key is required", "password: required", "token: null", '{"secret": "", "token": null}',
    "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "id 550e8400-e29b-41d4-a716-446655440000",
    "Message-ID: <CAF=abc123+XYZ@mail.gmail.com>",
    "https://example.com:8080/path@x?page=2&sort=name#top",
    "mailto:cy@customer.example", "ftp://user@host.example/file",
    "sk-learn and the risk-assessment-of-the-whole-team", "key-value stores", "npm_config",
    "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----",
    "pk_live_ is the publishable one", "Cookies: we bake them", "Cookie: chocolate",
    "order 1234 5678 9012 3456", "+49 170 1234567", "DE89 3704 0044 0532 0130 00",
    "monkey: banana", "Passport: enclosed", "compass=north", "design: final version",
    "tokens=128, session=3, max_token: 512", "login to your account; user: Cy", "-u is for users",
    "from=cy@customer.example to=support@studio.example size=4096",
    "مرحبا، كيف حالك؟", "",
]  # fmt: skip


def _plain(text: str) -> str:
    return text.replace("~", "")


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_is_gone(text, secret):
    assert secret not in redact(_plain(text))
    assert REDACTED in redact(_plain(text))


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_is_gone_inside_json_urls_headers_and_prose(text, secret):
    text = _plain(text)
    inner = secret.replace("'", "")
    for around in (f"a, {text} b", f"({text})", f"X: {text}\r\nY: 1", f"<p>{text}</p>"):
        assert inner not in redact(around)
    once = json.dumps({"note": text}, ensure_ascii=False)
    assert inner not in redact(once)
    assert inner not in redact(json.dumps({"note": once}, ensure_ascii=False))
    assert inner not in json.dumps(redact_json({"list": [{"note": text}]}))


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text):
    assert redact(text) == text
    assert redact_json({"text": [text]}) == {"text": [text]}


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_redacting_twice_changes_nothing_more(text, secret):
    once = redact(_plain(text))
    assert redact(once) == once


def test_a_quote_inside_a_quoted_secret_does_not_end_it():
    assert redact(r'password: "pass \" wird", next') == f'password: "{REDACTED}", next'


def test_words_around_a_secret_stay():
    text = _plain("user=bob pass~word=hunter2 took 3 ms, key AKIA~IOSFODNN7EXAMPLE failed")
    assert redact(text) == f"user=bob password={REDACTED} took 3 ms, key {REDACTED} failed"


def test_json_stays_json():
    text = json.dumps({"password": "hunter2", "n": 1, "deep": {"token": "abc123def456"}})
    assert json.loads(redact(text)) == {"password": REDACTED, "n": 1, "deep": {"token": REDACTED}}


def test_what_stands_under_a_secrets_name_goes_whole():
    value = {"password": 12345, "apiKey": ["a", {"b": 1}], "user_token": "x y", "token_count": 5,
             "secret": None, "Cookie": "a", "ok": True, "n": 1.5}  # fmt: skip
    assert redact_json(value) == {
        "password": REDACTED, "apiKey": REDACTED, "user_token": REDACTED, "token_count": 5,
        "secret": None, "Cookie": REDACTED, "ok": True, "n": 1.5,
    }  # fmt: skip


def test_a_very_deep_value_is_cut_not_a_crash():
    value: object = "hunter2"
    for _ in range(10_000):
        value = [value]
    assert "hunter2" not in json.dumps(redact_json(value))


@pytest.mark.parametrize("text", ["\ud800 password=hunter2", "\x00password=hunter2", "é" * 5])
def test_odd_text_is_no_excuse(text):
    assert "hunter2" not in redact(text)


@given(st.text())
def test_it_never_raises(text):
    redact(text)
    redact(f"password={text}")


HOSTILE = [
    "<script", "a", " ", "password=", 'password="', "password='\"", 'password=\\"', "token: ",
    "eyJ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nA-b: c\n", "://a:", "://a:b@",
    "Bearer ", "cookie: a=b ", "authorization: ", "passphrase: ", "Private-Lines: 1", "4111 ", "a.",
    "password: \n", "password is ", "sk-", "1234567:", "key=", "--token ", "&quot;password=&quot;",
]  # fmt: skip


def _seconds(text: str) -> float:
    started = time.process_time()
    redact(text)
    return time.process_time() - started


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.timed
def test_ten_times_the_text_takes_about_ten_times_as_long(unit):
    small, large = (unit * (size // len(unit)) for size in (30_000, 300_000))
    base = max(min(_seconds(small) for _ in range(3)), 0.002)
    assert _seconds(large) < base * 40
    assert _seconds(large) < 3
