"""The form of the style guide: one field of each kind."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SampleForm(forms.Form):
    """Shows how fields look, with and without errors; nothing is kept."""

    company = forms.CharField(label=_("Company"), help_text=_("Its legal name, as on the register."))
    email = forms.EmailField(label=_("E-mail"))
    region = forms.ChoiceField(label=_("Region"), choices=[("53", "Bretagne"), ("76", "Occitanie")])
    starts_on = forms.DateField(label=_("Starts on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Kind of contact"),
        choices=[("call", _("Call")), ("visit", _("Visit")), ("mail", pgettext_lazy("channel", "E-mail"))],
        widget=forms.RadioSelect,
        initial="call",
    )
    message = forms.CharField(label=_("Message"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label=_("The company agrees to be contacted again"), required=False)
