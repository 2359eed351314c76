from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.showroom.enums import OPEN_KINDS, ClosingReason, EnquiryKind
from pavillon.showroom.models import Enquiry

LONGEST = 4000


class EnquiryForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("You wish to"),
        choices=[
            (EnquiryKind.QUESTION, _("Ask a question")),
            (EnquiryKind.QUOTE, _("Get a quote")),
            (EnquiryKind.CONTACT, _("Be contacted")),
            (EnquiryKind.MEETING, _("Arrange a meeting")),
        ],
        initial=EnquiryKind.QUESTION,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Your message"),
        min_length=10,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what you need, for which use, and by when. English or French."),
    )
    quantity = forms.IntegerField(label=_("Quantity"), required=False, min_value=1, max_value=10_000_000)
    campaign = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Enquiry, is_new=True)


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Your message"), min_length=2, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
    # The number of the adviser's suggestion from which it was written; any other word means none.
    suggested = forms.CharField(required=False, widget=forms.HiddenInput)


class ClosingForm(forms.Form):
    reason = forms.ChoiceField(label=_("How it ended"), choices=ClosingReason.choices)
    text = forms.CharField(
        label=_("A word to the buyer"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


class HelpForm(forms.Form):
    text = forms.CharField(
        label=_("What do you need help with?"), min_length=5, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    share = forms.BooleanField(
        label=_("Let my adviser read this thread"), required=False, help_text=_("You can take this back at any time.")
    )


class PlanForm(forms.Form):
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_step_on = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, user, enquiry=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Enquiry, row=enquiry)

    def clean(self):
        given = super().clean()
        if given.get("next_step") and not given.get("next_step_on"):
            self.add_error("next_step_on", _("Give a date: an undated step is forgotten."))
        return given


class SuggestionForm(forms.Form):
    text = forms.CharField(
        label=_("What you would answer"),
        min_length=10,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The company reads it, changes it and sends it as its own answer. The buyer never sees it."),
    )


class EscalationForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it needs a manager"),
        min_length=3,
        max_length=300,
        help_text=_(
            "Managers who see this request are told. It stays on this page, also after an answer, for everybody of the "
            "team who may open it."
        ),
    )


def open_kind(value):
    """A kind of enquiry named in an address, if buyers may send it."""
    return value if value in OPEN_KINDS else EnquiryKind.QUESTION
