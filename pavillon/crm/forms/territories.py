"""What one asks of territories: places, people, how portfolios follow. Every form is previewed before it is applied."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation, User
from pavillon.crm.enums import PortfolioChoice
from pavillon.crm.forms.leads import DATE
from pavillon.crm.models import Territory
from pavillon.crm.queries.routing import HANDLING_ROLES
from pavillon.crm.queries.territory_areas import Choice, communes_in_text, ground_of
from pavillon.crm.queries.territory_plans import Asked, Handing
from pavillon.reference.models import Department, Region, Sector
from pavillon.ui.choices import Known


class WhereForm(forms.Form):
    """Whose territories, and in which region: read from the address."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    region = forms.ModelChoiceField(Region.objects.none(), label=_("Region"))

    def __init__(self, *args, organisations, regions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Known(Organisation, organisations)
        self.fields["region"].queryset = Known(Region, regions)


class RegionForm(forms.Form):
    """Where a national organisation draws; a regional one draws in its own region."""

    region = forms.ModelChoiceField(Region.objects.inhabited(), label=_("Region"))


class TerritoryForm(forms.Form):
    """Common to all: when and why. `organisation` and `region` say where it applies."""

    day = forms.DateField(label=_("Portfolios pass on"), widget=DATE, initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("The team reads it; companies do not.")
    )
    order = ("name", "adviser", "other", "giver", "to", "territory", "how", "departments", "communes", "postal_codes",
             "sectors", "portfolio", "day", "reason")  # fmt: skip

    def __init__(self, *args, organisation, region, territory=None, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation, self.region, self.territory = organisation, region, territory
        self.today = today or timezone.localdate()
        self.order_fields(self.order)
        people = (
            User.objects.working()
            .acting_in(organisation=organisation, role__in=(*HANDLING_ROLES, Role.TEAM_MANAGER))
            .order_by("last_name", "first_name", "pk")
        )
        self.people = people
        for name in ("adviser", "giver", "to"):
            if name in self.fields:
                self.fields[name].queryset = people
        others = Territory.objects.in_force().filter(organisation=organisation, region=region).order_by("name", "pk")
        for name in ("other", "territory"):
            if name in self.fields:
                self.fields[name].queryset = others.exclude(pk=territory.pk) if territory else others

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is past: choose today or a later day."))
        return day

    def require_present(self, name, territory):
        """A portfolio passes to the adviser of a territory only as long as he works here."""
        passes = self.cleaned_data.get("portfolio") != PortfolioChoice.NONE
        if territory and passes and not self.people.filter(pk=territory.adviser_id).exists():
            self.add_error(
                name,
                forms.ValidationError(
                    _("%(adviser)s no longer works here: give “%(name)s” to another adviser first."),
                    params={"adviser": territory.adviser, "name": territory},
                ),
            )

    @property
    def asked(self):
        """The form as a plan reads it."""
        data = self.cleaned_data
        handing = Handing(
            to=data.get("to") or data.get("adviser"),
            giver=data.get("giver"),
            day=data["day"],
            portfolio=data.get("portfolio", PortfolioChoice.OWN),
        )
        how = data.get("how", "chosen")
        balanced_by = "" if how == "chosen" else how
        return Asked(handing, data.get("choice", Choice()), balanced_by, data.get("name", "").strip())


class PortfolioForm(TerritoryForm):
    portfolio = forms.ChoiceField(label=_("Portfolios"), choices=PortfolioChoice.choices, initial=PortfolioChoice.OWN)


class PlacesForm(PortfolioForm):
    """Departments, communes, postal codes and sectors of a region."""

    departments = forms.MultipleChoiceField(label=_("Departments"), required=False, widget=forms.CheckboxSelectMultiple)
    communes = forms.CharField(
        label=_("Communes"), required=False, widget=forms.Textarea({"rows": 2}), max_length=20_000,
        help_text=_("Names or INSEE codes, with commas between them."),
    )  # fmt: skip
    postal_codes = forms.CharField(
        label=_("Postal codes"), required=False, max_length=2000,
        help_text=_("Whole ones, or their first digits: 29, 352, 35400."),
    )  # fmt: skip
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), required=False, widget=forms.SelectMultiple({"size": 6}),
        help_text=_("None: the companies of every sector."),
    )  # fmt: skip
    needs_places = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Department.objects.filter(region=self.region)
        self.fields["departments"].choices = [(one.pk, f"{one.pk} {one.name}") for one in rows]
        self.fields["sectors"].choices = [(one.pk, one.name) for one in Sector.objects.all()]

    def clean_postal_codes(self):
        words = [word for word in re.split(r"[\s,;]+", self.cleaned_data["postal_codes"]) if word]
        wrong = [word for word in words if not word.isdecimal() or len(word) > 5]
        if wrong:
            raise forms.ValidationError(
                _("“%(word)s” is no beginning of a postal code: give one to five digits."), params={"word": wrong[0]}
            )
        return words

    def clean(self):
        super().clean()
        data = self.cleaned_data
        communes = []
        if data.get("communes"):
            understood = communes_in_text(data["communes"], ground_of(self.region))
            communes = understood.communes
            if understood.unknown:
                self.add_error(
                    "communes",
                    forms.ValidationError(
                        _("“%(word)s”: no commune of %(region)s has this name or code."),
                        params={"word": understood.unknown[0], "region": self.region},
                    ),
                )
        data["choice"] = Choice(
            frozenset(data.get("departments", ())),
            frozenset(communes),
            tuple(data.get("postal_codes") or ()),
            frozenset(data.get("sectors", ())),
        )
        is_asked = self.needs_places and data.get("how", "chosen") == "chosen"
        if is_asked and data["choice"].is_empty and not self.errors:
            self.add_error("departments", _("Choose departments, communes, postal codes or sectors."))
        return data


class CreateTerritoryForm(PlacesForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    adviser = forms.ModelChoiceField(User.objects.none(), label=_("Adviser"))
    portfolio = forms.ChoiceField(
        label=_("Portfolios"),
        choices=[
            (PortfolioChoice.NONE, PortfolioChoice.NONE.label),
            (PortfolioChoice.OWN_AND_FREE, _("The potentials that nobody follows join the adviser’s portfolio")),
        ],
    )


class SplitTerritoryForm(PlacesForm):
    how = forms.ChoiceField(
        label=_("How to cut"),
        choices=[
            ("accounts", _("In two halves with as many accounts")),
            ("potential", _("In two halves of the same potential")),
            ("chosen", _("By the places and sectors chosen below")),
        ],
        widget=forms.RadioSelect,
        initial="accounts",
    )
    name = forms.CharField(label=_("Name of the new territory"), max_length=80)
    adviser = forms.ModelChoiceField(User.objects.none(), label=_("Its adviser"))


class MoveAreasForm(PlacesForm):
    other = forms.ModelChoiceField(Territory.objects.none(), label=_("To the territory"))

    def clean(self):
        data = super().clean()
        self.require_present("other", data.get("other"))
        return data


class MergeTerritoriesForm(PortfolioForm):
    other = forms.ModelChoiceField(
        Territory.objects.none(),
        label=_("Territory that joins this one"),
        help_text=_("It ends; this one keeps its name."),
    )

    def clean(self):
        data = super().clean()
        self.require_present("portfolio", self.territory)
        return data


class ChangeTerritoryForm(PortfolioForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    adviser = forms.ModelChoiceField(User.objects.none(), label=_("Adviser"))


class RetireTerritoryForm(TerritoryForm):
    day = None  # type: ignore[assignment]
    reason = forms.CharField(label=_("Why"), max_length=300)


class ReassignPortfolioForm(PlacesForm):
    giver = forms.ModelChoiceField(User.objects.none(), label=_("Portfolio of"))
    to = forms.ModelChoiceField(User.objects.none(), label=_("To"))
    territory = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Only what lies in"), required=False, empty_label=_("the whole region")
    )
    portfolio = None  # type: ignore[assignment]
    needs_places = False

    def clean(self):
        data = super().clean()
        if data.get("giver") and data.get("giver") == data.get("to"):
            self.add_error("to", _("Choose somebody else than the present adviser."))
        return data
