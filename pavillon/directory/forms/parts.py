"""Sites, markets, group links and channels of a company; roles, channels and hours of a person."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator, URLValidator
from django.utils.dates import WEEKDAYS as DAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.core.policy import bind_form, may_read, may_write
from pavillon.directory.channels import WrongPhone, phone_number
from pavillon.directory.enums import ChannelKind, LinkKind, Maturity
from pavillon.directory.forms.companies import TownField
from pavillon.directory.models import Channel, Company, Contact, ContactRole, Establishment, Market
from pavillon.directory.numbers import WrongNumber, check_siret
from pavillon.reference.models import Country, ListItem, Sector, WorkforceBand

DATE = forms.DateInput({"type": "date"})
TIME = forms.TimeInput({"type": "time"})
# Working days; Django has their names.
WEEKDAYS = [(n + 1, DAYS[n]) for n in range(5)]
FROM, TO = pgettext_lazy("hour", "from"), pgettext_lazy("hour", "to")


class PartForm(forms.Form):
    """A small form about a row: its initial values are the row's, its fields follow the privilege matrix."""

    model: type = Company

    def __init__(self, *args, user, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        if row is not None:
            self.initial = {name: getattr(row, name, None) for name in self.fields} | dict(self.initial)
        bind_form(self, user, self.model, row=row, is_new=row is None)

    def _ends_after(self, start, end):
        first, last = self.cleaned_data.get(start), self.cleaned_data.get(end)
        if first and last and last < first:
            self.add_error(end, _("The last day is before the first one."))

    def known_values(self):
        """What an action may be given: the fields of the form that this person may write."""
        locked = {name for name, field in self.fields.items() if field.disabled}
        return {name: value for name, value in self.cleaned_data.items() if name not in locked}


class EstablishmentForm(PartForm):
    """A site of a company that the register does not rule."""

    model = Establishment
    name = forms.CharField(label=_("Name"), max_length=250, required=False, help_text=_("As people call this site."))
    siret = forms.CharField(
        label=_("SIRET"),
        max_length=20,
        required=False,
        help_text=_("Fourteen digits; none abroad."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    is_head_office = forms.BooleanField(label=_("Head office"), required=False)
    commune = TownField()
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=12, required=False)
    town = forms.CharField(label=_("Town abroad"), max_length=120, required=False)
    country = forms.ModelChoiceField(Country.objects.all(), initial="FR", label=_("Country"), empty_label=None)
    workforce_band = forms.ModelChoiceField(
        WorkforceBand.objects.all(), label=_("Headcount band"), required=False, empty_label=_("Not known")
    )
    opened_on = forms.DateField(label=_("Opened on"), required=False, widget=DATE)
    closed_on = forms.DateField(label=_("Closed on"), required=False, widget=DATE)

    def clean_siret(self):
        typed = self.cleaned_data["siret"] or ""
        try:
            return check_siret(typed) if typed else ""
        except WrongNumber as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self):
        data = super().clean() or self.cleaned_data
        self._ends_after("opened_on", "closed_on")
        if not data.get("commune") and not data.get("town") and not data.get("name"):
            raise forms.ValidationError(_("Give the site a name or a town."))
        return data


class MarketForm(PartForm):
    """A country for a sector, and how far the company has come."""

    model = Market
    country = forms.ModelChoiceField(Country.objects.exclude(pk="FR"), label=_("Country"))
    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Sector"), required=False, empty_label=_("All"))
    maturity = forms.ChoiceField(label=_("Maturity"), choices=Maturity.choices)
    since = forms.DateField(label=_("Since"), required=False, widget=DATE)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class MarketChangeForm(MarketForm):
    """As above, of a market that is known: its country and sector stay."""

    field_order = ["maturity", "since", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("country", "sector"):
            self.fields.pop(name, None)


class LinkForm(PartForm):
    """Another company of the group: by its SIREN, its name or its number in the base."""

    ROLES = [
        ("parent", _("It owns this company")),
        ("subsidiary", _("This company owns it")),
        ("sister", _("Same group, owner not known")),
    ]
    other = forms.CharField(
        label=_("The other company"), max_length=120, help_text=_("Its SIREN, or its name as it stands in the base.")
    )
    role = forms.ChoiceField(label=_("How they are linked"), choices=ROLES)
    share = forms.DecimalField(
        label=_("Share held (%)"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    since = forms.DateField(label=_("Since"), required=False, widget=DATE)

    def __init__(self, *args, user, company, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.seen = Company.objects.visible_to(user).standing().exclude(pk=company.pk)

    def clean_other(self):
        typed = self.cleaned_data["other"].strip()
        found = list(self.seen.filter(name__iexact=typed)[:2]) or list(self.seen.matching(typed).order_by("name")[:4])
        if not found:
            raise forms.ValidationError(_("“%(typed)s”: no company of the base answers to this.") % {"typed": typed})
        if len(found) > 1:
            names = ", ".join(f"{c.name} ({c.siren or c.country_id})" for c in found)
            raise forms.ValidationError(
                _("Several companies answer to “%(typed)s”: write the SIREN, or the whole name. %(names)s")
                % {"typed": typed, "names": names}
            )
        return found[0]

    def kind(self):
        return LinkKind.SISTERS if self.cleaned_data["role"] == "sister" else LinkKind.OWNS


class ChannelForm(PartForm):
    """A phone, an e-mail, a website or a social profile."""

    model = Channel
    kind = forms.ChoiceField(label=_("Kind"), choices=ChannelKind.choices)
    network = forms.ChoiceField(label=_("Network"), required=False, help_text=_("For a social profile."))
    value = forms.CharField(label=_("Number or address"), max_length=250)
    label = forms.CharField(label=_("What for"), max_length=60, required=False, help_text=_("Switchboard, mobile…"))
    is_preferred = forms.BooleanField(label=_("Preferred"), required=False)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=DATE)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=DATE)

    def __init__(self, *args, user, owner=Company, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if owner is Contact and (kind := self.fields.get("kind")):
            # A person's phones and e-mails follow the rules of the columns of that name.
            shut = {each for each in ("email", "phone") if not may_write(user, Contact, each)}
            kind.choices = [choice for choice in ChannelKind.choices if choice[0] not in shut]
        networks = ListItem.objects.filter(list="networks", is_active=True)
        self.fields["network"].choices = [("", "—"), *((item.code, item.name) for item in networks)]

    def clean(self):
        data = super().clean() or self.cleaned_data
        self._ends_after("valid_from", "valid_until")
        kind, value = data.get("kind"), (data.get("value") or "").strip()
        if kind == ChannelKind.SOCIAL and not data.get("network"):
            self.add_error("network", _("Say which network this profile is on."))
        if not value or not kind:
            return data
        try:
            data["value"] = self._checked(kind, value)
        except forms.ValidationError as error:
            self.add_error("value", error)
        return data

    def _checked(self, kind, value):
        if kind == ChannelKind.PHONE:
            try:
                return phone_number(value)
            except WrongPhone as error:
                raise forms.ValidationError(
                    _("%(number)s is no phone number. In France: 02 98 86 12 34; abroad: +55 11 91234 5678.")
                    % {"number": value}
                ) from error
        if kind == ChannelKind.EMAIL:
            EmailValidator()(value)
            return value
        address = value if "://" in value else f"https://{value}"
        URLValidator(["http", "https"])(address)
        return address


class RoleForm(PartForm):
    """What a person does in a company, from a day to a day."""

    model = ContactRole
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    is_decision_maker = forms.BooleanField(label=_("Decides"), required=False)
    starts_on = forms.DateField(label=_("Since"), required=False, widget=DATE)
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DATE)
    is_main = forms.BooleanField(label=_("Main role"), required=False, help_text=_("The one that lists show."))

    def __init__(self, *args, user, row=None, **kwargs):
        super().__init__(*args, user=user, row=row, **kwargs)
        self.was_main = row is not None and row.is_main
        # What a person does follows the rules of the same columns of the card.
        for name, column in (("function", "job_title"), ("is_decision_maker", "is_decision_maker")):
            if not may_read(user, Contact, column):
                del self.fields[name]
            elif not may_write(user, Contact, column):
                self.fields[name].disabled = True

    def clean(self):
        data = super().clean() or self.cleaned_data
        self._ends_after("starts_on", "ends_on")
        if self.was_main and data.get("is_main") is False:
            self.add_error("is_main", _("A person always has a main role: make another role the main one instead."))
        return data


class NewRoleForm(RoleForm):
    """As above, in a company that is named first."""

    field_order = ["company", "function", "is_decision_maker", "starts_on", "ends_on", "is_main"]
    company = forms.CharField(
        label=_("Company"), max_length=120, help_text=_("Its SIREN, or its name as it stands in the base.")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.seen = Company.objects.visible_to(user).standing()

    def clean_company(self):
        typed = self.cleaned_data["company"].strip()
        found = list(self.seen.filter(name__iexact=typed)[:2]) or list(self.seen.matching(typed).order_by("name")[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("“%(typed)s” names no single company of the base: write its SIREN or its whole name.")
                % {"typed": typed}
            )
        return found[0]


class CallWindowsForm(forms.Form):
    """Hours of each working day that suit a person; two windows a day, in the person's time zone."""

    def __init__(self, *args, user, contact, **kwargs):
        super().__init__(*args, **kwargs)
        known: dict[int, list[Any]] = {}
        for window in contact.call_windows.all():
            known.setdefault(window.weekday, []).append((window.starts_at, window.ends_at))
        for day, name in WEEKDAYS:
            for place in (0, 1):
                hours = known.get(day, [])[place : place + 1] or [(None, None)]
                part = _("morning") if place == 0 else _("afternoon")
                for edge, label, value in (("from", FROM, hours[0][0]), ("to", TO, hours[0][1])):
                    self.fields[f"d{day}_{place}_{edge}"] = forms.TimeField(
                        label=f"{name}, {part}, {label}", required=False, widget=TIME, initial=value
                    )
        bind_form(self, user, Contact, row=contact)

    def clean(self):
        data = super().clean() or self.cleaned_data
        for day, _name in WEEKDAYS:
            for place in (0, 1):
                start, end = data.get(f"d{day}_{place}_from"), data.get(f"d{day}_{place}_to")
                if bool(start) != bool(end):
                    self.add_error(f"d{day}_{place}_to", _("Give both hours, or none."))
                elif start and end <= start:
                    self.add_error(f"d{day}_{place}_to", _("The window ends before it begins."))
        return data

    def windows(self):
        """The windows as the action takes them."""
        data = self.cleaned_data
        pairs = (
            (day, data.get(f"d{day}_{p}_from"), data.get(f"d{day}_{p}_to")) for day, _n in WEEKDAYS for p in (0, 1)
        )
        return [(day, start, end) for day, start, end in pairs if start and end]

    @property
    def days(self):
        """Lines of the form: the day's name and its four fields."""
        return [
            (name, [[self[f"d{day}_{place}_from"], self[f"d{day}_{place}_to"]] for place in (0, 1)])
            for day, name in WEEKDAYS
        ]
