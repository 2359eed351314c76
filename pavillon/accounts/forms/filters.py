"""Filters and columns of this room's lists."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.enums import PARTNER_KINDS, Kind, Level, Network, Role
from pavillon.accounts.models import Organisation, Unit, User
from pavillon.reference.models import Country, Region
from pavillon.ui.exports import Column
from pavillon.ui.lists import TextFilter

STATES = [
    ("active", pgettext_lazy("person", "Active")),
    ("invited", _("Invited, not come yet")),
    ("suspended", _("Suspended")),
    ("closed", _("Deactivated")),
]


class UnitChoice(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, unit):
        return f"{'— ' * unit.depth}{unit.name}"


class UnitFilter(django_filters.ModelChoiceFilter):
    """A unit stands for its whole branch."""

    field_class = UnitChoice

    def filter(self, qs, value):
        return qs.in_branch(value) if value else qs


class MembershipFilter(django_filters.Filter):
    """Filters people by a field of one of their current memberships."""

    def filter(self, qs, value):
        return qs.acting_in(**{self.field_name: value}) if value else qs


class MembershipChoice(MembershipFilter, django_filters.ChoiceFilter):
    def filter(self, qs, value):
        return qs.acting_in(**{self.field_name: value}) if value else qs


class MembershipModelChoice(MembershipFilter, django_filters.ModelChoiceFilter):
    def filter(self, qs, value):
        return qs.acting_in(**{self.field_name: value}) if value else qs


def _organisations(request):
    return Organisation.objects.visible_to(request.user).partners()


class PeopleFilters(django_filters.FilterSet):
    q = TextFilter(method_name="matching", label=_("Name or e-mail"))
    organisation = MembershipModelChoice(label=_("Organisation"), queryset=_organisations, empty_label=_("All"))
    role = MembershipChoice(label=_("Role"), choices=Role.choices, empty_label=_("All"))
    network = MembershipChoice(label=_("Network"), choices=[c for c in Network.choices if c[0]], empty_label=_("All"))
    unit = UnitFilter(label=_("Unit"), queryset=Unit.objects.all(), empty_label=_("All"))
    country = django_filters.ModelChoiceFilter(label=_("Country"), queryset=Country.objects.all(), empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=_("All"))

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request.user.is_company:
            for name in ("organisation", "network", "unit", "country", "role"):
                del self.filters[name]
            return
        # Only countries where somebody works: 250 names would bury them.
        used = User.objects.visible_to(self.request.user).exclude(country=None).order_by()
        self.filters["country"].queryset = Country.objects.filter(pk__in=used.values("country"))

    def in_state(self, qs, name, value):
        return {
            "active": qs.filter(is_active=True, last_login__isnull=False),
            "invited": qs.invited(),
            "suspended": qs.suspended(),
            "closed": qs.filter(is_active=False),
        }[value]


class OrganisationFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name"), field_name="name", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(
        label=_("Type"), choices=[(k.value, k.label) for k in Kind if k in PARTNER_KINDS], empty_label=_("All")
    )
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices, empty_label=_("All"))
    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=Region.objects.inhabited(), empty_label=_("All")
    )

    class Meta:
        model = Organisation
        fields: list[str] = []
        form = forms.Form


def _roles(person):
    return ", ".join(str(membership) for membership in person.current)


PEOPLE_COLUMNS = [
    Column(_("Last name"), lambda person: person.last_name, "last_name"),
    Column(_("First name"), lambda person: person.first_name, "first_name"),
    Column(_("E-mail"), lambda person: person.email, "email"),
    Column(_("Phone"), lambda person: person.phone, "phone"),
    Column(_("Roles"), _roles),
    Column(_("Country"), lambda person: str(person.country or ""), "country"),
    Column(_("Last sign-in"), lambda person: person.last_login, "last_login"),
    Column(pgettext_lazy("person", "Active"), lambda person: person.is_active),
]
