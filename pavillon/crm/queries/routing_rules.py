"""The routing rules as their pages show them: in force, being prepared, and how they stood before."""

from typing import Any

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.crm.models import RoutingVersion
from pavillon.crm.queries.routing import RULE_NAMES, rules_in_force

LATEST = 30


def overview_of(user: User) -> dict[str, Any]:
    """The rules in force in the order in which they are tried, the drafts that the reader sees, past versions."""
    versions = RoutingVersion.objects.visible_to(user).select_related("region", "started_by", "activated_by")
    return {
        "rules": rules_in_force(),
        "drafts": versions.drafts(),
        "versions": versions.exclude(state="draft").order_by("-activated_at")[:LATEST],
        "may_start": is_allowed(user, "crm.start_routing_draft", None),
    }


def page_of_version(user: User, version: RoutingVersion) -> dict[str, Any]:
    """One version: its rules; of a draft, those of the other levels among which they will be tried."""
    if version.is_draft:
        switched_off = version.rules.filter(is_active=False).in_order().select_related(*RULE_NAMES)
        rules = [*rules_in_force(version), *switched_off]
    else:
        rules = list(version.rules.in_order().select_related(*RULE_NAMES))
    own = [rule.pk for rule in rules if rule.version_id == version.pk and rule.is_active]
    return {
        "version": version,
        "rules": rules,
        "first": own[:1],
        "last": own[-1:],
        "may_write": is_allowed(user, "crm.activate_routing_draft", version),
        "may_restore": is_allowed(user, "crm.restore_routing_version", version),
    }
