from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.curation.models import DuplicatePair
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_panel


def waiting(user: User) -> QuerySet[DuplicatePair]:
    """The pairs that wait for a decision."""
    return DuplicatePair.objects.visible_to(user).open().order_by()


add_entry(
    area="workspace",
    section=_("Quality of the base"),
    label=_("Duplicates"),
    url_name="curation:duplicates",
    permission="curation.view_duplicates",
    icon="merge",
    order=66,
    badge=waiting,
    live="curation.duplicates",
)
add_entry(
    area="workspace",
    section=_("Quality of the base"),
    label=_("Records to complete"),
    url_name="curation:quality",
    permission="curation.view_quality",
    icon="list-checks",
    order=67,
)
add_entry(
    area="workspace",
    section=_("Quality of the base"),
    label=_("Freshness"),
    url_name="curation:freshness",
    permission="curation.view_freshness",
    icon="refresh-cw",
    order=68,
)
add_panel(
    "directory.company",
    title=_("Quality of the record"),
    url_name="curation:company_quality",
    permission="curation.view_quality",
    column="side",
    order=40,
)
