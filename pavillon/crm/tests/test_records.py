"""People of companies are discussed and followed as the companies are (a product: in the room of the showroom)."""

import pytest
from django.urls import reverse

from pavillon.crm import actions
from pavillon.crm.models import Comment, Discussion, RecordFollow
from pavillon.crm.tests.factories import fresh
from pavillon.crm.tests.test_together import told
from pavillon.directory.actions import (
    add_contact,
    add_role,
    change_contact,
    flag_company,
    merge_companies,
    merge_contacts,
)
from pavillon.security.models import PolicyCell


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
    sign_in(cast.kim).post(reverse("crm:unfollow_record", args=[RecordFollow.objects.get().pk]))
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
    actions.unfollow_record(follow=RecordFollow.objects.get(), by=fresh(cast.nour))
    assert not RecordFollow.objects.exists()


def test_a_record_that_no_room_explains_is_not_there(cast, sign_in):
    address = reverse("crm:record_discussions", args=[cast.atelier.pk, "some.thing", 1])
    assert sign_in(cast.nour).get(address).status_code == 404


def test_who_may_not_open_the_person_reads_nothing_about_him(cast, anne, sign_in, django_assert_max_num_queries):
    """The company stays open; the person is closed to advisers by the matrix, then to one office by a mark."""
    actions.start_discussion(
        company=cast.atelier, contact=anne, text="Parle portugais", visibility="team", by=fresh(cast.nour),
        people=[cast.theo],
    )  # fmt: skip
    page = reverse("crm:view_discussions", args=[cast.atelier.pk])
    one = Discussion.objects.get().get_absolute_url()
    assert "Parle portugais" in sign_in(cast.theo).get(page).text
    cell = PolicyCell.objects.create(role="adviser", model="directory.contact", field="*", level=0)
    with django_assert_max_num_queries(20):
        assert "Parle portugais" not in sign_in(cast.theo).get(page).text
    assert sign_in(cast.theo).get(one).status_code == 404, "not even who was named"
    assert "Parle portugais" in sign_in(cast.manager).get(page).text
    assert not Comment.objects.visible_to(fresh(cast.theo)).exists()
    cell.delete()
    known = {"by": fresh(cast.security), "reason": "Brevet", "state_service": "SISSE", "state_contact": "x"}
    add_role(contact=anne, company=cast.southern, by=None, is_main=True)
    flag_company(company=cast.southern, organisations=[cast.chamber], people=[], **known)
    assert "Parle portugais" not in sign_in(cast.theo).get(page).text
    assert "Parle portugais" in sign_in(cast.nour).get(page).text


def test_what_was_said_stays_on_the_page_of_a_person_who_changes_company(cast, anne, sign_in):
    sign_in(cast.kim).post(reverse("crm:follow_contact", args=[anne.pk]))
    actions.start_discussion(company=cast.atelier, contact=anne, text="À rappeler", visibility="team", by=cast.nour)
    add_role(contact=anne, company=cast.southern, by=None, is_main=True)
    panel = reverse("crm:contact_discussions", args=[anne.pk])
    page = sign_in(cast.kim).get(panel).text
    assert "À rappeler" in page
    stop = reverse("crm:unfollow_record", args=[RecordFollow.objects.get().pk])
    assert stop in page
    assert sign_in(cast.nour).post(stop).status_code == 403, "each ends his own"
    PolicyCell.objects.create(role="adviser", model="directory.contact", field="*", level=0)
    assert sign_in(cast.kim).get(panel).status_code == 404
    assert sign_in(cast.kim).post(stop).status_code == 302, "one may stop following what one no longer sees"
    assert not RecordFollow.objects.exists()


def test_following_from_a_page_of_a_company_that_was_merged_meanwhile_is_kept_under_the_one_that_stands(cast, anne):
    merge_companies(kept=cast.southern, removed=cast.atelier, by=cast.henri)
    stale = type(cast.atelier).objects.get(pk=cast.atelier.pk)
    follow = actions.follow_record(company=stale, contact=anne, by=fresh(cast.nour))
    assert follow.company == cast.southern
