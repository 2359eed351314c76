"""A rule of the matrix for each on his own records holds on the list, the page, the file, the form and the API."""

from datetime import date

import pytest
from django.urls import reverse

from pavillon.accounts.enums import Role
from pavillon.core.policy import Level
from pavillon.crm.models import Lead
from pavillon.crm.tests import factories
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.interchange.tests.test_api import ask, key_of
from pavillon.security.actions import NotGoverned, change_policy
from pavillon.security.models import PolicyCell

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OBJECT = "crm.lead"
# The list of requests begins with one's own.
ALL = {"whose": "all"}


@pytest.fixture
def cast(db):
    return factories.stage()


@pytest.fixture
def two(cast):
    """A request that Nour handles, and one of her region that Nina does."""
    kept = []
    for subject, adviser, step in (
        ("Cidre au Japon", cast.nour, "Call the importer"),
        ("Bateaux au Chili", cast.nina, "Write to Santiago"),
    ):
        row = lead(cast.atelier, subject=subject)
        Lead.objects.filter(pk=row.pk).update(adviser=adviser, team=cast.chamber)
        row = taken(Lead.objects.get(pk=row.pk))
        Lead.objects.filter(pk=row.pk).update(next_action=step, next_action_on=date(2027, 2, 1))
        kept.append(Lead.objects.get(pk=row.pk))
    return kept


def as_person(client, user):
    client.force_login(fresh(user), backend=BACKEND)
    return client


def say(level, *, field="*", for_owner, by):
    change_policy(role=Role.ADVISER, model=OBJECT, field=field, level=level, by=by, reason="Rule", for_owner=for_owner)


@pytest.mark.covers("SEC-09")
def test_the_officer_lets_each_see_his_own_only(client, cast, two):
    """Set on the screen, effective at the next request."""
    own, other = two
    page = as_person(client, cast.nour).get(reverse("crm:leads"), ALL).content.decode()
    assert own.subject in page
    assert other.subject in page
    officer = as_person(client, cast.security)
    matrix = reverse("security:read_policy")
    assert "Each on his own records" in officer.get(f"{matrix}?scope=owner").content.decode()
    for scope, level in (("", Level.FORBIDDEN.value), ("owner", Level.WRITE.value)):
        sent = {"cell": f"adviser|{OBJECT}|*||{level}", "reason": "Economic secrecy"}
        assert officer.post(f"{reverse('security:change_policy')}?scope={scope}", sent).status_code == 302
    assert PolicyCell.objects.filter(for_owner=True).count() == 1
    nour = as_person(client, cast.nour)
    page = nour.get(reverse("crm:leads"), ALL).content.decode()
    assert own.subject in page
    assert other.subject not in page
    assert nour.get(own.get_absolute_url()).status_code == 200
    assert nour.get(other.get_absolute_url()).status_code == 404
    file = nour.get(reverse("crm:leads"), ALL | {"format": "csv"}).content.decode()
    assert own.subject in file
    assert other.subject not in file
    _key, secret = key_of(cast.nour)
    told = ask(client, secret, "crm/leads").json()["items"]
    assert [row["id"] for row in told] == [own.pk]
    assert ask(client, secret, f"crm/leads/{other.pk}").status_code == 404
    # Nina, by the same rule, sees hers.
    assert as_person(client, cast.nina).get(other.get_absolute_url()).status_code == 200
    exported = as_person(client, cast.security).get(reverse("security:export_policy")).content.decode()
    assert "Each on his own records;crm.lead;*" in exported


@pytest.mark.covers("SEC-09")
def test_a_field_is_read_and_written_on_ones_own_records_only(client, cast, two):
    own, other = two
    say(Level.FORBIDDEN, field="next_action", for_owner=False, by=cast.security)
    say(Level.WRITE, field="next_action", for_owner=True, by=cast.security)
    nour = as_person(client, cast.nour)
    assert own.next_action in nour.get(own.get_absolute_url()).content.decode()
    page = nour.get(other.get_absolute_url())
    assert page.status_code == 200
    assert other.next_action not in page.content.decode()
    # A column of a list or a file is there when it may be read on each of its lines.
    assert other.next_action not in nour.get(reverse("crm:leads"), ALL | {"format": "csv"}).content.decode()
    _key, secret = key_of(cast.nour)
    told = {row["id"]: row for row in ask(client, secret, "crm/leads").json()["items"]}
    assert told[own.pk]["next_action"] == own.next_action
    assert "next_action" not in told[other.pk]
    for row, written in ((own, "Send the samples"), (other, other.next_action)):
        sent = {"next_action": "Send the samples", "next_action_on": "2027-03-01"}
        nour.post(reverse("crm:set_next_action", args=[row.pk]), sent)
        row.refresh_from_db()
        assert row.next_action == written


def test_what_is_only_read_is_written_by_its_owner(client, cast, two):
    own, other = two
    say(Level.READ, for_owner=False, by=cast.security)
    say(Level.WRITE, for_owner=True, by=cast.security)
    nour = as_person(client, cast.nour)
    assert other.subject in nour.get(reverse("crm:leads"), ALL).content.decode()
    sent = {"next_action": "Send the samples", "next_action_on": "2027-03-01"}
    assert nour.post(reverse("crm:set_next_action", args=[other.pk]), sent).status_code == 403
    assert nour.post(reverse("crm:set_next_action", args=[own.pk]), sent).status_code == 302
    own.refresh_from_db()
    assert own.next_action == "Send the samples"


def test_ones_own_records_may_be_closed_too(client, cast, two):
    """The other way round: nobody handles alone what he judges himself."""
    own, other = two
    say(Level.FORBIDDEN, for_owner=True, by=cast.security)
    page = as_person(client, cast.nour).get(reverse("crm:leads"), ALL).content.decode()
    assert own.subject not in page
    assert other.subject in page


def test_an_object_that_nobody_owns_has_no_such_rule(cast, monkeypatch):
    from pavillon.core import policy

    monkeypatch.setattr(policy, "_owners", {})
    with pytest.raises(NotGoverned, match="nobody owns"):
        say(Level.READ, for_owner=True, by=cast.security)


def test_without_such_a_rule_nothing_is_asked(cast, two, django_assert_num_queries):
    """Who owns a record is looked up only where a rule needs it: one statement for the rules of a person, as before."""
    from pavillon.core.policy import may_read

    nour = fresh(cast.nour)
    assert nour.role
    with django_assert_num_queries(1):
        assert all(may_read(nour, row, "next_action") for row in two)
