"""Merging and undoing: values chosen, edits made since, chains, two hands at once, pages."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from pavillon.activity.models import Entry
from pavillon.directory import actions
from pavillon.directory.models import Company, CompanyValue, Contact, Market, MatchRecord, MergeEvent, Source
from pavillon.directory.queries import former_numbers, why_not_undone
from pavillon.directory.tests.factories import BISCUITS, unit
from pavillon.reference.models import Country


@pytest.fixture
def double(cast):
    return actions.create_company(
        name="Ateliers Ponant", by=None, commune=cast.rennes, website="https://ponant.example", turnover=12
    )


def fresh(record):
    return type(record)._base_manager.get(pk=record.pk)


def test_two_records_side_by_side_show_links_as_links_and_nothing_as_markup(cast, double, client):
    actions.change_company(company=double, by=None, name="Ateliers <b>Ponant</b>")
    client.force_login(cast.manager)
    page = client.get(reverse("directory:merge_companies", args=[cast.atelier.pk, double.pk])).text
    assert '<a href="https://ponant.example" rel="noopener">ponant.example</a>' in page
    assert "&lt;a href" not in page
    assert "<b>Ponant</b>" not in page


@pytest.mark.covers("BASE-05")
def test_merge_companies_takes_the_values_that_were_chosen(cast, double):
    actions.merge_companies(
        kept=cast.atelier, removed=double, by=cast.manager, choices={"name": "removed", "address": "removed"}
    )
    kept = fresh(cast.atelier)
    assert (kept.name, kept.match_name, kept.commune) == ("Ateliers Ponant", "ATELIERS PONANT", cast.rennes)
    assert kept.region_id == cast.rennes.region_id
    assert kept.website == "https://ponant.example"
    assert kept.turnover == 4_200_000
    event = MergeEvent.objects.get()
    assert event.choices == {"name": "removed", "address": "removed"}
    with pytest.raises(ValueError, match="nothing"):
        actions.merge_companies(kept=kept, removed=cast.southern, by=None, choices={"nothing": "removed"})


def test_undo_merge_keeps_what_was_edited_since_on_the_right_side(cast, double):
    before = {c.pk: fresh(c) for c in (cast.atelier, double)}
    riou = actions.add_contact(company=double, by=None, last_name="Riou")
    event = actions.merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    late = actions.add_contact(company=fresh(cast.atelier), by=None, last_name="Le Goff")
    actions.change_company(company=cast.atelier, by=cast.nour, website="https://autre.example")
    done = actions.undo_merge(event=event, by=cast.manager)
    assert done["edited"] == ["website"]
    assert fresh(riou).company == double
    assert fresh(late).company == cast.atelier
    kept, parted = fresh(cast.atelier), fresh(double)
    assert (kept.website, kept.turnover) == ("https://autre.example", 4_200_000)
    assert (parted.name, parted.website, parted.is_merged) == ("Ateliers Ponant", "https://ponant.example", False)
    assert parted.turnover == before[double.pk].turnover
    assert Entry.objects.about(parted).filter(verb="directory.merge_undone").exists()
    with pytest.raises(actions.CannotUndo, match=r"annulée|undone"):
        actions.undo_merge(event=event, by=cast.manager)


def test_undo_merge_gives_the_siren_back_unless_a_third_has_it(cast):
    unit()
    known = actions.adopt_register_unit(siren=BISCUITS, by=None)
    event = actions.merge_companies(kept=cast.atelier, removed=known, by=cast.manager)
    assert (fresh(cast.atelier).siren, fresh(known).siren) == (BISCUITS, None)
    actions.change_company(company=cast.atelier, by=cast.nour, siren=None)
    third = actions.create_company(name="Tiers", siren=BISCUITS, by=None)
    with pytest.raises(actions.CannotUndo, match=rf"SIREN {BISCUITS}.*Tiers"):
        actions.undo_merge(event=event, by=cast.manager)
    actions.change_company(company=third, by=cast.nour, siren=None)
    actions.undo_merge(event=event, by=cast.manager)
    assert fresh(known).siren == BISCUITS


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_merges_into_one_record_are_undone_in_any_order(cast, order):
    doubles = [
        actions.create_company(name=f"Double {n}", by=None, address=f"{n} rue du Port", website=f"https://d{n}.example")
        for n in range(3)
    ]
    people = [actions.add_contact(company=company, by=None, last_name=f"Riou {company.pk}") for company in doubles]
    whole = Company.objects.order_by("pk").values()
    before = {row["id"]: row for row in whole.all()}
    events = [
        actions.merge_companies(
            kept=cast.atelier, removed=company, by=cast.manager, choices={"name": "removed"} if n != 1 else {}
        )
        for n, company in enumerate(doubles)
    ]
    assert former_numbers(cast.atelier) == [cast.atelier.pk, *(c.pk for c in doubles)]
    for place in order:
        actions.undo_merge(event=events[place], by=cast.manager)
        assert fresh(people[place]).company == doubles[place]
    after = {row["id"]: row for row in whole.all()}
    for pk, row in before.items():
        assert {**after[pk], "changed_at": None} == {**row, "changed_at": None}


def test_a_chain_is_undone_from_its_end(cast, double):
    first = actions.merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    second = actions.merge_companies(kept=cast.southern, removed=cast.atelier, by=cast.manager)
    assert actions.forwarded(fresh(double)) == cast.southern
    assert "Verreries du Midi" in why_not_undone(first)
    actions.undo_merge(event=second, by=cast.manager)
    actions.undo_merge(event=first, by=cast.manager)
    assert not Company.objects.filter(merged_into__isnull=False).exists()


def test_rehearse_merge_writes_nothing(cast, double):
    actions.add_contact(company=double, by=None, last_name="Riou")
    event = actions.rehearse_merge(kept=cast.atelier, removed=double, by=cast.manager)
    assert event.pk is None
    assert event.moved["moved"]["directory.contact.company"]
    assert not MergeEvent.objects.exists()
    assert not fresh(double).is_merged


def test_gather_late_rows_written_to_the_former_address(cast, double):
    event = actions.merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    late = Contact.objects.create(company=double, last_name="Tardif")
    actions.gather_late_rows(event)
    assert fresh(late).company == cast.atelier
    actions.undo_merge(event=MergeEvent.objects.get(), by=cast.manager)
    assert fresh(late).company == double


def test_values_follow_with_their_source_and_markets_are_told_once(cast, double):
    source = Source.objects.create(code="cci", name="CCI", kind="partner")
    Company.objects.filter(pk=double.pk).update(origin=source, sourced_on="2026-01-02")
    brazil = Country.objects.get(code="BR")
    Market.objects.create(company=cast.atelier, country=brazil, maturity="considered", note="salon")
    Market.objects.create(company=double, country=brazil, maturity="established", note="agent")
    event = actions.merge_companies(kept=cast.atelier, removed=fresh(double), by=cast.manager)
    states = dict(CompanyValue.objects.filter(company=cast.atelier, source=source).values_list("field", "state"))
    assert states["website"] == "in_use"
    assert states["turnover"] == states["name"] == "set_aside"
    assert [(m.maturity, m.note) for m in cast.atelier.markets.all()] == [("established", "salon / agent")]
    actions.undo_merge(event=event, by=cast.manager)
    assert not CompanyValue.objects.filter(company=cast.atelier).exists()
    assert fresh(double).markets.get().note == "agent"


def test_merge_contacts_and_undo(cast):
    anne = actions.add_contact(company=cast.atelier, by=None, first_name="Anne", last_name="Riou", job_title="Gérante")
    twin = actions.add_contact(
        company=cast.southern, by=None, first_name="A.", last_name="Riou", email="anne@ponant.example"
    )
    event = actions.merge_contacts(kept=anne, removed=twin, by=cast.nour)
    kept = fresh(anne)
    assert (kept.email, kept.company) == ("anne@ponant.example", cast.atelier)
    assert {role.company for role in kept.roles.all()} == {cast.atelier, cast.southern}
    assert kept.channels.get(is_preferred=True).value == "anne@ponant.example"
    actions.undo_merge(event=event, by=cast.nour)
    assert fresh(anne).email == ""
    assert fresh(twin).email == "anne@ponant.example"
    assert [role.company for role in fresh(twin).roles.all()] == [cast.southern]


def test_a_forgotten_person_leaves_merges_too(cast):
    anne = actions.add_contact(company=cast.atelier, by=None, last_name="Riou", email="anne@ponant.example")
    twin = actions.add_contact(company=cast.atelier, by=None, last_name="Riou", email="riou@ponant.example")
    event = actions.merge_contacts(kept=anne, removed=twin, by=cast.nour)
    actions.forget_merge(event)
    assert (event.before, event.kept_name) == ({}, "")
    assert why_not_undone(event)


@pytest.mark.django_db(transaction=True)
def test_two_merges_of_one_pair_at_once_end_in_one(cast, double):
    start, found = threading.Barrier(2), []

    def merge(kept, removed):
        start.wait()
        try:
            actions.merge_companies(kept=kept, removed=removed, by=None)
            found.append("merged")
        except actions.AlreadyMerged:
            found.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((cast.atelier, double), (double, cast.atelier))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["merged", "refused"]
    assert MergeEvent.objects.count() == 1


@pytest.mark.covers("BASE-05")
def test_a_merge_is_chosen_field_by_field_and_undone_from_its_page(cast, client, double):
    client.force_login(cast.manager)
    page = reverse("directory:merge_companies", args=[cast.atelier.pk, double.pk])
    shown = client.get(page).content.decode()
    assert 'name="website" value="removed" checked' in " ".join(shown.split())
    assert "&lt;a" not in shown, "an address is told as it is written"
    client.post(page, {"name": "removed", "turnover": "kept", "website": "removed", "reason": "même site"})
    assert fresh(cast.atelier).name == "Ateliers Ponant"
    event = MergeEvent.objects.get()
    assert event.reason == "même site"
    listed = client.get(reverse("directory:merges")).content.decode()
    undo = reverse("directory:undo_merge", args=[event.pk])
    assert undo in listed
    assert undo in client.get(reverse("directory:company_merges", args=[cast.atelier.pk])).content.decode()
    assert client.get(undo).status_code == 200
    answer = client.post(undo)
    assert (answer.status_code, answer.url) == (302, double.get_absolute_url())
    assert client.post(undo).status_code == 409
    assert not fresh(double).is_merged


def test_contacts_are_merged_from_their_page(cast, client):
    client.force_login(cast.nour)
    anne = actions.add_contact(company=cast.atelier, by=None, first_name="Anne", last_name="Riou", email="a@p.example")
    twin = actions.add_contact(company=cast.atelier, by=None, first_name="Anne", last_name="RIOU", phone="0298861234")
    likely = client.get(reverse("directory:choose_same_contact", args=[anne.pk])).content.decode()
    page = reverse("directory:merge_contacts", args=[anne.pk, twin.pk])
    assert page in likely
    assert client.get(page).status_code == 200
    client.post(page, {"reason": ""})
    moved = client.get(twin.get_absolute_url())
    assert (moved.status_code, moved.url) == (301, anne.get_absolute_url())
    assert fresh(anne).phone == "+33298861234"


def test_index_companies_finds_the_standing_one_by_its_former_name(cast, double):
    from pavillon.directory.queries import candidates

    actions.merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    found = candidates(name="Ateliers Ponant", commune=cast.rennes, website="https://ponant.example")
    assert found[0].company == cast.atelier
    MatchRecord.objects.all().delete()
    assert actions.index_stale_companies() == Company.objects.standing().count()
    assert actions.index_stale_companies() == 0


def test_candidates_are_masked_for_who_may_not_open_them(cast, double):
    from pavillon.directory.queries import candidates

    found = candidates(name="Ateliers du Ponant", commune=cast.chateaulin, user=cast.claire)
    assert found[0].is_masked
    assert found[0].company.name == "Ateliers du Ponant"
    assert not found[0].reasons
    assert not candidates(name="Ateliers du Ponant", commune=cast.chateaulin, user=cast.nour)[0].is_masked


def test_index_companies_by_slices(cast):
    many = [actions.create_company(name=f"Atelier {n}", by=None).pk for n in range(60)]
    MatchRecord.objects.all().delete()
    assert actions.index_companies(many) == 60
    assert MatchRecord.objects.count() == 60


def test_while_typing_a_person_is_proposed(cast, client):
    actions.add_contact(company=cast.atelier, by=None, first_name="Anne", last_name="Riou", email="a@p.example")
    client.force_login(cast.nour)
    page = reverse("directory:find_contact_candidates", args=[cast.southern.pk])
    assert "Riou" in client.get(page, {"last_name": "Riou", "email": "a@p.example"}).content.decode()
    assert "Riou" not in client.get(page, {"last_name": "Autre"}).content.decode()
