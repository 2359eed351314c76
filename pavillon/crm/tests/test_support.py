"""Who accompanies a company: named, told, written to, followed by somebody else."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts import actions as accounts
from pavillon.activity.models import Entry, Notification
from pavillon.crm import actions
from pavillon.crm.models import ContactMessage, DedicatedContact
from pavillon.crm.queries.support import support_team_of
from pavillon.crm.tests.factories import fresh, other_company
from pavillon.directory.actions import create_company, merge_companies


def today(shift=0):
    return timezone.localdate() + datetime.timedelta(days=shift)


def named(cast, person=None, company=None, function="Votre boutique", **more):
    person = fresh(person or cast.alice)
    return actions.name_dedicated_contact(
        company=company or cast.atelier,
        person=person,
        organisation=person.organisation,
        function=function,
        by=fresh(cast.henri),
        **more,
    )


def told(person, kind):
    return list(Notification.objects.filter(recipient=person, kind=kind).values_list("title", flat=True))


@pytest.mark.covers("IDN-12")
def test_the_company_reads_its_contacts_and_writes_to_them(cast, sign_in):
    """Named by the agency and the operator, shown on the seller's home, written to, answered, told."""
    cast.alice.phone = "+33 1 99 00 11 22"
    cast.alice.save()
    form = {"member": fresh(cast.alice).acting.pk, "function": "Votre boutique", "starts_on": today().isoformat()}
    url = reverse("crm:name_dedicated_contact", args=[cast.atelier.pk])
    assert sign_in(cast.henri).post(url, form).status_code == 302
    form = {"member": fresh(cast.operator).acting.pk, "function": "Aide technique", "starts_on": today().isoformat()}
    assert sign_in(cast.operator).post(url, form).status_code == 302
    agency, operator = DedicatedContact.objects.order_by("pk")

    home = sign_in(cast.seller).get("/my/").content.decode()
    for words in ("Alice Test", "Votre boutique", "+33 1 99 00 11 22", "Omar Test", "Aide technique", "Agence, Phare"):
        assert words in home
    door = reverse("crm:my_contact", args=[agency.pk])
    assert f'href="{door}"' in home
    assert reverse("crm:my_contact", args=[operator.pk]) in home

    write = reverse("crm:write_contact_message", args=[agency.pk])
    assert write in sign_in(cast.seller).get(door).content.decode()
    assert sign_in(cast.seller).post(write, {"text": "Qui relit nos textes ?"}).status_code == 302
    assert told(cast.alice, "crm.company_wrote") == ["Atelier du Ponant writes to you"]
    page = sign_in(cast.alice).get(reverse("crm:view_dedicated_contact", args=[agency.pk])).content.decode()
    assert "Qui relit nos textes ?" in page
    assert sign_in(cast.alice).post(write, {"text": "Moi, dès demain."}).status_code == 302
    assert told(cast.seller, "crm.contact_wrote") == ["Alice Test writes to you"]
    assert "Moi, dès demain." in sign_in(cast.seller).get(door).content.decode()


def test_the_company_and_the_person_are_told_of_each_change(cast):
    contact = named(cast)
    actions.change_dedicated_contact(contact=contact, function="Vos salons", by=fresh(cast.henri))
    actions.end_dedicated_contact(contact=contact, by=fresh(cast.henri))
    for person in (cast.claire, cast.seller):
        assert len(told(person, "crm.support_changed")) == 3
    assert len(told(cast.alice, "crm.dedication_changed")) == 3
    verbs = set(Entry.objects.about(cast.atelier).values_list("verb", flat=True))
    assert {
        "crm.dedicated_contact_named",
        "crm.dedicated_contact_changed",
        "crm.dedicated_contact_ended",
    } <= verbs


def test_an_unchanged_function_tells_nobody(cast):
    contact = named(cast)
    actions.change_dedicated_contact(contact=contact, function="Votre boutique", by=fresh(cast.henri))
    assert len(told(cast.claire, "crm.support_changed")) == 1


def test_somebody_follows_and_the_history_stays(cast, sign_in):
    first = named(cast, starts_on=today(-30))
    second = named(cast, person=cast.henri, replaces=first)
    first.refresh_from_db()
    assert first.ends_on == today(-1)
    team = support_team_of(fresh(cast.claire))
    assert [contact.pk for contact in team["agency"]] == [second.pk]
    panel = sign_in(cast.nour).get(reverse("crm:view_support_team", args=[cast.atelier.pk])).content.decode()
    assert "Former contacts" in panel
    assert "Alice Test" in panel
    with pytest.raises(actions.ContactEnded, match="Alice"):
        actions.write_contact_message(contact=first, by=fresh(cast.claire), text="?")
    assert sign_in(cast.claire).get(reverse("crm:my_contact", args=[first.pk])).status_code == 200


def test_one_person_is_named_once_at_a_time(cast):
    named(cast)
    with pytest.raises(actions.AlreadyDedicated, match="Alice"):
        named(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        DedicatedContact.objects.create(
            company=cast.atelier, person=cast.alice, organisation=cast.agency, function="x", starts_on=today(3)
        )


def test_the_last_day_is_not_before_the_first(cast):
    with pytest.raises(actions.WrongDay):
        actions.end_dedicated_contact(contact=named(cast, starts_on=today(5)), by=fresh(cast.henri), ends_on=today())


def test_a_company_that_nobody_follows_gets_no_contact(cast, sign_in):
    with pytest.raises(actions.NotAccompanied, match="Verreries"):
        named(cast, company=cast.southern)
    url = reverse("crm:name_dedicated_contact", args=[cast.southern.pk])
    assert sign_in(cast.henri).get(url).status_code == 403


def test_somebody_who_left_is_no_longer_shown_to_the_company(cast, sign_in):
    contact = named(cast)
    accounts.end_membership(membership=fresh(cast.alice).acting, by=fresh(cast.admin))
    assert support_team_of(fresh(cast.claire))["agency"] == []
    panel = sign_in(cast.nour).get(reverse("crm:view_support_team", args=[cast.atelier.pk])).content.decode()
    assert "no longer works at Agence" in panel
    assert contact.get_absolute_url() in panel


def test_the_operator_names_its_own_people_only(cast, sign_in):
    url = reverse("crm:name_dedicated_contact", args=[cast.atelier.pk])
    form = {"member": fresh(cast.alice).acting.pk, "function": "x", "starts_on": today().isoformat()}
    answer = sign_in(cast.operator).post(url, form)
    assert answer.status_code == 422
    contact = named(cast)
    for verb in ("change", "end"):
        page = reverse(f"crm:{verb}_dedicated_contact", args=[contact.pk])
        assert sign_in(cast.operator).get(page).status_code == 403
        assert sign_in(cast.henri).get(page).status_code == 200
        assert sign_in(cast.nour).get(page).status_code == 403


def test_only_the_two_sides_read_what_they_write(cast, sign_in):
    contact = named(cast)
    actions.write_contact_message(contact=contact, by=fresh(cast.claire), text="Entre nous")
    page = reverse("crm:view_dedicated_contact", args=[contact.pk])
    for person, reads in [(cast.alice, True), (cast.henri, True), (cast.nour, False), (cast.operator, False)]:
        answer = sign_in(person).get(page)
        assert answer.status_code == 200
        assert ("Entre nous" in answer.content.decode()) is reads, person
    write = reverse("crm:write_contact_message", args=[contact.pk])
    assert sign_in(cast.nour).post(write, {"text": "x"}).status_code == 403
    _company, stranger = other_company()
    assert sign_in(stranger).get(reverse("crm:my_contact", args=[contact.pk])).status_code == 404
    assert sign_in(stranger).post(write, {"text": "x"}).status_code == 404


def test_what_they_write_is_ciphertext_in_the_table(cast):
    actions.write_contact_message(contact=named(cast), by=fresh(cast.claire), text="Entre nous")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM crm_contactmessage")
        assert cursor.fetchone()[0].startswith("pv1:")
    assert not Notification.objects.filter(body__contains="Entre nous").exists()
    actions.forget_contact_message(ContactMessage.objects.get())
    assert ContactMessage.objects.get().text == ""


def test_an_empty_message_is_refused_on_its_page(cast, sign_in):
    contact = named(cast)
    answer = sign_in(cast.claire).post(reverse("crm:write_contact_message", args=[contact.pk]), {"text": " "})
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_a_merge_keeps_each_contact_once_with_its_words(cast):
    double = create_company(name="Atelier Ponant", by=None, region=cast.bretagne, is_accompanied=True)
    kept = named(cast, starts_on=today(-10))
    lost = named(cast, company=double, starts_on=today(-5))
    moved = named(cast, person=cast.operator, company=double)
    actions.write_contact_message(contact=lost, by=fresh(cast.alice), text="Bonjour")
    merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    assert set(DedicatedContact.objects.values_list("pk", "company")) == {
        (kept.pk, cast.atelier.pk),
        (moved.pk, cast.atelier.pk),
    }
    assert ContactMessage.objects.get().contact == kept


def test_the_home_page_costs_few_statements(cast, sign_in, django_assert_max_num_queries):
    for person in (cast.alice, cast.operator, cast.henri):
        named(cast, person=person)
    user = fresh(cast.claire)
    assert user.acting
    with django_assert_max_num_queries(3):  # the privilege matrix, the referent, the contacts
        support_team_of(user)
