"""Choosing between sources, correcting the register, restricting a company."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import PARTNER_KINDS, Kind
from pavillon.accounts.models import Organisation, User
from pavillon.core.policy import bind_form
from pavillon.directory.enums import LegalStatus, Size, SourceKind
from pavillon.directory.forms.companies import NOT_KNOWN, TownField
from pavillon.directory.forms.parts import DATE, PartForm
from pavillon.directory.models import Company, Source, is_private_partner
from pavillon.directory.precedence import COMPANY_GROUPS
from pavillon.reference.models import Activity, LegalCategory, WorkforceBand


class ReasonForm(forms.Form):
    """Why a value was chosen; nobody has to say."""

    reason = forms.CharField(label=_("Why (if you like)"), max_length=300, required=False)


class ActivityField(forms.CharField):
    """An activity by its code of NAF rev. 2; its value is the activity."""

    def clean(self, value):
        typed = super().clean(value)
        found = Activity.objects.filter(revision=2, code__iexact=typed.strip()).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError(_("“%(typed)s” is no code of NAF rev. 2, like 10.72Z.") % {"typed": typed})
        return found

    def prepare_value(self, value):
        return value.code if isinstance(value, Activity) else value


FIELDS = {
    "legal_name": lambda: forms.CharField(label=_("Legal name"), max_length=250),
    "activity": lambda: ActivityField(label=_("Activity code (NAF rev. 2)"), max_length=6),
    "legal_category": lambda: forms.ModelChoiceField(LegalCategory.objects.all(), label=_("Legal category")),
    "workforce_band": lambda: forms.ModelChoiceField(WorkforceBand.objects.all(), label=_("Headcount band")),
    "size": lambda: forms.ChoiceField(label=_("Size"), choices=[*NOT_KNOWN, *Size.choices[:3]]),
    "address": lambda: forms.CharField(label=_("Address"), max_length=250, required=False),
    "postal_code": lambda: forms.CharField(label=_("Postal code"), max_length=12, required=False),
    "commune": lambda: TownField(),
    "closed_on": lambda: forms.DateField(label=_("Closed on"), widget=DATE),
}


class CorrectionForm(forms.Form):
    """What a field that the register rules should say, and why."""

    def __init__(self, *args, user, company, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = [name for name in COMPANY_GROUPS[group] if name in FIELDS]
        for name in self.columns:
            self.fields[name] = FIELDS[name]()
            self.initial.setdefault(name, getattr(company, name))
        self.fields["reason"] = forms.CharField(
            label=_("Why it is wrong"),
            max_length=300,
            help_text=_("What you saw, and where: the owner of the base decides on it."),
            widget=forms.Textarea({"rows": 3}),
        )
        bind_form(self, user, Company, row=company)

    def values(self):
        """The columns as they should be."""
        return {name: self.cleaned_data[name] for name in self.columns if name in self.cleaned_data}


class AnswerForm(forms.Form):
    """The answer to who asked; a refusal says why."""

    answer = forms.CharField(label=_("Answer to who asked"), max_length=300, required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if "refuse" in self.data and not data.get("answer"):
            self.add_error("answer", _("Say why it is refused: who asked reads it."))
        return data

    @property
    def is_refusal(self):
        return "refuse" in self.data


class PeopleField(forms.CharField):
    """People of the team by their e-mail addresses, one a line or after commas; its value is a list of them."""

    widget = forms.Textarea({"rows": 3})

    def clean(self, value):
        typed = [part for part in re.split(r"[\s,;]+", super().clean(value).lower()) if part]
        found = {user.email: user for user in User.objects.filter(email__in=typed, is_active=True)}
        unknown = [mail for mail in typed if mail not in found or not found[mail].is_team]
        if unknown:
            raise forms.ValidationError(
                _("%(mails)s: nobody of the team has this address.") % {"mails": ", ".join(unknown)}
            )
        partners = [mail for mail in typed if is_private_partner(found[mail])]
        if partners:
            raise forms.ValidationError(
                _("%(mails)s: a private partner never reads a sensitive company.") % {"mails": ", ".join(partners)}
            )
        return [found[mail] for mail in dict.fromkeys(typed)]


class AudienceForm(forms.Form):
    """Who may read a sensitive company."""

    people = PeopleField(
        label=_("People"), required=False, help_text=_("Their e-mail addresses, one a line. You are named anyway.")
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.filter(kind__in=PARTNER_KINDS - {Kind.PARTNER}).order_by("name"),
        label=_("Organisations"),
        required=False,
        help_text=_("Everybody who acts for them. Private partners are never offered."),
        widget=forms.SelectMultiple({"size": 6}),
    )


class FlagForm(AudienceForm):
    """Why a company is sensitive, whom the state names for it, and who may read it."""

    field_order = ["reason", "state_service", "state_contact", "people", "organisations"]
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))
    state_service = forms.CharField(
        label=_("State service"), max_length=160, help_text=_("The service of economic intelligence that was told.")
    )
    state_contact = forms.CharField(
        label=_("Contact point"), max_length=160, help_text=_("Person, e-mail or phone in that service.")
    )


class LiftForm(forms.Form):
    reason = forms.CharField(label=_("Why it is lifted"), max_length=300)


class SourceForm(PartForm):
    """A source: how far it is trusted, and on what ground its values may be kept."""

    model = Source
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=SourceKind.choices)
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(kind__in=PARTNER_KINDS).order_by("name"), label=_("Organisation"), required=False
    )
    trust = forms.IntegerField(
        label=_("Trust"), min_value=0, max_value=100, help_text=_("0 to 100: the more trusted source wins.")
    )
    legal_status = forms.ChoiceField(label=_("Legal status"), choices=LegalStatus.choices)
    legal_note = forms.CharField(label=_("Legal note"), max_length=300, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
