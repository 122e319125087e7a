"""Every action of the original is understood; a wrong one is refused with the mend."""

from typing import Any

import pytest

from mailflow.rules.actions import Action, ActionError, parse_actions
from mailflow.rules.vocabulary import SPECS

ORIGINAL: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "forward", "to": "a@b.example"}, {"to": ["a@b.example"]}),
    (
        {"type": "forward", "config": {"email": "a@b.example, c@d.example"}},
        {"to": ["a@b.example", "c@d.example"]},
    ),
    ({"type": "move_to_inbox", "inbox_id": 3}, {"inbox": "3"}),
    ({"type": "move_to_inbox", "value": "Sales"}, {"inbox": "Sales"}),
    ({"type": "create_ticket"}, {}),
    ({"type": "create_ticket", "priority": "HIGH", "assigned_user": ""}, {"priority": "high"}),
    ({"type": "telegram", "message": "{{subject}}"}, {"message": "{{subject}}"}),
    (
        {"type": "slack", "webhook_url": "https://hooks.example/x"},
        {"url": "https://hooks.example/x"},
    ),
    ({"type": "webhook"}, {}),
    (
        {"type": "webhook", "url": "https://x.example", "method": "put"},
        {"url": "https://x.example", "method": "PUT"},
    ),
    (
        {
            "type": "api_call",
            "url": "https://x.example",
            "headers": {"X-A": "1"},
            "body_template": "{}",
        },
        {"url": "https://x.example", "headers": {"X-A": "1"}, "body": "{}"},
    ),
    ({"type": "store_attachment"}, {}),
    ({"type": "tag_email", "tag": "paid"}, {"tags": ["paid"]}),
    ({"type": "tag_email", "tags": "a, b,a"}, {"tags": ["a", "b"]}),
    ({"type": "assign_user", "user": "ada@ours.example"}, {"user": "ada@ours.example"}),
    ({"type": "create_contact", "company": "Shop"}, {"company": "Shop"}),
    ({"type": "update_contact", "tags": ["gold"]}, {"tags": ["gold"]}),
    ({"type": "mark_spam"}, {}),
    ({"type": "save"}, {}),
    ({"type": "auto_reply", "template_id": 2}, {"template_id": "2"}),
    ({"type": "ai_classify", "labels": ["a", "b"]}, {"labels": ["a", "b"]}),
    ({"type": "ai_summarize", "params": {"prompt": "Short."}}, {"prompt": "Short."}),
    ({"type": "ai_extract_fields", "fields": "name, total"}, {"fields": ["name", "total"]}),
    ({"type": "ignore"}, {}),
    ({"type": "stop"}, {}),
]


@pytest.mark.parametrize(("action", "params"), ORIGINAL, ids=str)
def test_an_action_of_the_original_is_understood(
    action: dict[str, Any], params: dict[str, Any]
) -> None:
    assert parse_actions([action]) == (Action(action["type"], params),)


def test_every_action_is_tried_above() -> None:
    assert {action["type"] for action, _ in ORIGINAL} == set(SPECS)


@pytest.mark.parametrize(
    ("actions", "path", "says"),
    [
        ("x", "actions", "must be a list"),
        ([7], "actions[0]", "must be an object"),
        (["explode"], "actions[0].type", "unknown"),
        ([{"type": ["a"]}], "actions[0].type", "unknown"),
        ([{"type": "tag_email"}], "actions[0].tags", "needs"),
        ([{"type": "save"}, {"type": "slack", "url": ""}], "actions[1].url", "needs"),
        ([{"type": "webhook", "url": "ftp://x.example"}], "actions[0].url", "web address"),
        ([{"type": "webhook", "url": "https://x.example:99999/"}], "actions[0].url", "web address"),
        ([{"type": "webhook", "url": "javascript:alert(1)"}], "actions[0].url", "web address"),
        ([{"type": "webhook", "url": "https://x.example/\r\nA: b"}], "actions[0].url", "one line"),
        (
            [{"type": "webhook", "url": "https://x.example", "method": "GET"}],
            "actions[0].method",
            "cannot be",
        ),
        ([{"type": "forward", "to": "nobody"}], "actions[0].to", "not an e-mail"),
        ([{"type": "forward", "to": "a@b.example\nBcc: x@y"}], "actions[0].to[0]", "one line"),
        ([{"type": "create_ticket", "priorty": "high"}], "actions[0].priorty", "no such"),
        ([{"type": "create_ticket", "priority": "huge"}], "actions[0].priority", "cannot be"),
        ([{"type": "create_ticket", "subject": "a\0"}], "actions[0].subject", "no text"),
        (
            [{"type": "api_call", "url": "https://x.example", "headers": {"a b": "c"}}],
            "actions[0].headers",
            "header name",
        ),
        (
            [{"type": "api_call", "url": "https://x.example", "headers": {"a": "c\nd"}}],
            "actions[0].headers.a",
            "one line",
        ),
        (
            [{"type": "save", "config": []}, {"type": "tag_email", "config": 1}],
            "actions[1].config",
            "object",
        ),
        (["save"] * 51, "actions", "at most"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_action_is_refused_where_it_stands(actions: Any, path: str, says: str) -> None:
    error = parse_actions(actions)
    assert isinstance(error, ActionError)
    assert (error.path, says in str(error), bool(error.mend)) == (path, True, True), error
