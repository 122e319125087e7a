"""A message finds its conversation, and nobody joins another's by headers alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailflow.mail.threads import Candidate, Hold, Incoming, Join, New, Token, place

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
CY, EVE, ADA = "cy@customer.example", "eve@elsewhere.example", "ada@studio.example"

MAIL = Incoming(
    message_id="new@customer.example",
    references=("first@customer.example",),
    subject="Re: Invoice 7",
    from_address=CY,
    recipient="support@studio.example",
    message_class="ordinary",
    token=None,
    authenticated=None,
    received_at=NOW,
    inbox_id=1,
)
TICKET = Candidate(
    thread_id=10,
    ticket_id=7,
    ticket_status="open",
    participants=frozenset({CY}),
    matched_by="reference",
    bulk=False,
    subject="Invoice 7",
    last_at=NOW - timedelta(days=1),
    inbox_id=1,
)
BY_SUBJECT = replace(TICKET, matched_by="subject")


def at(incoming: Incoming = MAIL, *candidates: Candidate) -> object:
    return place(incoming, candidates, window=WEEK)


def test_mail_that_matches_nothing_starts_a_thread():
    assert at() == New()


def test_a_participant_joins_by_any_reference():
    assert at(MAIL, TICKET) == Join(10, 7, "reference", reopen=False)


@pytest.mark.parametrize("status", ["closed", "resolved"])
def test_an_answer_reopens_a_closed_ticket(status):
    assert at(MAIL, replace(TICKET, ticket_status=status)) == Join(10, 7, "reference", reopen=True)


def test_a_robots_answer_does_not_reopen_a_ticket():
    closed = replace(TICKET, ticket_status="closed")
    assert at(replace(MAIL, message_class="auto_reply"), closed) == Join(10, 7, "reference", False)


def test_a_stranger_with_the_right_reference_is_held():
    assert at(replace(MAIL, from_address=EVE), TICKET) == Hold(10, 7, "not_a_participant")


@pytest.mark.parametrize("message_class", ["bounce", "complaint", "auto_reply"])
def test_a_strangers_robot_asks_nobody(message_class):
    robot = replace(MAIL, from_address="mailer-daemon@x.example", message_class=message_class)
    assert at(robot, TICKET) == New()


def test_an_empty_sender_is_nobodys_participant():
    nobody = replace(TICKET, participants=frozenset({"", CY}))
    assert at(replace(MAIL, from_address=""), nobody) == Hold(10, 7, "not_a_participant")


def test_our_own_address_writing_to_itself_is_no_participant():
    own = replace(TICKET, participants=frozenset({CY, MAIL.recipient}))
    forged = replace(MAIL, from_address=MAIL.recipient)
    assert at(forged, own) == Hold(10, 7, "not_a_participant")


@pytest.mark.parametrize("candidate", [TICKET, BY_SUBJECT])
def test_a_sender_who_failed_dmarc_does_not_join_as_a_participant(candidate):
    spoofed = replace(MAIL, authenticated=False)
    assert at(spoofed, candidate) == Hold(10, 7, "authentication_failed")


def test_a_sender_who_failed_dmarc_does_not_join_a_thread_without_ticket():
    assert at(replace(MAIL, authenticated=False), replace(TICKET, ticket_id=None)) == New()


def test_replies_of_many_people_to_one_newsletter_stay_apart():
    newsletter = replace(TICKET, bulk=True)
    assert at(replace(MAIL, from_address=EVE), newsletter) == New()
    assert at(MAIL, newsletter) == Join(10, 7, "reference", reopen=False)


def test_a_mailing_list_without_ticket_is_one_conversation():
    thread = replace(TICKET, ticket_id=None, ticket_status="", bulk=True)
    other = replace(MAIL, from_address=EVE, message_class="list")
    assert at(other, thread) == Join(10, None, "reference", reopen=False)


def test_a_list_mail_does_not_join_a_ticket_by_reference():
    other = replace(MAIL, from_address=EVE, message_class="list")
    assert at(other, TICKET) == Hold(10, 7, "not_a_participant")


def test_the_signed_address_wins_over_references():
    other = replace(TICKET, thread_id=11, ticket_id=8, matched_by="token")
    assert at(replace(MAIL, token=Token(8)), TICKET, other) == Join(11, 8, "token", reopen=False)


def test_the_signed_address_lets_a_new_voice_in():
    assert at(replace(MAIL, from_address=EVE, token=Token(7)), TICKET) == Join(
        10, 7, "token", False
    )


def test_the_signed_address_does_not_excuse_a_spoofed_sender():
    spoofed = replace(MAIL, token=Token(7), authenticated=False)
    assert at(spoofed, TICKET) == Hold(10, 7, "authentication_failed")


@pytest.mark.parametrize(
    ("authenticated", "expected"),
    [
        (None, Hold(10, 7, "staff_not_verified")),
        (False, Hold(10, 7, "authentication_failed")),
        (True, Join(10, 7, "token", False)),
    ],
)
def test_an_agent_acts_by_mail_only_when_verified(authenticated, expected):
    agent = replace(
        MAIL, from_address=ADA, from_staff=True, token=Token(7), authenticated=authenticated
    )
    assert at(agent, TICKET) == expected


def test_a_token_of_a_ticket_that_is_gone_falls_back_to_references():
    assert at(replace(MAIL, token=Token(999)), TICKET) == Join(10, 7, "reference", reopen=False)


def test_among_several_threads_the_one_the_sender_takes_part_in_is_meant():
    others = replace(TICKET, thread_id=9, ticket_id=6, participants=frozenset({EVE}))
    assert at(MAIL, others, TICKET) == Join(10, 7, "reference", reopen=False)


def test_a_thread_with_a_ticket_comes_before_one_without():
    loose = replace(TICKET, thread_id=9, ticket_id=None)
    assert at(MAIL, loose, TICKET) == Join(10, 7, "reference", reopen=False)


def test_re_subject_of_the_same_contact_within_the_window_joins():
    assert at(MAIL, BY_SUBJECT) == Join(10, 7, "subject", reopen=False)


@pytest.mark.parametrize(
    "incoming",
    [
        replace(MAIL, subject="Invoice 7"),
        replace(MAIL, subject="Fwd: Invoice 7"),
        replace(MAIL, subject="Re: "),
        replace(MAIL, subject="Re: Invoice 8"),
        replace(MAIL, from_address=EVE),
        replace(MAIL, inbox_id=2),
        replace(MAIL, received_at=NOW + WEEK),
        replace(MAIL, message_class="list"),
        replace(MAIL, message_class="auto_reply"),
    ],
)
def test_a_subject_alone_joins_nothing_else(incoming):
    assert at(incoming, BY_SUBJECT) == New()


def test_of_two_threads_with_the_same_subject_the_newest_is_meant():
    newer = replace(BY_SUBJECT, thread_id=11, ticket_id=8, last_at=NOW)
    assert at(MAIL, BY_SUBJECT, newer) == Join(11, 8, "subject", reopen=False)
