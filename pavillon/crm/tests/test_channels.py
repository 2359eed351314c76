"""Where requests come from: social networks and publications with their count and cost, signals of outside sources."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.models import ChannelCost, Lead
from pavillon.crm.queries.channels import share, what_channels_bring
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import change_company
from pavillon.directory.models import Channel, Source
from pavillon.intake.actions import import_signals
from pavillon.reference.models import ListItem

SIREN = "900714213"


@pytest.fixture
def networks(cast):
    return ListItem.objects.get_or_create(
        list="networks", code="linkedin", defaults={"name_fr": "LinkedIn", "name_en": "LinkedIn"}
    )[0]


@pytest.mark.covers("BASE-18")
def test_a_profile_is_stored_and_the_report_shows_requests_of_social_networks_with_their_cost(cast, sign_in, networks):
    profile = {"kind": "social", "network": "linkedin", "value": "https://www.linkedin.com/company/ponant"}
    client = sign_in(cast.nour)
    assert client.post(reverse("directory:add_channel", args=[cast.atelier.pk]), profile).status_code == 302
    assert Channel.objects.get(network="linkedin").company == cast.atelier
    asked = {
        "origin": "social",
        "kind": "advice",
        "subject": "Vu sur LinkedIn",
        "company_name": "Voiles d’Iroise",
        "region": "53",
        "contact_name": "Anne Riou",
        "contact_email": "anne@voiles.example",
        "interest": "spontaneous",
        "legal_basis": "public_task",
    }
    assert client.post(reverse("crm:receive_lead"), asked).status_code == 422, "which network?"
    assert client.post(reverse("crm:receive_lead"), asked | {"network": "LinkedIn"}).status_code == 302
    lead(cast.atelier, origin="social", channel="Viadeo")
    lead(cast.atelier)
    today = timezone.localdate()
    first = (today - datetime.timedelta(days=9)).isoformat()
    cost = {"origin": "social", "detail": "LinkedIn", "starts_on": first, "ends_on": today.isoformat(), "cost": "300"}
    note = reverse("crm:note_channel_cost")
    assert client.post(note, cost).status_code == 403
    assert sign_in(cast.manager).post(note, cost).status_code == 302
    page = client.get(reverse("crm:view_channels"))
    assert page.status_code == 200
    social = next(line for line in page.context["channels"] if line.origin == "social")
    assert (social.received, social.cost, social.cost_each) == (2, Decimal(300), Decimal(150))
    assert [(part.label, part.received, part.cost) for part in social.parts] == [
        ("LinkedIn", 1, Decimal(300)),
        ("Viadeo", 1, None),
    ]
    assert "Social networks" in page.text
    half = {"since": (today - datetime.timedelta(days=4)).isoformat(), "until": today.isoformat()}
    social = next(
        line for line in client.get(reverse("crm:view_channels"), half).context["channels"] if line.origin == "social"
    )
    assert social.cost == Decimal(150), "five of the ten days"


def test_a_cost_is_shared_by_days_and_removed_by_who_noted_it(cast, sign_in, networks):
    day = datetime.date(2026, 3, 1)
    row = actions.note_channel_cost(
        origin="seminar",
        detail="",
        starts_on=day,
        ends_on=day + datetime.timedelta(days=2),
        cost=Decimal(100),
        by=fresh(cast.manager),
    )
    assert share(row, day, day) == Decimal("33.33")
    url = reverse("crm:remove_channel_cost", args=[row.pk])
    assert sign_in(cast.alice).post(url).status_code == 403
    assert sign_in(cast.manager).post(url).status_code == 302
    assert not ChannelCost.objects.exists()


def test_who_reads_which_requests_in_the_report(cast, django_assert_max_num_queries):
    lead(cast.atelier, origin="social", channel="LinkedIn")
    today = timezone.localdate()
    with django_assert_max_num_queries(8):
        assert what_channels_bring(fresh(cast.nour), today, today)[0].received == 1
    assert what_channels_bring(fresh(cast.theo), today, today) == [], "of another region"


def patents(cast, *days):
    rows = "".join(f"{SIREN};WO2026{i};{day};Four à vide;WO EP US\n" for i, day in enumerate(days))
    content = ("SIREN;Publication;Date de dépôt;Titre;Offices\n" + rows).encode()
    change_company(company=cast.atelier, by=None, siren=SIREN, export_class="potential")
    import_signals(feed="patents", content=content, observed_on=timezone.localdate(), by=fresh(cast.henri))
    return Source.objects.get(code="inpi")


def test_suggest_lead_when_patents_tell_a_project_and_give_it_to_the_adviser(cast, sign_in):
    today = timezone.localdate().isoformat()
    source = patents(cast, today, today)
    made = actions.suggest_lead(company=cast.atelier, source=source, by=fresh(cast.henri))
    assert (made.origin, made.is_spontaneous, made.prompted_by) == ("watch", False, "INPI")
    assert made.adviser in (cast.nour, cast.nina), "an adviser of its region"
    assert not made.is_sent_to_diagnosis, "the company asked for nothing"
    page = sign_in(made.adviser).get(made.get_absolute_url()).text
    assert "INPI" in page
    assert "WO20260" in page
    assert actions.suggest_lead(company=cast.atelier, source=source, by=None) is None, "one is open already"
    assert not Lead.objects.visible_to(fresh(cast.claire)).exists()


def test_one_old_patent_suggests_nothing(cast):
    source = patents(cast, "2019-01-01")
    assert actions.suggest_lead(company=cast.atelier, source=source, by=None) is None
