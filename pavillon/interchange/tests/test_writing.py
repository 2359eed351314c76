"""A partner's system asks what lists ask, and writes through the actions of the screens."""

import json

import pytest
from django.http import HttpResponse

from pavillon.crm.tests.factories import fresh
from pavillon.directory.actions import change_company, source_of_organisation
from pavillon.directory.models import Channel, Company, CompanyValue, Contact, ContactRole, Establishment, Market
from pavillon.interchange.actions import OtherCall, answer_once, create_key
from pavillon.security.models import PolicyCell

pytestmark = pytest.mark.django_db


def names(answer):
    return {row["name"] for row in answer[1]["items"]}


def test_the_questions_of_lists_narrow_the_api(cast, call):
    Company.objects.filter(pk=cast.atelier.pk).update(turnover=4_200_000)
    assert names(call("get", "companies?region.in=53&turnover.least=4200000")) == {"Atelier du Ponant"}
    rule = '{"not":{"field":"region","op":"in","value":["53"]}}'
    assert "Atelier du Ponant" not in names(call("get", f"companies?rule={rule}"))
    people = call("get", "contacts?company_region.in=53&limit=1")
    assert people[0] == 200
    first = call("get", "companies?state.in=active&limit=1")[1]
    second = call("get", f"companies?state.in=active&limit=1&after={first['next']}")[1]
    assert first["items"][0]["id"] < second["items"][0]["id"]
    asked = {line["field"]: line for line in call("get", "criteria/companies")[1]["items"]}
    assert "above" in asked["turnover"]["operators"]


def test_a_wrong_question_is_named_and_nothing_is_told(cast, call):
    status, told = call("get", "companies?turnover.above=beaucoup&region.in=53")
    assert status == 422
    assert told["errors"][0]["field"] == "turnover"
    assert "beaucoup" in told["detail"]
    assert call("get", "companies?rule={")[0] == 422
    assert call("get", "companies?region.in=zz")[1]["errors"][0]["field"] == "region"


def test_a_hidden_field_is_as_unknown_as_a_misspelt_one(cast, call):
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=0)
    hidden, misspelt = (call("get", f"companies?{name}.above=1") for name in ("turnover", "turnovre"))
    assert hidden[0] == misspelt[0] == 422
    assert hidden[1]["detail"].replace("turnover", "x") == misspelt[1]["detail"].replace("turnovre", "x")
    assert "turnover" not in {line["field"] for line in call("get", "criteria/companies")[1]["items"]}
    status, told = call("patch", f"companies/{cast.atelier.pk}", values={"turnover": 5})
    assert (status, list(told["errors"])) == (422, ["turnover"])


def test_values_are_the_word_of_the_organisation_and_conflicts_are_told(cast, call):
    change_company(company=cast.atelier, website="https://ponant.example", by=fresh(cast.nour))
    told = {"website": "https://autre.example", "headcount": 61}
    status, answer = call("patch", f"companies/{cast.atelier.pk}", values=told, observed_on="2026-10-01")
    assert (status, answer["applied"]) == (200, ["headcount"])
    assert "website" in answer["conflicts"] | answer["kept"]
    value = CompanyValue.objects.get(company=cast.atelier, field="headcount")
    assert value.source == source_of_organisation(fresh(cast.nour).organisation, by=None)
    cast.atelier.refresh_from_db()
    assert (cast.atelier.headcount, cast.atelier.website) == (61, "https://ponant.example")
    assert call("patch", f"companies/{cast.atelier.pk}", values=told)[1]["same"] == ["headcount"]
    status, answer = call("patch", f"companies/{cast.atelier.pk}", values={"headcount": "many", "is_demo": True})
    assert status == 422
    assert "is_demo" in answer["errors"]


def test_companies_people_and_parts_are_added_through_the_actions_of_the_screens(cast, call):
    given = {"name": "Nordwind GmbH", "country": "DE", "family": "foreign", "town": "Kiel"}
    status, made = call("post", "companies", values=given)
    assert status == 201, made
    place = f"companies/{made['id']}"
    assert call("post", f"{place}/establishments", values={"name": "Werk 2", "town": "Lübeck"})[0] == 201
    assert call("post", f"{place}/markets", values={"country": "BR", "maturity": "considered"})[0] == 201
    assert call("post", f"{place}/markets", values={"country": "BR", "maturity": "considered"})[0] == 409
    assert call("post", f"{place}/channels", values={"kind": "phone", "value": "+49 431 1234567"})[0] == 201
    assert call("post", f"{place}/channels", values={"kind": "phone", "value": "12"})[0] == 422
    status, person = call("post", f"{place}/contacts", values={"last_name": "Petersen", "first_name": "Jan"})
    assert status == 201, person
    role = {"function": "Beirat"}
    assert call("post", f"contacts/{person['id']}/roles?company={cast.atelier.pk}", values=role)[0] == 201
    assert call("patch", f"contacts/{person['id']}", values={"job_title": "Einkauf"})[1]["applied"] == ["job_title"]
    assert Establishment.objects.get(company=made["id"]).country_id == "DE"
    assert Market.objects.filter(company=made["id"]).count() == 1
    assert Channel.objects.get(company=made["id"]).value == "+494311234567"
    assert ContactRole.objects.filter(contact=person["id"]).count() == 2
    assert Contact.objects.get(pk=person["id"]).origin.organisation == fresh(cast.nour).organisation


def test_a_named_call_is_done_once(cast, call):
    given = {"values": {"name": "Nordwind GmbH", "country": "DE", "family": "foreign", "town": "Kiel"}}
    named = {"Idempotency-Key": "import-7-line-12"}
    first = call("post", "companies", headers=named, **given)
    again = call("post", "companies", headers=named, **given)
    assert first == again
    assert Company.objects.filter(name="Nordwind GmbH").count() == 1
    other = call("post", "companies", headers=named, values={"name": "Südwind", "country": "DE"})
    assert other[0] == 422
    assert "Idempotency-Key" in other[1]["detail"]


def test_an_answer_that_failed_is_not_kept(cast):
    key, _secret = create_key(
        name="CRM of the chamber",
        membership=fresh(cast.nour).acting,
        scopes=["directory", "directory:write"],
        by=fresh(cast.nour),
    )
    answers = iter([HttpResponse("down", status=503), HttpResponse("{}", status=201), HttpResponse("[]", status=201)])
    told = [answer_once(key=key, name="x", digest="d", call=lambda: next(answers)) for _try in range(3)]
    assert [(answer.status_code, answer.content) for answer in told] == [(503, b"down"), (201, b"{}"), (201, b"{}")]
    with pytest.raises(OtherCall):
        answer_once(key=key, name="x", digest="another", call=lambda: next(answers))


def test_who_may_not_write_on_screen_may_not_write_here(client, cast):
    person = fresh(cast.official)
    secret = create_key(name="Lecture", membership=person.acting, scopes=["directory", "directory:write"], by=person)[1]
    answer = client.patch(
        f"/api/v1/directory/companies/{cast.atelier.pk}",
        json.dumps({"values": {"headcount": 3}}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 403
