from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.federation import actions
from pavillon.federation.models import SigningKey, Site, SiteAccess, SiteSession

holds_no_personal_data(SigningKey, Site, SiteSession)
holds_personal_data(
    SiteAccess,
    fields=["subject", "data", "last_at"],
    keep_months=36,
    purpose=_("Sign in at partners’ sites with the account of the platform"),
    erase=actions.forget_access,
    of=lambda person: SiteAccess.objects.filter(user__in=person.users),
    clock="last_at",
)
