"""Who opens what, how much a page costs, and what it shows."""

import datetime
import re
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.tests.factories import person
from pavillon.core.permissions import sees
from pavillon.crm import actions
from pavillon.crm.enums import Outcome
from pavillon.crm.models import HandOver, Interaction, Lead, LeadSettings, Referent
from pavillon.crm.tests.factories import fresh, lead, other_company
from pavillon.directory.models import Company
from pavillon.security.models import Reading
from tests.permissions_table import plain_refusals, undrawn_pages

PERSONS = [
    *("nour", "manager", "kim", "theo", "partner", "official", "alice", "henri", "operator", "admin", "security"),
    *("dpo", "maud", "claire", "seller", "tom", "stranger"),
]


@pytest.fixture
def request_of_claire(cast):
    return lead(cast.atelier, requested_by=cast.claire, message="Par où commencer ?")


def statuses(cast, sign_in, url, names=PERSONS):
    """Who gets what. Nothing is drawn: what a page and a refusal look like is asked elsewhere."""
    with plain_refusals(), undrawn_pages():
        return {name: sign_in(getattr(cast, name)).get(url).status_code for name in names}


def having(answer, status):
    return {name for name, found in answer.items() if found == status}


def test_who_opens_the_list_of_requests(cast, sign_in):
    answer = statuses(cast, sign_in, reverse("crm:leads"))
    assert having(answer, 200) == {"nour", "manager", "kim", "theo", "partner", "official", "alice", "henri"}
    assert set(answer.values()) == {200, 403}


@pytest.mark.covers("LEAD-03", "IDN-02")
def test_who_opens_a_request_of_bretagne(cast, sign_in, request_of_claire):
    answer = statuses(cast, sign_in, request_of_claire.get_absolute_url())
    assert having(answer, 200) == {"nour", "manager", "kim", "official", "alice", "henri"}
    assert answer["claire"] == 403, "it is hers: she reads it in her own space, without the team's notes"
    assert having(answer, 404) == set(PERSONS) - having(answer, 200) - {"claire"}


def test_strangers_are_sent_to_the_door(cast, client, request_of_claire):
    for name in ("crm:leads", "crm:my_requests", "crm:routing_rules"):
        assert client.get(reverse(name)).status_code == 302
    assert client.get(request_of_claire.get_absolute_url()).status_code == 302


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ("crm:receive_lead", {"nour", "manager", "kim", "theo", "partner", "alice", "henri"}),
        (
            "crm:routing_rules",
            {"nour", "manager", "kim", "theo", "partner", "official", "alice", "henri", "admin", "maud"},
        ),
        ("crm:start_routing_draft", {"manager", "henri", "admin"}),
        ("crm:change_lead_settings", {"henri", "admin"}),
        ("crm:view_workload", {"nour", "manager", "kim", "theo", "henri", "admin"}),
        ("crm:plan_absence", {"nour", "manager", "kim", "theo", "henri", "admin"}),
        ("crm:my_requests", {"claire"}),
    ],
)
def test_who_opens_which_page(cast, sign_in, page, allowed):
    assert having(statuses(cast, sign_in, reverse(page)), 200) == allowed


@pytest.mark.parametrize("page", ["crm:view_timeline", "crm:timeline_lines", "crm:company_leads", "crm:view_referent"])
def test_who_opens_the_panels_of_a_company(cast, sign_in, page):
    answer = statuses(cast, sign_in, reverse(page, args=[cast.atelier.pk]))
    assert having(answer, 200) == {"nour", "manager", "kim", "theo", "partner", "official", "alice", "henri"}


@pytest.mark.parametrize(
    "deed", ["take_charge", "assign_lead", "treat_lead", "close_lead", "refuse_lead", "hand_over_lead", "log_on_lead"]
)
def test_only_its_adviser_and_his_manager_act_on_a_request(cast, sign_in, request_of_claire, deed):
    url = reverse(f"crm:{deed}", args=[request_of_claire.pk])
    other = cast.nina if request_of_claire.adviser == cast.nour else cast.nour
    assert sign_in(other).post(url).status_code == 403
    assert sign_in(cast.official).post(url).status_code == 403
    assert sign_in(cast.theo).post(url).status_code == 404
    assert sign_in(cast.claire).post(url).status_code == 403
    assert sign_in(cast.manager).post(url).status_code in (302, 409, 422)


@pytest.mark.covers("LEAD-03")
def test_taking_charge_by_the_button(cast, sign_in, request_of_claire, django_assert_max_num_queries):
    adviser = request_of_claire.adviser
    client = sign_in(adviser)
    # What was found for one person is found for nobody else (`permissions.sees`).
    client.get(request_of_claire.get_absolute_url())
    with django_assert_max_num_queries(15):
        page = client.get(request_of_claire.get_absolute_url())
    found = page.context["lead"]
    assert sees(fresh(adviser), found)
    assert not sees(fresh(cast.theo), found)
    assert reverse("crm:take_charge", args=[request_of_claire.pk]) in page.content.decode()
    answer = sign_in(adviser).post(reverse("crm:take_charge", args=[request_of_claire.pk]), follow=True)
    assert answer.status_code == 200
    request_of_claire.refresh_from_db()
    assert request_of_claire.state == "taken"
    again = sign_in(adviser).post(reverse("crm:take_charge", args=[request_of_claire.pk]))
    assert again.status_code == 409
    assert str(adviser) in again.content.decode()


def test_logging_a_call_from_the_page_of_a_request(cast, sign_in, request_of_claire):
    adviser = request_of_claire.adviser
    actions.take_charge(lead=request_of_claire, by=fresh(adviser))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    data = {
        "kind": "call",
        "summary": "Deux personnes à l'export, budget connu.",
        "duration_minutes": 12,
        "outcome": "positive",
        "visibility": "team",
        "next_action": "Envoyer le guide",
        "next_action_on": tomorrow.isoformat(),
    }
    url = reverse("crm:log_on_lead", args=[request_of_claire.pk])
    assert sign_in(adviser).post(url, data).status_code == 302
    request_of_claire.refresh_from_db()
    assert request_of_claire.next_action == "Envoyer le guide"
    assert Interaction.objects.get().duration_minutes == 12
    page = sign_in(adviser).get(request_of_claire.get_absolute_url()).text
    exchanges = page[page.index('id="lead-exchanges"') :]
    assert "Call, 12 min" in exchanges
    assert "Interested" in exchanges
    # What others do there shows by itself: the parts that the page fetches again are on it.
    fetched = page.split('hx-select-oob="')[1].split('"')[0].replace("#", "").split(",")
    assert all(f'id="{part}"' in page for part in fetched)


def test_an_exchange_on_a_closed_request_promises_nothing(cast, sign_in, request_of_claire):
    """No next action is offered there; one that was typed before somebody closed it is refused by its name."""
    adviser = request_of_claire.adviser
    url, said = reverse("crm:log_on_lead", args=[request_of_claire.pk]), {"kind": "call", "visibility": "team"}
    Lead.objects.filter(pk=request_of_claire.pk).update(
        state="refused", closing_note="Douanes.", closed_at=timezone.now()
    )
    page = sign_in(adviser).get(request_of_claire.get_absolute_url()).text
    assert 'id="log_summary"' in page
    assert 'id="log_next_action"' not in page
    day = timezone.localdate() + datetime.timedelta(days=1)
    promised = {**said, "summary": "Rappelé.", "next_action": "Relancer", "next_action_on": day.isoformat()}
    answer = sign_in(adviser).post(url, promised)
    assert answer.status_code == 422
    assert answer.context["interaction_form"].errors.keys() == {"next_action"}
    assert 'value="Relancer"' in answer.text
    assert not Interaction.objects.exists()
    assert sign_in(adviser).post(url, {**said, "summary": "Rappelé."}).status_code == 302
    assert Interaction.objects.get().summary == "Rappelé."


def test_a_next_action_in_the_past_is_refused_with_its_reason(cast, sign_in, request_of_claire):
    url = reverse("crm:set_next_action", args=[request_of_claire.pk])
    answer = sign_in(request_of_claire.adviser).post(url, {"next_action": "Hier", "next_action_on": "2020-01-01"})
    assert answer.status_code == 422
    assert "This day is past" in answer.content.decode()


@pytest.mark.covers("LEAD-09")
def test_the_company_reads_who_at_which_step_and_what_is_next(cast, sign_in, request_of_claire):
    adviser = request_of_claire.adviser
    actions.take_charge(lead=request_of_claire, by=fresh(adviser))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    actions.set_next_action(
        lead=request_of_claire, by=fresh(adviser), next_action="Vous rappeler", next_action_on=tomorrow
    )
    actions.log_interaction(
        company=cast.atelier,
        lead=request_of_claire,
        kind="call",
        happened_at=timezone.now(),
        summary="Hésite encore : ne pas la brusquer.",
        visibility="team",
        by=fresh(adviser),
    )
    page = sign_in(cast.claire).get(reverse("crm:my_requests")).content.decode()
    assert request_of_claire.reference in page
    assert str(adviser) in page
    assert adviser.email in page
    assert "Vous rappeler" in page
    assert "Taken charge" in page
    assert "ne pas la brusquer" not in page, "what the team notes is never the company's to read"


def test_a_company_finds_no_other_companys_requests(cast, sign_in, request_of_claire):
    stranger, manager = other_company()
    mine = lead(stranger, requested_by=manager, subject="Le nôtre")
    page = sign_in(manager).get(reverse("crm:my_requests")).content.decode()
    assert mine.reference in page
    assert request_of_claire.reference not in page
    answer = sign_in(manager).post(reverse("crm:add_message", args=[request_of_claire.pk]), {"text": "coucou"})
    assert answer.status_code == 404


def test_what_the_team_detected_is_not_among_the_companys_requests(cast, sign_in):
    watched = lead(cast.atelier, origin="watch", subject="Appel d'offres repéré")
    assert watched.reference not in sign_in(cast.claire).get(reverse("crm:my_requests")).content.decode()


def test_the_company_adds_a_message(cast, sign_in, request_of_claire):
    url = reverse("crm:add_message", args=[request_of_claire.pk])
    assert sign_in(cast.claire).post(url, {"text": "Nous visons Osaka."}).status_code == 302
    assert sign_in(cast.claire).post(url, {"text": ""}).status_code == 422
    page = sign_in(request_of_claire.adviser).get(request_of_claire.get_absolute_url()).content.decode()
    assert "Nous visons Osaka." in page


def test_the_list_costs_the_same_whatever_its_length(cast, sign_in, django_assert_max_num_queries):
    for _ in range(25):
        lead(cast.atelier, requested_by=cast.claire)
    client = sign_in(cast.nour)
    client.get(reverse("crm:leads"))
    # Session, person, membership, policy, unread, pinned views, badge of the menu and the read log stand around it.
    with django_assert_max_num_queries(16):
        assert client.get(reverse("crm:leads"), {"whose": "all"}).status_code == 200


def test_the_rows_alone_answer_htmx(cast, sign_in, request_of_claire):
    answer = sign_in(request_of_claire.adviser).get(reverse("crm:leads"), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert request_of_claire.reference in page
    assert 'hx-trigger="live:crm.lead from:body' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"whose": "all"}, True),
        ({"whose": "queue"}, False),
        ({"whose": "all", "q": "cidre japon"}, True),
        ({"whose": "all", "q": "CIDRÉ"}, True),
        ({"whose": "all", "q": "vodka"}, False),
        ({"whose": "all", "state": "open"}, True),
        ({"whose": "all", "state": "closed"}, False),
        ({"whose": "all", "state": "late"}, False),
        ({"whose": "all", "origin": "site"}, True),
        ({"whose": "all", "interest": "false"}, False),
        ({"whose": "all", "region": "76"}, False),
    ],
)
def test_filters(cast, sign_in, request_of_claire, query, found):
    page = sign_in(cast.manager).get(reverse("crm:leads"), query, headers={"HX-Request": "true"}).content.decode()
    assert (request_of_claire.reference in page) is found


@pytest.mark.covers("IDN-02")
def test_a_private_note_is_found_by_no_address(cast, sign_in):
    note = actions.log_interaction(
        company=cast.atelier,
        kind="note",
        happened_at=timezone.now(),
        summary="Cession à l'étude, confidentiel",
        visibility="organisation",
        by=fresh(cast.nour),
    )
    addresses = [
        reverse("crm:change_interaction", args=[note.pk]),
        reverse("crm:view_timeline", args=[cast.atelier.pk]),
        reverse("crm:timeline_lines", args=[cast.atelier.pk]) + "?kind=note",
    ]
    for name in ("theo", "kim", "alice", "henri", "official"):
        for address in addresses:
            answer = sign_in(getattr(cast, name)).get(address)
            assert "confidentiel" not in answer.content.decode(), (name, address)
        assert sign_in(getattr(cast, name)).get(addresses[0]).status_code == 404
        assert sign_in(getattr(cast, name)).post(addresses[0] + "finish/").status_code == 404
    assert "confidentiel" in sign_in(cast.nina).get(addresses[1]).content.decode()
    assert sign_in(cast.nina).get(addresses[0]).status_code == 403, "a colleague reads it, its author corrects it"


def test_the_composer_answers_htmx_with_its_panel_and_works_without_script(cast, sign_in):
    url = reverse("crm:log_interaction", args=[cast.atelier.pk])
    data = {"kind": "note", "summary": "Vu au salon", "visibility": "team"}
    answer = sign_in(cast.nour).post(url, data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Vu au salon" in answer.content.decode()
    assert sign_in(cast.nour).post(url, data).status_code == 302
    assert Interaction.objects.count() == 2
    empty = sign_in(cast.nour).post(url, {"kind": "note", "visibility": "team"}, headers={"HX-Request": "true"})
    assert empty.status_code == 422


def test_opening_a_request_is_written_in_the_read_log(cast, sign_in, request_of_claire):
    sign_in(cast.nour).get(request_of_claire.get_absolute_url())
    assert Reading.objects.filter(model="crm.lead", object_id=str(request_of_claire.pk), user=cast.nour).exists()


def test_writing_down_a_phone_call(cast, sign_in):
    data = {
        "origin": "phone",
        "kind": "advice",
        "subject": "Étiquetage pour le Québec",
        "company_name": "Biscuits de l'Aven",
        "postal_code": "29000",
        "town": "Quimper",
        "contact_name": "Gwenn",
        "contact_phone": "+33 1 99 00 11 22",
        "interest": "spontaneous",
        "legal_basis": "public_task",
    }
    answer = sign_in(cast.nour).post(reverse("crm:receive_lead"), data)
    assert answer.status_code == 302
    request = Lead.objects.get()
    assert (request.company.name, request.region) == ("Biscuits de l'Aven", cast.bretagne)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"siren": "123456789"}, "123456789"),
        ({"company_name": ""}, "Give the SIREN or the name"),
        ({"interest": "prompted"}, "Say by which campaign"),
        ({"contact_phone": ""}, "to be able to answer"),
        ({"postal_code": "99999"}, "No commune has the postal code 99999"),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(cast, sign_in, change, words):
    data = {
        "origin": "phone",
        "kind": "advice",
        "subject": "x",
        "company_name": "Biscuits de l'Aven",
        "contact_name": "Gwenn",
        "contact_phone": "+33 1 99 00 11 22",
        "interest": "spontaneous",
        "legal_basis": "public_task",
    }
    answer = sign_in(cast.nour).post(reverse("crm:receive_lead"), {**data, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Lead.objects.exists()


def test_deciding_which_company_it_is(cast, sign_in):
    request = lead(company_name="Atelier du Ponant SARL", commune=cast.quimper)
    url = reverse("crm:match_lead", args=[request.pk])
    page = sign_in(cast.nour).get(request.get_absolute_url()).content.decode()
    assert "nothing was merged" in page
    assert sign_in(cast.nour).post(url, {"company": "99999"}).status_code == 422
    assert sign_in(cast.nour).post(url, {"company": cast.atelier.pk}).status_code == 302
    request.refresh_from_db()
    assert request.company == cast.atelier
    assert Company.objects.filter(name__icontains="ponant").count() == 1


def test_a_hand_over_by_the_pages(cast, sign_in, request_of_claire):
    holder = request_of_claire.adviser
    member = fresh(cast.kim).acting
    url = reverse("crm:hand_over_lead", args=[request_of_claire.pk])
    assert sign_in(holder).post(url, {"note": "Un prêt"}).status_code == 422
    by_mail = {"email": cast.theo.email, "note": "Sa filiale est chez vous"}
    assert sign_in(holder).post(url, by_mail).status_code == 302
    offer = HandOver.objects.get()
    accept = reverse("crm:accept_hand_over", args=[offer.pk])
    assert sign_in(cast.nina if holder == cast.nour else cast.nour).post(accept).status_code == 404
    assert sign_in(holder).post(accept).status_code == 403
    # The list and the board begin with what is offered, whatever narrows them.
    for query in ("", "view=board", "whose=all&state=open", f"region={cast.bretagne.pk}"):
        assert "proposes to hand over to you" in sign_in(cast.theo).get(f"{reverse('crm:leads')}?{query}").text, query
        assert "proposes to hand over to you" not in sign_in(cast.nina).get(f"{reverse('crm:leads')}?{query}").text
    assert sign_in(cast.theo).get(request_of_claire.get_absolute_url()).status_code == 200
    assert sign_in(cast.theo).post(accept).status_code == 302
    request_of_claire.refresh_from_db()
    assert request_of_claire.adviser == cast.theo
    assert member.organisation == cast.bank


def test_forget_hand_over_keeps_that_it_was(cast):
    request = lead(cast.atelier)
    offer = actions.hand_over_lead(
        lead=request, to=cast.theo, team=cast.other, note="Mme Riou attend", decision_makers="Mme Riou",
        by=fresh(request.adviser),
    )  # fmt: skip
    actions.forget_hand_over(offer)
    offer.refresh_from_db()
    assert (offer.receiver, offer.decision_makers) == (cast.theo, "")
    assert "Riou" not in offer.note


def test_who_wrote_a_request_down_goes_on_seeing_it(cast, sign_in):
    """Of another region, or of none yet: the page after the form is the request, not an error."""
    asked = {"origin": "phone", "kind": "advice", "subject": "Un importateur", "company_name": "Verrerie inconnue",
             "contact_name": "Anne", "contact_phone": "+33299000000", "interest": "spontaneous",
             "legal_basis": "public_task"}  # fmt: skip
    sign_in(cast.nour).post(reverse("crm:receive_lead"), asked)
    assert Lead.objects.get().region == cast.bretagne, "nothing says where it is: the region of who answered"
    elsewhere = {**asked, "region": cast.occitanie.pk}
    answer = sign_in(cast.nour).post(reverse("crm:receive_lead"), elsewhere, follow=True)
    assert answer.status_code == 200
    assert "Un importateur" in answer.text
    assert sign_in(cast.nina).get(Lead.objects.latest("pk").get_absolute_url()).status_code == 404


@pytest.mark.covers("LEAD-07")
def test_a_detected_lead_goes_to_an_engineer_with_its_summary_and_its_outcome_comes_back(cast, sign_in):
    """The caller says need, budget, decision-makers and horizon; the engineer reads, accepts; the caller follows."""
    caller = person("Mael", cast.chamber, Role.TELE_PROSPECTOR)
    engineer = person("Sven", cast.chamber, Role.SALES)
    request = lead(cast.atelier, origin="phone", by=fresh(caller))
    assert request.adviser != caller, "routed at once, as every request"
    url = reverse("crm:hand_over_lead", args=[request.pk])
    asked = {"member": engineer.memberships.get().pk, "note": "Prêt à recevoir une offre"}
    refused = sign_in(caller).post(url, asked)
    assert refused.status_code == 422
    assert {"need", "budget", "decision_makers", "horizon"} <= set(refused.context["hand_over_form"].errors)
    known = {"need": "Trois lignes", "budget": "90 000 €", "decision_makers": "Mme Riou", "horizon": "Juin 2027"}
    assert sign_in(caller).post(url, asked | known).status_code == 302
    for text in known.values():
        assert text in sign_in(engineer).get(request.get_absolute_url()).text
    assert "waits" in sign_in(caller).get(reverse("crm:hand_overs")).text
    sign_in(engineer).post(reverse("crm:accept_hand_over", args=[HandOver.objects.get().pk]))
    request.refresh_from_db()
    assert request.adviser == engineer
    assert "Mme Riou" in sign_in(engineer).get(request.get_absolute_url()).text, "still there once accepted"
    assert "accepted" in sign_in(caller).get(reverse("crm:hand_overs")).text
    actions.log_interaction(
        company=cast.atelier, lead=request, kind="call", happened_at=timezone.now(), summary="Offre envoyée",
        by=fresh(engineer),
    )  # fmt: skip
    actions.treat_lead(lead=request, by=fresh(engineer))
    actions.close_lead(lead=request, by=fresh(engineer), outcome=Outcome.ACCOMPANIED)
    page = sign_in(caller).get(reverse("crm:hand_overs")).text
    assert "The company is accompanied" in page
    assert not sign_in(engineer).get(reverse("crm:hand_overs")).context["listing"].rows, "one's own only"


@pytest.mark.covers("LEAD-01")
def test_a_referent_is_named_once_by_the_page(cast, sign_in):
    url = reverse("crm:set_referent", args=[cast.atelier.pk])
    member = fresh(cast.nour).acting
    data = {"member": member.pk, "starts_on": timezone.localdate().isoformat()}
    assert sign_in(cast.nour).post(url, data).status_code == 302
    answer = sign_in(cast.nina).post(url, {**data, "member": fresh(cast.nina).acting.pk})
    assert answer.status_code == 422
    assert "Nour Test is the referent" in answer.content.decode()
    assert Referent.objects.count() == 1
    hand_over = reverse("crm:hand_over_referent", args=[cast.atelier.pk])
    assert sign_in(cast.nina).get(hand_over).status_code == 403
    assert sign_in(cast.manager).get(hand_over).status_code == 200


def test_figures_are_changed_on_a_screen(cast, sign_in):
    data = {
        "take_charge_hours": 8,
        "opens_at": "08:30",
        "closes_at": "17:30",
        "capacity": 12,
        "diagnosis_path": "/{language}/diagnosis/",
    }
    url = reverse("crm:change_lead_settings")
    assert sign_in(cast.henri).post(url, {**data, "closes_at": "08:00"}).status_code == 422
    assert sign_in(cast.henri).post(url, {**data, "diagnosis_path": "https://ailleurs.example"}).status_code == 422
    assert sign_in(cast.henri).post(url, data).status_code == 302
    assert LeadSettings.objects.get().capacity == 12


def test_capacity_and_absence_are_changed_on_screens(cast, sign_in, django_assert_max_num_queries):
    url = reverse("crm:change_capacity", args=[cast.nour.pk])
    assert sign_in(cast.nour).get(url).status_code == 403
    assert sign_in(cast.manager).post(url, {"open_leads": 7}).status_code == 302
    assert sign_in(cast.manager).get(reverse("crm:change_capacity", args=[cast.theo.pk])).status_code == 404
    today = timezone.localdate().isoformat()
    data = {"person": cast.nour.pk, "starts_on": today, "ends_on": today}
    assert sign_in(cast.nour).post(reverse("crm:plan_absence"), data).status_code == 302
    assert sign_in(cast.nour).post(reverse("crm:plan_absence"), data).status_code == 422
    other = {"person": cast.nina.pk, "starts_on": today, "ends_on": today}
    assert sign_in(cast.nour).post(reverse("crm:plan_absence"), other).status_code == 422
    for adviser in (cast.nour, cast.nour, cast.nina):
        actions.assign_lead(lead=lead(cast.atelier), adviser=fresh(adviser), team=cast.chamber, by=fresh(cast.henri))
    cai = person("Caius", cast.chamber, Role.ADVISER, network="cai")
    with django_assert_max_num_queries(20):
        answer = sign_in(cast.manager).get(reverse("crm:view_workload"))
    page = answer.content.decode()
    assert "absent today" in page
    # By network of advisers: the columns add up to the whole team.
    assert re.findall(r'data-network="(\w+)" data-open="(\d+)"', page) == [
        ("ci", "2"), ("cai", "0"), ("other", "1"), ("all", "3"),
    ]  # fmt: skip
    *parts, whole = answer.context["shares"]
    for figure in ("people", "open", "capacity"):
        assert sum(getattr(part, figure) for part in parts) == getattr(whole, figure), figure
    assert (parts[0].people, parts[0].capacity, whole.people) == (1, 7, 3)
    assert cai in {line.person for line in answer.context["lines"]}
    absence = cast.nour.lead_absences.get()
    cancel = reverse("crm:cancel_absence", args=[absence.pk])
    assert sign_in(cast.theo).post(cancel).status_code == 404
    assert sign_in(cast.manager).post(cancel).status_code == 302


def test_a_page_that_refreshes_its_pieces_is_one_reading(cast, sign_in, request_of_claire):
    """Panels, and what a live event fetches again, show what is on the screen; another visitor is another reading."""
    client = sign_in(cast.nour)
    page = request_of_claire.company.get_absolute_url()
    known = {"model": "directory.company", "object_id": str(cast.atelier.pk)}
    client.get(page)
    assert Reading.objects.filter(**known).count() == 1
    for panel in ("crm:view_timeline", "crm:company_leads", "crm:view_referent") * 2:
        assert client.get(reverse(panel, args=[cast.atelier.pk])).status_code == 200
    client.get(page, headers={"HX-Request": "true"})
    assert [(line.how, line.user) for line in Reading.objects.filter(**known)] == [("page", cast.nour)]
    # Who opens the page again reads it again; so does who sees a panel elsewhere, and a list with other rows.
    client.get(page)
    sign_in(cast.nina).get(reverse("crm:view_timeline", args=[cast.atelier.pk]))
    assert sorted(Reading.objects.filter(**known).values_list("how", "user__first_name")) == [
        ("page", "Nour"), ("page", "Nour"), ("panel", "Nina"),
    ]  # fmt: skip
    for _refresh in range(3):
        sign_in(cast.nour).get(reverse("crm:leads"), headers={"HX-Request": "true"})
    lists = Reading.objects.filter(model="crm.lead", how="list", user=cast.nour)
    assert lists.count() == 1
    assert lists.get().is_authentic()
    # Ten minutes later it is a reading of its own.
    later = timezone.now() + datetime.timedelta(minutes=11)
    with patch("pavillon.security.actions.logs.timezone.now", lambda: later):
        sign_in(cast.nour).get(reverse("crm:view_timeline", args=[cast.atelier.pk]))
    assert Reading.objects.filter(**known, user=cast.nour).count() == 3
