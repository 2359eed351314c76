from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind
from pavillon.core.models import narrow_sight
from pavillon.core.policy import governs, owned_by
from pavillon.solutions.models import Diagnosis, Solution

governs(Diagnosis, fields=["score", "level", "theme_scores"])
governs(Solution, fields=[])
owned_by(Diagnosis, lambda user: Q(user=user))
owned_by(Solution, lambda user: Q(proposed_by=user))
register_kind("solutions.join_requested", _("Somebody asks to join my company"), "company")
register_kind("solutions.join_decided", _("My request to join a company is answered"), "company")
register_kind("solutions.solution_submitted", _("A solution waits for approval"), "team")
register_kind("solutions.solution_decided", _("My solution is published or sent back"), "team")
register_kind("solutions.entry_waits", _("Somebody opened the account of a company that we know"), "team")

# What a newcomer did himself, by the column that says so.
OWN = {
    "crm.lead": "requested_by",
    "solutions.diagnosis": "user",
    "directory.contact": "user",
    "accounts.membership": "user",
}
# How far a row stands from the company whose past it tells.
SHOP_PATHS = {"showroom.shop": "", "showroom.picture": "product__shop__"}


def hide_the_past(rows: Any, user: Any) -> Any:
    """Who entered a company by its public number sees what he did himself there, until he is confirmed."""
    if not getattr(user, "is_newcomer", False):
        return rows
    model: type[Model] = rows.model
    label, columns = model._meta.label_lower, {field.name for field in model._meta.concrete_fields}
    if label in OWN:
        return rows.filter(**{OWN[label]: user})
    if label in SHOP_PATHS or "shop" in columns:
        path = SHOP_PATHS.get(label, "shop__")
        return rows.filter(**{f"{path}created_at__gte": user.acting.created_at})
    return rows.none() if columns & {"company", "contact"} else rows


narrow_sight(hide_the_past)
