"""Whom a target list lets the team approach."""

import pytest
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.directory.actions import add_contact
from pavillon.directory.models import Contact
from pavillon.directory.queries.contactable import contactable
from pavillon.privacy import queries as privacy
from pavillon.privacy.actions import change_choice, give_consent, object_for, withdraw_consent
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Consent
from pavillon.segments import actions
from pavillon.segments.queries.audience import audience_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def listed(cast):
    """A target list with one company and its three people."""
    Command().handle(verbosity=0)
    cast.people = [
        add_contact(
            company=cast.atelier, by=None, first_name=name, last_name="Le Goff", email=f"{name}@atelier.example"
        )
        for name in ("Anna", "Bran", "Cloe")
    ]
    cast.list = actions.create_target_list(name="À rappeler", origin="marketing", by=cast.nour)
    actions.target_companies(companies=[cast.atelier.pk], target_list=cast.list, by=cast.nour)
    return cast


def names(cast):
    return {person.first_name for person in audience_of(cast.list, User.objects.get(pk=cast.nour.pk)).people}


@pytest.mark.covers("MAIL-07")
def test_whoever_objects_is_in_no_audience_and_the_page_counts_him(listed, client):
    assert names(listed) == {"Anna", "Bran", "Cloe"}
    client.force_login(listed.nour, backend=BACKEND)
    client.post(
        reverse("directory:note_objection", args=[listed.people[1].pk]), {"said": "Au téléphone : ne me rappelez plus."}
    )
    assert names(listed) == {"Anna", "Cloe"}
    page = client.get(reverse("segments:view_audience", args=[listed.list.pk])).content.decode()
    assert "Bran" not in page
    assert "1 · objected to being approached" in page
    assert listed.people[1] not in contactable(Contact.objects.all())
    panel = client.get(reverse("directory:contact_uses", args=[listed.people[1].pk])).content.decode()
    assert "objected on" in panel


def test_the_person_alone_allows_it_again_by_the_link_of_a_letter(listed, client):
    person = listed.people[0]
    change_choice(person=person, purpose="prospecting", answer=False, by=None, proof={})
    assert names(listed) == {"Bran", "Cloe"}
    client.force_login(listed.nour, backend=BACKEND)
    assert client.post(reverse("directory:send_choices", args=[person.pk])).status_code == 302
    client.logout()
    link = reverse("privacy:choices", args=[privacy.token_of(f"contact:{person.pk}")])
    client.post(link, {"purpose": "prospecting", "answer": "yes"})
    assert names(listed) == {"Anna", "Bran", "Cloe"}


def test_without_an_address_no_link_leaves(listed, client):
    person = add_contact(company=listed.atelier, by=None, last_name="Sans Adresse")
    client.force_login(listed.nour, backend=BACKEND)
    page = client.post(reverse("directory:send_choices", args=[person.pk]), follow=True)
    assert "No e-mail address" in page.content.decode()


def test_an_answer_under_a_merged_record_goes_on_counting(listed):
    from pavillon.directory.actions import merge_contacts

    change_choice(person=listed.people[2], purpose="prospecting", answer=False, by=None, proof={})
    merge_contacts(kept=listed.people[0], removed=listed.people[2], by=listed.manager)
    assert names(listed) == {"Bran"}


def test_an_objection_under_another_address_or_a_merged_record_holds_the_person_back(listed, client):
    """Three ways to say no that are not the record's own key; a yes of the person ends them all."""
    from pavillon.directory.actions import add_channel, merge_contacts

    anna, bran, cloe = listed.people
    add_channel(owner=anna, kind="email", value="anna@perso.example", by=None)
    object_for(person="Anna@Perso.example", by=None, proof={}, purposes=["prospecting"])
    double = add_contact(company=listed.atelier, by=None, first_name="Bran", last_name="Le Gof")
    object_for(person=double, by=None, proof={}, purposes=["prospecting"])
    merge_contacts(kept=bran, removed=double, by=listed.manager)
    assert names(listed) == {"Cloe"}
    assert not {anna, bran} & set(contactable(Contact.objects.all()))
    for person in (anna, bran):
        panel = reverse("directory:contact_uses", args=[person.pk])
        client.force_login(listed.nour, backend=BACKEND)
        assert "objected on" in client.get(panel).content.decode(), "the card says what the list does"
        client.logout()
        link = reverse("privacy:choices", args=[privacy.token_of(f"contact:{person.pk}")])
        client.post(link, {"purpose": "prospecting", "answer": "yes"})
    assert names(listed) == {"Anna", "Bran", "Cloe"}
    give_consent(purpose="prospecting", person_key=f"contact:{cloe.pk}", proof={})
    withdraw_consent(consent=Consent.objects.standing().get(person_key=f"contact:{cloe.pk}"), by=None)
    assert "Cloe" not in names(listed), "a yes that was taken back is a no"


def test_the_later_answer_counts_when_two_records_are_merged_after_both(listed):
    """A yes taken back under one record and given under the other: the list says what the card says, in both orders."""
    from pavillon.directory.actions import merge_contacts

    anna, bran, _cloe = listed.people
    doubles = [add_contact(company=listed.atelier, by=None, last_name=name) for name in ("Le Gof", "Legoff")]
    for refusing, agreeing in ((doubles[0], anna), (bran, doubles[1])):
        given = give_consent(purpose="prospecting", person_key=f"contact:{refusing.pk}", proof={})
        withdraw_consent(consent=given, by=None)
        give_consent(purpose="prospecting", person_key=f"contact:{agreeing.pk}", proof={})
    for kept, double in ((anna, doubles[0]), (bran, doubles[1])):
        merge_contacts(kept=kept, removed=double, by=listed.manager)
        assert privacy.may_use(kept, "prospecting")
    assert names(listed) == {"Anna", "Bran", "Cloe"}
    assert {anna, bran} <= set(contactable(Contact.objects.all()))
    last = Consent.objects.standing().get(person_key=f"contact:{doubles[1].pk}")
    withdraw_consent(consent=last, by=None)
    assert not privacy.may_use(bran, "prospecting")
    assert names(listed) == {"Anna", "Cloe"}


@pytest.fixture
def with_account(listed):
    """Anna of the list has an account, at another address than that of her card."""
    anna = listed.people[0]
    Contact.objects.filter(pk=anna.pk).update(user=listed.claire)
    listed.anna = Contact.objects.get(pk=anna.pk)
    return listed


def test_allowing_it_again_in_the_account_ends_the_no_of_the_card(with_account, client):
    cast = with_account
    object_for(person=cast.anna, by=None, proof={}, purposes=["prospecting"])
    assert names(cast) == {"Bran", "Cloe"}
    client.force_login(cast.claire, backend=BACKEND)
    client.post(reverse("privacy:change_choice"), {"purpose": "prospecting", "answer": "yes"})
    assert privacy.may_use(cast.claire, "prospecting")
    assert privacy.may_use(cast.anna, "prospecting")
    assert names(cast) == {"Anna", "Bran", "Cloe"}


def test_a_later_yes_by_the_link_ends_the_yes_taken_back_in_the_account(with_account, client):
    cast = with_account
    given = give_consent(purpose="prospecting", person_key=f"user:{cast.claire.pk}", user=cast.claire, proof={})
    withdraw_consent(consent=given, by=cast.claire)
    assert names(cast) == {"Bran", "Cloe"}
    link = reverse("privacy:choices", args=[privacy.token_of(f"contact:{cast.anna.pk}")])
    client.post(link, {"purpose": "prospecting", "answer": "yes"})
    assert privacy.may_use(cast.anna, "prospecting")
    assert privacy.may_use(cast.claire, "prospecting"), "her own page says the same"
    assert names(cast) == {"Anna", "Bran", "Cloe"}


def test_a_newer_yes_outweighs_one_that_was_taken_back_before_and_no_later_one(with_account):
    cast = with_account
    for key in (f"user:{cast.claire.pk}", f"contact:{cast.anna.pk}"):
        given = give_consent(purpose="prospecting", person_key=key, proof={})
        if key.startswith("user"):
            withdraw_consent(consent=given, by=None)
    assert privacy.may_use(cast.anna, "prospecting")
    again = give_consent(purpose="prospecting", person_key=f"user:{cast.claire.pk}", proof={})
    withdraw_consent(consent=again, by=None)
    assert privacy.may_use(cast.anna, "prospecting").code == "objected"


def test_nobody_speaks_for_another_person_behind_the_same_mailbox(listed):
    both = [
        add_contact(company=listed.atelier, by=None, last_name=name, email="contact@atelier.example")
        for name in ("Un", "Deux")
    ]
    for person in both:
        object_for(person=person, by=None, proof={}, purposes=["prospecting"])
    change_choice(person=both[0], purpose="prospecting", answer=True, by=None, proof={})
    assert privacy.may_use(both[0], "prospecting")
    assert privacy.may_use(both[1], "prospecting").code == "objected"
