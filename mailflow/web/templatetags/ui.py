"""The parts pages are made of. `docs/ui.md` shows each with an example."""

from datetime import datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from mailflow.web import navigation, stored_words, vocabulary

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """One icon of the vendored sprite, hidden from screen readers: put a word beside it."""
    return format_html(
        '<svg class="mf-icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        classes,
        static("vendor/tabler-icons/sprite.svg"),
        name,
    )


@register.simple_tag
def badge(kind: str, value: object) -> SafeString:
    """A value of `vocabulary.WORDS[kind]` as a small labelled badge; nothing for None or ""."""
    if value is None or value == "":
        return SafeString("")
    shown = vocabulary.word(kind, value)
    mark = icon(shown.icon) if shown.icon else mark_safe('<span class="mf-dot"></span>')
    return format_html('<span class="mf-badge mf-{}">{}{}</span>', shown.tone, mark, shown.label)


@register.simple_tag
def when(moment: datetime | None, style: str = "short") -> SafeString:
    """A moment as <time>: the hour today, else the day; `full` adds year and seconds."""
    if moment is None:
        return mark_safe('<span class="text-secondary">–</span>')
    local = timezone.localtime(moment)
    full = formats.date_format(local, "j F Y H:i:s T")
    return format_html(
        '<time class="mf-when" datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        full,
        full if style == "full" else _short(local),
    )


def _short(local: datetime) -> str:
    now = timezone.localtime()
    if local.date() == now.date():
        return formats.date_format(local, "H:i")
    if local.year == now.year:
        return formats.date_format(local, "j M H:i")
    return formats.date_format(local, "j M Y")


@register.simple_tag
def field(bound: BoundField, classes: str = "") -> SafeString:
    """Label, widget, help and errors of one form field, tied together for screen readers."""
    widget = bound.field.widget
    check = isinstance(widget, forms.CheckboxInput)
    drawn = bound.as_widget(attrs={"class": _widget_class(widget)})
    label = format_html(
        '<label class="{}" for="{}">{}</label>',
        "form-check-label" if check else "form-label",
        bound.id_for_label,
        bound.label,
    )
    head = (
        format_html('<div class="form-check">{}{}</div>', drawn, label) if check else label + drawn
    )
    return format_html(
        '<div class="mf-field {}">{}{}{}</div>', classes, head, _help(bound), _errors(bound)
    )


def _widget_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, forms.Select):
        base = "form-select"
    else:
        base = "form-control"
    return f"{base} {widget.attrs.get('class', '')}".strip()


def _help(bound: BoundField) -> SafeString:
    if not bound.help_text:
        return SafeString("")
    return format_html(
        '<div class="form-hint" id="{}_helptext">{}</div>', bound.auto_id, bound.help_text
    )


def _errors(bound: BoundField) -> SafeString:
    if not bound.errors:
        return SafeString("")
    lines = format_html_join("", "<div>{}</div>", ((error,) for error in bound.errors))
    return format_html('<div class="mf-error" id="{}_error">{}</div>', bound.auto_id, lines)


@register.simple_block_tag
def empty(content: str, title: str, icon_name: str = "inbox") -> SafeString:
    """What a list shows when it has nothing: a title, and inside the block what to do."""
    return format_html(
        '<div class="mf-empty">{}<p class="mf-empty-title">{}</p><div>{}</div></div>',
        icon(icon_name),
        title,
        content,
    )


@register.inclusion_tag("web/ui/menu.html", takes_context=True)
def menu(context: template.Context) -> dict[str, Any]:
    """The menu, with the entry that holds this page marked."""
    request = context.get("request")
    path = request.path if request else ""
    return {
        "groups": [
            (group.label, [(item, item.holds(path)) for item in group.items])
            for group in navigation.MENU
        ]
    }


@register.inclusion_tag("web/ui/shortcuts.html")
def shortcuts() -> dict[str, Any]:
    """The help dialog of the keyboard shortcuts, which `mailflow.js` opens."""
    return {"groups": navigation.MENU}


@register.inclusion_tag("web/ui/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, what: str = "") -> dict[str, Any]:
    """Newer and older links of a `lib.keyset.Page`; keeps every other query parameter."""
    return {"request": context.get("request"), "page": page, "what": what}


@register.inclusion_tag("web/ui/tabs.html", takes_context=True)
def tabs(context: template.Context, parameter: str, choices: Any, current: str) -> dict[str, Any]:
    """Links that set one query parameter; `choices` are (value, label) or (value, label, count)."""
    rows = [(choice[0], choice[1], choice[2] if len(choice) > 2 else None) for choice in choices]
    return {
        "request": context.get("request"),
        "parameter": parameter,
        "choices": rows,
        "current": current,
    }


@register.simple_tag(takes_context=True)
def querystring_with(context: template.Context, parameter: str, value: str) -> str:
    """This page's query with one parameter set (left out when empty), back on its first page."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("cursor", None)
    query.pop(parameter, None)
    if value:
        query[parameter] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def querystring_only(parameter: str, value: str) -> str:
    """A query of one parameter."""
    query = QueryDict(mutable=True)
    query[parameter] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def word(kind: str, value: object) -> str:
    """The word of a badge without the badge, for options and tabs."""
    return str(vocabulary.word(kind, value).label)


@register.simple_tag
def told(sentence: str) -> str:
    """A sentence that is stored in English, in the reader's language where it is a known one."""
    return stored_words.told(sentence)


@register.simple_tag
def event_kind(name: str) -> str:
    """An event of the history as words: "ticket_created" becomes "Ticket created"."""
    return str(vocabulary.word("event", name).label)


@register.inclusion_tag("web/ui/confirm.html", takes_context=True)
def confirm(
    context: template.Context, action: str, label: str, question: str, icon_name: str = "trash"
) -> dict[str, Any]:
    """A button that asks before it posts to `action`; works without JavaScript."""
    return {
        "action": action,
        "label": label,
        "question": question,
        "icon_name": icon_name,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def person(name: str, address: str) -> SafeString:
    """A correspondent: the display name with the address as its tooltip, or the address alone."""
    if not name:
        return format_html('<bdi class="mf-address">{}</bdi>', address)
    return format_html('<bdi title="{}">{}</bdi>', address, name)
