"""The flat condition keys of the original MailFlow Studio, told in our conditions. Pure."""

from typing import Any

_SIMPLE: dict[str, dict[str, Any]] = {
    "recipient_equals": {"field": "recipient", "op": "equals"},
    "recipient_contains": {"field": "recipient", "op": "contains"},
    "sender_equals": {"field": "sender", "op": "equals"},
    "sender_contains": {"field": "sender", "op": "contains"},
    "subject_contains": {"field": "subject", "op": "contains"},
    "body_contains": {"field": "body", "op": "contains"},
    "has_attachment": {"field": "has_attachment", "op": "is"},
    "keywords": {"field": "text", "op": "contains"},
    "domain_matches": {"field": "sender", "op": "domain"},
    "regex": {"field": "anywhere", "op": "regex"},
}

FLAT_KEYS = (*_SIMPLE, "header_contains")


def unflatten(key: str, value: object) -> list[dict[str, Any]]:
    """The key as leaves of which any must hold.

    The original calls the envelope sender `from`; ours looks at the header From as well, so
    that whatever matched there matches here and a forwarder's sender does not hide the writer.
    """
    if key == "header_contains":
        return [_header(item) for item in (value if isinstance(value, list) else [value])]
    if key == "keywords" and isinstance(value, str):
        value = [word.strip() for word in value.split(",") if word.strip()]
    return [{**_SIMPLE[key], "value": value}]


def _header(item: object) -> dict[str, Any]:
    if not isinstance(item, dict):
        return {"field": "header", "op": "contains", "value": item}
    return {
        "field": "header",
        "op": "contains",
        "name": item.get("name"),
        "value": item.get("value"),
    }
