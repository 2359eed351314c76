"""People who stand twice: proposed at night, decided by a person, taken back."""

import pytest
from django.urls import reverse

from pavillon.curation import actions
from pavillon.curation.enums import ContactPairState, ContactVerdict
from pavillon.curation.models import ContactPair
from pavillon.directory import actions as directory
from pavillon.directory.models import Contact
from pavillon.directory.tests.factories import stage
from pavillon.matching.models import LabelledPair


@pytest.fixture
def cast(db):
    return stage()


def person(company, first, last, **fields):
    return directory.add_contact(company=company, by=None, first_name=first, last_name=last, **fields)


@pytest.fixture
def twice(cast):
    """One person in two companies, with one mailbox."""
    one = person(cast.atelier, "Anne", "Riou", email="anne.riou@ponant.example", phone="0298861234")
    other = person(cast.southern, "Anne", "RIOU", email="Anne.Riou@ponant.example")
    return one, other


def pairs():
    return {(row.left_id, row.right_id): row for row in ContactPair.objects.all()}


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def test_scan_base_proposes_people_and_merges_none(cast, twice):
    here = person(cast.southern, "Paul", "Le Goff", email="accueil@midi.example", phone="0561000000")
    there = person(cast.southern, "Marie", "Durand", email="accueil@midi.example", phone="0561000000")
    initial = person(cast.southern, "P.", "Le Goff")
    scan = actions.scan_base()
    found = pairs()
    assert set(found) == {tuple(each.pk for each in twice), (here.pk, initial.pk)}
    assert there.pk not in {pk for pair in found for pk in pair}
    assert scan.contacts_proposed == 2
    assert scan.contacts == Contact.objects.count()
    assert not Contact.objects.filter(merged_into__isnull=False).exists()
    assert actions.scan_base().contacts == 0


@pytest.mark.covers("BASE-05")
def test_two_records_of_a_person_are_merged_from_the_queue_and_parted(cast, twice, client):
    actions.scan_base()
    (pair,) = ContactPair.objects.all()
    client.force_login(cast.manager)
    assert pair.get_absolute_url() in client.get(reverse("curation:contact_pairs")).content.decode()
    assert "(1)" in client.get(reverse("curation:duplicates")).content.decode()
    shown = client.get(pair.get_absolute_url()).content.decode()
    for words in ("waterfall", 'data-press="m"', 'data-press="d"', "Verreries du Midi"):
        assert words in shown
    assert client.post(reverse("curation:decide_contact_pair", args=[pair.pk]), {"verdict": "x"}).status_code == 422
    client.post(reverse("curation:decide_contact_pair", args=[pair.pk]), {"verdict": "merge"})
    assert fresh(pair).state == ContactPairState.MERGED
    assert [fresh(each).is_merged for each in twice].count(True) == 1
    assert LabelledPair.objects.get(kind="person", origin="person").is_match
    client.post(reverse("curation:undo_contact_decision", args=[pair.pk]))
    assert fresh(pair).state == ContactPairState.WAITING
    assert not any(fresh(each).is_merged for each in twice)
    assert not LabelledPair.objects.filter(origin="person").exists()


def test_two_people_are_not_proposed_again(cast, twice):
    actions.scan_base()
    (pair,) = ContactPair.objects.all()
    actions.decide_contact_pair(pair=pair, verdict=ContactVerdict.DISTINCT, by=cast.nour)
    with pytest.raises(actions.AlreadyDecided):
        actions.decide_contact_pair(pair=pair, verdict=ContactVerdict.MERGE, by=cast.manager)
    actions.scan_base(is_whole=True)
    assert fresh(pair).state == ContactPairState.DISTINCT


def test_a_merge_undone_elsewhere_says_that_they_are_two(cast, twice):
    actions.scan_base()
    (pair,) = ContactPair.objects.all()
    decided = actions.decide_contact_pair(pair=pair, verdict=ContactVerdict.MERGE, by=cast.manager)
    directory.undo_merge(event=decided.event, by=cast.manager)
    assert fresh(pair).state == ContactPairState.DISTINCT
    assert not LabelledPair.objects.get(origin="person").is_match


def test_pairs_follow_a_merge(cast, twice):
    actions.scan_base()
    third = person(cast.atelier, "A.", "Rioux")
    event = directory.merge_contacts(kept=third, removed=twice[0], by=cast.manager)
    assert {pk for pair in pairs() for pk in pair} == {third.pk, twice[1].pk}
    directory.undo_merge(event=event, by=cast.manager)
    assert {pk for pair in pairs() for pk in pair} == {each.pk for each in twice}
