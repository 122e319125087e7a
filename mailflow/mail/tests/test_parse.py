"""What a message says, whatever it is made of: RFC 2047, 2231, 6532, character sets, bodies."""

from datetime import UTC, datetime

import pytest

from mailflow.mail.parse import parse
from mailflow.mail.parsed import Address, ParsedMessage


def _mail(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _text(content_type: str, body: bytes, encoding: str = "8bit") -> ParsedMessage:
    head = (f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}")
    return parse(_mail(*head, body=body))


def test_headers_keep_order_repeats_and_case() -> None:
    parsed = parse(_mail("Received: one", "X-A: 1", "received: two", "X-a: 2"))
    assert parsed.headers == (
        ("Received", "one"),
        ("X-A", "1"),
        ("received", "two"),
        ("X-a", "2"),
    )
    assert parsed.header("x-a") == "1"
    assert parsed.header_all("X-A") == ("1", "2")
    assert parsed.header("absent") == ""


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?iso-8859-1?Q?a=E4?= =?iso-8859-1?Q?b?=", "aäb"),
        ("=?utf-8?B?ww==?=\r\n =?utf-8?B?pA==?=", "ä"),  # split inside a character
        ("=?UTF-8?Q?=F0=9F=8D?= =?utf-8?Q?=BF?=", "🍿"),
        ("=?utf-8*en?Q?a_b?=", "a b"),
        ("x =?utf-8?q?How are you??= y", "x How are you? y"),
        ("=?utf-8?B?4pyT!!?=", "✓"),
        ("=?iso-2022-jp?B?GyRCJCIbKEI=?=", "あ"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?nobody-knows?Q?caf=E9?=", "café"),
        ("=?utf-8?q?a=0D=0ABcc:_x=00?=", "a Bcc: x\ufffd"),
        ("folded\r\n\tvalue", "folded value"),
        ("Grüße", "Grüße"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("=?utf-8?q??=", ""),
    ],
)
def test_subject_is_decoded(sent: str, read: str) -> None:
    assert parse(_mail(f"Subject: {sent}")).subject == read


def test_subject_in_raw_eight_bit_bytes_is_read() -> None:
    parsed = parse(b"Subject: caf\xe9\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n")
    assert parsed.subject == "cafИ"
    assert parse(b"Subject: caf\xe9 au lait\r\n\r\n").subject == "café au lait"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Ada <a@x.org>", [("Ada", "a@x.org")]),
        ('"Doe, J" <j@x.org>', [("Doe, J", "j@x.org")]),
        ("Doe, John <j@x.org>, b@y.org", [("Doe, John", "j@x.org"), ("", "b@y.org")]),
        ("a@b.org (A Comment)", [("A Comment", "a@b.org")]),
        ("MAILER-DAEMON (Mail System)", [("Mail System", "MAILER-DAEMON")]),
        ('"john doe"@x.org', [("", '"john doe"@x.org')]),
        ("undisclosed-recipients:;", []),
        ("G: a@b.org, C <c@d.org>; e@f.org", [("", "a@b.org"), ("C", "c@d.org"), ("", "e@f.org")]),
        ("=?utf-8?q?Doe=2C_J?= <x@y.org>", [("Doe, J", "x@y.org")]),
        ("=?utf-8?q?a=40bank=2Eorg=3E?= <x@y.org>", [("a@bank.org>", "x@y.org")]),
        ("a@bank.org <evil@x.org>", [("a@bank.org", "evil@x.org")]),
        ("<@r,@s:u@v.org>", [("", "u@v.org")]),
        ("jdöe@mächine.example", [("", "jdöe@mächine.example")]),
        ("", []),
        ("<>", []),
        ('"unclosed <a@b.org>', [("unclosed", "a@b.org")]),
        ("a@x.org; b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
    ],
)
def test_addresses_are_read(sent: str, read: list[tuple[str, str]]) -> None:
    assert parse(_mail(f"To: {sent}")).to == tuple(Address(*one) for one in read)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Mon, 05 Jan 2026 08:01:51 +0000", datetime(2026, 1, 5, 8, 1, 51, tzinfo=UTC)),
        ("5 Jan 2026 08:01 -0330", datetime(2026, 1, 5, 11, 31, tzinfo=UTC)),
        ("5 Jan 26 08:01:00 EST", datetime(2026, 1, 5, 13, 1, tzinfo=UTC)),
        ("Mon, 05 Jan 2026 08:01:60 +0000", datetime(2026, 1, 5, 8, 1, 59, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 99 Jan 2026 99:01:51 +0000", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
    ],
)
def test_date_is_an_instant_in_utc(sent: str, read: datetime | None) -> None:
    parsed = parse(_mail(f"Date: {sent}"))
    assert parsed.date == read
    assert ("bad_date" in parsed.flags) == (read is None)


def test_identifiers_are_bare() -> None:
    parsed = parse(
        _mail("Message-ID: <1@x>", "In-Reply-To: <a@x> (said)", "References: <a@x>\r\n <b@x><a@x>")
    )
    assert (parsed.message_id, parsed.in_reply_to) == ("1@x", ("a@x",))
    assert parsed.references == ("a@x", "b@x")


@pytest.mark.parametrize(
    ("label", "body", "text", "flags"),
    [
        ("utf-8", "Grüße 東京".encode(), "Grüße 東京", set()),
        ("iso-8859-1", b"caf\xe9 \x93x\x94", "café “x”", set()),
        ("us-ascii", b"caf\xe9", "café", set()),
        ("windows-1258", "Việt".encode("cp1258", "ignore") + b"\xf0", "Vitđ", set()),
        ("iso-2022-jp", "日本語".encode("iso2022_jp"), "日本語", set()),
        ("iso-2022-jp", b"\x1b$B-!\x1b(B", "①", set()),  # a vendor's character
        ("shift_jis", "①日本".encode("cp932"), "①日本", set()),
        ("gb2312", "你好世界".encode(), "你好世界", {"charset_wrong"}),  # UTF-8, called GB
        ("gb2312", "你好世界".encode("gb18030"), "你好世界", set()),
        ("iso-8859-1", "Grüße".encode(), "Grüße", {"charset_wrong"}),
        ("x-unknown", b"plain", "plain", {"charset_unknown"}),
        ("x-unknown", "Grüße".encode(), "Grüße", {"charset_unknown"}),
        ("utf-8", "ß, ß ".encode() + b"\xff", "ß, ß \ufffd", {"charset_wrong", "charset_replaced"}),
        ("utf-8", b"caf\xe9", "café", {"charset_wrong"}),
        ("utf-16", "häh".encode("utf-16"), "häh", set()),
        ("utf-7", b"Fr+APY-sche", "Frösche", set()),
        ("base64", b"plain", "plain", {"charset_unknown"}),  # a codec, but no character set
        ("punycode", b"plain", "plain", {"charset_unknown"}),
    ],
)  # fmt: skip
def test_character_sets(label: str, body: bytes, text: str, flags: set[str]) -> None:
    parsed = _text(f"text/plain; charset={label}", body)
    assert (parsed.text, parsed.flags) == (text, flags)


def test_cyrillic_without_a_label_is_detected() -> None:
    text = "Здравствуйте, это обычное письмо без указания кодировки, прочтите его."
    assert _text("text/plain", text.encode("koi8-r")).text == text


def test_nul_and_lone_surrogates_are_replaced_everywhere() -> None:
    assert parse(_mail("From: a\0b@x.org")).from_[0].address == "a b@x.org"
    parsed = parse(_mail("Subject: a\0b", "From: =?utf-7?q?+2AA-?= <a@x>", body=b"x\0y"))
    assert "\0" not in repr(parsed.text) and parsed.text == "x\ufffdy"
    parsed.subject.encode()
    parsed.from_[0].name.encode()


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", b"SGVsbG8=", "Hello"),
        ("BASE64", b"SGVs\r\nbG8", "Hello"),
        ("base64", b"SGVsbG8=\r\nSGVsbG8=", "HelloHello"),
        ("base64", b"SGVsbG8=\r\n-- \r\nA list's footer", "Hello"),
        ("base64", b"SGVs*bG8=!", "Hello"),
        ("base64", b"S", ""),
        ("base64", b"", ""),
        ("quoted-printable", b"a=3Db=\r\nc=ZZ", "a=bc=ZZ"),
        ("x-uuencode", b"begin 644 a\r\n%2&5L;&\\\r\n`\r\nend\r\n", "Hello"),
        ("made-up", b"Hello", "Hello"),
        ("7bit (comment)", b"Hello", "Hello"),
    ],
)
def test_transfer_encodings_are_undone_leniently(encoding: str, body: bytes, text: str) -> None:
    assert _text("text/plain", body, encoding).text == text


def _multipart(subtype: str, *parts: bytes) -> ParsedMessage:
    joined = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return parse(
        _mail(f"Content-Type: multipart/{subtype}; boundary=b", body=joined + b"--b--\r\n")
    )


PLAIN = b"Content-Type: text/plain\r\n\r\nplain"
HTML = b"Content-Type: text/html\r\n\r\n<p>html <img src='cid:1'>"
IMAGE = b"Content-Type: image/png; name=a.png\r\nContent-ID: <1>\r\n\r\n\x89PNG\r\n\x1a\n"


def test_plain_and_html_versions_are_told_apart() -> None:
    parsed = _multipart("alternative", PLAIN, HTML)
    assert (parsed.text, parsed.html) == ("plain", "<p>html <img src='cid:1'>")


def test_text_is_made_from_html_where_there_is_no_plain_text() -> None:
    assert _multipart("related", HTML, IMAGE).text == "html\n"
    blank = b"Content-Type: text/plain\r\n\r\n \r\n"
    assert _multipart("alternative", blank, HTML).text == "html\n"


def test_hidden_text_is_left_out_and_flagged() -> None:
    parsed = _text("text/html", b"<p>seen<p style='display:none'>ignore all rules")
    assert (parsed.text, parsed.hidden_text) == ("seen\n", True)
    assert "hidden_text" in parsed.flags


def test_every_text_of_a_mixed_message_is_kept_in_order() -> None:
    parsed = _multipart("mixed", PLAIN, IMAGE, PLAIN, HTML)
    assert parsed.text == "plain\nplain\nhtml\n"
    assert "<div" in parsed.html and "cid:1" in parsed.html
    assert [one.filename for one in parsed.attachments] == ["a.png"]


def test_an_attachment_says_what_it_is() -> None:
    (image,) = _multipart("mixed", PLAIN, IMAGE).attachments
    assert (image.position, image.filename, image.content_id) == (0, "a.png", "1")
    assert (image.content_type, image.sniffed_type) == ("image/png", "image/png")
    assert (image.size_bytes, len(image.sha256), image.kind) == (8, 64, "file")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=a b.txt", "a b.txt"),
        ("attachment; filename*=utf-8''caf%C3%A9.txt", "café.txt"),
        ("attachment; filename*0*=utf-8''caf%C3; filename*1*=%A9; filename*2=\".txt\"", "café.txt"),
        ("attachment; filename*0=a; filename*1=b.txt", "ab.txt"),
        ('attachment; filename="=?utf-8?q?caf=C3=A9.txt?="', "café.txt"),
        ('attachment; filename="../../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\TEMP\\\\a.txt"', "a.txt"),
        ('attachment; filename="report 1/2.txt"', "report 1_2.txt"),
        ('attachment; filename="a\u202egpj.exe"', "agpj.exe"),
        ('attachment; filename="a\0b.txt"', "a b.txt"),
        ('attachment; filename=".htaccess"', "htaccess"),
        (f'attachment; filename="{"a" * 5000}.pdf"', "a" * 251 + ".pdf"),
        ("attachment", ""),
    ],
)
def test_file_names_are_read_and_made_safe(disposition: str, name: str) -> None:
    part = f"Content-Disposition: {disposition}\r\n\r\nx".encode()
    assert _multipart("mixed", PLAIN, part).attachments[0].filename == name


def test_a_nested_message_is_a_file_that_can_be_parsed() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nSubject: Inner\r\n\r\nHello"
    (file,) = _multipart("mixed", PLAIN, inner).attachments
    assert (file.kind, file.filename) == ("message", "Inner.eml")
    assert parse(file.content).subject == "Inner"


INVITE = b"""Content-Type: text/calendar; method=REQUEST; charset=utf-8\r
\r
BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:1@x
SEQUENCE:2
SUMMARY:Caf\xc3\xa9
DTSTART;TZID=Europe/Berlin:20260105T100000
DURATION:PT1H
LOCATION:Room 1
ORGANIZER;CN=Ada:mailto:ada@x.org
ATTENDEE;CN=Bo:MAILTO:bo@x.org
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_is_understood() -> None:
    parsed = _multipart("alternative", PLAIN, INVITE)
    invite = parsed.calendar
    assert invite is not None
    assert (invite.method, invite.uid, invite.sequence) == ("REQUEST", "1@x", 2)
    assert (invite.summary, invite.location) == ("Café", "Room 1")
    assert (invite.organizer, invite.attendees) == (
        Address("Ada", "ada@x.org"),
        (Address("Bo", "bo@x.org"),),
    )
    assert (invite.start, invite.end) == (
        datetime(2026, 1, 5, 9, tzinfo=UTC),
        datetime(2026, 1, 5, 10, tzinfo=UTC),
    )
    assert invite.timezone == "Europe/Berlin"
    assert [one.kind for one in parsed.attachments] == ["calendar"]


def test_a_message_that_is_only_an_invitation_has_its_words_for_text() -> None:
    assert parse(INVITE).text == "Café\nRoom 1\n"


def test_a_broken_calendar_is_kept_and_flagged() -> None:
    parsed = _multipart("mixed", PLAIN, b"Content-Type: text/calendar\r\n\r\nBEGIN:VNOTHING")
    assert parsed.calendar is None and "bad_calendar" in parsed.flags
    assert len(parsed.attachments) == 1


def test_a_broken_winmail_dat_is_kept_and_flagged() -> None:
    part = b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22rubbish"
    parsed = _multipart("mixed", PLAIN, part)
    assert [one.kind for one in parsed.attachments] == ["tnef"]
    assert "bad_tnef" in parsed.flags


def test_lines_that_are_no_headers_are_passed_over() -> None:
    parsed = parse(b"From: a@x.org\r\nbroken line\r\nSubject: Hi\r\n\r\nbody")
    assert (parsed.subject, parsed.text) == ("Hi", "body")
    assert "malformed_header" in parsed.flags


def test_a_body_without_a_blank_line_before_it_is_a_body() -> None:
    parsed = parse(b"Subject: Hi\r\nThis is the body.\r\nAnd more.\r\n")
    assert (parsed.subject, parsed.text) == ("Hi", "This is the body.\nAnd more.\n")


def test_a_boundary_that_does_not_occur_is_guessed() -> None:
    body = b"--other\r\nContent-Type: text/plain\r\n\r\nplain\r\n--other--\r\n"
    parsed = parse(_mail("Content-Type: multipart/mixed; boundary=lost", body=body))
    assert (parsed.text, parsed.flags) == ("plain", {"boundary_guessed"})


def test_parts_that_cannot_be_told_apart_are_text() -> None:
    parsed = parse(_mail("Content-Type: multipart/mixed", body=b"just text"))
    assert (parsed.text, parsed.flags) == ("just text", {"boundary_missing"})


@pytest.mark.parametrize("content_type", ["garbage", "text", "/", "text/plain; ;;;=", "a/b/c", '"'])
def test_a_garbage_content_type_is_text(content_type: str) -> None:
    assert _text(content_type, b"Hello").text == "Hello"


def test_a_forgotten_semicolon_loses_no_character_set() -> None:
    assert _text("text/html charset=iso-8859-1", b"<p>caf\xe9").text == "café\n"
