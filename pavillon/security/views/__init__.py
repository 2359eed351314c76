from pavillon.security.views.keys import (
    collect_share,
    confirm_key_step,
    propose_key_step,
    read_keys,
    rebuild_keys,
    rotate_keys,
    withdraw_key_step,
)
from pavillon.security.views.logs_and_privileges import (
    audit_person,
    audit_record,
    change_policy,
    company_panel,
    export_audit,
    export_policy,
    find_record,
    preview_policy,
    read_policy,
)

__all__ = [
    "audit_person",
    "audit_record",
    "change_policy",
    "collect_share",
    "company_panel",
    "confirm_key_step",
    "export_audit",
    "export_policy",
    "find_record",
    "preview_policy",
    "propose_key_step",
    "read_keys",
    "read_policy",
    "rebuild_keys",
    "rotate_keys",
    "withdraw_key_step",
]
