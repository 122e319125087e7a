"""The rule pages: the builder without JavaScript, saving, trying, versions, who may."""

import re
from typing import Any

import pytest
from django.test import Client

from mailflow.accounts.permissions import ADMIN_KEY, SYSTEM
from mailflow.rules.changes import body_of, save_many, save_rule
from mailflow.rules.models import Rule
from mailflow.rules.tests.test_backtest import stored
from tests.cast import Agent

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Bills",
    "priority": "10",
    "active": "on",
    "c.kind": "all",
    "c-0.field": "subject",
    "c-0.op": "contains",
    "c-0.value": "invoice\r\nbill\r\n",
    "c-1.kind": "any",
    "c-1-0.field": "header",
    "c-1-0.name": "X-Kind",
    "c-1-0.op": "present",
    "c-1-0.value": "true",
    "c-1-1.field": "weekday",
    "c-1-1.op": "is",
    "c-1-1.value": ["mon", "tue"],
    "c-1-1.zone": "Asia/Riyadh",
    "a-0.type": "create_ticket",
    "a-0.p.priority": "high",
    "a-1.type": "tag_email",
    "a-1.p.tags": "money, paid",
}

SAVED = {
    "name": "Bills",
    "active": True,
    "priority": 10,
    "stop": False,
    "matchMode": "all",
    "conditions": [
        {"field": "subject", "op": "contains", "value": ["invoice", "bill"]},
        {
            "any": [
                {"field": "header", "op": "present", "value": "true", "name": "X-Kind"},
                {"field": "weekday", "op": "is", "value": ["mon", "tue"], "zone": "Asia/Riyadh"},
            ]
        },
    ],
    "actions": [
        {"type": "create_ticket", "priority": "high"},
        {"type": "tag_email", "tags": "money, paid"},
    ],
}


def typed(page: str) -> dict[str, Any]:
    """What the form of a page would post, roughly: names and values of its fields."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        box = 'type="checkbox"' in tag
        if name and not name[1].startswith("csrf") and (not box or " checked" in tag):
            found.setdefault(name[1], []).append(value[1] if value else "on")
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        found[name] = (chosen or first)[1]
    for name, text in re.findall(
        r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.S
    ):
        found[name] = text
    return found


def form_of(page: str) -> str:
    return page[page.index('<form class="mf-stack" id="rule"') :]


def test_a_rule_is_made_with_the_form(as_admin: Client) -> None:
    assert as_admin.post("/rules/new", FORM).status_code == 302
    assert body_of(Rule.objects.get()) == SAVED


def test_what_the_editor_shows_saves_the_same_rule(as_admin: Client) -> None:
    save_rule(SAVED, SYSTEM)
    rule = Rule.objects.get()
    page = as_admin.get(f"/rules/{rule.pk}/edit").content.decode()
    assert as_admin.post(f"/rules/{rule.pk}/edit", typed(form_of(page))).status_code == 302
    rule.refresh_from_db()
    assert rule.version == 2 and body_of(rule)["conditions"] == SAVED["conditions"]


@pytest.mark.parametrize(
    ("button", "there", "gone"),
    [
        ("add:c", "c-2.field", "c-3.field"),
        ("add:c-1", "c-1-2.field", "c-2.field"),
        ("group:c", "c-2-0.field", "c-3.kind"),
        ("group:c-1", "c-1-2-0.field", "c-2.field"),
        ("remove:c-0", "c-0.kind", "c-1.kind"),
        ("remove:c-1-0", "c-1-0.field", "c-1-1.field"),
        ("act:webhook", "a-2.p.url", "a-3.type"),
        ("drop:0", "a-0.p.tags", "a-1.type"),
        ("nonsense:c-9-9", "c-1-1.field", "c-2.field"),
        ("remove:c-9-9", "c-1-1.field", "c-2.field"),
    ],
)
def test_each_button_of_the_builder_changes_the_draft_and_saves_nothing(
    as_admin: Client, button: str, there: str, gone: str
) -> None:
    page = as_admin.post("/rules/new", {**FORM, "do": button}).content.decode()
    assert f'name="{there}"' in page and f'name="{gone}"' not in page
    assert "Bills" in page and not Rule.objects.exists()


def test_a_mistake_is_said_where_it_is_and_what_was_typed_stays(as_admin: Client) -> None:
    page = as_admin.post("/rules/new", {**FORM, "c-0.op": "regex", "c-0.value": "(?=x)"})
    text = page.content.decode()
    place = text[text.index('id="c-0"') : text.index('id="c-1"')]
    assert page.status_code == 422 and "Look-ahead" in place and "(?=x)</textarea>" in place
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"c.kind": "none", "c-0.field": "nothing", "c-0.op": "x"},
        {"name": "x" * 500, "priority": "many", "c-0-0.field": "subject"},
        {"c-999-999.kind": "all", "a-7.type": "fly", "a-7.p.x": "y"},
        {"name": "a\0b", "c-0.field": "subject", "c-0.op": "contains", "c-0.value": "\0"},
        {f"c{'-0' * 50}.kind": "all"},
    ],
)
def test_a_mangled_form_is_refused_not_an_error(as_admin: Client, form: dict[str, Any]) -> None:
    assert as_admin.post("/rules/new", form).status_code == 422


def test_a_rule_is_tried_from_its_form_and_nothing_is_saved(as_admin: Client) -> None:
    stored(1, "Invoice 7")
    form = {**FORM, "c-1.kind": "none", "c-1-1.value": [], "do": "test", "c-1-0.op": "contains"}
    form = {k: v for k, v in form.items() if not k.startswith("c-1")}
    page = as_admin.post("/rules/new", form).content.decode()
    assert "1 email would be handled differently" in page and "“Invoice 7”" in page
    assert not Rule.objects.exists()


def test_a_rule_begins_from_an_email(as_admin: Client) -> None:
    stored(1, "Invoice 7")
    page = as_admin.get("/rules/new?email=1").content.decode()
    assert ">Invoice 7</textarea>" in page
    assert as_admin.get("/rules/new?email=x").status_code == 200


def test_a_rule_saved_meanwhile_is_not_overwritten_unseen(as_admin: Client) -> None:
    rule = save_rule(SAVED, SYSTEM)
    save_rule({"name": "Theirs"}, SYSTEM, rule)
    page = as_admin.post(f"/rules/{rule.pk}/edit", {**FORM, "version": "1"})
    assert page.status_code == 409 and "version 2" in page.content.decode()
    assert Rule.objects.get().name == "Theirs"
    assert as_admin.post(f"/rules/{rule.pk}/edit", {**FORM, "version": "2"}).status_code == 302


def test_a_rule_is_switched_restored_and_deleted(as_admin: Client) -> None:
    rule = save_rule(SAVED, SYSTEM)
    as_admin.post(f"/rules/{rule.pk}/activation", {"active": "off"})
    assert not Rule.objects.get().active
    assert "in force" in as_admin.get(f"/rules/{rule.pk}/versions").content.decode()
    as_admin.post(f"/rules/{rule.pk}/restoration", {"version": "1"})
    assert Rule.objects.get().active and Rule.objects.get().version == 3
    as_admin.post(f"/rules/{rule.pk}/deletion")
    assert not Rule.objects.exists()


def test_the_list_is_in_the_order_rules_run_whatever_its_length(
    as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    save_many([{**SAVED, "name": f"R{n:02}", "priority": 60 - n} for n in range(60)], SYSTEM)
    with django_assert_max_num_queries(3):
        page = as_admin.get("/rules").content.decode()
    assert page.index("R59") < page.index("R58") and "R09" not in page
    link = re.search(r'rel="next" href="([^"]*)"', page)
    assert link and "R09" in as_admin.get(f"/rules{link[1]}").content.decode()
    assert as_admin.get("/rules?after=x~y&state=on&q=%00").status_code == 200


def test_an_empty_list_says_what_to_do(as_admin: Client) -> None:
    assert "Make a rule here" in as_admin.get("/rules").content.decode()


def test_an_agent_reads_rules_without_their_secrets_and_changes_none(
    ada: Agent, as_actor: Any
) -> None:
    hook = {"type": "slack", "url": "https://hooks.example/secret"}
    rule = save_rule({"name": "Hook", "actions": [hook]}, SYSTEM)
    browser = as_actor(ada.actor)
    for path in ("/rules", f"/rules/{rule.pk}/edit", f"/rules/{rule.pk}/versions"):
        page = browser.get(path)
        assert page.status_code == 200 and "secret" not in page.content.decode()
    assert browser.get("/rules/new").status_code == 403
    for path in ("new", f"{rule.pk}/edit", f"{rule.pk}/activation", f"{rule.pk}/deletion"):
        assert browser.post(f"/rules/{path}", FORM).status_code == 403
    assert body_of(Rule.objects.get())["name"] == "Hook"


@pytest.mark.parametrize("path", ["/rules", "/rules/new", "/rules/1/edit", "/rules/1/versions"])
def test_nobody_gets_in_without_signing_in(client: Client, path: str) -> None:
    assert client.get(path).status_code in {302, 401, 403}


def test_the_pages_are_in_arabic_too(as_admin: Client) -> None:
    save_rule(SAVED, ADMIN_KEY)
    rule = Rule.objects.get()
    page = as_admin.get(f"/rules/{rule.pk}/edit", headers={"accept-language": "ar"})
    assert "Add condition" not in page.content.decode()
