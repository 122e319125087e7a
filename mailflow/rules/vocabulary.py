"""Every action that rules know, with its parameters and help. Pure."""

from dataclasses import dataclass
from typing import Any, Literal

ParameterType = Literal["text", "long_text", "list", "addresses", "url", "choice", "mapping"]
PRIORITIES = ("low", "normal", "high", "urgent")
STATUSES = ("open", "pending", "waiting", "resolved", "closed")
TEMPLATE_HELP = (
    "May use {{from}}, {{to}}, {{subject}}, {{body_preview}}, {{rule}}, {{received_at}}."
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its first name is ours, `also` are names that are understood as well."""

    name: str
    type: ParameterType
    label: str
    required: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One kind of action. `external`: its effect leaves the machine, so it is queued."""

    kind: str
    label: str
    help: str
    parameters: tuple[Parameter, ...] = ()
    external: bool = False


def _text(name: str, label: str, **more: Any) -> Parameter:
    return Parameter(name, "text", label, **more)


_URL = Parameter(
    "url",
    "url",
    "Address",
    required=True,
    help="https, with a public host.",
    also=("webhook_url", "endpoint", "value"),
)
_METHOD = Parameter("method", "choice", "Method", choices=("POST", "PUT"), default="POST")
_HEADERS = Parameter("headers", "mapping", "Headers", help="One “Name: value” a line.")
_CONTACT = (
    _text("name", "Name"),
    _text("company", "Company"),
    _text("phone", "Phone"),
    Parameter("notes", "long_text", "Notes"),
    Parameter("tags", "list", "Tags", also=("tag",)),
)
_PROMPT = Parameter("prompt", "long_text", "Instruction", also=("instructions",))
_PROVIDER = _text("provider", "Provider", help="Empty: the provider of the settings.")

SPECS: dict[str, ActionSpec] = {
    spec.kind: spec
    for spec in (
        ActionSpec(
            "move_to_inbox",
            "Move to inbox",
            "Puts the email into another inbox.",
            (
                _text(
                    "inbox",
                    "Inbox",
                    required=True,
                    help="Name or number.",
                    also=("inbox_id", "inboxId", "inbox_name", "name", "value"),
                ),
            ),
        ),
        ActionSpec(
            "create_ticket",
            "Create ticket",
            "Opens a ticket, unless the email joins one.",
            (
                Parameter("priority", "choice", "Priority", choices=PRIORITIES),
                Parameter("status", "choice", "Status", choices=STATUSES),
                _text(
                    "assignee",
                    "Assignee",
                    also=("assigned_user", "assignedUser", "user", "assign_to"),
                ),
                _text("subject", "Subject", help=TEMPLATE_HELP, also=("title",)),
            ),
        ),
        ActionSpec(
            "assign_user",
            "Assign",
            "Makes a person responsible for the email and its ticket.",
            (
                _text(
                    "user",
                    "Person",
                    required=True,
                    help="E-mail address of a person who works here.",
                    also=(
                        "assigned_user",
                        "assignedUser",
                        "assignee",
                        "user_id",
                        "userId",
                        "email",
                        "value",
                    ),
                ),
            ),
        ),
        ActionSpec(
            "tag_email",
            "Add tags",
            "Puts tags on the email.",
            (Parameter("tags", "list", "Tags", required=True, also=("tag", "value")),),
        ),
        ActionSpec("create_contact", "Create contact", "Keeps the writer as a contact.", _CONTACT),
        ActionSpec("update_contact", "Update contact", "Changes the writer's contact.", _CONTACT),
        ActionSpec("mark_spam", "Mark as spam", "Marks the email as spam; it opens no ticket."),
        ActionSpec(
            "store_attachment", "Keep attachments", "Keeps attachments past their retention."
        ),
        ActionSpec("save", "Keep", "Keeps the email past its retention."),
        ActionSpec("ignore", "Ignore", "Marks the email as ignored; later rules do not run."),
        ActionSpec("stop", "Stop", "Later rules do not run."),
        ActionSpec(
            "forward",
            "Forward",
            "Sends the email on.",
            (
                Parameter(
                    "to",
                    "addresses",
                    "To",
                    help="Empty: the default forward address of the settings.",
                    also=("email", "address", "destination", "forward_to", "forwardTo", "value"),
                ),
            ),
            external=True,
        ),
        ActionSpec(
            "telegram",
            "Telegram message",
            "Writes to a Telegram chat.",
            (
                _text(
                    "chat_id",
                    "Chat",
                    help="Empty: the chat of the settings.",
                    also=("chatId", "chat"),
                ),
                Parameter(
                    "message",
                    "long_text",
                    "Message",
                    help=TEMPLATE_HELP,
                    also=("template", "text", "value"),
                ),
            ),
            external=True,
        ),
        ActionSpec(
            "slack",
            "Slack message",
            "Writes to a Slack channel through its incoming webhook.",
            (
                Parameter(
                    "url",
                    "url",
                    "Webhook address",
                    required=True,
                    also=("webhook_url", "webhookUrl", "webhook", "value"),
                ),
                Parameter(
                    "message", "long_text", "Message", help=TEMPLATE_HELP, also=("template", "text")
                ),
            ),
            external=True,
        ),
        ActionSpec(
            "webhook",
            "Webhook",
            "Posts the email's facts to an address; signed.",
            (
                Parameter(
                    "url",
                    "url",
                    "Address",
                    help="Empty: the default webhook of the settings.",
                    also=("webhook_url", "webhookUrl", "endpoint", "value"),
                ),
                _METHOD,
                _HEADERS,
            ),
            external=True,
        ),
        ActionSpec(
            "api_call",
            "API call",
            "Calls an API with a body of your own.",
            (
                _URL,
                _METHOD,
                _HEADERS,
                Parameter(
                    "body",
                    "long_text",
                    "Body",
                    help=TEMPLATE_HELP,
                    also=("body_template", "bodyTemplate", "template", "payload"),
                ),
            ),
            external=True,
        ),
        ActionSpec(
            "auto_reply",
            "Automatic reply",
            "Answers the writer, under the guards against loops.",
            (
                _text("template_id", "Template", also=("templateId", "template")),
                _text("subject", "Subject", help=TEMPLATE_HELP),
                Parameter(
                    "body",
                    "long_text",
                    "Text",
                    help=TEMPLATE_HELP,
                    also=("message", "text", "html", "value"),
                ),
            ),
            external=True,
        ),
        ActionSpec(
            "ai_classify",
            "Classify with AI",
            "Picks one of your labels.",
            (
                Parameter("labels", "list", "Labels", also=("categories", "classes")),
                _PROMPT,
                _PROVIDER,
            ),
            external=True,
        ),
        ActionSpec(
            "ai_summarize",
            "Summarise with AI",
            "Writes a summary on the email.",
            (_PROMPT, _PROVIDER),
            external=True,
        ),
        ActionSpec(
            "ai_extract_fields",
            "Extract fields with AI",
            "Fills your fields from the text.",
            (Parameter("fields", "list", "Fields", also=("field",)), _PROMPT, _PROVIDER),
            external=True,
        ),
    )
}
