"""A chamber's directory of staff opens and closes the accounts of its people here, and of nobody else (SCIM 2.0)."""

import json
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts import actions as accounts
from pavillon.accounts.models import User
from pavillon.accounts.tests.factories import PASSWORD, person, places
from pavillon.accounts.tests.factories import cast as people
from pavillon.interchange import actions
from pavillon.interchange.models import Key, ProvisionedPerson
from pavillon.interchange.scim.resources import ERROR, LIST, PATCH, USER
from pavillon.vigilance.models import ReadingLimit

pytestmark = pytest.mark.django_db
NEW = {
    "schemas": [USER],
    "userName": "Lou.Martin@cci-bretagne.example",
    "externalId": "e-7",
    "name": {"givenName": "Lou", "familyName": "Martin"},
    "preferredLanguage": "en-GB",
    "phoneNumbers": [{"value": "+33298000000", "type": "work"}],
    "emails": [{"value": "Lou.Martin@cci-bretagne.example", "primary": True}],
    "active": True,
    "title": "Not kept here",
}


@pytest.fixture
def cast(settings):
    settings.BASE_URL = "http://testserver"
    places()
    return people()


class Directory:
    """The staff directory of an organisation, with the key of its administrator."""

    def __init__(self, admin, *, scopes=("people",)):
        admin = User.objects.get(pk=admin.pk)
        self.key, self.secret = actions.create_key(
            name="Staff directory", membership=admin.acting, scopes=list(scopes), by=admin
        )
        self.client = Client()

    def call(self, method, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.generic(
            method, f"/scim/v2/{path}", json.dumps(body) if body is not None else "",
            content_type="application/scim+json", headers={"authorization": f"Bearer {self.secret}", **named},
        )  # fmt: skip
        if answer.content:
            assert answer["Content-Type"] == "application/scim+json"
            answer.told = answer.json()
        if answer.status_code >= 400:
            assert answer.told["schemas"] == [ERROR]
            assert answer.told["status"] == str(answer.status_code)
            assert answer.told["detail"]
        return answer

    def patch(self, number, *operations, **headers):
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return self.call("PATCH", f"Users/{number}", body, **headers)

    def find(self, name):
        return self.call("GET", f'Users?filter=userName eq "{name}"').told["Resources"]


def trail(verb):
    return apps.get_model("activity.Entry").objects.filter(verb=verb)


@pytest.mark.covers("SEC-14")
def test_from_the_first_day_to_the_last(cast):
    staff = Directory(cast.maud)
    assert staff.find(NEW["userName"]) == []
    made = staff.call("POST", "Users", NEW)
    assert made.status_code == 201, made.told
    number = made.told["id"]
    assert made["Location"] == f"http://testserver/scim/v2/Users/{number}"
    user = User.objects.get(pk=number)
    assert (user.email, user.first_name, user.language) == ("lou.martin@cci-bretagne.example", "Lou", "en")
    assert (user.organisation, user.role) == (cast.chamber, "adviser")
    assert made.told["roles"][0]["value"] == "adviser"
    assert made.told["externalId"] == "e-7"
    assert trail("accounts.user_invited").count() == 1
    entry = trail("interchange.person_provisioned").get()
    assert entry.actor == cast.maud
    assert entry.channel == "api"
    again = staff.call("POST", "Users", NEW)
    assert (again.status_code, again.told["scimType"]) == (409, "uniqueness")
    assert [each["id"] for each in staff.find("LOU.martin@cci-bretagne.example")] == [number]
    assert staff.call("GET", 'Users?filter=externalId eq "e-7"').told["totalResults"] == 1

    # She signs in; the directory changes her card, and closes the account: she is out at her next click.
    user.set_password(PASSWORD)
    user.save()
    apps.get_model("account.EmailAddress").objects.filter(user=user).update(verified=True)
    browser = Client()
    browser.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert browser.get("/account/profile/").status_code == 200
    read = staff.call("GET", f"Users/{number}")
    assert staff.call("GET", f"Users/{number}", If_None_Match=read["ETag"]).status_code == 304
    renamed = staff.patch(number, {"op": "Replace", "path": "name.familyName", "value": "Kerdoncuff"},
                          {"op": "replace", "path": 'phoneNumbers[type eq "work"].value', "value": "+33298111111"},
                          If_Match=read["ETag"])  # fmt: skip
    assert renamed.told["name"]["familyName"] == "Kerdoncuff"
    assert renamed.told["phoneNumbers"][0]["value"] == "+33298111111"
    assert renamed["ETag"] != read["ETag"]
    assert staff.patch(number, {"op": "remove", "path": "externalId"}, If_Match=read["ETag"]).status_code == 412
    closed = staff.patch(number, {"op": "Replace", "value": {"active": "False"}})
    assert closed.told["active"] is False
    assert browser.get("/account/profile/").status_code == 302
    assert not UserSession.objects.filter(user=user).exists()
    assert not User.objects.get(pk=number).is_active
    opened = staff.call("PUT", f"Users/{number}", NEW | {"roles": [{"value": "team_manager"}]})
    assert opened.told["active"] is True
    assert [role["value"] for role in opened.told["roles"]] == ["team_manager"]
    assert staff.call("DELETE", f"Users/{number}", If_Match='W/"old"').status_code == 412
    assert staff.call("DELETE", f"Users/{number}").status_code == 204
    assert not User.objects.get(pk=number).is_active
    assert staff.call("GET", f"Users/{number}").status_code == 404
    assert staff.find(NEW["userName"]) == []
    # Back one day: the same person, not a second one.
    assert staff.call("POST", "Users", NEW).told["id"] == number
    assert User.objects.get(pk=number).is_active


def test_an_administrator_comes_back_without_that_role(cast):
    """A directory that opens an account again, or a role that it noted, makes nobody administrator: a person does."""
    second = person("Yann", cast.chamber, "organisation_admin")
    staff = Directory(cast.maud)
    for number in (1, 2):
        staff.patch(second.pk, {"op": "replace", "path": "active", "value": False})
        opened = staff.patch(second.pk, {"op": "replace", "path": "active", "value": True})
        assert [role["value"] for role in opened.told["roles"]] == ["adviser"]
        told = apps.get_model("activity.Notification").objects.filter(kind="interchange.accounts", recipient=cast.maud)
        assert told.count() == 1, number
        assert told.get().url == reverse("accounts:user", args=[second.pk])
    assert apps.get_model("activity.Entry").objects.filter(verb="interchange.administrator_reopened").count() == 1
    # With a role elsewhere the account stays open while the one here ends: the same on the way back.
    accounts.add_membership(user=second, organisation=cast.chamber, role="organisation_admin", by=cast.maud)
    accounts.add_membership(user=second, organisation=cast.other, role="adviser", by=cast.tess)
    ProvisionedPerson.objects.filter(user=second).update(role="organisation_admin")
    staff.patch(second.pk, {"op": "replace", "path": "active", "value": False})
    opened = staff.patch(second.pk, {"op": "replace", "path": "active", "value": True})
    assert [role["value"] for role in opened.told["roles"]] == ["adviser"]
    # A person gives the role again, on the screen.
    admin = Client()
    admin.force_login(cast.maud)
    add = reverse("accounts:add_membership", args=[second.pk])
    assert add in admin.get(reverse("accounts:user", args=[second.pk])).content.decode()


def test_nobody_of_another_organisation_is_touched(cast):
    """Who works for two loses the role of the one that lets go; whoever works elsewhere only is not there at all."""
    staff, others = Directory(cast.maud), Directory(cast.tess)
    for call in (("GET", None), ("PUT", NEW), ("DELETE", None)):
        assert staff.call(call[0], f"Users/{cast.theo.pk}", call[1]).status_code == 404
    assert staff.patch(cast.theo.pk, {"op": "replace", "path": "active", "value": False}).status_code == 404
    assert staff.find(cast.theo.email) == []
    accounts.add_membership(user=cast.theo, organisation=cast.chamber, role="adviser", by=cast.maud, network="ci")
    browser = Client()
    browser.post("/account/login/", {"login": cast.theo.email, "password": PASSWORD})
    told = staff.patch(
        cast.theo.pk,
        {"op": "replace", "value": {"active": False, "name.familyName": "Stolen"}},
    ).told
    assert told["active"] is False
    assert told["roles"] == []
    assert told["name"]["familyName"] == "Test", "the card is not theirs alone"
    theo = User.objects.get(pk=cast.theo.pk)
    assert theo.is_active
    assert [role.organisation for role in theo.roles_today] == [cast.other]
    assert browser.get("/account/profile/").status_code == 200
    assert others.call("GET", f"Users/{theo.pk}").told["active"] is True
    # Closed by his own organisation, he is not opened by the other one.
    others.patch(theo.pk, {"op": "replace", "path": "active", "value": False})
    assert staff.patch(theo.pk, {"op": "replace", "path": "active", "value": True}).status_code == 403
    assert not User.objects.get(pk=theo.pk).is_active
    # Who has an account elsewhere gets a role more and keeps the card.
    told = staff.call("POST", "Users", NEW | {"userName": cast.kim.email, "externalId": "k"}).told
    assert (told["id"], told["name"]["givenName"]) == (str(cast.kim.pk), "Kim")
    assert len(User.objects.get(pk=cast.kim.pk).roles_today) == 2
    # Officers of the platform and the administrator of the key are out of reach.
    accounts.add_membership(user=cast.admin, organisation=cast.chamber, role="adviser", by=None)
    staff.patch(cast.admin.pk, {"op": "replace", "path": "active", "value": False})
    assert User.objects.get(pk=cast.admin.pk).is_active
    assert staff.patch(cast.maud.pk, {"op": "replace", "path": "active", "value": False}).status_code == 403
    assert staff.call("DELETE", f"Users/{cast.maud.pk}").status_code == 403


def test_a_stranger_is_neither_shown_nor_opened(cast):
    """An address alone tells nothing of who has no role here, and a closed account of another body stays closed."""
    staff = Directory(cast.maud)
    asleep = NEW | {"userName": cast.theo.email, "active": False}
    answer = staff.call("POST", "Users", asleep)
    assert answer.status_code == 403
    assert "Test" not in answer.content.decode()
    for role in cast.theo.memberships.all():
        accounts.end_membership(membership=role, by=cast.admin)
    accounts.deactivate_user(user=cast.theo, by=cast.admin)
    assert staff.call("POST", "Users", asleep | {"active": True}).status_code == 403
    assert not User.objects.get(pk=cast.theo.pk).is_active
    assert staff.find(cast.theo.email) == []
    # What a change shows is a reading too.
    read = apps.get_model("security.Reading").objects.filter(user=cast.maud, object_id=str(cast.nour.pk), how="api")
    staff.patch(cast.nour.pk, {"op": "replace", "value": {}})
    assert read.count() == 1


def test_pages_of_people_and_what_the_service_tells_of_itself(cast, django_assert_max_num_queries):
    staff = Directory(cast.maud)
    with django_assert_max_num_queries(16):
        everybody = staff.call("GET", "Users").told
    assert everybody["schemas"] == [LIST]
    assert everybody["totalResults"] == 3
    first = staff.call("GET", "Users?startIndex=1&count=2").told
    last = staff.call("GET", "Users?startIndex=3&count=2").told
    assert [each["id"] for each in first["Resources"] + last["Resources"]] == [
        each["id"] for each in everybody["Resources"]
    ]
    assert staff.call("GET", "Users?count=0").told["Resources"] == []
    assert staff.call("GET", "ServiceProviderConfig").told["patch"] == {"supported": True}
    assert staff.call("GET", f"Schemas/{USER}").told["id"] == USER
    assert staff.call("GET", "Schemas").told["totalResults"] == 1
    assert staff.call("GET", "ResourceTypes/User").told["endpoint"] == "/Users"
    assert staff.call("GET", "ResourceTypes/Group").status_code == 404
    assert staff.call("GET", "Groups").status_code == 404
    read = apps.get_model("security.Reading").objects.filter(how="list", user=cast.maud)
    assert read.exists()
    # Who reads more than the budget of an hour waits, and can still close an account meanwhile.
    ReadingLimit.objects.create(hourly_rows=5, most_rows=100, reason="x")
    answers = [staff.call("GET", "Users") for _n in range(4)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    closed = staff.patch(cast.nour.pk, {"op": "replace", "path": "active", "value": False})
    assert (closed.status_code, closed.told["active"]) == (200, False)
    # Suspended by security, the administrator's key opens nothing.
    accounts.suspend_sign_in(user=cast.maud, until=timezone.now() + timedelta(hours=1), by=cast.security, is_held=True)
    refused = staff.call("GET", "Users")
    assert refused.status_code == 401
    assert "suspended by security" in refused.told["detail"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "invalidSyntax"),
        ({"schemas": [PATCH]}, "invalidSyntax"),
        ({"schemas": 5, "Operations": []}, "invalidSyntax"),
        ({"schemas": [PATCH], "Operations": []}, "invalidSyntax"),
        ({"schemas": [PATCH], "Operations": [{"op": "jump", "path": "active"}]}, "invalidSyntax"),
        ({"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": "perhaps"}]}, "invalidValue"),
        ({"schemas": [PATCH], "Operations": [{"op": "replace", "path": "id", "value": "9"}]}, "mutability"),
        ({"schemas": [PATCH], "Operations": [{"op": "replace", "path": "userName", "value": "x@y.fr"}]}, "mutability"),
        ({"schemas": [PATCH], "Operations": [{"op": "remove", "path": "name"}]}, "mutability"),
        ({"schemas": [PATCH], "Operations": [{"op": "remove"}]}, "noTarget"),
        ({"schemas": [PATCH], "Operations": [{"op": "replace", "path": "shoes", "value": 9}]}, "invalidPath"),
        ({"schemas": [PATCH], "Operations": [{"op": "add", "path": "roles", "value": [{"value": "platform_admin"}]}]},
         "invalidValue"),
        ({"schemas": [PATCH], "Operations": [{"op": "add", "path": "roles", "value": "organisation_admin"}]},
         "invalidValue"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_understood_changes_nothing(cast, body, kind):
    answer = Directory(cast.maud).call("PATCH", f"Users/{cast.nour.pk}", body)
    assert (answer.status_code, answer.told["scimType"]) == (400, kind)


def test_what_a_call_may_not_be(cast):
    staff = Directory(cast.maud)
    odd = [NEW | {"roles": [{"value": []}]}, NEW | {"externalId": "e\x007"}, NEW | {"name": {"givenName": "L\nou"}}]
    plain = [{}, [], {"userName": "no address"}, {"userName": 5}, NEW | {"name": "Lou"}, NEW | {"active": 1}]
    for wrong in odd + plain:
        answer = staff.call("POST", "Users", wrong)
        assert answer.status_code == 400, wrong
        assert answer.told["scimType"] in ("invalidValue", "invalidSyntax")
    assert staff.client.post("/scim/v2/Users", "{", content_type="application/json",
                             headers={"authorization": f"Bearer {staff.secret}"}).status_code == 400  # fmt: skip
    for text in (
        r'userName eq "a\u0000"',
        'userName co "a"',
        "userName eq",
        'title eq "x"',
        'userName eq "a" or userName eq "b"',
    ):
        assert staff.call("GET", f"Users?filter={text}").told["scimType"] == "invalidFilter", text
    assert staff.call("GET", "Users?startIndex=x").status_code == 400
    assert staff.call("PATCH", "Users", {}).status_code == 405
    assert staff.call("GET", "Users/999999").status_code == 404


def test_who_may_hold_such_a_key(cast, client):
    """An administrator of the organisation makes it, sees it once, and stops it; other keys open nothing."""
    with pytest.raises(actions.NotYours):
        Directory(cast.nour)
    client.force_login(cast.maud)
    form = {"name": "Staff directory", "membership": cast.maud.acting.pk, "scopes": ["people"], "days": 90}
    answer = client.post(reverse("interchange:create_key"), form)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert secret not in client.get(reverse("interchange:keys")).content.decode()
    client.force_login(cast.nour)
    assert client.post(reverse("interchange:create_key"), form | {"membership": cast.nour.acting.pk}).status_code == 422
    staff = Directory(cast.maud)
    staff.secret = secret
    assert staff.call("GET", "Users").status_code == 200
    narrow = Directory(cast.maud, scopes=["crm"])
    assert narrow.call("GET", "Users").status_code == 403
    assert (
        staff.client.get("/api/v1/directory/companies", headers={"authorization": f"Bearer {secret}"}).status_code
        == 403
    )
    anonymous = Client().get("/scim/v2/Users")
    assert (anonymous.status_code, anonymous["WWW-Authenticate"]) == (401, "Bearer")
    Key.objects.update(hourly_quota=1)
    assert staff.call("GET", "Users").status_code == 429
    Key.objects.update(hourly_quota=100)
    for key in Key.objects.all():
        actions.revoke_key(key=key, by=cast.maud)
    assert staff.call("GET", "Users").status_code == 401
    row = ProvisionedPerson.objects.create(organisation=cast.chamber, user=cast.nour, external_id="x")
    actions.forget_provisioned(row)
    assert not ProvisionedPerson.objects.exists()
