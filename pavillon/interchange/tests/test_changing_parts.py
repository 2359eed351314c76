"""A partner's system changes and removes parts of cards, and needs the scope of writing for it."""

import pytest
from django.urls import reverse

from pavillon.activity.models import Entry
from pavillon.crm.tests.factories import fresh
from pavillon.directory.actions import add_channel, add_contact, add_establishment, add_market, add_role
from pavillon.directory.enums import ChannelKind
from pavillon.directory.forms.parts import ChannelForm
from pavillon.directory.models import Channel, Contact, ContactRole, Establishment, Market
from pavillon.interchange.actions import create_key
from pavillon.interchange.api import api
from pavillon.reference.models import Country
from pavillon.security.models import PolicyCell

pytestmark = pytest.mark.django_db


@pytest.fixture
def anne(cast):
    known = {"first_name": "Anne", "last_name": "Kermarrec", "job_title": "Directrice", "phone": "0298861234"}
    return add_contact(company=cast.atelier, by=None, **known)


def test_parts_of_a_company_are_changed_and_removed(cast, call):
    site = add_establishment(company=cast.atelier, by=None, name="Dépôt", town="Brest")
    market = add_market(company=cast.atelier, by=None, country=Country.objects.exclude(pk="FR").first())
    status, told = call("patch", f"establishments/{site.pk}", values={"name": "Entrepôt", "closed_on": "2026-03-31"})
    assert (status, told) == (200, {"id": site.pk})
    site.refresh_from_db()
    assert (site.name, site.town, str(site.closed_on)) == ("Entrepôt", "Brest", "2026-03-31")
    assert call("patch", f"markets/{market.pk}", values={"maturity": "settled", "note": "Salon"})[0] == 200
    market.refresh_from_db()
    assert (market.maturity, market.note) == ("settled", "Salon")
    assert call("patch", f"markets/{market.pk}", values={"country": "FR"})[0] == 422
    assert call("delete", f"markets/{market.pk}") == (200, {"id": market.pk, "removed": True})
    assert call("delete", f"establishments/{site.pk}")[0] == 200
    assert not Market.objects.filter(pk=market.pk).exists()
    assert not Establishment.objects.filter(pk=site.pk).exists()
    verbs = set(Entry.objects.about(cast.atelier).values_list("verb", flat=True))
    assert {"directory.market_removed", "directory.establishment_removed"} <= verbs
    assert call("delete", f"markets/{market.pk}")[0] == 404


def test_a_site_of_the_register_is_not_changed(cast, call):
    site = add_establishment(company=cast.atelier, by=None, name="Siège", is_from_register=True)
    for method, sent in (("patch", {"values": {"name": "Autre"}}), ("delete", {})):
        status, told = call(method, f"establishments/{site.pk}", **sent)
        assert status == 409, told
    site.refresh_from_db()
    assert site.name == "Siège"


def test_parts_of_a_person_are_changed_and_removed(cast, call, anne):
    mobile = add_channel(owner=anne, kind=ChannelKind.PHONE, value="0611223344", by=None)
    assert call("patch", f"channels/{mobile.pk}", values={"value": "06 11 22 33 55", "label": "Portable"})[0] == 200
    mobile.refresh_from_db()
    assert (mobile.value, mobile.label) == ("+33611223355", "Portable")
    assert call("patch", f"channels/{mobile.pk}", values={"value": "12"})[0] == 422
    assert call("patch", f"channels/{mobile.pk}", values={"kind": "email"})[0] == 422
    taken = call("patch", f"channels/{mobile.pk}", values={"value": "02 98 86 12 34"})
    assert taken[0] == 409
    assert call("patch", f"channels/{mobile.pk}", values={"is_preferred": True})[0] == 200
    anne.refresh_from_db()
    assert anne.phone == "+33611223355"
    assert call("delete", f"channels/{mobile.pk}")[0] == 200
    assert Channel.objects.filter(contact=anne).count() == 1
    only = anne.roles.get()
    assert call("delete", f"roles/{only.pk}")[0] == 409
    other = add_role(contact=anne, company=cast.atelier, by=None, function="Conseil")
    sent = {"function": "Présidente", "is_main": True, "ends_on": "2027-01-31"}
    assert call("patch", f"roles/{other.pk}", values=sent)[0] == 200
    anne.refresh_from_db()
    assert anne.job_title == "Présidente"
    assert call("patch", f"roles/{other.pk}", values={"starts_on": "2027-02-01"})[0] == 422
    assert call("delete", f"roles/{other.pk}")[0] == 200
    assert ContactRole.objects.filter(contact=anne).count() == 1
    hours = [{"weekday": 2, "starts_at": "09:00", "ends_at": "11:30"}]
    assert call("put", f"contacts/{anne.pk}/hours", windows=hours) == (200, {"id": anne.pk, "windows": 1})
    wrong = [{"weekday": 2, "starts_at": "11:00", "ends_at": "09:00"}]
    assert call("put", f"contacts/{anne.pk}/hours", windows=wrong)[0] == 422
    zoned = [{"weekday": 2, "starts_at": "09:00Z", "ends_at": "11:30"}]
    twice = [*hours, {"weekday": 2, "starts_at": "09:00", "ends_at": "10:00"}]
    assert call("put", f"contacts/{anne.pk}/hours", windows=zoned)[0] == 422
    assert call("put", f"contacts/{anne.pk}/hours", windows=twice)[0] == 422
    assert str(anne.call_windows.get().starts_at) == "09:00:00"


def test_a_named_removal_is_done_once(cast, call, anne):
    role = add_role(contact=anne, company=cast.atelier, by=None, function="Conseil")
    named = {"Idempotency-Key": "remove-role"}
    first = call("delete", f"roles/{role.pk}", headers=named)
    assert first == call("delete", f"roles/{role.pk}", headers=named)
    assert first[0] == 200


def test_rules_of_columns_hold_for_parts(cast, call, anne):
    """Whoever may not read or change phones and jobs on the card does not by the parts of it."""
    channel, role = anne.channels.get(), anne.roles.get()
    for field, level in (("phone", 0), ("job_title", 1)):
        PolicyCell.objects.create(role="adviser", model="directory.contact", field=field, level=level)
    assert call("patch", f"channels/{channel.pk}", values={"label": "Portable"})[0] == 404
    assert call("delete", f"channels/{channel.pk}")[0] == 404
    sent = {"kind": "phone", "value": "06 11 22 33 44"}
    assert call("post", f"contacts/{anne.pk}/channels", values=sent)[0] == 422
    assert call("patch", f"roles/{role.pk}", values={"function": "Stagiaire"})[0] == 422
    assert Contact.objects.get(pk=anne.pk).job_title == "Directrice"


def test_writing_is_a_scope_of_its_own(client, cast, anne):
    person = fresh(cast.nour)
    secret = create_key(name="Lecture", membership=person.acting, scopes=["directory"], by=person)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/directory/roles", headers=headers).status_code == 200
    refused = client.delete(f"/api/v1/directory/roles/{anne.roles.get().pk}", headers=headers)
    assert refused.status_code == 403
    assert "directory:write" in refused.json()["detail"]


def test_the_form_of_a_key_gives_reading_with_writing(client, cast):
    client.force_login(fresh(cast.nour))
    sent = {"name": "GRC", "membership": fresh(cast.nour).acting.pk, "scopes": ["directory:write"], "days": 30}
    page = client.post(reverse("interchange:create_key"), sent).content.decode()
    assert "pav_" in page


def test_the_description_names_the_fields_of_writing_calls():
    document = api.get_openapi_schema()
    told = document["paths"]["/api/v1/directory/roles/{role}"]["patch"]["requestBody"]["description"]
    assert "`ends_on`" in told
    assert "directory:write" in document["info"]["description"]
    assert {"patch", "delete"} <= set(document["paths"]["/api/v1/directory/channels/{channel}"])


def test_a_main_role_is_not_taken_away_by_saying_that_it_is_none(cast, call, anne):
    """Once answered 200 while nothing changed: now the answer says what to do, and that works."""
    main = anne.roles.get()
    status, told = call("patch", f"roles/{main.pk}", values={"is_main": False})
    assert status == 422
    assert "choisissez plutôt un autre rôle" in str(told["errors"]["is_main"])
    other = add_role(contact=anne, company=cast.southern, by=None, function="Associée")
    assert call("patch", f"roles/{other.pk}", values={"is_main": False})[0] == 200
    assert call("patch", f"roles/{other.pk}", values={"is_main": True})[0] == 200
    main.refresh_from_db()
    assert main.is_main is False


def test_a_channel_that_went_away_while_it_was_changed_is_a_conflict_in_words(cast, call, anne, monkeypatch):
    mobile = add_channel(owner=anne, kind=ChannelKind.PHONE, value="0611223344", by=None)
    check = ChannelForm.clean

    def meanwhile(form):
        Channel.objects.filter(pk=mobile.pk).delete()
        return check(form)

    monkeypatch.setattr(ChannelForm, "clean", meanwhile)
    status, told = call("patch", f"channels/{mobile.pk}", values={"label": "Portable"})
    assert status == 409
    assert told["detail"]
    assert call("patch", f"channels/{mobile.pk}", values={"label": "Portable"})[0] == 404
