"""Filters and columns of this room's lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from pavillon.directory.enums import ExportClass, Family, Size
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries import list_choices
from pavillon.ui.exports import Column
from pavillon.ui.lists import TextFilter


class MethodFilter(django_filters.ChoiceFilter):
    """A choice that calls a QuerySet method with the value."""

    def __init__(self, *args, method_name, **kwargs):
        super().__init__(*args, **kwargs)
        self.method_name = method_name

    def filter(self, qs, value):
        return getattr(qs, self.method_name)(value) if value else qs


class CompanyFilter(django_filters.FilterSet):
    q = TextFilter(method_name="matching", label=_("Name, SIREN, phone or e-mail"))
    place = MethodFilter(method_name="in_place", label=_("Region or department"), empty_label=_("All"))
    section = MethodFilter(method_name="in_section", label=_("Activity"), empty_label=_("All"))
    sector = django_filters.ChoiceFilter(field_name="sector_id", label=_("Sector"), empty_label=_("All"))
    size = django_filters.ChoiceFilter(label=_("Size"), choices=Size.choices[:3], empty_label=_("All"))
    export_class = django_filters.ChoiceFilter(label=_("Export"), choices=ExportClass.choices, empty_label=_("All"))
    family = django_filters.ChoiceFilter(label=_("Family"), choices=Family.choices, empty_label=_("All"))
    is_accompanied = django_filters.ChoiceFilter(
        label=_("Accompanied"), choices=[("1", _("yes")), ("0", _("no"))], empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("active", _("Active")), ("closed", _("Closed"))],
        empty_label=_("All"),
        method="by_state",
    )

    class Meta:
        model = Company
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in list_choices().items():
            self.filters[name].extra["choices"] = choices

    def by_state(self, queryset, name, value):
        return queryset.filter(closed_on__isnull=value == "active")


class ContactFilter(django_filters.FilterSet):
    q = TextFilter(method_name="matching", label=_("Name, e-mail or phone"))
    is_decision_maker = django_filters.ChoiceFilter(
        label=_("Decides"), choices=[("1", _("yes")), ("0", _("no"))], empty_label=_("All")
    )

    class Meta:
        model = Contact
        fields: list[str] = []


COMPANY_COLUMNS = [
    Column(_("Name"), lambda c: c.name, "name"),
    Column(_("SIREN"), lambda c: c.siren or "", "siren"),
    Column(_("Legal name"), lambda c: c.legal_name, "legal_name"),
    Column(_("Activity code"), lambda c: c.activity.code if c.activity else "", "activity"),
    Column(_("Activity"), lambda c: str(c.activity or ""), "activity"),
    Column(_("Headcount band"), lambda c: str(c.workforce_band or ""), "workforce_band"),
    Column(_("Size"), lambda c: c.get_size_display() if c.size else "", "size"),
    Column(_("Address"), lambda c: c.address, "address"),
    Column(_("Postal code"), lambda c: c.postal_code, "address"),
    Column(_("Town"), lambda c: c.commune.name if c.commune else c.town),
    Column(_("Region"), lambda c: str(c.region or "")),
    Column(_("Country"), lambda c: str(c.country)),
    Column(_("Sector"), lambda c: str(c.sector or ""), "sector"),
    Column(_("Export"), lambda c: c.get_export_class_display() if c.export_class else "", "export_class"),
    Column(_("Turnover (€)"), lambda c: c.turnover, "turnover"),
    Column(_("Export turnover (€)"), lambda c: c.export_turnover, "export_turnover"),
    Column(_("Accompanied"), lambda c: c.is_accompanied, "is_accompanied"),
    Column(_("Website"), lambda c: c.website, "website"),
]
