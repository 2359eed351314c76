from pavillon.accounts import actions
from pavillon.accounts.models import (
    Correspondent,
    IdentityProvider,
    Membership,
    Office,
    OneStopShop,
    Organisation,
    ShopMember,
    SignInGuard,
    Unit,
    User,
)
from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data

holds_no_personal_data(
    Correspondent, IdentityProvider, Membership, Office, OneStopShop, Organisation, ShopMember, SignInGuard, Unit
)
holds_personal_data(
    User,
    fields=["email", "first_name", "last_name", "phone"],
    keep_months=36,
    purpose="Named access to the platform",
    erase=actions.forget_user,
)
