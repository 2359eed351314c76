"""What a company answers, through the link of its letter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.reference.enums import Currency
from pavillon.reference.models import Country
from pavillon.services.enums import FlowKind
from pavillon.services.models import BEST

# Lines of flows that one answer may hold, and those that a page shows at first.
MOST, FIRST = 20, 1


class SatisfactionForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("Your score"),
        coerce=int,
        choices=[(n, str(n)) for n in range(BEST + 1)],
        widget=forms.RadioSelect({"class": "scores"}),
        help_text=_("0: not satisfied at all. 10: entirely satisfied."),
    )
    verbatim = forms.CharField(
        label=_("In your words"), widget=forms.Textarea({"rows": 4}), required=False, max_length=4000,
        help_text=_("What was useful, what was missing."),
    )  # fmt: skip


class ImpactForm(forms.Form):
    result = forms.ChoiceField(
        label=_("Since this service, did you win business abroad?"),
        choices=[("yes", _("Yes")), ("no", _("No, not yet"))],
        widget=forms.RadioSelect,
    )
    attested_by = forms.CharField(label=_("Your name and function"), max_length=160)
    verbatim = forms.CharField(
        label=_("In your words"), widget=forms.Textarea({"rows": 3}), required=False, max_length=4000
    )


class FlowForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=[("", "—"), *FlowKind.choices])
    country = forms.ModelChoiceField(Country.objects.all(), label=_("Country"))
    amount = forms.DecimalField(
        label=_("Amount"), min_value=0.01, max_digits=14, decimal_places=2, required=False,
        help_text=_("Empty when there is none, for an agent for example."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=Currency.choices, initial=Currency.EUR)

    def clean(self):
        data = super().clean()
        if data.get("kind") == FlowKind.CONTRACT and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Give the amount of the contract, without tax."))
        return data


def flow_forms(asked, count):
    """The lines of an answer; empty ones say nothing."""
    lines = forms.formset_factory(
        FlowForm, extra=0 if asked is not None else count, max_num=MOST, absolute_max=MOST, validate_max=True
    )
    return lines(asked, prefix="flows")
