"""Reply and forward marks of every language come off, and nothing else does."""

import time

import pytest

from mailflow.mail.subjects import Subject, read_subject


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Invoice 7", "RE:Invoice 7", "re : Invoice 7", "Re[2]: Invoice 7", "Re(3): Invoice  7",
        "Re^2: Invoice 7", "AW: Invoice 7", "Antw.: Invoice 7", "SV: Invoice 7", "VS: Invoice 7",
        "رد: Invoice 7", "\u200fرد: Invoice 7", "الرد: Invoice 7", "پاسخ: Invoice 7",
        "回复：Invoice 7", "Odp: INVOICE 7",
        "RES: Invoice 7", "Ответ: Invoice 7", "Re: Re: AW: Invoice 7",
        "  Re:\tInvoice\t7 ", "Re: Invoice 7 (fwd)", "Ynt: Invoice 7", "R: Invoice 7",
    ],
)  # fmt: skip
def test_replies_in_many_languages_have_the_same_base(subject):
    assert read_subject(subject) == Subject("invoice 7", reply=True, forward=False)


@pytest.mark.parametrize("mark", ["Fwd", "FW", "WG", "TR", "إعادة توجيه", "转发", "VB", "ENC"])
def test_forwards_are_told_from_replies(mark):
    assert read_subject(f"{mark}: Invoice 7") == Subject("invoice 7", reply=False, forward=True)


@pytest.mark.parametrize(
    "subject",
    ["Regarding: x", "Request: x", "[list] Re: x", "Research", "Re", "1: x", "Revenue re: x", ""],
)
def test_other_words_are_the_subject(subject):
    assert read_subject(subject) == Subject(subject.casefold(), reply=False, forward=False)


def test_only_marks_leave_nothing():
    assert read_subject("Re: AW: ") == Subject("", reply=True, forward=False)


@pytest.mark.parametrize(
    "subject", ["Re:" * 300_000, "Re[" * 300_000, " " * 900_000, "إ" * 900_000]
)
@pytest.mark.timed
def test_a_hostile_subject_takes_linear_time(subject):
    started = time.process_time()
    read_subject(subject)
    assert time.process_time() - started < 1.0
