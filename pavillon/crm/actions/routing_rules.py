"""Routing rules are written as a draft, tried out, and put into force whole; what was in force is kept."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.actions.receiving import locked_settings
from pavillon.crm.enums import Criterion, Destination, VersionState
from pavillon.crm.models import RoutingRule, RoutingVersion, RuleValue
from pavillon.crm.models.routing_rules import PLACED
from pavillon.crm.queries.routing import shipped_last_resort
from pavillon.reference.models import Region

RULE_FIELDS = (
    "name",
    "priority",
    "is_active",
    "before_referent",
    "is_last_resort",
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


class LastResortStays(Exception):
    """The queue that is always there: without it a request could end nowhere."""


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
        _copy_rules(source, draft)
    elif region is None:
        RoutingRule.objects.bulk_create(shipped_last_resort(draft))
    based = source.number if source else None
    record("crm.routing_draft_started", draft, by=by, number=draft.number, based_on=based)
    return draft


def _copy_rules(source: RoutingVersion, draft: RoutingVersion) -> None:
    rules = rules_of(source)
    made = RoutingRule.objects.bulk_create(
        RoutingRule(version=draft, **{name: getattr(rule, name) for name in RULE_FIELDS}) for rule in rules
    )
    keys = {rule.pk: copy.pk for rule, copy in zip(rules, made, strict=True)}
    values = list(RuleValue.objects.filter(rule__in=keys).order_by("pk"))
    for value in values:
        value.pk, value.rule_id = None, keys[value.rule_id]
    RuleValue.objects.bulk_create(values)


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


Wanted = Mapping[str, Iterable[Any]]


def _write_values(rule: RoutingRule, wanted: Wanted, refused: Collection[str]) -> None:
    """The values that a rule asks for, by criterion; those of the criteria in `refused` are those that it refuses."""
    RuleValue.objects.filter(rule=rule).delete()
    RuleValue.objects.bulk_create(
        RuleValue(
            rule=rule,
            criterion=criterion,
            is_refused=criterion in refused,
            **({criterion: value} if criterion in PLACED else {"word": value}),
        )
        for criterion in Criterion.values
        for value in wanted.get(criterion, ())
    )
    rule.__dict__.pop("asked", None)


def _told(rule: RoutingRule) -> dict[str, list[str]]:
    """What a rule asks for, as the trail keeps it: {"country": ["JP", "KR"], "not sector": ["agri"]}."""
    return {
        f"not {criterion}" if is_refused else criterion: sorted(keys)
        for criterion, (is_refused, keys) in rule.asked.items()
    }


@transaction.atomic
def create_routing_rule(
    *, version: RoutingVersion, by: User, wanted: Wanted | None = None, refused: Collection[str] = (), **fields: Any
) -> RoutingRule:
    """Add a rule to a draft; `fields` are those of `RULE_FIELDS`, `wanted` values by criterion. Raises NotADraft."""
    version = _locked_draft(version)
    values = {name: fields[name] for name in RULE_FIELDS if name in fields}
    values.setdefault("goes_to", Destination.PERSON if values.get("adviser") else Destination.TEAM)
    rule = RoutingRule.objects.create(version=version, **values)
    _write_values(rule, wanted or {}, refused)
    record("crm.routing_rule_created", rule, by=by, name=rule.name, version=version.number)
    return rule


def _locked_rule(rule: RoutingRule) -> RoutingRule:
    """The rule as it is now, its draft locked. Raises NotADraft, RuleGone."""
    _locked_draft(rule.version)
    found = RoutingRule.objects.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if found is None:
        raise RuleGone(_("Somebody deleted the rule “%(name)s” meanwhile.") % {"name": rule.name})
    return found


def _stays() -> LastResortStays:
    return LastResortStays(
        _("The queue that is always there takes another name or delay only: put a rule of last resort before it.")
    )


@transaction.atomic
def change_routing_rule(
    *, rule: RoutingRule, by: User, wanted: Wanted | None = None, refused: Collection[str] = (), **fields: Any
) -> RoutingRule:
    """Change a rule of a draft; `wanted` None leaves its values. Raises NotADraft, RuleGone, LastResortStays."""
    rule = _locked_rule(rule)
    if rule.is_always_there and (wanted or set(fields) - {"name", "take_charge_hours"}):
        raise _stays()
    before, asked = snapshot(rule), _told(rule)
    for name in RULE_FIELDS:
        if name in fields:
            setattr(rule, name, fields[name])
    if wanted is not None:
        _write_values(rule, wanted, refused)
    changes = changes_since(before, rule)
    if asked != _told(rule):
        changes["criteria"] = [asked, _told(rule)]
    if changes:
        rule.save()
        record("crm.routing_rule_changed", rule, by=by, changes=changes)
    return rule


@transaction.atomic
def move_routing_rule(*, rule: RoutingRule, up: bool, by: User) -> RoutingRule:
    """Let a rule of a draft be tried one place earlier or later among those of its stage and draft.

    Raises NotADraft, RuleGone.
    """
    rule = _locked_rule(rule)
    version = rule.version
    stage = {"before_referent": rule.before_referent, "is_last_resort": rule.is_last_resort}
    rules = list(version.rules.filter(**stage).exclude(goes_to=Destination.HOME).in_order())
    if rule not in rules:
        return rule
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
    """Take a rule out of a draft. Raises NotADraft, RuleGone, LastResortStays."""
    rule = _locked_rule(rule)
    if rule.is_always_there:
        raise _stays()
    before = {name: getattr(rule, f"{name}_id", getattr(rule, name)) for name in RULE_FIELDS}
    record("crm.routing_rule_deleted", rule, by=by, rule={**before, "criteria": _told(rule)})
    rule.delete()
