from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.vigilance import actions
from pavillon.vigilance.models import (
    Exemption,
    Extension,
    Habit,
    Incident,
    Reader,
    ReadingLimit,
    Rehearsal,
    Rule,
    RuleVersion,
    Spending,
)

holds_no_personal_data(ReadingLimit, Rule, RuleVersion)
holds_personal_data(
    Spending,
    fields=["user", "opened", "listed", "exported"],
    keep_months=1,
    purpose=_("Budgets of reading: rows of the last days"),
    erase=actions.forget_spending,
    of=lambda person: Spending.objects.filter(user__in=person.users),
    clock="slot",
)
holds_personal_data(
    Reader,
    fields=["user", "records"],
    keep_months=1,
    purpose=_("Budgets of reading: where a person stands"),
    erase=actions.forget_reader,
    of=lambda person: Reader.objects.filter(user__in=person.users),
)
holds_personal_data(
    Habit,
    fields=["user", "records"],
    keep_months=3,
    purpose=_("How many records a person reads in a usual week"),
    erase=actions.forget_habit,
    of=lambda person: Habit.objects.filter(user__in=person.users),
    clock="week_on",
)
holds_personal_data(
    Extension,
    fields=["user", "reason", "decision"],
    keep_months=24,
    purpose=_("Why somebody was allowed to read more"),
    erase=actions.forget_extension,
    of=lambda person: Extension.objects.filter(user__in=person.users),
    clock="asked_at",
)
holds_personal_data(
    Incident,
    fields=["user", "facts", "reason"],
    keep_months=24,
    purpose=_("Unusual events about an account, and what was made of them"),
    erase=actions.forget_incident,
    of=lambda person: Incident.objects.filter(user__in=person.users),
    clock="noticed_at",
)
holds_personal_data(
    Exemption,
    fields=["user", "reason"],
    keep_months=24,
    purpose=_("Whom rules of unusual events leave alone, and why"),
    erase=actions.forget_exemption,
    of=lambda person: Exemption.objects.filter(user__in=person.users),
    clock="made_at",
)
holds_personal_data(
    Rehearsal,
    fields=["found"],
    keep_months=3,
    purpose=_("Dry runs of rules of unusual events"),
    erase=actions.forget_rehearsal,
    clock="asked_at",
)
