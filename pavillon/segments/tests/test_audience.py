"""Whom a target list lets the team approach."""

import pytest
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.directory.actions import add_contact
from pavillon.directory.models import Contact
from pavillon.directory.queries.contactable import contactable
from pavillon.privacy import queries as privacy
from pavillon.privacy.actions import change_choice
from pavillon.privacy.management.commands.load_purposes import Command
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
