"""Keys, their calls, and what partners' systems do to the accounts of their people. Re-exported here."""

from pavillon.interchange.actions.keys import (
    NotYours,
    OtherCall,
    QuotaExceeded,
    answer_once,
    create_key,
    note_unknown_key,
    revoke_key,
    spend_call,
)
from pavillon.interchange.actions.provisioning import (
    Outdated,
    UserNameTaken,
    change_provisioned,
    forget_provisioned,
    provision_user,
    remove_provisioned,
)

__all__ = [
    "NotYours",
    "OtherCall",
    "Outdated",
    "QuotaExceeded",
    "UserNameTaken",
    "answer_once",
    "change_provisioned",
    "create_key",
    "forget_provisioned",
    "note_unknown_key",
    "provision_user",
    "remove_provisioned",
    "revoke_key",
    "spend_call",
]
