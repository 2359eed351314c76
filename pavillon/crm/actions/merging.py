"""Two records turn out to be one company: this room's rows follow the one that is kept."""

import datetime

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.crm.models import ContactMessage, DedicatedContact, Interaction, Lead, ProposedMatch, Referent
from pavillon.directory.models import Company

Period = tuple[datetime.date, datetime.date | None]
ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def follow_merged_company(*, kept: Company, removed: Company, by: User | None) -> None:
    """Move requests, interactions, proposals, referents and dedicated contacts of `removed` to `kept`.

    A company has one referent at a time, and each contact once, so what the kept company's rows cover stays theirs;
    of the others only the days that are left move along. The trail keeps what was cut.
    """
    Lead.objects.filter(company=removed).update(company=kept)
    Interaction.objects.filter(company=removed).update(company=kept)
    known = ProposedMatch.objects.filter(company=kept).values("lead")
    ProposedMatch.objects.filter(company=removed, lead__in=known).delete()
    ProposedMatch.objects.filter(company=removed).update(company=kept)
    _move_referents(kept, removed, by)
    _move_dedicated_contacts(kept, removed, by)
    wake("crm.timeline", audience="team", company=kept.pk)


def _move_referents(kept: Company, removed: Company, by: User | None) -> None:
    taken: list[Period] = list(Referent.objects.filter(company=kept).values_list("starts_on", "ends_on"))
    for row in Referent.objects.select_for_update(of=("self",)).filter(company=removed).order_by("starts_on"):
        left = days_left((row.starts_on, row.ends_on), taken)
        if left != [(row.starts_on, row.ends_on)]:
            record(
                "crm.referent_cut",
                kept,
                by=by,
                adviser=row.adviser.full_name,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
        if not left:
            row.delete()
            continue
        row.company = kept
        row.starts_on, row.ends_on = left[0]
        row.save()
        for starts_on, ends_on in left[1:]:
            row.pk, row._state.adding = None, True
            row.starts_on, row.ends_on = starts_on, ends_on
            row.save()


def _move_dedicated_contacts(kept: Company, removed: Company, by: User | None) -> None:
    for row in DedicatedContact.objects.select_for_update(of=("self",)).filter(company=removed).order_by("starts_on"):
        same = DedicatedContact.objects.filter(company=kept, person=row.person_id).order_by("starts_on")
        left = days_left((row.starts_on, row.ends_on), list(same.values_list("starts_on", "ends_on")))
        if left != [(row.starts_on, row.ends_on)]:
            record("crm.dedicated_contact_cut", kept, by=by, person=row.person.full_name, starts_on=row.starts_on)
        if not left:
            # One person, one conversation: what was said joins the row that stays.
            ContactMessage.objects.filter(contact=row).update(contact=same.last())
            row.delete()
            continue
        row.company = kept
        row.starts_on, row.ends_on = left[-1]
        row.save()


def days_left(period: Period, taken: list[Period]) -> list[Period]:
    """The parts of `period` outside every period of `taken`, in order; an end of None is open."""
    parts = [period]
    for start, end in taken:
        cut: list[Period] = []
        for first, last in parts:
            if (end is not None and end < first) or (last is not None and start > last):
                cut.append((first, last))
                continue
            if first < start:
                cut.append((first, start - ONE_DAY))
            if end is not None and (last is None or end < last):
                cut.append((end + ONE_DAY, last))
        parts = cut
    return sorted(parts, key=lambda part: part[0])
