"""What is done to keys, logs and privileges."""

from pavillon.security.actions.adoption import adopt_older_data
from pavillon.security.actions.files import seal_path
from pavillon.security.actions.key_steps import (
    AlreadyProposed,
    NotTwo,
    NotWaiting,
    confirm_key_step,
    propose_key_step,
    withdraw_key_step,
)
from pavillon.security.actions.key_watch import supervise_keys
from pavillon.security.actions.keys import (
    IndexKeyCannotRotate,
    NothingToRebuildFrom,
    NotRevoked,
    SameSource,
    collect_share,
    move_keys,
    rebuild_keys,
    rotate_data_key,
    rotate_keys,
    split_offline,
)
from pavillon.security.actions.logs import (
    keep_reading,
    leave_reading,
    note_missing,
    note_not_shown,
    note_refusal,
    open_reading_months,
    seal_logs,
)
from pavillon.security.actions.privileges import Changed, NotGoverned, change_policies, change_policy
from pavillon.security.actions.record_keys import destroy_record_key, seal_for_records
from pavillon.security.actions.shipping import ship_logs
from pavillon.security.actions.sweeping import Shelf, sweep_shelf

__all__ = [
    "AlreadyProposed",
    "Changed",
    "IndexKeyCannotRotate",
    "NotGoverned",
    "NotRevoked",
    "NotTwo",
    "NotWaiting",
    "NothingToRebuildFrom",
    "SameSource",
    "Shelf",
    "adopt_older_data",
    "change_policies",
    "change_policy",
    "collect_share",
    "confirm_key_step",
    "destroy_record_key",
    "keep_reading",
    "leave_reading",
    "move_keys",
    "note_missing",
    "note_not_shown",
    "note_refusal",
    "open_reading_months",
    "propose_key_step",
    "rebuild_keys",
    "rotate_data_key",
    "rotate_keys",
    "seal_for_records",
    "seal_logs",
    "seal_path",
    "ship_logs",
    "split_offline",
    "supervise_keys",
    "sweep_shelf",
    "withdraw_key_step",
]
