from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import Unit
from pavillon.directory.models import Company
from pavillon.reference.models import Region, Vertical
from pavillon.reporting.enums import GroupBy, Span
from pavillon.reporting.periods import Period, today
from pavillon.reporting.permissions import is_agency_reader
from pavillon.reporting.queries.funnel import Scope
from pavillon.ui.words import day as day_in_words


class UnitChoice(forms.ModelChoiceField):
    """The agency's tree of units, each level moved in."""

    def label_from_instance(self, unit):
        return f"{'— ' * unit.depth}{unit.name}"


class ScopeForm(forms.Form):
    """What the dashboard shows. Every field is optional: a wrong value falls back to the default, and says so."""

    span = forms.ChoiceField(label=gettext_lazy("Period"), choices=Span, required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    by = forms.ChoiceField(label=gettext_lazy("By"), choices=GroupBy, required=False)
    region = forms.ModelChoiceField(Region.objects.none(), label=gettext_lazy("Region"), required=False)
    vertical = forms.ModelChoiceField(Vertical.objects.all(), label=gettext_lazy("Vertical"), required=False)
    unit = UnitChoice(Unit.objects.all(), label=gettext_lazy("Unit"), required=False)
    company = forms.ModelChoiceField(Company.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, asked, *, user):
        # The choices in force are shown as chosen, also when the address does not name them.
        super().__init__({"span": Span.MONTH.value, "by": GroupBy.REGION.value} | asked.dict())
        self.user = user
        self.fields["vertical"].empty_label = gettext_lazy("All verticals")
        self.fields["company"].queryset = Company.objects.visible_to(user)
        if is_agency_reader(user):
            self.fields["region"].queryset = Region.objects.exclude(zone="com")
            self.fields["region"].empty_label = gettext_lazy("All regions")
            self.fields["unit"].empty_label = gettext_lazy("All units")
        else:
            del self.fields["region"], self.fields["unit"]

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error(
                "until",
                _("The end %(until)s is before the beginning %(since)s: choose a later day.")
                % {"until": day_in_words(until), "since": day_in_words(since)},
            )
            # Neither end is used: half of a wrong period would be a wrong period.
            data["since"] = None
        return data

    @property
    def group(self):
        return GroupBy(self.cleaned_data.get("by") or GroupBy.REGION)

    @property
    def period(self):
        """The days asked for; explicit dates win over the one-click period."""
        now = today()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since or until:
            return Period(since, until or now)
        return {
            Span.TODAY: Period(now, now),
            Span.WEEK: Period(now - timedelta(days=6), now),
            Span.MONTH: Period.month_of(now),
            Span.QUARTER: Period(now - timedelta(days=89), now),
            Span.START: Period(None, now),
        }[Span(self.cleaned_data.get("span") or Span.MONTH)]

    @property
    def scope(self):
        """What the figures are limited to, never wider than what the person may see."""
        chosen = self.cleaned_data
        return Scope(
            period=self.period,
            region=chosen["region"].pk if chosen.get("region") else "",
            company=chosen["company"].pk if chosen.get("company") else None,
            vertical=chosen["vertical"].pk if chosen.get("vertical") else "",
            unit=chosen.get("unit"),
        ).narrowed(self.user)
