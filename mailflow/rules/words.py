"""The words of fields, questions, actions and parameters in the language of the reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailflow.rules.conditions import Shown

Word = str | Promise

FIELD_WORDS: dict[str, Word] = {
    "recipient": _("Recipient"),
    "sender": _("Sender"),
    "from": _("From"),
    "envelope_from": _("Envelope sender"),
    "to": _("To"),
    "cc": _("Cc"),
    "reply_to": _("Reply-To"),
    "from_name": _("From name"),
    "subject": _("Subject"),
    "body": _("Body"),
    "text": _("Subject or body"),
    "anywhere": _("Sender, recipient, subject or body"),
    "header": _("Header"),
    "attachment_name": _("Attachment name"),
    "attachment_type": _("Attachment type"),
    "attachment_size": _("Attachment size (bytes)"),
    "attachment_count": _("Number of attachments"),
    "has_attachment": _("Has an attachment"),
    "class": _("Class of mail"),
    "list_id": _("Mailing list (List-Id)"),
    "spf": _("SPF result"),
    "dkim": _("DKIM result"),
    "dmarc": _("DMARC result"),
    "verified_domain": _("Verified domain"),
    "tag": _("Tag"),
    "inbox": _("Inbox"),
    "contact_known": _("Known contact"),
    "contact_vip": _("VIP contact"),
    "contact_blocked": _("Blocked contact"),
    "contact_company": _("Contact's company"),
    "contact_tag": _("Contact's tag"),
    "first_time_sender": _("First-time sender"),
    "size": _("Size (bytes)"),
    "language": _("Language"),
    "time": _("Time of day"),
    "weekday": _("Weekday"),
}

FIELD_HELP: dict[str, Word] = {
    "recipient": _("Our address that this mail was sent to."),
    "sender": _("The From that readers see, or the envelope sender."),
    "from": _("What readers see. Anyone can write it: ask for DMARC as well where it matters."),
    "envelope_from": _("Who the sending server says it comes from; bounces have none."),
    "from_name": _("The display name; anyone can write anything there."),
    "body": _("The whole text, also of mail that has only HTML."),
    "header": _("Any header by its name; repeated ones are all looked at."),
    "attachment_type": _("Such as application/pdf."),
    "verified_domain": _("The domain that authentication proved."),
    "tag": _("A tag that is on the email already."),
    "inbox": _("By name or number."),
    "first_time_sender": _("Nobody heard from this address before."),
    "language": _("Two letters, such as en or ar."),
    "time": _("It may run past midnight."),
}

FIELD_GROUPS: tuple[tuple[Word, tuple[str, ...]], ...] = (
    (_("Addresses"), ("sender", "from", "envelope_from", "recipient", "to", "cc", "reply_to")),
    (_("Content"), ("subject", "body", "text", "anywhere", "from_name", "header", "language")),
    (
        _("Attachments"),
        (
            "has_attachment",
            "attachment_name",
            "attachment_type",
            "attachment_size",
            "attachment_count",
        ),
    ),
    (_("Kind"), ("class", "list_id", "size", "inbox", "tag")),
    (_("Authentication"), ("dmarc", "spf", "dkim", "verified_domain")),
    (
        _("Contact"),
        (
            "contact_known",
            "first_time_sender",
            "contact_vip",
            "contact_blocked",
            "contact_company",
            "contact_tag",
        ),
    ),
    (_("Time"), ("time", "weekday")),
)

OPERATOR_WORDS: dict[str, Word] = {
    "equals": _("is"),
    "contains": _("contains"),
    "starts_with": _("starts with"),
    "ends_with": _("ends with"),
    "domain": _("is in the domain"),
    "in_list": _("is in the list"),
    "regex": _("matches the pattern"),
    "present": _("is present"),
    "is": _("is"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
    "between": _("is between"),
}

VALUE_WORDS: dict[str, Word] = {
    "ordinary": _("Ordinary"),
    "bounce": _("Bounce"),
    "complaint": _("Complaint"),
    "auto_reply": _("Auto-reply"),
    "list": _("Mailing list"),
    "calendar": _("Calendar"),
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
    "true": _("yes"),
    "false": _("no"),
    "low": _("Low"),
    "normal": _("Normal"),
    "high": _("High"),
    "urgent": _("Urgent"),
    "open": _("Open"),
    "pending": _("Pending"),
    "waiting": _("Waiting"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
}

GROUP_WORDS: dict[str, Word] = {
    "all": _("All of these hold"),
    "any": _("Any of these holds"),
    "none": _("None of these holds"),
}

ACTION_WORDS: dict[str, Word] = {
    "move_to_inbox": _("Move to inbox"),
    "create_ticket": _("Create ticket"),
    "assign_user": _("Assign"),
    "tag_email": _("Add tags"),
    "create_contact": _("Create contact"),
    "update_contact": _("Update contact"),
    "mark_spam": _("Mark as spam"),
    "store_attachment": _("Keep attachments"),
    "save": _("Keep"),
    "ignore": _("Ignore"),
    "stop": _("Stop"),
    "forward": _("Forward"),
    "telegram": _("Telegram message"),
    "slack": _("Slack message"),
    "webhook": _("Webhook"),
    "api_call": _("API call"),
    "auto_reply": _("Automatic reply"),
    "ai_classify": _("Classify with AI"),
    "ai_summarize": _("Summarise with AI"),
    "ai_extract_fields": _("Extract fields with AI"),
}

ACTION_HELP: dict[str, Word] = {
    "move_to_inbox": _("Puts the email into another inbox."),
    "create_ticket": _("Opens a ticket, unless the email joins one."),
    "assign_user": _("Makes a person responsible for the email and its ticket."),
    "tag_email": _("Puts tags on the email."),
    "create_contact": _("Keeps the writer as a contact."),
    "update_contact": _("Changes the writer's contact."),
    "mark_spam": _("Marks the email as spam; it opens no ticket."),
    "store_attachment": _("Keeps attachments past their retention."),
    "save": _("Keeps the email past its retention."),
    "ignore": _("Marks the email as ignored; later rules do not run."),
    "stop": _("Later rules do not run."),
    "forward": _("Sends the email on."),
    "telegram": _("Writes to a Telegram chat."),
    "slack": _("Writes to a Slack channel through its incoming webhook."),
    "webhook": _("Posts the email's facts to an address; signed."),
    "api_call": _("Calls an API with a body of your own."),
    "auto_reply": _("Answers the writer, under the guards against loops."),
    "ai_classify": _("Picks one of your labels."),
    "ai_summarize": _("Writes a summary on the email."),
    "ai_extract_fields": _("Fills your fields from the text."),
}

PARAMETER_WORDS: dict[str, Word] = {
    "inbox": _("Inbox"),
    "priority": _("Priority"),
    "status": _("Status"),
    "assignee": _("Assignee"),
    "subject": _("Subject"),
    "user": _("Person"),
    "tags": _("Tags"),
    "name": _("Name"),
    "company": _("Company"),
    "phone": _("Phone"),
    "notes": _("Notes"),
    "to": _("To"),
    "chat_id": _("Chat"),
    "message": _("Message"),
    "url": _("Address"),
    "method": _("Method"),
    "headers": _("Headers"),
    "body": _("Text"),
    "template_id": _("Template"),
    "labels": _("Labels"),
    "prompt": _("Instruction"),
    "provider": _("Provider"),
    "fields": _("Fields"),
}


def value_words(shown: Shown) -> list[str]:
    """The wanted values of a condition, each as a reader knows it."""
    values = shown.value if isinstance(shown.value, tuple) else (shown.value,)
    listed = shown.field in ("class", "weekday") or isinstance(shown.value, bool)
    return [
        str(VALUE_WORDS.get(str(value).lower(), value)) if listed else str(value)
        for value in values
    ]
