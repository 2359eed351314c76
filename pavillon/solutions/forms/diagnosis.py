from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """One question, one choice."""

    choice = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose one of the answers to go on.")}
    )

    def __init__(self, *args, question, given="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = [(choice.code, choice.text) for choice in question.choices.all()]
        self.fields["choice"].label = question.text
        self.fields["choice"].initial = given
        self.chosen = self.data.get("choice", given) if self.is_bound else given
