"""Filters of the companies that lie in a territory."""

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from pavillon.crm.models import Referent
from pavillon.directory.models import Company
from pavillon.ui.lists import TextFilter


class TerritoryCompanyFilter(django_filters.FilterSet):
    q = TextFilter(method_name="matching")
    followed = django_filters.ChoiceFilter(
        choices=[("yes", _("With a referent")), ("no", _("Without a referent"))],
        method="by_referent",
        label=_("Referent"),
        empty_label=_("All"),
    )

    class Meta:
        model = Company
        fields: list[str] = []

    def by_referent(self, rows, name, value):
        has = Exists(Referent.objects.current().filter(company=OuterRef("pk")))
        return rows.filter(has if value == "yes" else ~has)
