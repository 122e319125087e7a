"""The form of a simulated message. What may be in it is decided by `inbound.simulate`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mailflow.inbound.simulate import Simulated


class TestEmailForm(forms.Form):
    """A message in its parts, named as in the API."""

    __test__ = False  # pytest takes every class whose name begins so

    locals()["from"] = forms.CharField(
        label=_("From"), initial="customer@example.com", widget=forms.TextInput({"dir": "ltr"})
    )
    to = forms.CharField(
        label=_("To"),
        widget=forms.TextInput({"dir": "ltr", "list": "addresses"}),
        help_text=_("An address of an inbox here."),
    )
    subject = forms.CharField(label=_("Subject"), required=False, max_length=998)
    body = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea({"rows": 5, "dir": "auto"})
    )
    htmlBody = forms.CharField(
        label=_("HTML"),
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "ltr", "spellcheck": "false"}),
        help_text=_("Beside the text. Empty: plain text only."),
    )
    inReplyTo = forms.CharField(
        label=_("In reply to"),
        required=False,
        max_length=998,
        widget=forms.TextInput({"dir": "ltr"}),
        help_text=_("The Message-ID of the message it answers."),
    )
    hasAttachments = forms.BooleanField(label=_("With a small attachment"), required=False)

    def to_parts(self) -> Simulated:
        """As `simulate` takes it. Only for a valid form."""
        given = self.cleaned_data
        return Simulated(
            sender=given["from"],
            to=given["to"],
            subject=given["subject"],
            text=given["body"],
            html=given["htmlBody"],
            in_reply_to=given["inReplyTo"],
            has_attachments=given["hasAttachments"],
        )
