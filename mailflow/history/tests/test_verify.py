"""What was changed or taken out of the history shows."""

import pytest

from mailflow.history.changes import record
from mailflow.history.models import Event
from mailflow.history.verify import Verified, verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids() -> list[int]:
    for number in range(5):
        record("email_processed", f"Number {number}", data={"n": number, "é": [1, None]})
    return list(Event.objects.order_by("id").values_list("id", flat=True))


def test_a_whole_history_is_whole(ids):
    assert verify_chain() == Verified(5, None)


def test_an_empty_history_is_whole():
    assert verify_chain() == Verified(0, None)


@pytest.mark.parametrize(
    "change",
    [{"summary": "forged"}, {"actor": "Eve"}, {"status": "failed"}, {"data": {"n": 9}},
     {"audit": True}, {"kind": "signed_in"}, {"client_address": "9.9.9.9"}, {"hash": "0" * 64},
     {"previous_hash": "0" * 64}, {"email_id": 7}],
)  # fmt: skip
def test_a_changed_event_shows(ids, change):
    Event.objects.filter(pk=ids[2]).update(**change)
    assert verify_chain().broken_at in (ids[2], ids[3])


def test_a_missing_event_shows(ids):
    Event.objects.filter(pk=ids[2]).delete()
    assert verify_chain().broken_at == ids[3]


def test_pruning_the_oldest_is_no_break(ids):
    Event.objects.filter(pk__lte=ids[1]).delete()
    assert verify_chain() == Verified(3, None)


def test_secrets_are_taken_out_before_anything_is_written():
    record(
        "email_processed", "password=hunter2", data={"token": "x", "note": "key AKIA" + "A" * 16}
    )
    event = Event.objects.get()
    assert "hunter2" not in event.summary
    assert "AAAA" not in str(event.data)
    assert event.data["token"] == "[redacted]"
