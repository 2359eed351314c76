import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as accounts
from pavillon.solutions.actions import catalogue as actions
from pavillon.solutions.actions.content import load_catalogue
from pavillon.solutions.enums import ProviderFamily, SolutionState
from pavillon.solutions.models import Provider, Solution
from pavillon.solutions.queries.catalogue import search_solutions

pytestmark = pytest.mark.usefixtures("ground")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OFFER = {
    "title_fr": "Aide au premier salon",
    "title_en": "Aid for a first show",
    "summary_fr": "La moitié du stand.",
    "summary_en": "Half of the stand.",
    "body_fr": "La région paie la moitié du premier stand.",
    "body_en": "The region pays half of the first stand.",
    "need": "finance",
    "stages": ["first"],
    "cost": "supported",
}


@pytest.fixture
def cast():
    load_catalogue()
    cast = accounts.cast()
    cast.sophie = accounts.person("Sophie", cast.council, Role.REGION_OFFICIAL)
    cast.lars = accounts.person("Lars", cast.partner_firm, Role.PRIVATE_PARTNER)
    cast.alice = accounts.person("Alice", cast.agency, Role.SHOWROOM_MANAGER)
    Provider.objects.create(
        slug="brucke",
        family="private",
        is_public=False,
        organisation=cast.partner_firm,
        name_fr="Brücke",
        name_en="Brücke",
    )
    return cast


@pytest.mark.covers("DIAG-04")
def test_insurance_finds_the_insurer(client):
    load_catalogue()
    page = client.get("/fr/solutions/?need=insurance")
    found = page.context["solutions"]
    assert {row.provider_id for row in found} == {"bpifrance"}
    assert len(found) == 2
    assert "Assurance prospection" in page.content.decode()


@pytest.mark.covers("DIAG-05")
def test_each_family_of_providers_has_solutions(client):
    load_catalogue()
    page = client.get("/fr/providers/")
    published = {}
    for provider in page.context["providers"]:
        published[provider.family] = published.get(provider.family, 0) + provider.published
    assert set(published) == set(ProviderFamily.values)
    assert all(count >= 2 for count in published.values())
    assert {"bpifrance", "douane", "inpi", "france-travail", "apec", "regions"} <= {
        p.pk for p in page.context["providers"]
    }


def test_every_filter_narrows_and_a_solution_for_all_answers_all():
    load_catalogue()
    everything = set(search_solutions())
    assert {row.slug for row in search_solutions(region="53")} >= {"breizh-export", "assurance-prospection"}
    assert "breizh-export" not in {row.slug for row in search_solutions(region="76")}
    assert "exportateur-agree" in {row.slug for row in search_solutions(country="CA")}
    assert "occitanie-conquete" not in {row.slug for row in search_solutions(country="DE")}
    assert {row.cost for row in search_solutions(cost="free")} == {"free"}
    assert all("regular" in row.stages for row in search_solutions(stage="regular"))
    assert "renseignement-tarifaire" not in {row.slug for row in search_solutions(line="digital")}
    assert [row.slug for row in search_solutions(text="marque étranger")] == ["marque-a-l-international"]
    assert everything > set(search_solutions(need="customs"))


def test_a_filter_that_makes_no_sense_filters_nothing(client):
    load_catalogue()
    page = client.get("/fr/solutions/?need=nothing&region=atlantis")
    assert page.status_code == 200
    assert len(page.context["solutions"]) == Solution.objects.count()


def test_no_solution_says_what_to_do(client):
    page = client.get("/fr/solutions/?q=zzz")
    assert "Aucune solution ne correspond" in page.content.decode()


@pytest.mark.covers("DIAG-06")
def test_a_private_offer_is_published_only_after_approval(client, cast):
    client.force_login(cast.lars, backend=BACKEND)
    page = client.post(reverse("solutions_team:propose_solution"), OFFER | {"provider": "brucke"})
    assert page.status_code == 302
    offer = Solution.objects.get(slug="aide-au-premier-salon")
    assert offer.state == SolutionState.SUBMITTED
    assert client.get(offer.get_absolute_url()).status_code == 404
    assert client.post(reverse("solutions_team:approve_solution", args=[offer.pk])).status_code == 403
    client.force_login(cast.alice, backend=BACKEND)
    assert client.post(reverse("solutions_team:approve_solution", args=[offer.pk])).status_code == 302
    offer.refresh_from_db()
    assert offer.approved_by == cast.alice
    client.logout()
    assert client.get(offer.get_absolute_url()).status_code == 200


def test_a_refused_offer_goes_back_with_its_reason(client, cast):
    client.force_login(cast.lars, backend=BACKEND)
    client.post(reverse("solutions_team:propose_solution"), OFFER | {"provider": "brucke"})
    offer = Solution.objects.get(slug="aide-au-premier-salon")
    client.force_login(cast.alice, backend=BACKEND)
    client.post(reverse("solutions_team:refuse_solution", args=[offer.pk]), {"reason": "Dites le prix."})
    client.force_login(cast.lars, backend=BACKEND)
    assert "Dites le prix." in client.get(reverse("solutions_team:proposal", args=[offer.pk])).content.decode()
    page = client.post(reverse("solutions_team:change_solution", args=[offer.pk]), OFFER | {"provider": "brucke"})
    assert page.status_code == 302
    offer.refresh_from_db()
    assert offer.state == SolutionState.SUBMITTED


@pytest.mark.covers("REG-06")
def test_a_region_official_publishes_an_aid_of_the_own_region(client, cast):
    client.force_login(cast.sophie, backend=BACKEND)
    client.post(reverse("solutions_team:propose_solution"), OFFER | {"provider": "regions"})
    offer = Solution.objects.get(slug="aide-au-premier-salon")
    assert offer.is_published
    assert [region.pk for region in offer.regions.all()] == ["53"]
    client.logout()
    assert client.get(offer.get_absolute_url()).status_code == 200
    assert offer.slug in {row.slug for row in search_solutions(region="53")}
    assert offer.slug not in {row.slug for row in search_solutions(region="76")}


def test_the_database_refuses_a_private_offer_without_approval(cast):
    offer = actions.propose_solution(
        by=cast.lars,
        provider=Provider.objects.get(pk="brucke"),
        texts={name: OFFER[name] for name in OFFER if name.endswith(("_fr", "_en"))},
        need="finance",
        stages=["first"],
        cost="paid",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Solution.objects.filter(pk=offer.pk).update(state="published", published_at="2026-01-01T00:00Z")


def test_an_approver_does_not_approve_the_own_offer(cast):
    offer = actions.propose_solution(
        by=cast.lars,
        provider=Provider.objects.get(pk="brucke"),
        texts={name: OFFER[name] for name in OFFER if name.endswith(("_fr", "_en"))},
        need="finance",
        stages=["first"],
        cost="paid",
    )
    offer.proposed_by = cast.alice
    assert not cast.alice.has_perm("solutions.approve_solution", offer)


def test_a_withdrawn_offer_leaves_the_catalogue(client, cast):
    client.force_login(cast.alice, backend=BACKEND)
    offer = Solution.objects.get(slug="assurance-prospection")
    client.post(reverse("solutions_team:withdraw_solution", args=[offer.pk]))
    assert client.get(offer.get_absolute_url()).status_code == 404
    with pytest.raises(actions.WrongState):
        actions.withdraw_solution(solution=offer, by=cast.alice)


def test_the_catalogue_costs_few_queries(client, django_assert_max_num_queries):
    load_catalogue()
    with django_assert_max_num_queries(9):
        client.get("/fr/solutions/?need=finance")


def test_loading_twice_changes_nothing():
    load_catalogue()
    before = list(Solution.objects.order_by("pk").values("slug", "published_at", "state"))
    load_catalogue()
    assert list(Solution.objects.order_by("pk").values("slug", "published_at", "state")) == before
