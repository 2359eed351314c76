from django.utils.translation import gettext_lazy as _

from pavillon.accounts import actions
from pavillon.accounts.models import (
    Attempts,
    Correspondent,
    FactorRule,
    IdentityProvider,
    Letter,
    Membership,
    Office,
    OneStopShop,
    Organisation,
    PeopleImport,
    ProviderSession,
    ShopMember,
    SignInGuard,
    Unit,
    User,
)
from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data

holds_no_personal_data(
    Attempts,
    Correspondent,
    FactorRule,
    IdentityProvider,
    Letter,
    Membership,
    Office,
    OneStopShop,
    Organisation,
    ProviderSession,
    ShopMember,
    SignInGuard,
    Unit,
)
holds_personal_data(
    PeopleImport,
    fields=["rows"],
    keep_months=1,
    purpose=_("Rehearsal of an import of accounts; the rows are forgotten when it is done"),
    erase=actions.forget_people_import,
    clock="changed_at",
)
holds_personal_data(
    User,
    fields=["email", "first_name", "last_name", "phone"],
    keep_months=36,
    purpose=_("Named access to the platform"),
    erase=actions.forget_user,
    of=lambda person: User.objects.filter(pk__in=person.users),
    clock="last_login",
)
