"""What this room tells of a period: where the company stands, and how much its card moved."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import AT_MOST, Event, Figure, Part
from pavillon.directory.trail import changes_of_state


def tell_standing(company: Company, user: User, since: datetime, until: datetime) -> Part:
    """Changes of state, each with its field before and after; other acts on the card are only counted."""
    changes, acts = changes_of_state(company, user, since, until, AT_MOST)
    events = [
        Event(
            at=change.at,
            title=change.title,
            icon="milestone",
            who=change.who,
            text="\n".join(
                _("%(field)s: %(old)s → %(new)s") % {"field": line.label, "old": line.old, "new": line.new}
                for line in change.lines
            ),
        )
        for change in changes
    ]
    url = reverse("directory:company_changes", args=[company.pk])
    figures = [Figure(_("Changes of state"), len(changes)), Figure(_("Acts on the card"), acts, url=url)]
    return Part(figures, events)
