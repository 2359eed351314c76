"""A file is rehearsed without writing, taken over as rehearsed, and undone as if it had not come."""

from datetime import time

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from psycopg.errors import UniqueViolation
from stdnum import luhn

from pavillon.activity.models import Entry
from pavillon.directory.actions import change_company, set_call_windows, take_back_values
from pavillon.directory.models import (
    Channel,
    Company,
    CompanyValue,
    Contact,
    ContactRole,
    MatchRecord,
    SourceRecord,
)
from pavillon.directory.tests.factories import UNKNOWN
from pavillon.intake import actions
from pavillon.intake.actions import taking, taking_new
from pavillon.intake.enums import Choice, DeliveryState, Outcome
from pavillon.intake.models import DeliveryRow, Layout
from pavillon.intake.tests.factories import ATELIER, BISCUITS, CLOSED, bring, stage, take, undo
from pavillon.privacy.actions import object_for

pytestmark = pytest.mark.django_db

HEADER = "N° client;Raison sociale;SIREN;CP;Ville;Site web;CA (k€);Prénom;Nom contact;Courriel;Téléphone\n"


@pytest.fixture
def scene():
    return stage()


def rows_of(delivery):
    return {row.line: row for row in delivery.rows.order_by("line")}


def image():
    """Everything that a rehearsal must not change."""
    return [
        list(model.objects.order_by("pk").values_list()) for model in (Company, Contact, CompanyValue, SourceRecord)
    ]


FILE = HEADER + (
    "A1;ATELIERS DU PONANT;;29150;Châteaulin;www.ponant.example;5 000;Léa;Kerbrat;lea@ponant.example;02 98 86 12 34\n"
    f"A2;Nouvelle Cordonnerie;{BISCUITS};29150;Châteaulin;;120,5;;;;\n"
    f"A3;Nouvelle Cordonnerie SARL;{BISCUITS};;;;;Ali;Benali;ali@cordonnerie.example;\n"
    "A4;Mauvais numéro;900001117;;;;;;;;\n"
    ";;;;;;12;;;;\n"
    "A6;Atelier du Sud;;31000;Toulouse;;;;;pas une adresse;\n"
)


def test_a_rehearsal_changes_nothing_and_counts_every_row_once(scene):
    before = image()
    delivery = bring(scene, FILE)
    assert image() == before
    assert delivery.state == DeliveryState.REHEARSED
    rows = rows_of(delivery)
    assert [row.outcome for row in rows.values()] == [
        "conflicting",
        "created",
        "matched",
        "rejected",
        "rejected",
        "created",
    ]
    assert rows[2].company == scene.atelier
    assert rows[4].leader == 3
    assert "900001117" in rows[5].report["reasons"][0]
    assert rows[7].report["warnings"] == ["Courriel: “pas une adresse” is not an e-mail address."]
    told = dict(delivery.rehearsed)
    assert told.pop("columns") == {"Courriel": 1}
    assert told.pop("rows") == 6 == sum(told.values())


def test_the_take_over_does_what_was_rehearsed_and_its_counts_match(scene):
    delivery = take(bring(scene, FILE), scene)
    assert delivery.state == DeliveryState.TAKEN
    assert delivery.taken["differing"] == []
    for outcome in Outcome:
        assert delivery.taken.get(outcome.value) == delivery.rehearsed.get(outcome.value)
    new = Company.objects.get(siren=BISCUITS)
    # Two lines of one file about one company: the later line is the source's newer word.
    assert (new.name, new.origin, int(new.turnover)) == ("Nouvelle Cordonnerie SARL", scene.source, 120_500)
    assert new.commune == scene.chateaulin
    assert [str(person) for person in new.contacts.all()] == ["Ali Benali"]
    scene.atelier.refresh_from_db()
    assert scene.atelier.website == "https://www.ponant.example"
    lea = scene.atelier.contacts.get()
    assert (lea.email, lea.phone) == ("lea@ponant.example", "+33298861234")
    assert delivery.taken["companies_created"] == 2
    assert SourceRecord.objects.get(source=scene.source, key="A2").company == new


def test_the_same_file_is_not_taken_twice_and_a_newer_one_finds_its_records_by_the_partner_number(scene):
    take(bring(scene, FILE), scene)
    with pytest.raises(actions.AlreadyTaken):
        bring(scene, FILE)
    newer = bring(scene, HEADER + "A6;Les Ateliers du Sud;;31000;Toulouse;;;;;;\n")
    assert rows_of(newer)[2].company == Company.objects.get(name="Atelier du Sud")


def test_the_mapping_is_remembered_for_the_next_file_of_the_source(scene):
    text = "Bla;SIREN\nAtelier;{}\n"
    bring(scene, text.format(BISCUITS), Bla=("company.name", "never"))
    assert Layout.objects.count() == 1
    delivery = bring(scene, text.format(ATELIER))
    assert delivery.mapping["Bla"] == {"target": "company.name", "policy": "never"}


@pytest.mark.parametrize(
    ("policy", "turnover", "outcome"),
    [("fill", 4_200_000, "unchanged"), ("overwrite", 5_000_000, "matched"), ("never", 4_200_000, "unchanged")],
)
def test_the_policy_of_a_column_decides(scene, policy, turnover, outcome):
    change_company(company=scene.atelier, by=None, siren=ATELIER)
    delivery = take(bring(scene, f"SIREN;CA\n{ATELIER};5000000\n", CA=("company.turnover", policy)), scene)
    scene.atelier.refresh_from_db()
    assert int(scene.atelier.turnover) == turnover
    assert rows_of(delivery)[2].taken_outcome == outcome


def test_an_interrupted_take_over_goes_on_where_it_stopped(scene, monkeypatch):
    monkeypatch.setattr(taking, "BATCH", 2)
    delivery = bring(scene, FILE)
    actions.take_delivery(delivery=delivery, by=scene.keeper)
    real, calls = taking._take_row, []

    def stop_at_the_second(*given):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        real(*given)

    monkeypatch.setattr(taking, "_take_row", stop_at_the_second)
    with pytest.raises(RuntimeError):
        actions.run_taking(delivery=delivery)
    assert DeliveryRow.objects.filter(taken_at__isnull=False).count() == 2
    monkeypatch.setattr(taking, "_take_row", real)
    actions.run_taking(delivery=delivery)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.TAKEN
    assert delivery.taken["differing"] == []
    assert Company.objects.filter(siren=BISCUITS).count() == 1
    assert Contact.objects.count() == 2


def test_a_number_that_another_process_takes_meanwhile_stops_no_file(scene, monkeypatch):
    """The base refuses it at the last moment: the rows are judged again, one by one, and once more each."""
    delivery = bring(scene, f"SIREN;Nom\n{BISCUITS};Biscuits de l'Aulne\n")
    real, calls = taking_new.create_companies, []

    def too_late(**given):
        if not calls:
            calls.append(given)
            raise IntegrityError from UniqueViolation()
        return real(**given)

    monkeypatch.setattr(taking_new, "create_companies", too_late)
    assert take(delivery, scene).taken["created"] == 1
    assert calls
    other = bring(scene, f"SIREN;Nom\n{UNKNOWN};Poste\n")
    written, tries = taking._written, []

    def taken_first(*given):
        tries.append(given)
        if len(tries) == 1:
            raise IntegrityError from UniqueViolation()
        return written(*given)

    monkeypatch.setattr(taking, "take_new_rows", lambda *given: set())
    monkeypatch.setattr(taking, "_written", taken_first)
    other = take(other, scene)
    assert (len(tries), other.rows.get().taken_outcome) == (2, "created")
    assert Company.objects.filter(siren=UNKNOWN).count() == 1


def test_a_wrong_file_is_undone_as_one_batch(scene):
    before = image()[:2]
    delivery = undo(take(bring(scene, FILE), scene), scene)
    assert delivery.state == DeliveryState.UNDONE

    def without_dates(rows):
        return [[cell for cell in row if not hasattr(cell, "hour")] for row in rows]

    assert [without_dates(rows) for rows in image()[:2]] == [without_dates(rows) for rows in before]
    assert not CompanyValue.objects.filter(source=scene.source).exists()
    assert [row.key for row in SourceRecord.objects.filter(source=scene.source)] == ["A1"]
    assert sum(delivery.undone.values()) == 6


def test_new_companies_are_written_together_as_one_by_one(scene, monkeypatch, django_assert_max_num_queries):
    """Fifty rows with their people take eight statements each at most; the base ends the same as row by row."""
    told = (
        ["origin__name", "sourced_on", "town", "commune", "region", "turnover", "website", "match_name", "domain"],
        ["email", "phone", "job_title", "company__siren", "origin__name", "time_zone", "sourced_on"],
    )

    def lines(numbers):
        return HEADER + "".join(
            f"C{n};Maison {n};{n};29150;Châteaulin;m{n}.example;{n};"
            f"Anne;Riou{n};a@m{n}.example;02 98 86 {n[4:6]} {n[6:8]}\n"
            for n in numbers
        )

    def seen(numbers):
        companies = Company.objects.filter(siren__in=numbers)
        people = Contact.objects.filter(company__in=companies)
        known = SourceRecord.objects.filter(source=scene.source, company__in=companies)
        return (
            [tuple(map(str, row)) for row in companies.order_by("pk").values_list(*told[0])],
            [tuple(map(str, row)) for row in people.order_by("pk").values_list(*told[1])],
            known.count(),
            ContactRole.objects.filter(company__in=companies, is_main=True).count(),
            Channel.objects.filter(contact__company__in=companies, is_preferred=True).count(),
            MatchRecord.objects.filter(company__in=companies).count(),
            CompanyValue.objects.filter(company__in=companies).count(),
            [Entry.objects.about(one).filter(verb="directory.company_created").count() for one in companies[:3]],
        )

    numbers = [(root := f"7{n:07d}") + luhn.calc_check_digit(root) for n in range(52)]
    with django_assert_max_num_queries(400):
        delivery = take(bring(scene, lines(numbers)), scene)
    some = numbers[:6]
    together = seen(some)
    undo(delivery, scene)
    assert delivery.undone == {"removed": 52, "restored": 0, "kept": 0, "nothing": 0}
    assert not Company.objects.filter(siren__in=numbers).exists()
    monkeypatch.setattr(taking, "take_new_rows", lambda *given: set())
    take(bring(scene, lines(some)), scene)
    assert seen(some) == together
    assert together[2:] == (6, 6, 12, 6, 0, [1, 1, 1])


def test_undoing_keeps_what_people_did_since_and_says_so(scene):
    delivery = take(bring(scene, FILE), scene)
    change_company(company=scene.atelier, by=scene.nour, website="https://corrected.example")
    undo(delivery, scene)
    scene.atelier.refresh_from_db()
    assert scene.atelier.website == "https://corrected.example"
    delivery.refresh_from_db()
    assert delivery.undone["kept"] == 1


def test_what_stays_is_still_found_in_the_rows_that_spoke_of_it(scene):
    """A request about a person reads the rows by these links: those of this file, and of one only rehearsed."""
    text = HEADER + (
        f"C1;Biscuiterie;{BISCUITS};29150;Châteaulin;;;Anne;Riou;anne@biscuits.example;\n"
        f"C2;Chaudronnerie;{CLOSED};29150;Châteaulin;;;Paul;Le Goff;paul@chaudrons.example;\n"
    )
    delivery = take(bring(scene, text), scene)
    anne = Contact.objects.get(last_name="Riou")
    rehearsed = bring(scene, text + "C3;Autre;;29150;Châteaulin;;;;;;\n", name="suite.csv")
    set_call_windows(contact=anne, windows=[(1, time(9), time(10))], by=scene.nour)
    undo(delivery, scene)
    assert (delivery.undone["kept"], delivery.undone["removed"]) == (1, 1)
    for each in (delivery, rehearsed):
        rows = rows_of(each)
        assert (rows[2].contact, rows[2].company) == (anne, anne.company)
        assert (rows[3].contact, rows[3].company) == (None, None)


def test_a_doubtful_row_waits_for_a_person(scene):
    text = "Raison sociale;CP\nAteliers du Ponent;29150\n"
    delivery = bring(scene, text)
    row = rows_of(delivery)[2]
    assert (row.outcome, row.company) == (Outcome.DOUBTFUL, scene.atelier)
    actions.decide_row(row=row, choice=Choice.NEW, by=scene.keeper)
    take(delivery, scene)
    assert Company.objects.filter(name="Ateliers du Ponent").exists()


def test_numbers_that_name_two_companies_refuse_the_row(scene):
    change_company(company=scene.atelier, by=None, siren=ATELIER)
    take(bring(scene, f"N° client;SIREN\nX1;{ATELIER}\n"), scene)
    delivery = bring(scene, f"N° client;SIREN;Raison sociale\nX1;{BISCUITS};Biscuiterie\n")
    row = rows_of(delivery)[2]
    assert row.outcome == Outcome.REJECTED
    assert ATELIER in row.report["reasons"][0]


@pytest.mark.parametrize(
    ("columns", "number"),
    [("N° client", "X1"), ("Pays;Numéro de TVA", "DE;DE136695976"), ("Pays;Numéro national", "DE;HRB 4711")],
)
def test_two_new_companies_of_one_file_that_claim_one_number(scene, columns, number):
    """The earlier line has it; the later one is refused with a sentence, and the rest of the file goes on."""
    text = f"SIREN;Raison sociale;{columns}\n" + "".join(
        f"{siren};{name};{said}\n"
        for siren, name, said in (
            (BISCUITS, "Biscuiterie", number),
            (CLOSED, "Chaudronnerie", number),
            (UNKNOWN, "Tissages", ";" * number.count(";")),
        )
    )
    rows = rows_of(take(bring(scene, text), scene))
    assert [row.taken_outcome for row in rows.values()] == [Outcome.CREATED, Outcome.REJECTED, Outcome.CREATED]
    assert BISCUITS in rows[3].written["refused"]


def test_every_phase_is_in_the_trail(scene):
    delivery = undo(take(bring(scene, FILE), scene), scene)
    verbs = [entry.verb for entry in Entry.objects.about(delivery).order_by("pk")]
    assert verbs == [
        f"intake.delivery_{phase}"
        for phase in ("brought", "mapped", "rehearsed", "taking", "taken", "undoing", "undone")
    ]


def test_forget_row_and_forget_sample_leave_the_counts(scene):
    delivery = take(bring(scene, FILE), scene)
    for row in delivery.rows.all():
        actions.forget_row(row)
    actions.forget_sample(delivery)
    delivery.refresh_from_db()
    assert delivery.first_rows == []
    assert [row.cells for row in delivery.rows.all()] == [{}] * 6
    assert delivery.rows.filter(taken_outcome=Outcome.CREATED).count() == delivery.taken["created"]


def test_take_back_values_keeps_what_is_newer(scene):
    """The door that undoing goes through: a card that still says the file's word says the former one again."""
    take(bring(scene, FILE), scene)
    row = DeliveryRow.objects.get(line=2)
    groups = {group: (before, after) for group, (before, after) in row.written["company"].items()}
    kept = take_back_values(record=scene.atelier, source=scene.source, groups=groups, by=scene.keeper)
    scene.atelier.refresh_from_db()
    assert kept == []
    assert scene.atelier.website == ""


def test_a_file_adds_nothing_to_who_objects_and_brings_nobody_back(scene):
    """Enrichment asks first: the row says why it was held back, the company's own values go on."""
    call_command("load_purposes", verbosity=0)
    object_for(person="lea@ponant.example", by=None, proof={})
    delivery = take(bring(scene, FILE), scene)
    assert not Contact.objects.filter(company=scene.atelier, last_name="Kerbrat").exists()
    assert Contact.objects.filter(last_name="Benali").exists()
    row = rows_of(delivery)[2]
    assert row.written["held_back"]
    ali = Contact.objects.get(last_name="Benali")
    object_for(person=ali, purposes=["enrichment"], by=None, proof={})
    later = HEADER + f"A3;Nouvelle Cordonnerie;{BISCUITS};;;;;Ali;Benali;ali@cordonnerie.example;02 98 00 00 00\n"
    take(bring(scene, later, name="suite.csv"), scene)
    ali.refresh_from_db()
    assert ali.phone == ""
