"""What a merge does with this room's own rows that cannot simply follow."""

import json
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.utils import timezone

from pavillon.directory.actions.moving import Moves
from pavillon.directory.enums import ChannelKind, Maturity, ValueState
from pavillon.directory.models import (
    Channel,
    Company,
    CompanyValue,
    Contact,
    ContactRole,
    ContactValue,
    GroupLink,
    Market,
)
from pavillon.directory.models.references import rule_named
from pavillon.directory.values import is_empty, stored
from pavillon.metrics.actions import move_company

Record = Company | Contact


def move_counts(moves: Moves, kept: Company, removed: Company) -> None:
    """Views, searches and clicks of both are those of one company."""
    moved = move_company(kept_id=kept.pk, removed_id=removed.pk)
    if moved:
        moves.summed["metrics"] = moved


def moved_with_the_days(moves: Moves, kept: Company, removed: Company) -> None:
    """Waiting counts and months move together with the days."""


def move_markets(moves: Moves, kept: Company, removed: Company) -> None:
    """A market that both have is told once: the further maturity, the earlier day, both notes."""
    ranks = {value: rank for rank, value in enumerate(Maturity.values)}
    for row in Market.objects.select_for_update(of=("self",)).filter(company=removed):
        same = Market.objects.filter(company=kept, country=row.country_id, sector=row.sector_id).first()
        if same is None:
            moves.change(Market.objects.filter(pk=row.pk), company=kept)
            continue
        notes = list(dict.fromkeys(note for note in (same.note, row.note) if note))
        moves.change(
            Market.objects.filter(pk=same.pk),
            maturity=max(same.maturity, row.maturity, key=lambda maturity: ranks[maturity]),
            since=min(filter(None, (same.since, row.since)), default=None),
            note=" / ".join(notes)[:200],
        )
        moves.delete(Market.objects.filter(pk=row.pk))


def move_group_links(moves: Moves, kept: Company, removed: Company) -> None:
    """Links follow; one between the two records is none any more, one that both have stands once."""
    both = Q(parent__in=[kept, removed], subsidiary__in=[kept, removed])
    moves.delete(GroupLink.objects.filter(both))
    for name in ("parent", "subsidiary"):
        rule = rule_named(f"directory.grouplink.{name}", Company)
        assert rule is not None
        moves.follow(replace(rule, taken="drop"), kept, removed)


def moved_with_the_links(moves: Moves, kept: Company, removed: Company) -> None:
    """Both ends of a link move together (`move_group_links`)."""


def move_roles(moves: Moves, kept: Contact, removed: Contact) -> None:
    """Roles follow; the kept record's main role stays the main one, and an equal role is told once."""
    known = {(role.company_id, role.function) for role in kept.roles.all()}
    has_main = kept.roles.filter(is_main=True).exists()
    for role in removed.roles.select_for_update(of=("self",)):
        row = ContactRole.objects.filter(pk=role.pk)
        if (role.company_id, role.function) in known:
            moves.delete(row)
        else:
            moves.change(row, contact=kept, is_main=role.is_main and not has_main)
    main = kept.roles.filter(is_main=True)
    moves.change(
        main, company=kept.company, function=kept.job_title, is_decision_maker=kept.is_decision_maker
    )  # what the row says now


def move_channels(moves: Moves, kept: Record, removed: Record) -> None:
    """Channels follow, an equal one is told once; the preferred ones are those that the kept record names."""
    owner = kept._meta.model_name
    mine = Channel.objects.filter(**{str(owner): kept})
    known = set(mine.values_list("kind", "value_index"))
    preferred = set(mine.filter(is_preferred=True).values_list("kind", flat=True))
    for channel in Channel.objects.select_for_update(of=("self",)).filter(**{str(owner): removed}):
        row = Channel.objects.filter(pk=channel.pk)
        if (channel.kind, channel.value_index) in known:
            moves.delete(row)
        else:
            moves.change(row, is_preferred=channel.is_preferred and channel.kind not in preferred, **{str(owner): kept})
    if isinstance(kept, Contact):
        for kind, index in ((ChannelKind.EMAIL, "email_index"), (ChannelKind.PHONE, "phone_index")):
            _prefer(moves, kept, kind, Contact.objects.values_list(index, flat=True).get(pk=kept.pk))


def _prefer(moves: Moves, kept: Contact, kind: ChannelKind, value_index: str) -> None:
    """The preferred channel says what the contact's row says. Indexes of both tables differ: values are compared."""
    value = kept.email if kind == ChannelKind.EMAIL else kept.phone
    channels = list(kept.channels.filter(kind=kind))
    named = next((channel for channel in channels if value_index and channel.value == value), None)
    if named is None or named.is_preferred:
        return
    moves.change(kept.channels.filter(kind=kind, is_preferred=True), is_preferred=False)
    moves.change(Channel.objects.filter(pk=named.pk), is_preferred=True)


def move_values(moves: Moves, kept: Record, removed: Record) -> None:
    """What sources said of both is known of the one; the words that stand on the card are those of its values.

    A value that the card did not take is kept beside it, set aside, with the source of the removed record.
    """
    model: Any = CompanyValue if isinstance(kept, Company) else ContactValue
    owner = str(kept._meta.model_name)
    rows = list(model.objects.select_for_update(of=("self",)).filter(**{owner: removed}).order_by("pk"))
    in_use = {row.field for row in rows if row.state == ValueState.IN_USE}
    for group, columns in moves.groups.items():
        if group not in in_use and removed.origin_id and not is_empty(stored(removed, columns)):
            row = model(
                **{owner: kept}, field=group, source_id=removed.origin_id, state=ValueState.IN_USE,
                observed_on=removed.sourced_on or timezone.localdate(),
            )  # fmt: skip
            value = stored(removed, columns)
            if owner == "company":
                row.value = value
            else:
                row.sealed = json.dumps(value)
            if removed.origin_id != kept.origin_id or group in moves.taken:
                _settle(moves, model, owner, kept, row)
    for row in rows:
        _settle(moves, model, owner, kept, row)


def _settle(moves: Moves, model: Any, owner: str, kept: Record, row: Any) -> None:
    """Give a row to the kept record: in use when its value was taken, else set aside beside what stands there."""
    others = model.objects.filter(**{owner: kept}, field=row.field)
    own = others.filter(source=row.source_id).first()
    taken = row.field in moves.taken and row.state == ValueState.IN_USE
    if taken:
        moves.change(others.filter(state=ValueState.IN_USE), state=ValueState.SET_ASIDE, locked_by=None)
    told = "value" if owner == "company" else "sealed"
    state = ValueState.IN_USE if taken else (row.state if row.state == ValueState.DISPUTED else ValueState.SET_ASIDE)
    if own is not None:
        # One word a source and field: the newer one, or the one that was taken.
        if taken or (row.observed_on > own.observed_on and own.state != ValueState.IN_USE):
            moves.change(
                model.objects.filter(pk=own.pk), state=state, observed_on=row.observed_on, locked_by=row.locked_by_id,
                offered_by=row.offered_by_id, confidence=row.confidence, **{told: getattr(row, told)},
            )  # fmt: skip
        return
    if row.pk is None:
        row.state = state
        moves.create(row)
    else:
        lock = row.locked_by_id if taken else None
        moves.change(model.objects.filter(pk=row.pk), state=state, locked_by=lock, **{owner: kept})
