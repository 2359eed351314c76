"""People of companies are discussed and followed as the companies are (a product: in the room of the showroom)."""

import pytest
from django.urls import reverse

from pavillon.crm import actions
from pavillon.crm.models import Discussion, RecordFollow
from pavillon.crm.tests.factories import fresh
from pavillon.crm.tests.test_together import told
from pavillon.directory.actions import add_contact, change_contact, merge_contacts


@pytest.fixture
def anne(cast):
    return add_contact(company=cast.atelier, by=None, first_name="Anne", last_name="Kerbol", job_title="Directrice")


@pytest.mark.covers("BASE-15")
def test_a_person_is_discussed_across_organisations(cast, anne, sign_in):
    text = f"Parle portugais, @{cast.kim.full_name}"
    say = reverse("crm:discuss_contact", args=[anne.pk])
    assert sign_in(cast.nour).post(say, {"text": text, "visibility": "organisation"}).status_code == 302
    discussion = Discussion.objects.get()
    assert (discussion.contact, discussion.company) == (anne, cast.atelier)
    assert set(told("crm.mentioned")) == {cast.kim.first_name}
    page = sign_in(cast.kim).get(reverse("crm:contact_discussions", args=[anne.pk])).text
    assert "Parle portugais" in page
    assert "Parle portugais" in sign_in(cast.nour).get(reverse("crm:view_discussions", args=[cast.atelier.pk])).text
    assert "Parle portugais" not in sign_in(cast.theo).get(reverse("crm:contact_discussions", args=[anne.pk])).text


def test_who_follows_a_person_is_told(cast, anne, sign_in):
    sign_in(cast.kim).post(reverse("crm:follow_contact", args=[anne.pk]))
    sign_in(cast.kim).post(reverse("crm:follow_contact", args=[anne.pk]))
    assert RecordFollow.objects.get().person == cast.kim
    actions.start_discussion(company=cast.atelier, contact=anne, text="Privé", by=fresh(cast.nour))
    assert not told("crm.followed"), "what he may not read is not told"
    actions.start_discussion(company=cast.atelier, contact=anne, text="À tous", visibility="team", by=fresh(cast.nour))
    assert set(told("crm.followed")) == {cast.kim.first_name}
    change_contact(contact=anne, by=fresh(cast.nour), job_title="Présidente")
    assert "Anne Kerbol" in told("crm.followed")[cast.kim.first_name]
    sign_in(cast.kim).post(reverse("crm:unfollow_contact", args=[anne.pk]))
    assert not RecordFollow.objects.exists()
    assert cast.kim.first_name not in sign_in(cast.nour).get(reverse("crm:contact_discussions", args=[anne.pk])).text


def test_what_was_said_and_followed_moves_with_a_merged_person(cast, anne):
    double = add_contact(company=cast.atelier, by=None, first_name="Anne", last_name="Kerboll")
    actions.start_discussion(
        company=cast.atelier, contact=double, text="Double", visibility="team", by=fresh(cast.nour)
    )
    for person in (anne, double):
        actions.follow_record(company=cast.atelier, contact=person, by=fresh(cast.nour))
    merge_contacts(kept=anne, removed=double, by=fresh(cast.manager))
    assert Discussion.objects.get().contact == anne
    assert RecordFollow.objects.get().contact == anne
    actions.unfollow_record(contact=anne, by=fresh(cast.nour))
    assert not RecordFollow.objects.exists()


def test_a_record_that_no_room_explains_is_not_there(cast, sign_in):
    address = reverse("crm:record_discussions", args=[cast.atelier.pk, "some.thing", 1])
    assert sign_in(cast.nour).get(address).status_code == 404
