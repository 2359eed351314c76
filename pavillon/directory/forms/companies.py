"""Creating, changing and merging companies."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.directory.enums import ExportClass, Family, PriorityZone, Size, Status
from pavillon.directory.models import Company
from pavillon.directory.numbers import WrongNumber, check_national_number, check_vat_number
from pavillon.directory.precedence import COMPANY_GROUPS
from pavillon.directory.queries import WrongSiren, check_siren
from pavillon.directory.queries.card import ruled_groups
from pavillon.reference.models import Commune, Country, Sector, WorkforceBand

NOT_KNOWN = [("", _("Not known"))]


YEAR: dict[str, Any] = {"min_value": 1990, "max_value": 2100, "required": False}
AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2, "min_value": 0, "required": False}
# The fields of the card as its form shows them, after those that find it: (title, fields).
SECTIONS = [
    (_("Where it is"), ["address", "postal_code", "town", "country"]),
    (_("How it is known"), ["family", "status", "is_accompanied", "national_number", "vat_number"]),
    (_("Trade"), ["sector", "other_sectors", "export_class", "priority_zones"]),
    (
        _("Size"),
        [
            "workforce_band",
            "size",
            "headcount",
            "headcount_year",
            "turnover",
            "turnover_year",
            "export_turnover",
            "export_turnover_year",
        ],
    ),
    (
        _("Objectives"),
        ["turnover_objective", "potential_turnover", "margin", "new_client_objective", "objective_year"],
    ),
]


class TownField(forms.CharField):
    """A French town typed by its name, its postal code or its INSEE code; its value is the commune."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Town or postal code"))
        kwargs.setdefault("help_text", _("For example Châteaulin, 29150, or “Saint-Denis (974)”."))
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        if isinstance(value, Commune):
            # A field that its reader may not change brings its own commune back.
            return value
        typed = super().clean(value)
        if not typed:
            return None
        name, _bracket, department = typed.partition("(")
        found = Commune.objects.filter(
            Q(name__iexact=name.strip()) | Q(code=typed.strip().upper()) | Q(postal_codes__contains=[typed.strip()])
        )
        if department:
            found = found.filter(department=department.strip(" )"))
        towns = list(found.select_related("department")[:6])
        if not towns:
            raise forms.ValidationError(
                _("“%(typed)s”: no French commune has this name or code. Write its postal code.") % {"typed": typed}
            )
        if len(towns) > 1:
            raise forms.ValidationError(
                _("Several communes answer to “%(typed)s”: write one of %(towns)s.")
                % {
                    "typed": typed,
                    "towns": ", ".join(f"{town.name} ({town.department_id})" for town in towns),
                }
            )
        return towns[0]

    def prepare_value(self, value):
        return f"{value.name} ({value.department_id})" if isinstance(value, Commune) else value


class CompanyForm(forms.Form):
    """The card of a company. Fields that the register rules are left to it when there is a SIREN."""

    name = forms.CharField(label=_("Name"), max_length=250, help_text=_("The name that people use."))
    siren = forms.CharField(
        label=_("SIREN"),
        max_length=20,
        required=False,
        help_text=_("Nine digits. With it, name, activity, headcount and town come from the register."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    family = forms.ChoiceField(label=_("Family"), choices=Family.choices, initial=Family.FRENCH)
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices, initial=Status.PROSPECT, required=False)
    national_number = forms.CharField(
        label=_("National number"),
        max_length=40,
        required=False,
        help_text=_("Of a company abroad: its number in the register of its country."),
    )
    vat_number = forms.CharField(label=_("VAT number"), max_length=30, required=False)
    commune = TownField()
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=12, required=False)
    town = forms.CharField(label=_("Town abroad"), max_length=120, required=False)
    country = forms.ModelChoiceField(Country.objects.all(), initial="FR", label=_("Country"), empty_label=None)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Sector"), required=False, empty_label=_("Not known"))
    other_sectors = forms.ModelMultipleChoiceField(
        Sector.objects.all(), label=_("Other sectors"), required=False, widget=forms.CheckboxSelectMultiple
    )
    priority_zones = forms.MultipleChoiceField(
        label=_("Priority zones"), choices=PriorityZone.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    headcount = forms.IntegerField(label=_("Headcount"), min_value=0, max_value=10_000_000, required=False)
    headcount_year = forms.IntegerField(label=_("Year of the headcount"), **YEAR)
    workforce_band = forms.ModelChoiceField(
        WorkforceBand.objects.all(), label=_("Headcount band"), required=False, empty_label=_("Not known")
    )
    size = forms.ChoiceField(label=_("Size"), choices=[*NOT_KNOWN, *Size.choices[:3]], required=False)
    export_class = forms.ChoiceField(label=_("Export"), choices=[*NOT_KNOWN, *ExportClass.choices], required=False)
    turnover = forms.DecimalField(label=_("Turnover (€)"), **AMOUNT)
    turnover_year = forms.IntegerField(label=_("Year of the turnover"), **YEAR)
    export_turnover = forms.DecimalField(label=_("Export turnover (€)"), **AMOUNT)
    export_turnover_year = forms.IntegerField(label=_("Year of the export turnover"), **YEAR)
    turnover_objective = forms.DecimalField(label=_("Turnover objective (€)"), **AMOUNT)
    potential_turnover = forms.DecimalField(label=_("Potential turnover (€)"), **AMOUNT)
    margin = forms.DecimalField(label=_("Margin (€)"), **AMOUNT)
    new_client_objective = forms.IntegerField(label=_("New-client objective"), min_value=0, required=False)
    objective_year = forms.IntegerField(label=_("Year of the objectives"), **YEAR)
    is_accompanied = forms.BooleanField(label=_("Accompanied by the agency"), required=False)

    def __init__(self, *args, user, company=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.company = company
        self.ruled = []
        if company is not None:
            known = {name: getattr(company, name) for name in self.fields if name != "other_sectors"}
            known["other_sectors"] = list(company.other_sectors.all())
            self.initial = known | dict(self.initial)
            self._leave_to_the_register(company)
        bind_form(self, user, Company, row=company, is_new=company is None)

    def _leave_to_the_register(self, company):
        """What the register rules is read here, and corrected on request."""
        for group in ruled_groups(company):
            for name in COMPANY_GROUPS[group]:
                if name in self.fields:
                    self.fields[name].disabled = True
                    self.ruled.append(name)

    @property
    def sections(self):
        """Titles and bound fields, without those that find the company and those that this person may not see."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in SECTIONS]

    def clean_status(self):
        return self.cleaned_data["status"] or (self.company.status if self.company else Status.PROSPECT)

    def clean_siren(self):
        typed = self.cleaned_data["siren"]
        if not typed:
            return None
        try:
            return check_siren(typed)
        except WrongSiren as error:
            raise forms.ValidationError(str(error), code=error.reason) from error

    def clean(self):
        data = super().clean() or self.cleaned_data
        turnover, exported = data.get("turnover"), data.get("export_turnover")
        if turnover is not None and exported is not None and exported > turnover:
            self.add_error("export_turnover", _("More is exported than sold: check the two amounts."))
        country = data.get("country")
        if country and country.pk != "FR" and (data.get("siren") or data.get("commune")):
            self.add_error("country", _("A SIREN and a French commune belong to a company in France."))
        if data.get("siren") and data.get("family") == Family.FOREIGN:
            self.add_error("family", _("A company with a SIREN is a French one."))
        self._check_numbers(data, country.pk if country else "FR")
        return data

    def _check_numbers(self, data, country):
        checks = {
            "national_number": lambda number: check_national_number(country, number),
            "vat_number": lambda number: check_vat_number(number, country=country, siren=data.get("siren")),
        }
        for name, check in checks.items():
            if data.get(name):
                try:
                    data[name] = check(data[name])
                except WrongNumber as error:
                    self.add_error(name, str(error))

    def known_values(self):
        """What an action may be given: the fields of the form that this person may write."""
        locked = {name for name, field in self.fields.items() if field.disabled}
        return {name: value for name, value in self.cleaned_data.items() if name not in locked}


class NewCompanyForm(CompanyForm):
    """As above, and after near companies were shown: "it is none of these"."""

    name = forms.CharField(
        label=_("Name"),
        max_length=250,
        required=False,
        help_text=_("The name that people use. With a SIREN it may stay empty: the register has one."),
    )
    is_new = forms.BooleanField(label=_("It is none of these: create it"), required=False)

    def clean(self):
        data = super().clean()
        if not data.get("name") and not data.get("siren") and not {"name", "siren"} & self.errors.keys():
            self.add_error("name", _("Write the name of the company, or its SIREN."))
        return data


class ChooseOtherForm(forms.Form):
    """Which record is the same company: by its SIREN, its number in the base or its name."""

    q = forms.CharField(label=_("Name, SIREN or number of the other record"), max_length=120, required=False)
