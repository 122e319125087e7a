"""History is folded, never cut, and what is new stays in sight."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.mail.parse import parse
from mailflow.mail.quotes import fold
from mailflow.mail.tests.corpus import read, real_messages

PIECE = st.sampled_from(
    ["> a\n", ">\n", "\n", "hello\n", "-- \n", "On Monday Ada wrote:\n", "From: Ada <a@b.c>\n",
     "Sent: Monday\n", "To: Bo\n", "-----Original Message-----\n", "في يوم كتب أدا:\r\n", "x", "\r",
     "__________________\n"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECE).map("".join)))
def test_the_blocks_joined_are_the_text(text: str) -> None:
    assert "".join(block.text for block in fold(text)) == text


def said(text: str) -> str:
    return "".join(block.text for block in fold(text) if block.kind == "said").strip()


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!\n\nOn Mon, 2 Jan 2026 at 10:00, Ada <ada@example.org> wrote:\n> hello\n> there\n",
        "Thanks!\n\nOn Monday, 2 January, Ada Lovelace\n<ada@example.org> wrote:\n\n> hello\n",
        "Thanks!\n\n-----Original Message-----\nFrom: Ada\nSent: Monday\nTo: Bo\n\nhello\n",
        "Thanks!\n\n" + "_" * 32 + "\nFrom: Ada\nSent: Monday\nTo: Bo\nSubject: x\n\nhello",
        "Thanks!\n\nFrom: Ada <ada@example.org>\nDate: Monday\nTo: Bo\nSubject: x\n\nhello\n",
        "Thanks!\n\nAm 02.01.2026 um 10:00 schrieb Ada Lovelace:\n> hallo\n",
        "Thanks!\n\nLe lun. 2 janv. 2026 à 10:00, Ada a écrit :\n> bonjour\n",
        "Thanks!\n\nفي الاثنين، ٢ يناير ٢٠٢٦ كتب أدا:\n> مرحبا\n",
        "Thanks!\n\nOn Mon, 2 Jan 2026, Ada wrote:\n\nhello\nwithout marks\n",
        "Thanks!\n-- \nBo\nExample Ltd\n",
        "Thanks!\n\nSent from my iPhone\n\nOn Mon, 2 Jan 2026, Ada <a@x.org> wrote:\n\n> hello\n",
        "Thanks!\n\n\u200fفي الاثنين، ٥ يناير ٢٠٢٦ في ٩:٠٠ ص تمت كتابة ما يلي بواسطة "
        "\u202aAda <\u202aa@x.org\u202c>\u202c:\n\n> مرحبا\n",
        "Thanks!\n\nبتاريخ ٥ يناير ٢٠٢٦، كتب Ada <a@x.org>:\n> مرحبا\n",
        "Thanks!\n\n\u202bدر تاریخ دوشنبه ۵ ژانویهٔ ۲۰۲۶، ۹:۰۰ Ada "
        "<a@x.org> نوشت:\u202c\n\n> سلام\n",
        "Thanks!\n\nمن: Ada\nتم الإرسال: الاثنين\nإلى: Bo\nالموضوع: x\n\nمرحبا\n",
        "Thanks!\n\nاز: Ada\nارسال شده: دوشنبه\nبه: Bo\nموضوع: x\n\nسلام\n",
        "Thanks!\n\n----- الرسالة الأصلية -----\nمن: Ada\n\nمرحبا\n",
        "Thanks!\n\nпн, 5 янв. 2026 г. в 10:00, Ada <a@x.org>:\n\n> привет\n",
        "Thanks!\n\n在 2026年1月5日，Ada <a@x.org> 写道：\n\n> 你好\n",
        "Thanks!\n\n2026年1月5日(月) 9:00 Ada <a@x.org>:\n\n> こんにちは\n",
        "Thanks!\n\nDen mån 5 jan. 2026 kl 10:00 skrev Ada <a@x.org>:\n\n> hej\n",
        "Thanks!\n\nW dniu 05.01.2026 o 10:00, Ada pisze:\n> cześć\n",
        "Thanks!\n\n| > hello\n| > there\n",
        "> hello\n> there\n\nThanks!\n",
    ],
)
def test_only_the_new_words_stay_open(text: str) -> None:
    assert said(text) == "Thanks!"


def test_where_nothing_new_would_stay_in_sight_all_of_it_does() -> None:
    for text in ("> only\n> quoted\n", "On Mon, Ada wrote:\n> please refund me\n", "-- \nBo\n"):
        assert said(text) == text.strip()


@pytest.mark.parametrize("path", real_messages("replies"))
def test_the_new_words_of_real_clients_stay_open_and_the_history_is_folded(path: Path) -> None:
    text = parse(read(path)).text
    blocks = fold(text)
    assert "Hello" in said(text)
    assert "wrote:" not in said(text) and "From:" not in said(text)
    assert any(block.kind == "quoted" for block in blocks)


def test_answers_between_quotes_stay_open() -> None:
    assert said("> one?\nYes.\n> two?\nNo.\n") == "Yes.\nNo."


def test_a_sentence_that_only_looks_like_an_attribution_is_not_folded() -> None:
    text = "This is what the customer wrote:\nplease refund me\n"
    assert said(text) == text.strip()


@pytest.mark.parametrize(
    "line", ["> ", "-- \n", "On a wrote:\n", "From: a\n", "_" * 50 + "\n", "wrote"]
)
@pytest.mark.timed
def test_hostile_text_takes_linear_time(line: str) -> None:
    text = (line * 200_000)[:500_000]
    started = time.process_time()
    fold(text)
    assert time.process_time() - started < 3
