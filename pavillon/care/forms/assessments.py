"""An assessment, entered in seconds: it begins with what was said last."""

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.care.enums import CAPACITY_WORDS, Capacity, Horizon, Intention
from pavillon.care.forms.risks import DATE
from pavillon.care.models import Assessment
from pavillon.care.queries.assessments import find_countries
from pavillon.core.policy import bind_form

LEVELS = [
    (level.value, format_lazy(_("{number} – {name}: {words}"), number=level.value, name=level.label, words=words))
    for level, words in CAPACITY_WORDS.items()
]


class CountriesField(forms.CharField):
    """Names or codes of countries with commas between them: cleaned to the countries."""

    def clean(self, value):
        countries, unknown = find_countries(super().clean(value))
        if unknown:
            raise forms.ValidationError(
                _("%(words)s: no country of this name. Write it in full, or its two letters (DE, BR).")
                % {"words": ", ".join(unknown)}
            )
        return countries


class TellPlansForm(forms.Form):
    """As the company tells it about itself."""

    capacity = forms.TypedChoiceField(
        label=_("Export capacity"), choices=LEVELS, coerce=lambda value: Capacity(int(value)), widget=forms.RadioSelect
    )
    intention = forms.ChoiceField(label=_("Intention"), choices=Intention.choices, widget=forms.RadioSelect)
    horizon = forms.ChoiceField(label=_("Horizon"), choices=[("", _("not told")), *Horizon.choices], required=False)
    countries = CountriesField(
        label=_("Target countries"), required=False, max_length=1000,
        help_text=_("Names with commas between them: Germany, Brazil."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("In a few words"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Assessment, is_new=True)


class AssessCompanyForm(TellPlansForm):
    assessed_on = forms.DateField(label=_("On"), widget=DATE, initial=timezone.localdate)
