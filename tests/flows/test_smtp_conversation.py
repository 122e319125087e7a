"""What a client may expect of the SMTP port."""

import smtplib
from ipaddress import ip_network

import pytest

from mailflow.inbound.limits import Limits
from tests.flows.smtp_peer import Talk, listening


@pytest.fixture
def post():
    with listening() as post:
        yield post


@pytest.fixture
def talk(post):
    with Talk(post.port) as talk:
        yield talk


def test_a_message_arrives_with_its_envelope(post):
    with smtplib.SMTP("127.0.0.1", post.port, local_hostname="client.test") as client:
        client.sendmail("ada@a.test", ["bo@x.test", "cy@x.test"], b"Subject: x\r\n\r\n.hidden\r\n")
    [mail] = post.kept
    assert mail.raw == b"Subject: x\r\n\r\n.hidden\r\n"
    assert mail.envelope_from == "ada@a.test"
    assert mail.recipients == ("bo@x.test", "cy@x.test")
    assert (mail.via, mail.client_address, mail.helo) == ("smtp", "127.0.0.1", "client.test")
    assert not mail.tls


def test_the_null_sender_is_the_empty_text(post, talk):
    talk.begin(sender="")
    talk.send(b"Subject: bounce\r\n\r\n.\r\n")
    assert talk.reply()[0] == 250
    assert post.kept[0].envelope_from == ""


def test_an_empty_message_is_a_message(post, talk):
    assert talk.message(b".\r\n")[0] == 250
    assert post.kept[0].raw == b""


def test_octets_arrive_as_they_were_sent(post, talk):
    message = (bytes(range(14, 256)) * 20 + b"\r\n") * 100 + b"\x00\t\r\n..\r\n\r\n"
    assert talk.message(message.replace(b"\r\n.", b"\r\n..") + b".\r\n")[0] == 250
    assert post.kept[0].raw == message


@pytest.mark.parametrize("cut", range(1, 12))
def test_the_end_of_data_is_seen_however_it_is_cut(post, talk, cut):
    talk.begin()
    data = b"a\r\n..b\r\n\r\n.\r\n"
    talk.send(data[:cut])
    assert talk.socket.gettimeout()
    talk.send(data[cut:])
    assert talk.reply()[0] == 250
    assert post.kept[0].raw == b"a\r\n.b\r\n\r\n"


@pytest.mark.parametrize("size", [65530, 65536, 65541, 131072, 131080, 1_000_000])
def test_messages_around_the_size_of_a_block_arrive_whole(post, talk, size):
    message = (b"x" * 70 + b"\r\n") * (size // 72) + b"y" * (size % 72) + b"\r\n"
    assert talk.message(message + b".\r\n")[0] == 250
    assert post.kept[0].raw == message


def test_a_whole_group_may_be_sent_at_once(post):
    with Talk(post.port) as talk:
        talk.send(b"MAIL FROM:<a@a.test>\r\nRCPT TO:<bo@x.test>\r\nDATA\r\n")
        assert [talk.reply()[0] for _ in range(3)] == [250, 250, 354]
        talk.send(
            b"one\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<no@y.test>\r\nRCPT TO:<cy@x.test>\r\nDATA\r\n"
        )
        assert [talk.reply()[0] for _ in range(5)] == [250, 250, 550, 250, 354]
        talk.send(b"two\r\n.\r\nQUIT\r\n")
        assert [talk.reply()[0] for _ in range(3)] == [250, 221, 0]
    assert [mail.raw for mail in post.kept] == [b"one\r\n", b"two\r\n"]


def test_a_client_that_closes_its_half_still_hears_the_answer(post, talk):
    talk.begin()
    talk.send(b"one\r\n.\r\nQUIT\r\n")
    talk.socket.shutdown(1)
    assert [talk.reply()[0] for _ in range(3)] == [250, 221, 0]


def test_mail_that_cannot_be_kept_is_451_without_detail(post, talk):
    assert talk.message(b"X-Trouble: yes\r\n\r\n.\r\n") == (451, "451 4.3.0 Not kept, try again")
    assert talk.message(b"fine\r\n.\r\n")[0] == 250


@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        ("bo@x.test", "250 2.1.5 Recipient OK"),
        ("bo@y.test", "550 5.1.1 No such mailbox here"),
        ("unsure@x.test", "451 4.3.0 Cannot look this up, try again"),
        ("a\tb@x.test", "553 5.1.3 Malformed recipient address"),
    ],
)
def test_recipients(talk, recipient, reply):
    talk.ask("MAIL FROM:<>")
    assert talk.ask(f"RCPT TO:<{recipient}>")[1] == reply


def test_the_same_recipient_twice_is_one(post, talk):
    talk.ask("MAIL FROM:<>")
    talk.ask("RCPT TO:<bo@x.test>")
    talk.ask("RCPT TO:<bo@x.test>")
    talk.ask("DATA")
    talk.send(b"x\r\n.\r\n")
    talk.reply()
    assert post.kept[0].recipients == ("bo@x.test",)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("NOOP", 250),
        ("noop ignored", 250),
        ("HELO client.test", 250),
        ("EHLO", 501),
        ("EHLO two words", 501),
        ("HELP", 214),
        ("VRFY bo", 252),
        ("EXPN list", 502),
        ("AUTH PLAIN AGEAYg==", 502),
        ("BDAT 10 LAST", 502),
        ("STARTTLS", 454),
        ("RCPT TO:<bo@x.test>", 503),
        ("DATA", 503),
        ("RSET", 250),
        ("RSET now", 501),
        ("QUIT now", 501),
        ("QUIT", 221),
        ("", 500),
        ("MAILFROM:<>", 500),
        ("GET / HTTP/1.1", 500),
        ("\xff\xfe", 500),
        ("MAIL FROM:<a@b.test> SIZE=31457281", 552),
        ("MAIL FROM:<a@b.test> SIZE=31457280", 250),
    ],
)
def test_commands(talk, command, code):
    assert talk.ask(command)[0] == code


def test_mail_needs_a_hello(post):
    with Talk(post.port, greet=False) as talk:
        talk.reply()
        assert talk.ask("MAIL FROM:<>")[0] == 503


def test_the_greeting_tells_no_version(post):
    with Talk(post.port, greet=False) as talk:
        assert talk.reply() == (220, "220 localhost ESMTP")


def test_without_a_valid_recipient_there_is_no_data(talk):
    talk.ask("MAIL FROM:<>")
    talk.ask("RCPT TO:<no@y.test>")
    assert talk.ask("DATA")[0] == 554


def test_smtputf8_is_what_lets_other_letters_in(post, talk):
    assert talk.ask("MAIL FROM:<آدا@a.test>")[0] == 553
    assert talk.ask("MAIL FROM:<آدا@a.test> SMTPUTF8 BODY=8BITMIME")[0] == 250
    assert talk.ask("RCPT TO:<بو@x.test>")[0] == 250
    assert talk.ask("DATA")[0] == 354
    talk.send("Subject: سلام\r\n\r\n.\r\n".encode())
    assert talk.reply()[0] == 250
    assert post.kept[0].recipients == ("بو@x.test",)


def test_limits_by_client_address():
    limits = Limits(
        connections_per_client=2,
        messages_per_client_minute=1,
        trusted_networks=(ip_network("10.0.0.0/8"),),
    )
    with listening(limits) as post, Talk(post.port) as first, Talk(post.port):
        with Talk(post.port, greet=False) as third:
            assert third.reply()[0] == 421
            assert third.reply()[0] == 0
        assert first.message(b"one\r\n.\r\n")[0] == 250
        assert first.ask("MAIL FROM:<>") == (450, "450 4.7.1 Too many messages, try again")


def test_at_most_so_many_recipients():
    with listening(Limits(recipients=3)) as post, Talk(post.port) as talk:
        talk.ask("MAIL FROM:<>")
        codes = [talk.ask(f"RCPT TO:<a{n}@x.test>")[0] for n in range(5)]
        assert codes == [250, 250, 250, 452, 452]
        talk.ask("DATA")
        talk.send(b"x\r\n.\r\n")
        assert talk.reply()[0] == 250
        assert len(post.kept[0].recipients) == 3
