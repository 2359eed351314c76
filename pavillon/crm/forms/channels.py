"""The period of a report on channels, and what one of them cost."""

import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.core.policy import bind_form
from pavillon.crm.enums import Origin
from pavillon.crm.forms.leads import DATE
from pavillon.crm.models import ChannelCost


def a_year_ago():
    return timezone.localdate() - datetime.timedelta(days=364)


# Beyond, a day before or after is no day any more, and nobody asks for it.
DAYS = [MinValueValidator(datetime.date(1950, 1, 1)), MaxValueValidator(datetime.date(2150, 1, 1))]


class PeriodForm(forms.Form):
    """From a day to a day, both included; the last twelve months when nothing is said."""

    since = forms.DateField(label=pgettext_lazy("day", "From"), widget=DATE, required=False, validators=DAYS)
    until = forms.DateField(label=pgettext_lazy("day", "To"), widget=DATE, required=False, validators=DAYS)

    def clean(self):
        data = super().clean()
        data["since"] = data.get("since") or a_year_ago()
        data["until"] = data.get("until") or timezone.localdate()
        if data["until"] < data["since"]:
            self.add_error("until", _("The end lies before the beginning."))
        return data

    @classmethod
    def read(cls, asked):
        """(the form as shown, since, until): what was asked, or the last twelve months."""
        form = cls({"since": asked.get("since", ""), "until": asked.get("until", "")})
        if form.is_valid():
            since, until = form.cleaned_data["since"], form.cleaned_data["until"]
            return cls({"since": since.isoformat(), "until": until.isoformat()}), since, until
        return form, a_year_ago(), timezone.localdate()


class ChannelCostForm(forms.Form):
    origin = forms.ChoiceField(label=_("Channel"), choices=Origin.choices, initial=Origin.SOCIAL)
    detail = forms.CharField(
        label=_("Network or campaign"),
        max_length=120,
        required=False,
        help_text=_("As the requests name it, for example LinkedIn. Empty: the whole channel."),
    )
    starts_on = forms.DateField(label=pgettext_lazy("day", "From"), widget=DATE)
    ends_on = forms.DateField(label=pgettext_lazy("day", "To"), widget=DATE)
    cost = forms.DecimalField(label=_("Cost (€)"), min_value=0, max_digits=12, decimal_places=2)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, ChannelCost, is_new=True)

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The end lies before the beginning."))
        return data
