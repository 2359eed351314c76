from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.workspace import actions
from pavillon.workspace.models import SavedView, SearchWord, ViewUse

holds_personal_data(
    SavedView,
    fields=["name", "url"],
    keep_months=36,
    purpose=_("Find one's own lists again"),
    erase=actions.forget_view,
    of=lambda person: SavedView.objects.filter(owner__in=person.users),
)
# Single words of names without their bearers, made anew every night.
holds_no_personal_data(SearchWord)
# Which views somebody pins: gone with the account.
holds_no_personal_data(ViewUse)
