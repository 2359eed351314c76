"""Noting a public criticism, ending a mark, the rules of risk; the filters of the list."""

import datetime
from urllib.parse import urlsplit

import django_filters
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.care.enums import RiskEnd, RiskLevel
from pavillon.care.models import Criticism, RiskMark, RiskRules
from pavillon.care.queries.risks import proof_label, proofs_for
from pavillon.core.policy import bind_form
from pavillon.crm.models import Interaction
from pavillon.directory.models.companies import meant_by
from pavillon.reference.models import Region
from pavillon.ui.words import day as day_in_words

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
OLDEST = datetime.date(2000, 1, 1)


class RiskFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Company"))
    state = django_filters.ChoiceFilter(
        choices=[
            ("open", pgettext_lazy("risk", "Open")),
            ("ended", pgettext_lazy("risk", "Ended")),
            ("all", _("All")),
        ],
        method="at_state",
        label=_("State"),
        empty_label=None,
    )
    level = django_filters.ChoiceFilter(choices=RiskLevel.choices, label=_("Risk"), empty_label=_("All"))
    whose = django_filters.ChoiceFilter(
        choices=[("mine", _("Mine, or my team's"))], method="of_mine", label=_("Whose"), empty_label=_("All")
    )
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.inhabited(), label=_("Region"), empty_label=_("All")
    )

    class Meta:
        model = RiskMark
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs):
        """What is to be done comes first: the list opens on the open ones."""
        data = data.copy() if data else QueryDict(mutable=True)
        if not data.get("state"):
            data["state"] = "open"
        super().__init__(data, *args, **kwargs)

    def search(self, rows, name, value):
        return rows.filter(meant_by(value, "company__"))

    def at_state(self, rows, name, value):
        return rows if value == "all" else rows.filter(ended_at__isnull=value == "open")

    def of_mine(self, rows, name, value):
        return rows.of_mine(self.request.user)


class LogCriticismForm(forms.Form):
    """The address is checked as words only: nothing is fetched."""

    url = forms.URLField(
        label=_("Public address"), max_length=500, assume_scheme="https",
        help_text=_("Of the page where everybody can read it. It is kept as a link; the platform never opens it."),
    )  # fmt: skip
    said = forms.CharField(
        label=_("What it says"), widget=forms.Textarea({"rows": 4}), min_length=10, max_length=2000,
        help_text=_("In your words, without the names of people."),
    )  # fmt: skip
    published_on = forms.DateField(label=_("Published on"), widget=DATE)

    def __init__(self, *args, user, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Criticism, row=row, is_new=row is None)

    def clean_url(self):
        url = self.cleaned_data["url"]
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise forms.ValidationError(_("%(url)s: a public page begins with https:// or http://.") % {"url": url})
        if parts.username or parts.password:
            raise forms.ValidationError(
                _("%(url)s holds a name or a password before the @: take it out.") % {"url": url}
            )
        if "." not in (parts.hostname or "") or parts.hostname == urlsplit(settings.BASE_URL).hostname:
            raise forms.ValidationError(
                _("%(url)s is no public page: copy its address from the browser.") % {"url": url}
            )
        return url

    def clean_published_on(self):
        day = self.cleaned_data["published_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("%(day)s is in the future: write the day on which it was published.") % {"day": day_in_words(day)}
            )
        if day < OLDEST:
            raise forms.ValidationError(
                _("%(day)s is before the year 2000: check the year.") % {"day": day_in_words(day)}
            )
        return day


class EndRiskForm(forms.Form):
    end = forms.ChoiceField(label=_("How it ends"), choices=RiskEnd.choices, widget=forms.RadioSelect)
    end_reason = forms.CharField(
        label=_("What was done"), widget=forms.Textarea({"rows": 3}), min_length=10, max_length=500
    )
    proof = forms.ModelChoiceField(
        Interaction.objects.none(), label=_("Exchange that proves it"),
        help_text=_("An exchange since the mark was raised in which the company was reached; a note proves nothing."),
    )  # fmt: skip

    def __init__(self, *args, user, mark, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proof"].queryset = proofs_for(mark, user)
        self.fields["proof"].label_from_instance = proof_label
        bind_form(self, user, RiskMark, row=mark)


class RiskRulesForm(forms.ModelForm):
    class Meta:
        model = RiskRules
        fields = [
            "low_score",
            "low_days",
            "low_level",
            "criticism_days",
            "criticism_level",
            "many_low",
            "medium_task_days",
            "high_task_days",
            "reason",
        ]
