"""The five templates that a new installation starts with. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Starter:
    """A template to begin with; its HTML is made of its text's paragraphs."""

    name: str
    description: str
    subject: str
    text: str

    @property
    def html(self) -> str:
        """The text's paragraphs as HTML; the texts here hold nothing that needs escaping."""
        return "".join(
            f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in self.text.split("\n\n")
        )


_SIGNED = "\n\nKind regards\n{{agent.name}}"

STARTERS = (
    Starter(
        "Acknowledgement",
        "We have your message.",
        "We have your message: {{ticket.subject}}",
        "Hello {{contact.name}},\n\nthank you for writing. Your message has the number "
        "{{ticket.id}}; we answer within one working day." + _SIGNED,
    ),
    Starter(
        "Ask for details",
        "We need to know more before we can help.",
        "Re: {{ticket.subject}}",
        "Hello {{contact.name}},\n\nto help you we need to know a little more: {{question}}"
        + _SIGNED,
    ),
    Starter(
        "Solved",
        "The matter is solved.",
        "Re: {{ticket.subject}}",
        "Hello {{contact.name}},\n\nyour matter is solved: {{solution}}\n\nIf it is not, simply "
        "answer this message." + _SIGNED,
    ),
    Starter(
        "Waiting for somebody else",
        "We wait for a third party.",
        "Re: {{ticket.subject}}",
        "Hello {{contact.name}},\n\nwe are waiting for {{third_party}} and write again by "
        "{{date}} at the latest." + _SIGNED,
    ),
    Starter(
        "Invoice attached",
        "An invoice or receipt is enclosed.",
        "Invoice {{invoice.number}}",
        "Hello {{contact.name}},\n\nenclosed is invoice {{invoice.number}} over "
        "{{invoice.amount}}, due on {{invoice.due}}." + _SIGNED,
    ),
)
