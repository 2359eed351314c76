"""One adviser answers for a company; a change is planned, kept in its history and told to the company."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.actions.telling import tell_referent
from pavillon.crm.events import referent_set
from pavillon.crm.models import Referent
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company
from pavillon.ui.words import day as day_in_words


class ReferentExists(Exception):
    """The company has a referent at that time: hand over instead."""


class WrongPeriod(Exception):
    """The change is dated before the present referent began, or another change is planned."""


def _locked_company(company: Company) -> Company:
    # Two people who name a referent at once: the second sees the first.
    return Company.objects.select_for_update(of=("self",)).get(pk=forwarded(company).pk)


@transaction.atomic
def set_referent(
    *,
    company: Company,
    adviser: User,
    organisation: Organisation,
    by: User,
    starts_on: datetime.date | None = None,
    reason: str = "",
) -> Referent:
    """Name the referent of a company that has none. Raises ReferentExists, naming the one who stands."""
    company = _locked_company(company)
    starts_on = starts_on or timezone.localdate()
    standing_one = Referent.objects.filter(company=company).exclude(ends_on__lt=starts_on).first()
    if standing_one is not None:
        raise ReferentExists(
            _("%(adviser)s is the referent of this company since %(since)s: hand over instead of adding a second one.")
            % {"adviser": standing_one.adviser, "since": day_in_words(standing_one.starts_on)}
        )
    return _begin(company, adviser, organisation, starts_on, reason, by, before=None)


@transaction.atomic
def hand_over_referent(
    *,
    company: Company,
    adviser: User,
    organisation: Organisation,
    by: User,
    starts_on: datetime.date,
    reason: str,
) -> Referent:
    """Let another adviser follow the present referent from a day on. Raises WrongPeriod."""
    company = _locked_company(company)
    present = Referent.objects.filter(company=company).order_by("-starts_on").first()
    if present is None or (present.ends_on is not None and present.ends_on < starts_on):
        return _begin(company, adviser, organisation, starts_on, reason, by, before=None)
    if present.starts_on >= starts_on:
        raise WrongPeriod(
            _("%(adviser)s begins on %(day)s: choose a later day.")
            % {"adviser": present.adviser, "day": day_in_words(present.starts_on)}
        )
    if present.adviser_id == adviser.pk:
        raise WrongPeriod(_("%(adviser)s is the referent already.") % {"adviser": adviser})
    before = snapshot(present)
    present.ends_on = starts_on - datetime.timedelta(days=1)
    present.save()
    record("crm.referent_ended", present, company, by=by, changes=changes_since(before, present))
    return _begin(company, adviser, organisation, starts_on, reason, by, before=present.adviser)


def _begin(
    company: Company,
    adviser: User,
    organisation: Organisation,
    starts_on: datetime.date,
    reason: str,
    by: User,
    *,
    before: User | None,
) -> Referent:
    referent = Referent.objects.create(
        company=company,
        adviser=adviser,
        organisation=organisation,
        starts_on=starts_on,
        reason=reason,
        decided_by=by,
    )
    record(
        "crm.referent_set",
        referent,
        company,
        by=by,
        adviser=adviser.pk,
        starts_on=starts_on,
        before=before.pk if before else None,
    )
    tell_referent(referent, before)
    referent_set.send(sender=Referent, referent=referent, by=by)
    return referent
