"""Forms of pages: what a change refused, shown at its field."""

from django import forms

from mailflow.lib.refusals import Refused


def show_problems(form: forms.Form, refused: Refused) -> None:
    """Puts each sentence at the field it is about, or above the form."""
    for field, sentence in refused.problems.items():
        form.add_error(field if field in form.fields else None, sentence)
