from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind
from pavillon.directory.queries.contactable import bar_from_campaigns
from pavillon.intake.actions.kinds import Markets, Roles, Sites
from pavillon.intake.models.parts import add_kind
from pavillon.intake.queries.prospects import not_on_expired_rental

register_kind("intake.delivery_done", _("A file that you brought was worked off"), "team")
register_kind("intake.exchange_overdue", _("The six-monthly exchange of head offices is overdue"), "team")

# A rented file whose licence is over is used by no campaign.
bar_from_campaigns(not_on_expired_rental)

for kind in (Sites(), Markets(), Roles()):
    add_kind(kind)
