"""What is asked where the base is cleaned."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.curation.enums import ContactPairState, ContactVerdict, PairState, Qualification, Verdict
from pavillon.curation.models import CompanyQuality, ContactPair, DuplicatePair
from pavillon.curation.queries import GAPS


class DuplicateFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PairState.choices, empty_label=_("To be decided"), method="by_state"
    )
    score = django_filters.ChoiceFilter(
        label=_("Likeness"),
        choices=[("high", _("90 % and more")), ("middle", _("50 to 90 %")), ("low", _("below 50 %"))],
        empty_label=_("All"),
        method="by_score",
    )
    kind = django_filters.ChoiceFilter(
        label=_("Only"),
        choices=[("refused", _("Two SIREN would meet")), ("doubled", _("Decided by two people"))],
        empty_label=_("All"),
        method="by_kind",
    )

    class Meta:
        model = DuplicatePair
        fields: list[str] = []

    def by_state(self, queryset, name, value):
        return queryset.filter(state=value)

    def by_score(self, queryset, name, value):
        bounds = {"high": (0.9, 1.01), "middle": (0.5, 0.9), "low": (-1, 0.5)}[value]
        return queryset.filter(probability__gte=bounds[0], probability__lt=bounds[1])

    def by_kind(self, queryset, name, value):
        return queryset.filter(is_refused=True) if value == "refused" else queryset.filter(is_doubled=True)


class ContactPairFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ContactPairState.choices, empty_label=_("To be decided"), method="by_state"
    )

    class Meta:
        model = ContactPair
        fields: list[str] = []

    def by_state(self, queryset, name, value):
        return queryset.filter(state=value)


class ContactDecisionForm(forms.Form):
    verdict = forms.ChoiceField(choices=ContactVerdict.choices)


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(choices=Verdict.choices)


class ThresholdsForm(forms.Form):
    """Two probabilities in percent."""

    automatic = forms.DecimalField(
        label=_("Merge automatically from (%)"), min_value=50, max_value=100, decimal_places=1, initial=99
    )
    review = forms.DecimalField(
        label=_("Ask a person from (%)"), min_value=1, max_value=99, decimal_places=1, initial=30
    )

    def clean(self):
        data = super().clean()
        automatic, review = data.get("automatic"), data.get("review")
        if automatic is not None and review is not None and review >= automatic:
            self.add_error("review", _("Write less than the automatic threshold."))
        return data

    def probabilities(self):
        return {name: float(self.cleaned_data[name]) / 100 for name in ("automatic", "review")}


class RehearseBatchForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    least = forms.DecimalField(
        label=_("Pairs from a likeness of (%)"), min_value=50, max_value=100, decimal_places=1, initial=95
    )
    most = forms.IntegerField(label=_("Merges at most"), min_value=1, max_value=1000, initial=200)


class QualityFilter(django_filters.FilterSet):
    gap = django_filters.ChoiceFilter(
        label=_("Missing"),
        choices=[(gap, words) for gap, (_points, words) in GAPS.items()],
        empty_label=_("Anything"),
        method="by_gap",
    )
    state = django_filters.ChoiceFilter(label=_("Qualification"), choices=Qualification.choices, empty_label=_("All"))

    class Meta:
        model = CompanyQuality
        fields: list[str] = []

    def by_gap(self, queryset, name, value):
        return queryset.filter(gaps__contains=[value])
