import pytest
from django.apps import apps
from django.utils import timezone, translation

from pavillon.accounts import actions as accounts
from pavillon.activity.models import Entry, Notification
from pavillon.crm import actions, tasks
from pavillon.crm.events import lead_assigned, lead_received
from pavillon.crm.models import Absence, Lead, LeadSettings
from pavillon.crm.tests.factories import lead, rule
from pavillon.directory.actions import change_company, create_company, merge_companies
from pavillon.directory.models import Company, RegisterEstablishment, RegisterUnit
from pavillon.directory.queries import WrongSiren
from pavillon.privacy.enums import LegalBasis

SIREN = "552100554"


@pytest.mark.covers("LEAD-03")
def test_a_request_finds_its_adviser_with_dates_and_readable_reasons(cast):
    request = lead(cast.atelier, requested_by=cast.claire, message="Par où commencer ?")
    assert request.state == "assigned"
    assert request.adviser in (cast.nour, cast.nina)
    assert request.team == cast.chamber
    assert request.region == cast.bretagne
    assert request.received_at < request.due_at
    assert [step.step for step in request.steps.all()] == ["received", "assigned"]
    with translation.override("en"):
        english = request.routing_reason
    assert english[0] == "No rule applies: the advisers of the region Bretagne are asked."
    assert str(request.adviser) in english[1]


def test_reception_is_recorded_announced_and_told(cast):
    heard = []
    lead_received.connect(on_received := lambda **event: heard.append("received"), weak=False)
    lead_assigned.connect(on_assigned := lambda **event: heard.append(event["reason"]), weak=False)
    try:
        request = lead(cast.atelier, requested_by=cast.claire)
    finally:
        lead_received.disconnect(on_received)
        lead_assigned.disconnect(on_assigned)
    assert heard[0] == "received"
    assert heard[1] == request.routing_reason
    assert [entry.verb for entry in Entry.objects.about(request).order_by("pk")] == [
        "crm.lead_received",
        "crm.lead_assigned",
    ]
    told = Notification.objects.get(recipient=request.adviser, kind="crm.lead_assigned")
    assert told.email_state == "queued"
    assert told.url == request.get_absolute_url()


def test_the_reasons_are_told_in_the_readers_language(cast):
    request = lead(cast.atelier)
    with translation.override("fr"):
        french = request.routing_reason
    with translation.override("en"):
        english = request.routing_reason
    assert french != english
    assert french[0].startswith("Aucune règle")


def test_the_same_siren_is_attached_and_never_doubled(cast):
    known = create_company(name="Cidrerie des Abers", siren=SIREN, by=None, region=cast.bretagne)
    request = lead(siren="552 100 554", contact_name="Loïc")
    assert request.company == known
    assert Company.objects.filter(siren=SIREN).count() == 1


def test_an_unknown_siren_comes_from_the_register(cast):
    RegisterUnit.objects.create(siren=SIREN, legal_name="CIDRERIE DES ABERS")
    RegisterEstablishment.objects.create(siret=f"{SIREN}00011", is_head_office=True, commune_code="29232")
    request = lead(siren=SIREN)
    assert request.company.siren == SIREN
    assert request.region == cast.bretagne


def test_a_wrong_siren_is_refused_and_nothing_is_kept(cast):
    with pytest.raises(WrongSiren):
        lead(siren="552100555")
    assert not Lead.objects.exists()


def test_a_request_to_a_merged_company_reaches_the_one_that_stands(cast):
    double = create_company(name="Atelier Ponant", by=None, region=cast.bretagne)
    merge_companies(kept=cast.atelier, removed=double, by=cast.marie if hasattr(cast, "marie") else cast.manager)
    double.refresh_from_db()
    assert lead(double).company == cast.atelier


@pytest.mark.covers("BASE-02")
def test_a_near_name_of_the_same_town_is_proposed_and_not_merged(cast):
    before = Company.objects.count()
    request = lead(company_name="ATELIER DU PONANT SARL", commune=cast.quimper, contact_name="Anne")
    assert request.company is None
    assert [match.company for match in request.matches.all()] == [cast.atelier]
    assert request.matches.get().reasons
    assert Company.objects.count() == before
    assert request.adviser is not None, "somebody decides and answers"


def test_a_name_that_is_near_nothing_becomes_a_company(cast):
    request = lead(company_name="Moulins du Trégor", commune=cast.quimper)
    assert request.company.name == "Moulins du Trégor"
    assert request.company.commune == cast.quimper


def test_a_request_without_any_company_is_refused(cast):
    with pytest.raises(ValueError, match=r"company|entreprise"):
        lead(company_name="  ")


@pytest.mark.covers("LEAD-02")
def test_the_referent_wins_over_rules_and_load(cast):
    rule(name="Tout à Theo", organisation=cast.other, adviser=cast.theo)
    actions.set_referent(company=cast.atelier, adviser=cast.nina, organisation=cast.chamber, by=cast.manager)
    for _ in range(3):
        assert lead(cast.atelier).adviser == cast.nina
    assert lead(cast.atelier).routing[0]["code"] == "referent"


def test_an_absent_referent_is_passed_over_and_named(cast):
    actions.set_referent(company=cast.atelier, adviser=cast.nina, organisation=cast.chamber, by=cast.manager)
    request = lead(cast.atelier)
    Absence.objects.create(person=cast.nina, starts_on=request.received_at, ends_on=request.received_at)
    request = lead(cast.atelier)
    assert request.adviser == cast.nour
    assert request.routing[0]["code"] == "referent_absent"


def invite_only(*people):
    """As a list of people that was imported leaves them: no password, no visit."""
    for person in people:
        person.set_unusable_password()
        person.save(update_fields=["password"])


def test_who_never_signed_in_is_passed_over_while_somebody_can_answer(cast):
    invite_only(cast.nour)
    for _ in range(3):
        request = lead(cast.atelier)
        assert request.adviser == cast.nina
    with translation.override("en"):
        assert f"Invited, never signed in yet, and passed over: {cast.nour.full_name}." in request.routing_reason
    assert not Notification.objects.filter(kind="crm.lead_unassigned").exists()
    # An identity provider leaves no password: a visit is enough.
    type(cast.nour).objects.filter(pk=cast.nour.pk).update(last_login=request.received_at)
    assert lead(cast.atelier).adviser == cast.nour


def test_where_nobody_has_ever_signed_in_the_manager_is_told(cast):
    invite_only(cast.nour, cast.nina)
    request = lead(cast.atelier)
    assert request.adviser in (cast.nour, cast.nina)
    assert request.routing[-1] == {"code": "never_signed_in", "adviser": request.adviser.full_name}
    told = Notification.objects.get(kind="crm.lead_unassigned")
    assert (told.recipient, told.url) == (cast.manager, request.get_absolute_url())
    # A rule that names somebody, and a referent, keep their say; the managers hear of it all the same.
    rule(name="Tout à Nour", organisation=cast.chamber, adviser=cast.nour)
    assert lead(cast.atelier).adviser == cast.nour
    actions.set_referent(company=cast.atelier, adviser=cast.nina, organisation=cast.chamber, by=cast.manager)
    assert lead(cast.atelier).adviser == cast.nina
    assert Notification.objects.filter(kind="crm.lead_unassigned", recipient=cast.manager).count() == 3
    # Nor has the manager: the agency hears of it too.
    invite_only(cast.manager)
    lead(cast.atelier)
    assert Notification.objects.filter(kind="crm.lead_unassigned", recipient=cast.henri).count() == 1


def test_a_rule_sends_by_region_sector_country_kind_and_class(cast):
    change_company(company=cast.atelier, by=None, export_class="regular", sector=cast.sector)
    rule(
        name="Financements",
        region=cast.bretagne,
        sector=cast.sector,
        kind="financing",
        export_class="regular",
        organisation=cast.bank,
        take_charge_hours=4,
    )
    cast.atelier.refresh_from_db()
    assert lead(cast.atelier, kind="financing").adviser == cast.kim
    assert lead(cast.atelier, kind="advice").team == cast.chamber
    assert lead(cast.southern, kind="financing").team == cast.other


def test_the_first_rule_in_order_wins_and_an_empty_team_is_passed_over(cast):
    empty = accounts.create_organisation(
        name="CCI vide", kind="chamber", level="regional", region=cast.bretagne, by=None
    )
    rule(name="B", priority=20, organisation=cast.bank, region=cast.bretagne)
    rule(name="A", priority=10, organisation=empty, region=cast.bretagne)
    request = lead(cast.atelier)
    assert request.team == cast.bank
    assert [reason["code"] for reason in request.routing][:3] == ["rule", "rule_empty", "rule"]


def test_the_lightest_load_takes_it_and_ties_are_always_broken_alike(cast):
    first, second = lead(cast.atelier), lead(cast.atelier)
    assert {first.adviser, second.adviser} == {cast.nour, cast.nina}
    assert first.adviser == cast.nour, "equal loads and no past: the older account"
    assert lead(cast.atelier).adviser == cast.nour, "equal loads: who waited longest"


def test_a_larger_capacity_takes_more(cast):
    actions.change_capacity(adviser=cast.nina, open_leads=80, by=cast.manager)
    taken = [lead(cast.atelier).adviser for _ in range(6)]
    assert taken.count(cast.nina) > taken.count(cast.nour)


def test_the_absent_are_passed_over(cast):
    today = timezone.localdate(lead(cast.atelier).received_at)
    Absence.objects.create(person=cast.nour, starts_on=today, ends_on=today)
    request = lead(cast.atelier)
    assert request.adviser == cast.nina
    assert {"code": "absent", "names": "Nour Test"} in request.routing


def test_when_all_are_absent_the_manager_takes_it_and_is_alerted(cast):
    today = timezone.localdate(lead(cast.atelier).received_at)
    for person in (cast.nour, cast.nina):
        Absence.objects.create(person=person, starts_on=today, ends_on=today)
    request = lead(cast.atelier)
    assert request.adviser == cast.manager
    assert request.team == cast.chamber


def test_when_nobody_at_all_is_there_it_waits_in_the_queue_with_an_alert(cast):
    today = timezone.localdate(lead(cast.atelier).received_at)
    for person in (cast.nour, cast.nina, cast.manager):
        Absence.objects.create(person=person, starts_on=today, ends_on=today)
    request = lead(cast.atelier)
    assert (request.state, request.adviser, request.team) == ("received", None, cast.chamber)
    assert Notification.objects.filter(kind="crm.lead_unassigned", recipient=cast.manager).exists()


def test_beyond_capacity_it_still_goes_out_but_the_manager_is_alerted(cast):
    LeadSettings.objects.update_or_create(pk=1, defaults={"capacity": 1})
    requests = [lead(cast.atelier) for _ in range(3)]
    assert requests[2].adviser is not None
    assert Notification.objects.filter(kind="crm.lead_unassigned", recipient=cast.manager).count() == 1


@pytest.mark.covers("LEAD-02")
def test_a_company_that_does_not_export_gets_the_diagnosis_first(cast):
    change_company(company=cast.atelier, by=None, export_class="not_exporter")
    cast.atelier.refresh_from_db()
    request = lead(cast.atelier, requested_by=cast.claire)
    assert request.is_sent_to_diagnosis
    sent = Notification.objects.get(recipient=cast.claire, url__contains="/diagnosis/")
    assert sent.url == "/en/diagnosis/"


def test_a_non_exporter_without_an_account_gets_the_diagnosis_by_mail(cast, mailoutbox):
    """The address that the request gave receives the link; a regular exporter's receives nothing."""
    firm = create_company(name="Conserverie d’Arvor", by=None, region=cast.bretagne)
    change_company(company=firm, by=None, export_class="potential")
    firm.refresh_from_db()
    request = lead(firm, origin="phone", contact_email="gwenn@arvor.example", by=cast.nour)
    waiting = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name="crm.send_diagnosis_letter")
    assert [job.args for job in waiting] == [{"lead_id": request.pk}]
    tasks.send_diagnosis_letter(lead_id=request.pk)
    (letter,) = mailoutbox
    assert letter.to == ["gwenn@arvor.example"]
    assert "/fr/diagnosis/" in letter.body
    change_company(company=firm, by=None, export_class="regular")
    firm.refresh_from_db()
    assert not lead(firm, origin="phone", contact_email="gwenn@arvor.example", by=cast.nour).is_sent_to_diagnosis
    assert waiting.count() == 1


@pytest.mark.covers("LEAD-02")
def test_a_class_that_nobody_gave_by_hand_leads_to_the_diagnosis_too(cast):
    """As computed of the company; of one that is not known at all nothing is said, and what a card says goes first."""
    assert not cast.atelier.export_class
    assert not lead(cast.atelier, requested_by=cast.claire).is_sent_to_diagnosis
    actions.compute_profiles(company=cast.atelier)
    assert lead(Company.objects.get(pk=cast.atelier.pk), requested_by=cast.claire).is_sent_to_diagnosis
    change_company(company=cast.atelier, by=None, export_class="regular")
    assert not lead(Company.objects.get(pk=cast.atelier.pk), requested_by=cast.claire).is_sent_to_diagnosis


def test_who_has_just_finished_the_diagnosis_is_not_sent_to_it(cast):
    change_company(company=cast.atelier, by=None, export_class="not_exporter")
    cast.atelier.refresh_from_db()
    request = lead(
        cast.atelier,
        requested_by=cast.claire,
        attachment={"type": "solutions.diagnosis", "id": 12, "title": "Diagnosis", "summary": ["Level 2 of 5"]},
    )
    assert not request.is_sent_to_diagnosis
    assert (request.attachment_type, request.attachment_id) == ("solutions.diagnosis", 12)


def test_a_prompted_interest_names_what_prompted_it(cast):
    request = lead(cast.atelier, is_spontaneous=False, prompted_by="Petit-déjeuner Japon", origin="seminar")
    first = request.touches.get(is_first=True)
    assert (first.origin, first.detail) == ("seminar", "Petit-déjeuner Japon")


def test_later_touches_leave_the_origin_alone(cast):
    for origin in ("phone", "phone", "seminar"):
        request = lead(cast.atelier, origin=origin)
    actions.add_touch(lead=request, by=cast.nour, origin="showroom")
    origins = list(Lead.objects.values_list("origin", flat=True))
    assert len(origins) == 3
    assert request.touches.filter(is_first=True).get().origin == "seminar"
    assert request.touches.count() == 2


def test_every_request_says_its_legal_basis(cast):
    assert lead(cast.atelier, legal_basis=LegalBasis.CONSENT).get_legal_basis_display()


def test_deciding_the_match_attaches_and_follows_the_referent(cast):
    request = lead(company_name="Atelier du Ponant", commune=cast.quimper)
    other = cast.nina if request.adviser == cast.nour else cast.nour
    actions.set_referent(company=cast.atelier, adviser=other, organisation=cast.chamber, by=cast.manager)
    request = actions.match_lead(lead=request, company=cast.atelier, by=request.adviser)
    assert (request.company, request.adviser) == (cast.atelier, other)
    with pytest.raises(actions.AlreadyMatched):
        actions.match_lead(lead=request, company=cast.southern, by=cast.nour)


def test_deciding_for_a_new_company_makes_it(cast):
    request = lead(company_name="Atelier du Ponant", commune=cast.quimper)
    request = actions.match_lead(lead=request, company=None, by=cast.nour)
    assert request.company not in (None, cast.atelier)
    assert request.company.name == "Atelier du Ponant"
