"""Bringing many people in at once: a rehearsal that names every problem, then the work itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.actions.invitations import invite_user
from pavillon.accounts.actions.memberships import AlreadyMember, add_membership
from pavillon.accounts.actions.people import EmailTaken
from pavillon.accounts.enums import PLATFORM_ROLES, ROLES_OF_KIND, Network, Role
from pavillon.accounts.events import people_import_confirmed
from pavillon.accounts.models import Membership, Office, Organisation, PeopleImport, Unit, User
from pavillon.core.trail import record

COLUMNS = ("email", "first_name", "last_name", "role", "language", "phone", "office", "unit", "network")
REQUIRED = ("email", "first_name", "last_name", "role")
MOST_ROWS = 5_000
BATCH = 100


class AlreadyConfirmed(Exception):
    """This import is running or done."""


def _named(choices: Iterable[Any], text: str) -> str:
    """The value whose code or label is `text`, "" when there is none."""
    wanted = text.strip().lower()
    for choice in choices:
        if wanted in (choice.value.lower(), str(choice.label).lower()):
            return str(choice.value)
    return ""


class _Rehearsal:
    """What every row would do in this organisation, found with a fixed number of queries."""

    def __init__(self, organisation: Organisation, emails: Iterable[str]) -> None:
        self.organisation = organisation
        wanted = list(emails)
        self.people = {user.email: user for user in User.objects.filter(email__in=wanted)}
        self.held = set(
            Membership.objects.current()
            .filter(organisation=organisation, user__email__in=wanted)
            .values_list("user__email", "role")
        )
        self.offices = {office.name.lower(): office.pk for office in Office.objects.all()}
        self.units = {unit.code: unit.pk for unit in Unit.objects.all()}
        self.roles = ROLES_OF_KIND[organisation.kind] - PLATFORM_ROLES
        self.seen: dict[str, int] = {}

    def row(self, number: int, raw: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {name: str(raw.get(name) or "").strip() for name in COLUMNS}
        values["email"] = values["email"].lower()
        problems = [_("%(column)s is empty.") % {"column": name} for name in REQUIRED if not values[name]] + list(
            self._problems(values)
        )
        if first := self.seen.get(values["email"]):
            problems.append(_("email: “%(value)s” is already on line %(n)s.") % {"value": values["email"], "n": first})
        elif values["email"]:
            self.seen[values["email"]] = number
        return {"number": number, "values": values, "problems": problems, "effect": self._effect(values, problems)}

    def _problems(self, values: dict[str, Any]) -> Iterable[str]:
        if values["email"]:
            try:
                validate_email(values["email"])
            except ValidationError:
                yield _("email: “%(value)s” is not an e-mail address.") % {"value": values["email"]}
        for name in ("first_name", "last_name"):
            if len(values[name]) > 80:
                yield _("%(column)s has more than 80 characters.") % {"column": name}
        if values["role"]:
            role = _named(sorted(self.roles), values["role"])
            if not role:
                yield _("role: “%(value)s” is not one of %(choices)s.") % {
                    "value": values["role"],
                    "choices": ", ".join(sorted(self.roles)),
                }
            values["role"] = role or values["role"]
        values["language"] = values["language"].lower() or "fr"
        if values["language"] not in dict(settings.LANGUAGES):
            yield _("language: “%(value)s” is not one of %(choices)s.") % {
                "value": values["language"],
                "choices": ", ".join(dict(settings.LANGUAGES)),
            }
        if values["office"] and values["office"].lower() not in self.offices:
            yield _("office: there is no office called “%(value)s”.") % {"value": values["office"]}
        if values["unit"] and values["unit"] not in self.units:
            yield _("unit: there is no unit with the code “%(value)s”.") % {"value": values["unit"]}
        if values["network"]:
            network = _named(Network, values["network"])
            if not network:
                yield _("network: “%(value)s” is neither ci nor cai.") % {"value": values["network"]}
            values["network"] = network or values["network"]

    def _effect(self, values: dict[str, Any], problems: list[str]) -> str:
        if problems:
            return "refuse"
        if values["email"] not in self.people:
            return "create"
        return "none" if (values["email"], values["role"]) in self.held else "add_role"


@transaction.atomic
def rehearse_people_import(
    *, organisation: Organisation, rows: list[Mapping[str, str]], file_name: str, by: User
) -> PeopleImport:
    """Say what a file would do, line by line, without doing it.

    `rows` are the lines of the file under COLUMNS, the first of them being line 2 (line 1 is the head). An earlier
    rehearsal of the same person is forgotten.
    """
    PeopleImport.objects.filter(by=by, state="rehearsed").delete()
    rehearsal = _Rehearsal(organisation, {str(row.get("email") or "").strip().lower() for row in rows})
    judged = [rehearsal.row(number, row) for number, row in enumerate(rows, start=2)]
    to_do = sum(row["effect"] in ("create", "add_role") for row in judged)
    refused = sum(row["effect"] == "refuse" for row in judged)
    people_import = PeopleImport.objects.create(
        organisation=organisation, by=by, file_name=file_name[:200], rows=judged, to_do=to_do, refused=refused
    )
    record("accounts.people_import_rehearsed", organisation, by=by, file=file_name[:200], lines=to_do, refused=refused)
    return people_import


@transaction.atomic
def confirm_people_import(*, people_import: PeopleImport, sends_letters: bool, by: User) -> None:
    """Let the good lines of a rehearsal be worked off by a job. Raises AlreadyConfirmed."""
    people_import = PeopleImport.objects.select_for_update(of=("self",)).get(pk=people_import.pk)
    if people_import.state != "rehearsed":
        raise AlreadyConfirmed
    people_import.state, people_import.sends_letters = "running", sends_letters
    people_import.save(update_fields=["state", "sends_letters", "changed_at"])
    record(
        "accounts.people_import_confirmed",
        people_import.organisation,
        by=by,
        file=people_import.file_name,
        lines=people_import.to_do,
        refused=people_import.refused,
    )
    people_import_confirmed.send(sender=PeopleImport, people_import=people_import, by=by)


def run_people_import(*, people_import: PeopleImport) -> PeopleImport:
    """Work a confirmed import off, BATCH lines a transaction; a second run goes on where the first one stopped."""
    while _run_batch(people_import.pk):
        pass
    people_import.refresh_from_db()
    return people_import


@transaction.atomic
def _run_batch(pk: int) -> bool:
    people_import = PeopleImport.objects.select_for_update(of=("self",)).select_related("organisation", "by").get(pk=pk)
    if people_import.state != "running":
        return False
    waiting = people_import.to_create + people_import.to_add
    offices = {office.name.lower(): office for office in Office.objects.select_related("country")}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for row in waiting[:BATCH]:
        _run_row(people_import, row["values"], offices, units)
    people_import.rows = waiting[BATCH:]
    if not people_import.rows:
        people_import.state = "done"
    people_import.save()
    return bool(people_import.rows)


def _run_row(
    people_import: PeopleImport, values: dict[str, str], offices: dict[str, Office], units: dict[str, Unit]
) -> None:
    place: dict[str, Any] = {
        "organisation": people_import.organisation,
        "role": Role(values["role"]),
        "network": values["network"],
        "unit": units.get(values["unit"]),
        "by": people_import.by,
    }
    try:
        invite_user(
            email=values["email"],
            first_name=values["first_name"],
            last_name=values["last_name"],
            language=values["language"],
            phone=values["phone"],
            office=offices.get(values["office"].lower()),
            sends_letter=people_import.sends_letters,
            **place,
        )
        people_import.created += 1
    except EmailTaken as error:
        try:
            add_membership(user=error.user, **place)
            people_import.roles_added += 1
        except AlreadyMember:
            # Somebody added the role between the rehearsal and now: what was asked for is there.
            people_import.roles_added += 1


def forget_people_import(people_import: PeopleImport) -> None:
    people_import.rows = []
    people_import.save(update_fields=["rows", "changed_at"])
