"""What one writes about a request."""

import datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.queries import team_of_region
from pavillon.campaigns.enums import Channel
from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.campaigns import campaigns_to_choose
from pavillon.core.policy import bind_form
from pavillon.crm.enums import LeadKind, LeadState, Origin, Outcome
from pavillon.crm.models import SUMMARY, Lead, LeadTouch
from pavillon.crm.queries.campaigns import touched_by
from pavillon.crm.queries.routing import HANDLING_ROLES
from pavillon.directory.models import Company
from pavillon.directory.queries import WrongSiren, check_siren, find_register_unit, plain
from pavillon.privacy.enums import LegalBasis
from pavillon.reference.models import Commune, Country, ListItem, Region, Sector

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LeadFilter(django_filters.FilterSet):
    """The filters of the list of requests."""

    whose = django_filters.ChoiceFilter(
        choices=[
            ("mine", _("Mine")),
            ("team", _("My organisation's")),
            ("queue", _("Without adviser")),
            ("all", _("All that I may see")),
        ],
        method="by_whose",
        label=_("Whose"),
        empty_label=None,
    )
    q = django_filters.CharFilter(method="search", label=_("Search"))
    state = django_filters.ChoiceFilter(
        choices=[("open", pgettext_lazy("requests", "Open")), ("late", _("Late")), *LeadState.choices],
        method="at_state",
        label=_("Step"),
        empty_label=_("All"),
    )
    origin = django_filters.ChoiceFilter(choices=Origin.choices, label=_("Origin"), empty_label=_("All"))
    kind = django_filters.ChoiceFilter(choices=LeadKind.choices, label=_("What is asked"), empty_label=_("All"))
    interest = django_filters.ChoiceFilter(
        field_name="is_spontaneous",
        choices=[("true", _("Spontaneous")), ("false", _("Prompted"))],
        method="by_interest",
        label=_("Interest"),
        empty_label=_("All"),
    )
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.inhabited(), label=_("Region"), empty_label=_("All")
    )

    campaign = django_filters.ModelChoiceFilter(
        queryset=campaigns_to_choose, method="by_campaign", label=_("Campaign"), empty_label=_("All")
    )
    credit = django_filters.ChoiceFilter(
        choices=[("first", _("First touch")), ("last", _("Last touch"))],
        method="as_it_is",
        label=_("Credit"),
        empty_label=_("All"),
    )
    by = django_filters.ChoiceFilter(
        choices=Channel.choices, method="as_it_is", label=_("Channel of the campaign"), empty_label=_("All")
    )

    class Meta:
        model = Lead
        fields: list[str] = []

    @property
    def form(self):
        form = super().form
        if not (self.data and self.data.get("campaign")):
            # They narrow what a campaign touched: without one there is nothing to choose.
            for name in ("credit", "by"):
                form.fields.pop(name, None)
        return form

    def by_campaign(self, queryset, name, value):
        return queryset.filter(touched_by(value, self.data.get("credit", ""), self.data.get("by", "")))

    def as_it_is(self, queryset, name, value):
        # They narrow the touches of a campaign (`by_campaign`); without one they say nothing.
        return queryset

    def by_whose(self, queryset, name, value):
        # The view has narrowed the rows already: "mine" is what one sees without any filter.
        return queryset

    def search(self, queryset, name, value):
        return queryset.with_words(plain(value).split())

    def at_state(self, queryset, name, value):
        if value == "open":
            return queryset.open()
        return queryset.late() if value == "late" else queryset.filter(state=value)

    def by_interest(self, queryset, name, value):
        return queryset.filter(is_spontaneous=value == "true")


class ReceiveLeadForm(forms.Form):
    """A request that came by phone, at the counter, at a seminar: who asks, what, and on which legal basis."""

    origin = forms.ChoiceField(label=_("Origin"), choices=Origin.choices, initial=Origin.PHONE)
    network = forms.ChoiceField(
        label=_("Network"), required=False, help_text=_("For a request that came by a social network.")
    )
    kind = forms.ChoiceField(label=_("What is asked"), choices=LeadKind.choices, initial=LeadKind.ADVICE)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    message = forms.CharField(label=_("In the company's words"), required=False, widget=forms.Textarea({"rows": 4}))
    siren = forms.CharField(
        label=_("SIREN"), max_length=11, required=False, help_text=_("Nine digits. It is the surest way not to double.")
    )
    company_name = forms.CharField(label=_("Company"), max_length=250, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=5, required=False)
    town = forms.CharField(label=_("Town"), max_length=120, required=False)
    contact_name = forms.CharField(label=_("Person"), max_length=160)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=24, required=False)
    country = forms.ModelChoiceField(Country.objects.all(), label=_("Country aimed at"), required=False)
    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Sector"), required=False)
    region = forms.ModelChoiceField(
        Region.objects.inhabited(), label=_("Region"), required=False, help_text=_("Empty: that of the company's town.")
    )
    interest = forms.ChoiceField(
        label=_("Interest"),
        choices=[("spontaneous", _("Spontaneous")), ("prompted", _("Prompted"))],
        initial="spontaneous",
        widget=forms.RadioSelect,
    )
    prompted_by = forms.CharField(
        label=_("Prompted by"),
        max_length=200,
        required=False,
        help_text=_("The campaign, the event or the visit. Only when the interest was prompted."),
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Campaign"),
        required=False,
        help_text=_("When one of the list prompted it; the words above may say more."),
    )
    legal_basis = forms.ChoiceField(label=_("Legal basis"), choices=LegalBasis.choices, initial=LegalBasis.PUBLIC_TASK)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        networks = ListItem.objects.filter(list="networks", is_active=True)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user).offered()
        self.fields["network"].choices = [("", "—"), *((item.name, item.name) for item in networks)]
        bind_form(self, user, Lead, is_new=True)

    def clean_siren(self):
        siren = "".join(self.cleaned_data["siren"].split())
        if siren:
            try:
                siren = check_siren(siren)
                if not Company.objects.filter(siren=siren).exists():
                    find_register_unit(siren)
            except WrongSiren as error:
                raise ValidationError(str(error)) from error
        return siren

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if not data.get("siren") and not data.get("company_name") and "siren" not in self.errors:
            self.add_error("company_name", _("Give the SIREN or the name of the company."))
        if data.get("origin") == Origin.SOCIAL and not data.get("network"):
            self.add_error("network", _("Say by which network the request came."))
        if data.get("interest") == "prompted" and not data.get("prompted_by") and not data.get("campaign"):
            self.add_error("prompted_by", _("Say by which campaign, event or visit."))
        if not data.get("contact_email") and not data.get("contact_phone"):
            self.add_error("contact_email", _("Give an e-mail or a phone number, to be able to answer."))
        data["commune"] = self._commune(data.get("postal_code", ""), data.get("town", ""))
        return data

    def _commune(self, postal_code, town):
        if not postal_code:
            return None
        found = list(Commune.objects.filter(postal_codes__contains=[postal_code]).select_related("region")[:60])
        if not found:
            self.add_error("postal_code", _("No commune has the postal code %(code)s.") % {"code": postal_code})
            return None
        same = [commune for commune in found if plain(commune.name) == plain(town)]
        return same[0] if same else found[0] if len(found) == 1 else None


class NoteForm(forms.Form):
    """One text that is required."""

    text = forms.CharField(label=_("Message"), widget=forms.Textarea({"rows": 3}), max_length=4000)


class RefuseLeadForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        help_text=_("The company reads it: say what it can do instead."),
    )


class TreatLeadForm(forms.Form):
    note = forms.CharField(
        label=_("What was answered"), required=False, widget=forms.Textarea({"rows": 2}), max_length=2000,
        help_text=_("For the team only."),
    )  # fmt: skip


class CloseLeadForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    note = forms.CharField(
        label=_("Said to the company"), required=False, widget=forms.Textarea({"rows": 2}), max_length=2000
    )

    def __init__(self, *args, user, lead=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Lead, row=lead)


class NextActionForm(forms.Form):
    """What comes next, dated; both empty when nothing is promised any more."""

    next_action = forms.CharField(
        label=_("Next action"), max_length=200, required=False, help_text=_("The company reads it.")
    )
    next_action_on = forms.DateField(label=_("On"), required=False, widget=DATE)
    next_action_at = forms.TimeField(label=_("At"), required=False, widget=TIME)

    def __init__(self, *args, user, lead=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Lead, row=lead)

    def clean(self):
        super().clean()
        data = self.cleaned_data
        check_promise(self, data)
        return data


def check_promise(form, data):
    """A next action has a day, a day has an action, and the day is not past."""
    action, day = data.get("next_action", ""), data.get("next_action_on")
    if action and not day and "next_action_on" not in form.errors:
        form.add_error("next_action_on", _("Say for which day."))
    if day and not action:
        form.add_error("next_action", _("Say what is to be done that day."))
    if day and day < timezone.localdate():
        form.add_error("next_action_on", _("This day is past: choose today or a later day."))


class ColleagueForm(forms.Form):
    """Chooses a person who handles requests, in the organisation where that person does."""

    roles: tuple[Role, ...] = (*HANDLING_ROLES, Role.TEAM_MANAGER)

    member = forms.ModelChoiceField(Membership.objects.none(), label=_("Colleague"), required=False)
    email = forms.EmailField(
        label=_("Or somebody else, by e-mail"), required=False, help_text=_("Any adviser of the export team.")
    )

    def __init__(self, *args, user, region_id=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        handling = Membership.objects.current().filter(role__in=self.roles)
        near = handling.filter(organisation=user.organisation)
        if region_id:
            near = near | handling.filter(pk__in=team_of_region(region_id).order_by().values("pk"))
        near = near.filter(user__is_active=True).exclude(user=user)
        self.handling = handling
        self.fields["member"].queryset = near.select_related("user", "organisation").order_by(
            "organisation__name", "user__last_name", "user__first_name"
        )
        self.fields["member"].label_from_instance = lambda m: f"{m.user} – {m.organisation}"

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("email") and not data.get("member"):
            data["member"] = (
                self.handling.filter(user__email=data["email"].lower(), user__is_active=True)
                .exclude(user=self.user)
                .select_related("user", "organisation")
                .order_by("-is_default", "pk")
                .first()
            )
            if data["member"] is None:
                self.add_error("email", _("Nobody who handles requests has the address %(email)s.") % data)
        elif not data.get("member") and not self.errors:
            self.add_error("member", _("Choose a colleague, or write an e-mail address."))
        return data

    @property
    def colleague(self) -> User:
        return self.cleaned_data["member"].user

    @property
    def team(self) -> Organisation:
        return self.cleaned_data["member"].organisation


class HandOverLeadForm(ColleagueForm):
    """A colleague, and what he should know: who detects by telephone says need, budget, decision-makers, horizon."""

    roles = (*HANDLING_ROLES, Role.TEAM_MANAGER, Role.SALES)

    note = forms.CharField(label=_("Why"), widget=forms.Textarea({"rows": 3}), max_length=2000)
    need = forms.CharField(label=_("Need"), widget=forms.Textarea({"rows": 2}), max_length=2000, required=False)
    budget = forms.CharField(label=_("Budget"), max_length=200, required=False)
    decision_makers = forms.CharField(label=_("Decision-makers"), max_length=500, required=False)
    horizon = forms.CharField(
        label=_("Horizon"), max_length=200, required=False, help_text=_("By when the company wants to be there.")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        for name in SUMMARY:
            self.fields[name].required = user.role == Role.TELE_PROSPECTOR

    @property
    def summary(self):
        return {name: self.cleaned_data[name] for name in SUMMARY}


class TouchForm(forms.Form):
    """Another channel, the campaign that it came by, and the day when it is not today."""

    origin = forms.ChoiceField(label=_("Channel"), choices=Origin.choices)
    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Campaign"), required=False)
    detail = forms.CharField(label=_("Detail"), max_length=200, required=False)
    touched_on = forms.DateField(label=_("On"), required=False, widget=DATE, help_text=_("Empty: today."))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user).offered()

    def clean_touched_on(self):
        day = self.cleaned_data["touched_on"]
        if day and not datetime.date(2000, 1, 1) <= day <= timezone.localdate():
            raise ValidationError(_("A touch has happened: choose today or a day before."))
        return day


class AttributeTouchForm(forms.Form):
    """Which of the channels that are noted came by which campaign."""

    touch = forms.ModelChoiceField(LeadTouch.objects.none(), label=_("Channel"), empty_label=None)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("none after all")
    )

    def __init__(self, *args, user, lead, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["touch"].queryset = LeadTouch.objects.filter(lead=lead)
        self.fields["touch"].label_from_instance = lambda touch: f"{touch} {touch.detail}".strip()
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user).offered()
