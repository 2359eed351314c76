"""Changing and removing parts of cards: sites, markets, channels, roles, hours. The forms check, the actions write.

A PATCH says what changes and nothing else; a DELETE takes back what was entered by mistake. What has ended keeps its
place with its last day instead: send `ends_on`, `valid_until`, `closed_on`.
"""

from collections.abc import Callable, Iterable
from datetime import date, time
from itertools import pairwise
from typing import Any

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Schema

from pavillon.core.permissions import require
from pavillon.core.policy import may_read
from pavillon.directory import actions
from pavillon.directory.endpoints.doors import fields_of, router
from pavillon.directory.endpoints.writing import WRITTEN, Given, Part, Refused, answer, checked, person_of, sent_fields
from pavillon.directory.forms.parts import ChannelForm, EstablishmentForm, MarketChangeForm, PartForm, RoleForm
from pavillon.directory.models import Channel, Contact, ContactRole, Establishment, Market
from pavillon.ui.shapes import NUMBER, YES_OR_NO, answers, made_of

MARKET_FIELDS = "Fields of `values`: `maturity`, `since`, `note`."


REMOVED = made_of({"id": NUMBER, "removed": YES_OR_NO})
WINDOWS = made_of({"id": NUMBER, "windows": NUMBER})


class Window(Schema):
    """Hours of one weekday (1 is Monday) that suit a person, in the person's time zone."""

    weekday: int
    starts_at: time
    ends_at: time


class Windows(Schema):
    """All hours that suit a person: they replace those known before."""

    windows: list[Window]


def _part(request: Any, model: Any, pk: int, permission: str) -> Any:
    """A part of a card that stands and that this caller may find and change."""
    rows = model.objects.visible_to(request.user)
    if model is Channel:
        shut = [kind for kind in ("email", "phone") if not may_read(request.user, Contact, kind)]
        rows = rows.exclude(kind__in=shut, contact__isnull=False)
    row = get_object_or_404(rows, pk=pk)
    owner = getattr(row, "contact", None) or row.company
    get_object_or_404(type(owner).objects.visible_to(request.user).standing(), pk=owner.pk)
    require(request.user, permission, row)
    return row


def _known(row: Any, names: Iterable[str]) -> Given:
    """What the row says of these fields, as the form would be sent it."""
    told = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def _changes(request: Any, form: type[PartForm], row: Any, sent: Part, besides: tuple[str, ...] = ()) -> Given:
    """The fields that were sent, read by the form beside those that it needs to judge them."""
    told = _known(row, besides) | sent.values
    return checked(sent_fields(form(told, user=request.user, row=row), sent.values, besides), sent.values)


def _written(row: Any, write: Callable[[], Any]) -> JsonResponse:
    def told() -> Given:
        write()
        return {"id": row.pk}

    return answer(told)


def _removed(row: Any, remove: Callable[[], Any]) -> JsonResponse:
    """Tells the number of what is no longer there; a second call finds nothing (404), unless it is named."""
    number = row.pk

    def told() -> Given:
        remove()
        return {"id": number, "removed": True}

    return answer(told)


@router.patch("/establishments/{establishment}", openapi_extra=answers(WRITTEN, **fields_of(EstablishmentForm)))
def change_establishment(request, establishment: int, sent: Part):
    """Change a site that people keep. 409 for one that the register rules: ask for a correction."""
    row = _part(request, Establishment, establishment, "directory.view_companies")
    _is_ours(request, row)

    def write() -> None:
        values = {"siret": row.siret or ""} | _changes(request, EstablishmentForm, row, sent, _SITE)
        actions.change_establishment(establishment=row, by=request.user, **values)

    return _written(row, write)


_SITE = ("name", "town", "opened_on", "closed_on")


def _is_ours(request: Any, row: Establishment) -> None:
    require(request.user, "directory.change_establishment", None if row.is_from_register else row)


@router.delete("/establishments/{establishment}", openapi_extra=answers(REMOVED))
def remove_establishment(request, establishment: int):
    """Take back a site that was entered by mistake; one that closed is given its last day."""
    row = _part(request, Establishment, establishment, "directory.view_companies")
    _is_ours(request, row)
    return _removed(row, lambda: actions.remove_establishment(establishment=row, by=request.user))


@router.patch("/markets/{market}", openapi_extra=answers(WRITTEN, requestBody={"description": MARKET_FIELDS}))
def change_market(request, market: int, sent: Part):
    """Change how far a company has come in a market, since when, or the note; its country and sector stay."""
    row = _part(request, Market, market, "directory.change_market")
    return _written(
        row,
        lambda: actions.change_market(
            market=row, by=request.user, **_changes(request, MarketChangeForm, row, sent, ("maturity",))
        ),
    )


@router.delete("/markets/{market}", openapi_extra=answers(REMOVED))
def remove_market(request, market: int):
    """Take back a market that was entered by mistake; one that a company left is changed to "left"."""
    row = _part(request, Market, market, "directory.change_market")
    return _removed(row, lambda: actions.remove_market(market=row, by=request.user))


@router.patch("/channels/{channel}", openapi_extra=answers(WRITTEN, **fields_of(ChannelForm)))
def change_channel(request, channel: int, sent: Part):
    """Change the value of a phone, an address or a profile, what it is for, its days, or that it is preferred."""
    row = _part(request, Channel, channel, "directory.change_channel")

    def write() -> None:
        if "kind" in sent.values and sent.values["kind"] != row.kind:
            raise Refused({"kind": [_("A channel keeps its kind: remove it and add another.")]})
        values = _changes(request, ChannelForm, row, sent, _CHANNEL)
        actions.change_channel(channel=row, by=request.user, **values)

    return _written(row, write)


_CHANNEL = ("kind", "network", "value", "valid_from", "valid_until")


@router.delete("/channels/{channel}", openapi_extra=answers(REMOVED))
def remove_channel(request, channel: int):
    """Take a phone, an address or a profile away; one that is no longer valid is given its last day."""
    row = _part(request, Channel, channel, "directory.change_channel")
    return _removed(row, lambda: actions.remove_channel(channel=row, by=request.user))


@router.patch("/roles/{role}", openapi_extra=answers(WRITTEN, **fields_of(RoleForm)))
def change_role(request, role: int, sent: Part):
    """Change what a person does in a company: function, decision, days, or make it the main role."""
    row = _part(request, ContactRole, role, "directory.change_role")
    return _written(
        row,
        lambda: actions.change_role(
            role=row, by=request.user, **_changes(request, RoleForm, row, sent, ("starts_on", "ends_on"))
        ),
    )


@router.delete("/roles/{role}", openapi_extra=answers(REMOVED))
def remove_role(request, role: int):
    """Take back a role that was entered by mistake. 409 for the only one that a person has."""
    row = _part(request, ContactRole, role, "directory.change_role")
    return _removed(row, lambda: actions.remove_role(role=row, by=request.user))


@router.put("/contacts/{contact}/hours", openapi_extra=answers(WINDOWS))
def set_call_windows(request, contact: int, sent: Windows):
    """The hours that suit a person, instead of those known before; at most two a day, none to forget them."""
    row = person_of(request, contact, "directory.set_call_windows")

    def write() -> Given:
        windows = _windows(sent)
        actions.set_call_windows(contact=row, windows=windows, by=request.user)
        return {"id": row.pk, "windows": len(windows)}

    return answer(write)


def _windows(sent: Windows) -> list[tuple[int, time, time]]:
    if any(one.starts_at.tzinfo or one.ends_at.tzinfo for one in sent.windows):
        raise Refused({"windows": [_("Give the hours as the person's clock shows them, without a time zone.")]})
    wrong = []
    for one in sent.windows:
        if not 1 <= one.weekday <= 5:
            wrong.append(_("weekday %(day)s: give a working day, from 1 to 5.") % {"day": one.weekday})
        elif one.ends_at <= one.starts_at:
            wrong.append(_("The window ends before it begins."))
    days = [one.weekday for one in sent.windows]
    wrong += [_("Two windows a day at most.")] if any(days.count(day) > 2 for day in days) else []
    windows = sorted((one.weekday, one.starts_at, one.ends_at) for one in sent.windows)
    if any(one[0] == after[0] and after[1] < one[2] for one, after in pairwise(windows)):
        wrong.append(_("Two windows of one day overlap."))
    if wrong:
        raise Refused({"windows": wrong})
    return windows
