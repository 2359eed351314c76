"""Asking for corrections of what the register rules."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.actions.offering import note_hand, whole, write_card
from pavillon.directory.enums import CorrectionState
from pavillon.directory.models import Company, CorrectionRequest
from pavillon.directory.precedence import COMPANY_GROUPS, MASTERED
from pavillon.directory.queries.corrections import base_owners
from pavillon.directory.values import completed, given, stored


class AlreadyAsked(Exception):
    """A correction of this field waits for an answer already."""


class AlreadyDecided(Exception):
    """The request was accepted or refused before."""


class NothingAsked(Exception):
    """The proposed value is what the card says."""


@transaction.atomic
def ask_correction(
    *, company: Company, field: str, values: Mapping[str, Any], reason: str, by: User
) -> CorrectionRequest:
    """Say that a field which the register rules is wrong; the owners of the base are told.

    `field` is a group of `MASTERED`, `values` its columns as they should be. Raises AlreadyAsked, NothingAsked.
    """
    assert field in MASTERED
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    stands = stored(company, COMPANY_GROUPS[field])
    proposed = completed(field, stands, given(company, values))
    if proposed == stands:
        raise NothingAsked(_("This is what the card says already."))
    if CorrectionRequest.objects.waiting().filter(company=company, field=field).exists():
        raise AlreadyAsked(_("A correction of this field waits for an answer already."))
    request = CorrectionRequest.objects.create(
        company=company,
        field=field,
        stands=stands,
        proposed=proposed,
        reason=reason,
        asked_by=by,
        organisation=by.organisation,
    )
    record("directory.correction_asked", company, by=by, field=field, reason=reason)
    notify(
        base_owners(),
        "directory.correction_asked",
        title=format_lazy(gettext_lazy("A correction is asked for {company}"), company=company.name),
        body=reason,
        url=company.get_absolute_url() + "corrections/",
        about=company,
    )
    return request


@transaction.atomic
def accept_correction(*, request: CorrectionRequest, by: User, answer: str = "") -> None:
    """Put the proposed value on the card and lock it: the next register cannot take it off silently."""
    request = _decide(request, CorrectionState.ACCEPTED, by, answer)
    company = Company.objects.select_for_update(of=("self",)).select_related("origin").get(pk=request.company_id)
    said = whole(company)
    write_card(company, request.proposed, by, None)
    note_hand(company, said, by)


@transaction.atomic
def refuse_correction(*, request: CorrectionRequest, by: User, answer: str) -> None:
    """The register stays right; who asked is told why."""
    _decide(request, CorrectionState.REFUSED, by, answer)


def _decide(request: CorrectionRequest, state: CorrectionState, by: User, answer: str) -> CorrectionRequest:
    request = (
        CorrectionRequest.objects.select_for_update(of=("self",))
        .select_related("company", "asked_by")
        .get(pk=request.pk)
    )
    if not request.is_open:
        raise AlreadyDecided(_("This request was answered before."))
    before = snapshot(request)
    request.state, request.answer = state, answer
    request.decided_by, request.decided_at = by, timezone.now()
    request.save()
    is_accepted = state == CorrectionState.ACCEPTED
    verb = "directory.correction_accepted" if is_accepted else "directory.correction_refused"
    record(verb, request.company, by=by, changes=changes_since(before, request), field=request.field, reason=answer)
    title = (
        gettext_lazy("Your correction of {company} was accepted")
        if is_accepted
        else gettext_lazy("Your correction of {company} was refused")
    )
    people = [request.asked_by] if request.asked_by else []
    notify(
        people,
        "directory.correction_decided",
        title=format_lazy(title, company=request.company.name),
        body=answer,
        url=request.company.get_absolute_url(),
        about=request.company,
    )
    return request
