from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.ui.menu import add_entry
from pavillon.vigilance.models import Incident


def unanswered(user: User) -> QuerySet[Incident] | None:
    """Incidents that nobody has looked at."""
    if not is_allowed(user, "vigilance.read_incidents"):
        return None
    return Incident.objects.visible_to(user).unanswered()


add_entry(
    area="agency",
    section=_("Security"),
    label=_("Incidents"),
    url_name="vigilance:read_incidents",
    permission="vigilance.read_incidents",
    icon="shield-alert",
    order=840,
    badge=unanswered,
    live="vigilance.incident",
)
add_entry(
    area="agency",
    section=_("Security"),
    label=_("Unusual events"),
    url_name="vigilance:read_rules",
    permission="vigilance.read_rules",
    icon="radar",
    order=850,
)
add_entry(
    area="agency",
    section=_("Security"),
    label=_("Reading budgets"),
    url_name="vigilance:read_limits",
    permission="vigilance.read_limits",
    icon="scale",
    order=860,
)
add_entry(
    area="account",
    label=_("My reading"),
    url_name="vigilance:my_reading",
    permission="vigilance.my_reading",
    icon="book-open",
    order=64,
)
