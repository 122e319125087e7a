"""The API tells what happened to an email and every condition that was asked."""

import pytest

from mailflow.accounts.permissions import SYSTEM
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.worker import configured_checker, run_once
from mailflow.rules.changes import save_rule
from tests.cast import mail_from_cy

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def email_id(ada):
    save_rule(
        {
            "name": "Parcels",
            "conditions": [{"type": "subject_contains", "value": "parcel"}],
            "actions": [{"type": "create_ticket"}],
        },
        SYSTEM,
    )
    raw = mail_from_cy(subject="My parcel")
    [[accepted]] = accept_batch([IncomingMail(raw, "", ("support@demo.example",), "test")])
    while run_once(configured_checker(), "tester"):
        pass
    return accepted.id


def test_a_timeline_has_events_rules_values_and_effects(email_id, api_client):
    told = api_client.get(f"/api/v1/emails/{email_id}/timeline").json()
    assert [event["kind"] for event in told["timeline"]] == ["email_processed", "ticket_created"]
    [rule] = told["decision"]["rules"]
    assert (rule["name"], rule["outcome"]) == ("Parcels", "matched")
    assert "My parcel" in str(rule["conditions"])
    assert [effect["status"] for effect in told["decision"]["effects"]] == ["success"]


def test_an_agent_of_another_inbox_is_told_nothing(email_id, bo, as_actor):
    answer = as_actor(bo.actor).get(f"/api/v1/emails/{email_id}/timeline")
    assert answer.status_code in (401, 404)
