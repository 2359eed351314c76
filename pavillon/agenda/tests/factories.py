"""The rows that tests of this room stand on: Nour, Nina and their manager Marie in Bretagne, Yuki in Tokyo."""

import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from pavillon.accounts import actions as accounts_actions
from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import User
from pavillon.accounts.tests import factories as accounts
from pavillon.agenda import actions
from pavillon.directory.actions import create_company
from pavillon.reference.models import Country, Region
from tests.remembered import remembered

PARIS = ZoneInfo("Europe/Paris")


def fresh(user):
    """The same person as a new request would load him."""
    return User.objects.get(pk=user.pk)


def at(day, hour=10, minute=0):
    """A moment of the test week in Paris: Monday 1 March 2027 is day 1."""
    return datetime.datetime(2027, 3, day, hour, minute, tzinfo=PARIS)


def person(first_name, organisation, role, **more):
    """Somebody who is signed in by the test: without a password, which takes the time of all the rest."""
    user = accounts_actions.create_user(
        email=f"{first_name.lower()}@example.example",
        first_name=first_name,
        last_name="Test",
        language="en",
        is_email_verified=True,
        **more,
    )
    accounts_actions.add_membership(user=user, organisation=organisation, role=role, by=None, is_default=True)
    return User.objects.get(pk=user.pk)


@remembered
def stage():
    """Only who is needed: each person costs every test."""
    accounts.places()
    bretagne, occitanie = Region.objects.get(pk="53"), Region.objects.get(pk="76")

    def organisation(name, kind, level="", region=None):
        return accounts_actions.create_organisation(
            name=name, kind=kind, level=level, region=region, country=Country.objects.get(code="FR"), by=None
        )

    chamber = organisation("CCI Bretagne", Kind.CHAMBER, Level.REGIONAL, bretagne)
    other = organisation("CCI Occitanie", Kind.CHAMBER, Level.REGIONAL, occitanie)
    agency = organisation("Agence", Kind.AGENCY, Level.NATIONAL)
    ponant = organisation("Atelier du Ponant", Kind.COMPANY, region=bretagne)
    return SimpleNamespace(
        chamber=chamber,
        nour=person("Nour", chamber, Role.ADVISER),
        nina=person("Nina", chamber, Role.ADVISER),
        manager=person("Marie", chamber, Role.TEAM_MANAGER),
        theo=person("Theo", other, Role.ADVISER),
        kim=person("Kim", organisation("Banque", Kind.BANK, Level.NATIONAL), Role.ADVISER),
        yuki=person("Yuki", agency, Role.ADVISER, time_zone="Asia/Tokyo"),
        claire=person("Claire", ponant, Role.COMPANY_MANAGER),
        atelier=create_company(name="Atelier du Ponant", by=None, region=bretagne),
    )


def entry(user, day=1, hour=10, minutes=60, **more):
    start = at(day, hour)
    values = {"title": "Point", "starts_at": start, "ends_at": start + datetime.timedelta(minutes=minutes)}
    return actions.create_entry(by=fresh(user), **{**values, **more})
