"""Pages of companies and contacts: who may, what they show, what they cost."""

import pytest
from django.urls import reverse

from pavillon.directory import actions
from pavillon.directory.models import Company, Contact
from pavillon.directory.names import readable
from pavillon.directory.tests.factories import BISCUITS, PERSON, unit
from pavillon.security.models import PolicyCell, Reading


@pytest.fixture
def page(client):
    """Open a page as somebody: `page(cast.nour, "directory:companies")`."""

    def open_page(user, name, *args, data=None, post=None, **headers):
        client.force_login(user)
        url = reverse(name, args=args)
        return client.post(url, post, **headers) if post is not None else client.get(url, data, **headers)

    return open_page


PAGES = [
    ("directory:companies", "team"),
    ("directory:create_company", "editors"),
    ("directory:find_candidates", "editors"),
    ("directory:contacts", "team"),
    ("directory:company", "team"),
    ("directory:company_contacts", "team"),
    ("directory:company_changes", "team"),
    ("directory:change_company", "editors"),
    ("directory:add_contact", "editors"),
    ("directory:choose_duplicate", "managers"),
]
ALLOWED = {
    "team": {"nour", "manager", "alice", "official", "partner"},
    "editors": {"nour", "manager", "alice"},
    "managers": {"manager", "alice"},
}


@pytest.mark.parametrize(("name", "who"), PAGES)
def test_who_may_open_which_page(cast, page, name, who):
    args = [] if name.endswith(("companies", "create_company", "candidates", ":contacts")) else [cast.atelier.pk]
    for person in ("nour", "manager", "alice", "official", "partner", "claire", "tom", "stranger"):
        status = page(getattr(cast, person), name, *args).status_code
        assert (status == 200) == (person in ALLOWED[who]), (person, name, status)
        if person in ("claire", "tom", "stranger"):
            assert status in (403, 404)


def test_the_page_of_a_company_shows_its_facts_people_and_register(cast, page, client, django_assert_max_num_queries):
    unit()
    company = actions.adopt_register_unit(siren=BISCUITS, by=None, turnover=1_000_000, export_turnover=310_000)
    actions.add_contact(company=company, by=None, first_name="Anne", last_name="Riou", is_decision_maker=True)
    page(cast.nour, "directory:company", company.pk)
    with django_assert_max_num_queries(14):
        text = client.get(company.get_absolute_url()).content.decode()
    for told in ("Anne Riou", "900714213", "2 RUE DU PORT", "31"):
        assert told in text
    assert Reading.objects.filter(how="page", user=cast.nour, model="directory.company", object_id=company.pk).exists()


def test_a_forbidden_field_is_nowhere_on_the_pages(cast, page):
    actions.change_company(company=cast.atelier, by=cast.manager, turnover=7_654_321)
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=0)
    for name in ("company", "company_changes", "change_company"):
        text = page(cast.nour, f"directory:{name}", cast.atelier.pk).content.decode()
        assert "7654321" not in text.replace("\u202f", "").replace("&nbsp;", ""), name
    assert "7" in page(cast.manager, "directory:company_changes", cast.atelier.pk).content.decode()


def test_a_partial_diffusion_shows_no_person(cast, page):
    unit(PERSON, legal_name="JEANNE KERVELLA", legal_category_code="1000", diffusion="P")
    company = actions.adopt_register_unit(siren=PERSON, by=None)
    text = page(cast.nour, "directory:company", company.pk).content.decode()
    assert "KERVELLA" not in text
    assert "RUE DU PORT" not in text
    candidates = page(cast.nour, "directory:find_candidates", data={"siren": PERSON}).content.decode()
    assert "KERVELLA" not in candidates
    assert "RUE DU PORT" not in candidates


def new_company(**more):
    return {"name": "Chantier Neuf", "family": "french", "country": "FR", **more}


def test_create_company_with_the_register(cast, page):
    unit()
    refused = page(cast.nour, "directory:create_company", post=new_company(siren="900714214"))
    assert refused.status_code == 422
    assert "900714214" in refused.content.decode()
    answer = page(cast.nour, "directory:create_company", post=new_company(siren=BISCUITS))
    company = Company.objects.get(siren=BISCUITS)
    assert answer.url == company.get_absolute_url()
    assert (company.name, company.town, company.activity.code) == ("Chantier Neuf", "Châteaulin", "10.72Z")
    again = page(cast.nour, "directory:create_company", post=new_company(siren=BISCUITS, is_new="on"))
    assert again.status_code == 422
    assert Company.objects.filter(siren=BISCUITS).count() == 1


def test_a_siren_alone_is_enough_for_a_new_company(cast, page):
    unit()
    text = page(cast.nour, "directory:create_company", post=new_company(name="")).content.decode()
    assert "Write the name of the company, or its SIREN." in text
    page(cast.nour, "directory:create_company", post=new_company(name="", siren=BISCUITS))
    company = Company.objects.get(siren=BISCUITS)
    assert company.name == readable(company.legal_name)


def test_near_companies_are_shown_before_saving_without_script(cast, page):
    values = new_company(name="Atelier du Ponant", commune="29150")
    shown = page(cast.nour, "directory:create_company", post=values)
    assert cast.atelier.get_absolute_url() in shown.content.decode()
    assert Company.objects.count() == 2
    page(cast.nour, "directory:create_company", post={**values, "is_new": "on"})
    assert Company.objects.get(name="Atelier du Ponant").commune == cast.chateaulin


def test_near_companies_are_shown_while_typing(cast, page):
    answer = page(cast.nour, "directory:find_candidates", data={"name": "atelier du pon", "commune": "Châteaulin"})
    text = answer.content.decode()
    assert cast.atelier.get_absolute_url() in text
    assert "<html" not in text


def test_a_town_that_nobody_knows_is_named(cast, page):
    answer = page(cast.nour, "directory:create_company", post=new_company(commune="Atlantis"))
    assert answer.status_code == 422
    assert "Atlantis" in answer.content.decode()


def test_change_company(cast, page):
    values = new_company(
        name="Ateliers du Ponant", commune="Rennes (35)", turnover="5000000", export_turnover="6000000"
    )
    refused = page(cast.nour, "directory:change_company", cast.atelier.pk, post=values)
    assert refused.status_code == 422
    assert page(cast.nour, "directory:change_company", cast.atelier.pk, post={**values, "export_turnover": "1000000"})
    cast.atelier.refresh_from_db()
    assert (cast.atelier.commune, cast.atelier.turnover) == (cast.rennes, 5_000_000)
    told = page(cast.nour, "directory:company_changes", cast.atelier.pk).content.decode()
    assert "Rennes" in told
    assert "Châteaulin" in told


def test_a_field_that_may_only_be_read_keeps_its_value(cast, page):
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=1)
    page(cast.nour, "directory:change_company", cast.atelier.pk, post=new_company(name="Nouveau nom", turnover="1"))
    cast.atelier.refresh_from_db()
    assert (cast.atelier.name, cast.atelier.turnover) == ("Nouveau nom", 4_200_000)


def test_add_and_change_contact(cast, page):
    wrong = {"last_name": "Riou", "phone": "12345", "language": "fr"}
    assert page(cast.nour, "directory:add_contact", cast.atelier.pk, post=wrong).status_code == 422
    page(
        cast.nour,
        "directory:add_contact",
        cast.atelier.pk,
        post={**wrong, "phone": "02 98 86 12 34", "email": "a@b.example"},
    )
    person = Contact.objects.get()
    assert person.phone == "+33298861234"
    shown = page(cast.nour, "directory:contact", person.pk).content.decode()
    assert "02 98 86 12 34" in shown
    page(cast.nour, "directory:change_contact", person.pk, post={"last_name": "Riou-Le Bras", "language": "en"})
    person.refresh_from_db()
    assert (person.last_name, person.language) == ("Riou-Le Bras", "en")
    listed = page(cast.nour, "directory:contacts", data={"q": "riou"}).content.decode()
    assert "Riou-Le Bras" in listed


@pytest.mark.covers("BASE-05")
def test_merge_companies_with_its_preview_and_the_old_address(cast, page):
    double = actions.create_company(name="Ateliers Ponant", by=None, website="https://ponant.example")
    actions.add_contact(company=double, by=None, last_name="Riou")
    likely = page(cast.manager, "directory:choose_duplicate", cast.atelier.pk).content.decode()
    assert reverse("directory:merge_companies", args=[cast.atelier.pk, double.pk]) in likely
    preview = page(cast.manager, "directory:merge_companies", cast.atelier.pk, double.pk)
    assert "ponant.example" in preview.content.decode()
    assert ("contacts", 1) in preview.context["moves"]
    assert page(cast.nour, "directory:merge_companies", cast.atelier.pk, double.pk).status_code == 403
    page(cast.manager, "directory:merge_companies", cast.atelier.pk, double.pk, post={})
    forwarded = page(cast.nour, "directory:company", double.pk)
    assert (forwarded.status_code, forwarded.url) == (301, cast.atelier.get_absolute_url())
    assert Contact.objects.get().company == cast.atelier


def test_two_legal_units_cannot_be_merged_from_the_page(cast, page):
    unit()
    unit("900001116")
    one = actions.create_company(name="A", siren=BISCUITS, by=None)
    other = actions.create_company(name="A", siren="900001116", by=None)
    answer = page(cast.manager, "directory:merge_companies", one.pk, other.pk, post={})
    assert answer.status_code == 409
    other.refresh_from_db()
    assert not other.is_merged


def test_an_export_turnover_without_turnover_is_no_share(cast, page):
    """A source may tell what is sold abroad before anybody knows the whole: an amount in euros, not “share 1250000”."""
    company = actions.create_company(name="Câbleries de Guidel", by=None, export_turnover=1_250_000)
    told = page(cast.nour, "directory:company", company.pk).content.decode()
    assert "Chiffre d’affaires à l’export" in told or "Export turnover" in told
    assert "Part à l’export" not in told
    assert "Share of export" not in told


def test_a_weak_likeness_is_shown_and_stops_nobody(cast, page):
    """A third alike is a hint while one types; the same name in the same town is asked about first."""
    weak = page(cast.nour, "directory:create_company", post=new_company(name="Ateliers Morvan"))
    assert weak.status_code == 302
    strong = page(cast.nour, "directory:create_company", post=new_company(name="Ateliers du Ponant"))
    assert strong.status_code in (200, 422)
    assert "is_new" in strong.content.decode()
