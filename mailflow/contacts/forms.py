"""The form of a contact. What may be in it is decided by `editing`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mailflow.contacts.editing import ContactFields
from mailflow.contacts.models import Contact


class ContactForm(forms.Form):
    """One contact, as people write it."""

    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    company = forms.CharField(label=_("Company"), required=False, max_length=200)
    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput({"dir": "ltr"})
    )
    emails = forms.CharField(
        label=_("Addresses"),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "spellcheck": "false"}),
        help_text=_("One a line. Mail from any of them counts for this contact."),
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        help_text=_("With commas between them; rules can ask for them."),
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    vip = forms.BooleanField(label=_("VIP"), required=False)
    blocked = forms.BooleanField(
        label=_("Blocked"),
        required=False,
        help_text=_("Mail is still kept; rules can ask for it, for example to mark it as spam."),
    )

    def to_fields(self) -> ContactFields:
        """As `editing` takes them. Only for a valid form."""
        given = self.cleaned_data
        return ContactFields(
            name=given["name"],
            company=given["company"],
            phone=given["phone"],
            notes=given["notes"],
            tags=given["tags"].replace("،", ",").split(","),
            addresses=given["emails"].replace(",", "\n").splitlines(),
            vip=given["vip"],
            blocked=given["blocked"],
        )


def initial_of(contact: Contact) -> dict[str, object]:
    """What the form shows of a contact."""
    return {
        "name": contact.name,
        "company": contact.company,
        "phone": contact.phone,
        "emails": "\n".join(sorted(row.address for row in contact.addresses.all())),
        "tags": ", ".join(contact.tags),
        "notes": contact.notes,
        "vip": contact.vip,
        "blocked": contact.blocked,
    }
