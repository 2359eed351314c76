"""Routing rules are written as a draft, tried out, and put into force whole; what was in force is kept."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.actions.receiving import locked_settings
from pavillon.crm.enums import Destination, VersionState
from pavillon.crm.models import RoutingRule, RoutingVersion
from pavillon.reference.models import Region

RULE_FIELDS = (
    "name",
    "priority",
    "is_active",
    "region",
    "department",
    "sector",
    "country",
    "kind",
    "origin",
    "export_class",
    "before_referent",
    "goes_to",
    "organisation",
    "adviser",
    "office",
    "load_below",
    "take_charge_hours",
)


class DraftStands(Exception):
    """Somebody prepares other rules for this level already."""


class NotADraft(Exception):
    """The version is or was in force: it is changed by a new draft."""


class RuleGone(Exception):
    """Somebody took the rule out of the draft meanwhile."""


@transaction.atomic
def start_routing_draft(
    *, by: User, region: Region | None = None, based_on: RoutingVersion | None = None
) -> RoutingVersion:
    """A draft of one level's rules (None: the whole country's), with those of `based_on`, else of what is in force.

    Raises DraftStands when this level has one.
    """
    locked_settings()
    level = RoutingVersion.objects.filter(region=region)
    last = level.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            draft = RoutingVersion.objects.create(
                region=region, number=last + 1, started_by=by, started_at=timezone.now()
            )
    except IntegrityError as error:
        standing = level.get(state=VersionState.DRAFT)
        raise DraftStands(
            _("%(version)s is being prepared by %(person)s already.")
            % {"version": standing, "person": standing.started_by or "–"}
        ) from error
    source = based_on or level.in_force().first()
    if source is not None:
        RoutingRule.objects.bulk_create(
            RoutingRule(version=draft, **{name: getattr(rule, name) for name in RULE_FIELDS})
            for rule in rules_of(source)
        )
    based = source.number if source else None
    record("crm.routing_draft_started", draft, by=by, number=draft.number, based_on=based)
    return draft


def rules_of(version: RoutingVersion) -> list[RoutingRule]:
    """The rules of one version in the order in which they are tried."""
    return list(RoutingRule.objects.filter(version=version).in_order())


def _locked_draft(version: RoutingVersion) -> RoutingVersion:
    found = (
        RoutingVersion.objects.select_for_update(of=("self",)).select_related("region").filter(pk=version.pk).first()
    )
    if found is None:
        raise NotADraft(_("Somebody threw %(version)s away meanwhile.") % {"version": version})
    version = found
    if not version.is_draft:
        raise NotADraft(_("%(version)s is no draft any more.") % {"version": version})
    return version


@transaction.atomic
def activate_routing_draft(*, version: RoutingVersion, by: User, note: str = "") -> RoutingVersion:
    """Put a draft into force for the next request; what was in force is kept as past. Raises NotADraft."""
    # No request is routed between the two.
    locked_settings()
    version = _locked_draft(version)
    now = timezone.now()
    former = RoutingVersion.objects.in_force().filter(region=version.region).first()
    if former is not None:
        former.state, former.retired_at = VersionState.PAST, now
        former.save(update_fields=["state", "retired_at"])
    version.state, version.activated_at, version.activated_by, version.note = VersionState.IN_FORCE, now, by, note
    version.save()
    record(
        "crm.routing_draft_activated",
        version,
        by=by,
        number=version.number,
        replaces=former.number if former else None,
        note=note,
        rules=[rule.name for rule in version.rules.in_order()],
    )
    return version


@transaction.atomic
def discard_routing_draft(*, version: RoutingVersion, by: User) -> None:
    """Throw a draft away; the trail keeps that it was. Raises NotADraft."""
    version = _locked_draft(version)
    record("crm.routing_draft_discarded", version, by=by, number=version.number)
    version.delete()


@transaction.atomic
def create_routing_rule(*, version: RoutingVersion, by: User, **fields: Any) -> RoutingRule:
    """Add a rule to a draft; `fields` are those of `RULE_FIELDS`. Raises NotADraft."""
    version = _locked_draft(version)
    values = {name: fields[name] for name in RULE_FIELDS if name in fields}
    values.setdefault("goes_to", Destination.PERSON if values.get("adviser") else Destination.TEAM)
    rule = RoutingRule.objects.create(version=version, **values)
    record("crm.routing_rule_created", rule, by=by, name=rule.name, version=version.number)
    return rule


def _locked_rule(rule: RoutingRule) -> RoutingRule:
    """The rule as it is now, its draft locked. Raises NotADraft, RuleGone."""
    _locked_draft(rule.version)
    found = RoutingRule.objects.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if found is None:
        raise RuleGone(_("Somebody deleted the rule “%(name)s” meanwhile.") % {"name": rule.name})
    return found


@transaction.atomic
def change_routing_rule(*, rule: RoutingRule, by: User, **fields: Any) -> RoutingRule:
    """Change a rule of a draft. Raises NotADraft, RuleGone."""
    rule = _locked_rule(rule)
    before = snapshot(rule)
    for name in RULE_FIELDS:
        if name in fields:
            setattr(rule, name, fields[name])
    changes = changes_since(before, rule)
    if changes:
        rule.save()
        record("crm.routing_rule_changed", rule, by=by, changes=changes)
    return rule


@transaction.atomic
def move_routing_rule(*, rule: RoutingRule, up: bool, by: User) -> RoutingRule:
    """Let a rule of a draft be tried one place earlier or later in its draft. Raises NotADraft, RuleGone."""
    rule = _locked_rule(rule)
    version = rule.version
    rules = list(version.rules.filter(before_referent=rule.before_referent).in_order())
    place = rules.index(rule)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rules):
        return rule
    numbers = [each.priority for each in rules]
    rules[place], rules[other] = rules[other], rules[place]
    least = 0
    for each, number in zip(rules, numbers, strict=True):
        # Two rules of one number would stand by their age: each gets its own.
        each.priority = least = max(number, least + 1)
    RoutingRule.objects.bulk_update(rules, ["priority"])
    record("crm.routing_rule_moved", rules[other], by=by, name=rule.name, place=other + 1)
    return rules[other]


@transaction.atomic
def delete_routing_rule(*, rule: RoutingRule, by: User) -> None:
    """Take a rule out of a draft. Raises NotADraft, RuleGone."""
    rule = _locked_rule(rule)
    before = {name: getattr(rule, f"{name}_id", getattr(rule, name)) for name in RULE_FIELDS}
    record("crm.routing_rule_deleted", rule, by=by, rule=before)
    rule.delete()
