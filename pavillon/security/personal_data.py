from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import forget_also, holds_no_personal_data, holds_personal_data
from pavillon.security import actions
from pavillon.security.models import (
    DataKey,
    KeyProposal,
    KeyUse,
    KeyWatch,
    LogAnchor,
    LogShipment,
    PolicyCell,
    Reading,
    RecordKey,
    RecoverySet,
    RecoveryShare,
)

# Erasing a record makes what the logs kept of it unreadable.
forget_also(actions.destroy_record_key)
holds_no_personal_data(
    DataKey, KeyProposal, KeyUse, KeyWatch, LogAnchor, LogShipment, PolicyCell, RecordKey, RecoverySet, RecoveryShare
)
holds_personal_data(
    Reading,
    fields=["user", "address", "path"],
    keep_months=36,
    purpose=_("Proof of who read what"),
    erase=actions.leave_reading,
    of=lambda person: Reading.objects.filter(user__in=person.users),
)
