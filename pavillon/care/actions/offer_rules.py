"""Rules of offers: written as versions, so that a line still finds the rule that recommended it."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.care.models import OfferRule
from pavillon.core.changes import changes_since, snapshot

TOLD = ("name", "service", "solution", "weight", "why_fr", "why_en")
ASKED = (
    "capacity_from", "capacity_to", "intention", "horizon", "country", "sector", "lifecycle", "theme", "asked_for",
    "delivered_kind", "segment",
)  # fmt: skip
# Two people who write a rule at once: the second waits.
LOCK = 4107


class RuleEnded(Exception):
    """Somebody changed or ended the rule meanwhile."""


@transaction.atomic
def create_offer_rule(*, reason: str, by: User | None, **said: Any) -> OfferRule:
    """A rule that recommends from now on: what (`TOLD`), to whom (`ASKED`), and why it is decided so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    number = (OfferRule.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    rule = OfferRule.objects.create(number=number, reason=reason.strip(), decided_by=by, **said)
    record("care.offer_rule_created", rule, by=by)
    return rule


@transaction.atomic
def change_offer_rule(*, rule: OfferRule, reason: str, by: User, **said: Any) -> OfferRule:
    """A new version; the one before stays for what it recommended. Raises RuleEnded."""
    before = _end(rule)
    told = {name: getattr(before, name) for name in (*TOLD, *ASKED)}
    made = OfferRule.objects.create(number=before.number, reason=reason.strip(), decided_by=by, **told | said)
    known = snapshot(before)
    changes = {name: pair for name, pair in changes_since(known, made).items() if name in (*TOLD, *ASKED)}
    record("care.offer_rule_changed", made, before, by=by, changes=changes)
    return made


@transaction.atomic
def end_offer_rule(*, rule: OfferRule, by: User) -> None:
    """It recommends nothing more; what it recommended stays. Raises RuleEnded."""
    record("care.offer_rule_ended", _end(rule), by=by)


def _end(rule: OfferRule) -> OfferRule:
    found = OfferRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if found.ended_at is not None:
        raise RuleEnded(_("This version of the rule is no longer in force: open the list of rules again."))
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    return found
