"""The period of a report."""

import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.services.forms.orders import DATE

DAYS = [MinValueValidator(datetime.date(1950, 1, 1)), MaxValueValidator(datetime.date(2150, 1, 1))]


class PeriodForm(forms.Form):
    """From a day to a day, both included; the last twelve months when nothing is said."""

    since = forms.DateField(label=pgettext_lazy("day", "From"), widget=DATE, validators=DAYS)
    until = forms.DateField(label=pgettext_lazy("day", "To"), widget=DATE, validators=DAYS)

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("The end lies before the beginning."))
        return data

    @classmethod
    def read(cls, asked):
        """(the form as shown, since, until); what is wrong is told, and the usual period shown."""
        today = timezone.localdate()
        usual = {"since": today - datetime.timedelta(days=364), "until": today}
        said = {name: asked.get(name) or day.isoformat() for name, day in usual.items()}
        form = cls(said)
        found = form.cleaned_data if form.is_valid() else usual
        return form, found["since"], found["until"]
