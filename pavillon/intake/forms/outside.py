"""Terms of prospects, files of signals, approvals, exchanges, public interfaces."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.intake.forms.deliveries import DAY, LARGEST, LARGEST_UNPACKED
from pavillon.intake.models import Exchange, ProspectTerms, PublicInterface
from pavillon.ui.uploads import TABLES, UploadField
from pavillon.ui.words import day as day_in_words


class TermsForm(forms.ModelForm):
    class Meta:
        model = ProspectTerms
        fields = ("supplier", "cost", "acquired_on", "licence_ends_on")
        widgets = {"acquired_on": DAY, "licence_ends_on": DAY}


class SignalsForm(forms.Form):
    """A file of an outside source."""

    feed = forms.ChoiceField(
        label=_("What it tells"),
        choices=[
            ("patents", _("International patents (INPI)")),
            ("bank", _("Export turnover and products (Bpifrance)")),
            ("zones", _("Head offices with their zones (CGET)")),
            ("customs", _("Customs declarations")),
        ],
    )
    file = UploadField(takes=TABLES, most=LARGEST, unpacked=LARGEST_UNPACKED, label=_("File"))
    observed_on = forms.DateField(label=_("As of"), widget=DAY)

    def clean_observed_on(self):
        return _not_to_come(self.cleaned_data["observed_on"])


class ApprovalForm(forms.Form):
    reference = forms.CharField(label=_("Reference"), max_length=80)
    decided_on = forms.DateField(label=_("Decided on"), widget=DAY)
    document = forms.CharField(
        label=_("Text of the decision"), widget=forms.Textarea(attrs={"rows": 8}), min_length=20,
        help_text=_("Who decided, for which data, under which conditions."),
    )  # fmt: skip

    def clean_decided_on(self):
        return _not_to_come(self.cleaned_data["decided_on"])


def _not_to_come(day):
    if day > timezone.localdate():
        raise forms.ValidationError(_("%(day)s is still to come."), params={"day": day_in_words(day)})
    return day


class ExchangeForm(forms.ModelForm):
    class Meta:
        model = Exchange
        fields = ("subject", "status", "legal_status", "format", "frequency")


class InterfaceForm(forms.ModelForm):
    class Meta:
        model = PublicInterface
        fields = ("name", "provider", "country", "address", "subject")


class RatingForm(forms.Form):
    usefulness = forms.IntegerField(label=_("Usefulness, from 1 to 5"), min_value=1, max_value=5)
    verdict = forms.CharField(label=_("Why"), max_length=300)
