"""The public sites: what regions inherit, what they say themselves, and how visits are counted."""

import pytest
from django.urls import reverse
from wagtail.models import Collection
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.tests import factories as accounts
from pavillon.activity.models import Entry
from pavillon.metrics.models import Waiting
from pavillon.solutions.models import CompanyVisit, RegionSite
from pavillon.solutions.queries.counts import visitors_by_region
from pavillon.solutions.tests.factories import open_account
from pavillon.website.models import RegionIndexPage, RegionPage
from pavillon.website.tests.factories import article, region_page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BRETAGNE, OCCITANIE = "/fr/regions/bretagne/", "/fr/regions/occitanie/"


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize(("language", "path"), [("fr-FR", "/fr/"), ("en-GB", "/en/"), ("ja", "/fr/")])
def test_the_root_leads_to_the_reader_s_language(client, sites, language, path):
    answer = client.get("/", headers={"accept-language": language})
    assert (answer.status_code, answer.url) == (302, path)


def test_both_portals_answer_in_their_language(client, sites):
    assert "Votre premier client étranger" in text(client, "/fr/")
    assert "Your first customer abroad" in text(client, "/en/")


def test_a_region_shows_the_national_page_until_it_says_otherwise(client, sites):
    page = client.get(OCCITANIE)
    assert sites.national.hero_title in page.content.decode()
    assert all(piece.is_inherited for piece in page.context["pieces"])


@pytest.mark.covers("REG-02")
def test_what_bretagne_overrides_leaves_the_others_unchanged(client, sites):
    before = client.get(OCCITANIE).context["pieces"]
    page = sites.bretagne
    page.hero_title = "La Bretagne vend au monde entier"
    page.body = [
        ("text", {"key": "", "title": "Le port", "text": "<p>Bonjour de Brest.</p>"}),
        ("inherited", {"key": "steps"}),
    ]
    page.save_revision().publish()
    bretagne = client.get(BRETAGNE)
    assert [(p.kind, p.is_inherited) for p in bretagne.context["pieces"]] == [("text", False), ("steps", True)]
    assert "Bonjour de Brest." in bretagne.content.decode()
    assert bretagne.context["hero"]["lead"] == sites.national.hero_lead
    occitanie = client.get(OCCITANIE)
    assert "Bonjour de Brest." not in occitanie.content.decode()
    assert [p.kind for p in occitanie.context["pieces"]] == [p.kind for p in before]
    # A change of the national page reaches the piece that Bretagne inherits, in the order that Bretagne chose.
    national = sites.national
    national.body = [
        ("steps", {"key": "steps", "title": "Deux temps", "steps": [{"title": "Oser", "text": "Aller voir."}]}),
    ]
    national.save_revision().publish()
    assert "Deux temps" in text(client, BRETAGNE)
    assert "Deux temps" in text(client, OCCITANIE)


def test_a_key_that_is_gone_shows_nothing(client, sites):
    sites.bretagne.body = [("inherited", {"key": "vanished"})]
    sites.bretagne.save_revision().publish()
    assert client.get(BRETAGNE).context["pieces"] == []


@pytest.mark.covers("DIAG-07")
def test_a_national_article_changed_once_changes_in_every_region_that_inherits(client, sites):
    region_page("11", inherits_articles=False)
    sites.article.title = "La douane en clair"
    sites.article.save_revision().publish()
    for address in (BRETAGNE, OCCITANIE):
        assert "La douane en clair" in text(client, address)
    assert "La douane en clair" not in text(client, "/fr/regions/ile-de-france/")


def test_a_regional_article_replaces_the_national_one_in_its_region_only(client, sites):
    own = article(sites.bretagne, "douane-brest", replaces=sites.article)
    assert [row.pk for row in news(client, BRETAGNE)] == [own.pk]
    assert [row.pk for row in news(client, OCCITANIE)] == [sites.article.pk]
    assert own.title in text(client, f"{sites.article.url}?region=bretagne")
    assert own.title not in text(client, f"{sites.article.url}?region=occitanie")
    assert own.title in text(client, own.url)


def news(client, address):
    return next(piece.rows for piece in client.get(address).context["pieces"] if piece.kind == "news")


def test_the_team_of_the_region_is_on_its_page(client, sites):
    cast = accounts.cast()
    from pavillon.accounts.actions import compose_shop

    compose_shop(region=sites.bretagne.region, organisations=[cast.chamber], by=None)
    assert cast.nour.full_name in text(client, BRETAGNE)
    assert cast.nour.full_name not in text(client, OCCITANIE)


def test_the_theme_is_two_colours_in_an_address_that_never_changes(client, sites, django_assert_num_queries):
    assert "/theme/1d3b53-c8442f.css" in text(client, BRETAGNE)
    with django_assert_num_queries(0):
        answer = client.get("/theme/1d3b53-c8442f.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert b"--brand" in answer.content
    assert client.get("/theme/red-blue.css").status_code == 404


def test_the_region_travels_by_the_address_and_sets_no_cookie(client, sites):
    page = text(client, BRETAGNE)
    assert "/fr/diagnosis/?region=bretagne" in page
    assert "/fr/open-account/?region=bretagne" in page
    diagnosis = text(client, "/fr/diagnosis/?region=bretagne")
    assert "Bretagne Export" in diagnosis
    assert "/theme/1d3b53-c8442f.css" in diagnosis
    assert set(client.cookies) <= {"csrftoken"}


def test_each_view_is_counted_without_any_identifier(client, sites):
    client.get(BRETAGNE)
    client.get(BRETAGNE)
    client.head(BRETAGNE)
    client.get("/fr/")
    rows = Waiting.objects.filter(kind="website.page_viewed")
    assert sorted(rows.values_list("region_id", flat=True)) == ["", "53", "53"]
    assert {field.name for field in Waiting._meta.fields}.isdisjoint({"user", "session", "address", "ip"})


@pytest.mark.covers("REG-04")
def test_a_signed_in_company_is_counted_once_a_month_and_only_with_consent(client, sites):
    claire = open_account()
    client.force_login(claire, backend=BACKEND)
    client.get(BRETAGNE)
    assert CompanyVisit.objects.count() == 0
    client.post("/fr/cookies/choose/", {"answer": "refuse"})
    client.get(BRETAGNE)
    assert CompanyVisit.objects.count() == 0
    client.post("/fr/cookies/choose/", {"answer": "accept"})
    for _time in range(3):
        client.get(BRETAGNE)
    client.get(OCCITANIE)
    assert CompanyVisit.objects.count() == 2
    assert visitors_by_region() == [{"region": "53", "companies": 1}, {"region": "76", "companies": 1}]
    agency = accounts.actions.create_organisation(name="Agence", kind=Kind.AGENCY, level=Level.NATIONAL, by=None)
    reader = accounts.person("Alice", agency, Role.SHOWROOM_MANAGER)
    client.force_login(reader, backend=BACKEND)
    page = text(client, reverse("reporting:dashboard"))
    assert 'data-site="53" data-visitors="1"' in page
    assert 'data-site="76" data-visitors="1"' in page


@pytest.mark.covers("REG-01")
def test_a_region_made_in_the_editor_has_its_site_at_once(client, sites):
    ada = accounts.cast().admin
    client.force_login(ada, backend=BACKEND)
    index = RegionIndexPage.objects.get(locale__language_code="fr")
    address = reverse("wagtailadmin_pages:add", args=["website", "regionpage", index.pk])
    assert client.get(address).status_code == 200
    form = {
        "title": "Île-de-France",
        "slug": "ile-de-france",
        "region": "11",
        "brand": "#23355f",
        "accent": "#c03a52",
        "logo_text": "Paris Export",
        "logo_words": "",
        "hero_eyebrow": "",
        "hero_title": "",
        "hero_lead": "",
        "body-count": "0",
        "inherits_articles": "on",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    answer = client.post(address, form, follow=True)
    assert answer.status_code == 200
    client.logout()
    page = text(client, "/fr/regions/ile-de-france/")
    assert "Paris Export" in page
    assert "/theme/23355f-c03a52.css" in page
    assert RegionSite.objects.filter(region="11", closed_on=None).exists()
    # The other language has it too, until somebody translates it.
    assert client.get("/en/regions/ile-de-france/").status_code == 200


def test_an_editor_sees_the_pages_of_the_own_region_only(client, sites):
    cast = accounts.cast()
    editor = accounts.person("Erwan", cast.council, Role.EDITOR)
    client.force_login(editor, backend=BACKEND)
    assert client.get("/cms/").status_code == 200
    edit = "wagtailadmin_pages:edit"
    assert client.get(reverse(edit, args=[sites.bretagne.pk])).status_code == 200
    assert client.get(reverse(edit, args=[sites.occitanie.pk])).status_code == 302
    assert client.get(reverse(edit, args=[sites.national.pk])).status_code == 302


def test_who_is_no_editor_does_not_open_the_editor(client, sites):
    cast = accounts.cast()
    for person in (cast.nour, cast.claire, cast.tom):
        client.force_login(person, backend=BACKEND)
        assert client.get("/cms/").status_code in (302, 403)


def test_follow_memberships_takes_the_pages_back_when_a_role_ends(client, sites):
    from pavillon.accounts.actions import end_membership

    cast = accounts.cast()
    assert cast.official.groups.filter(name__startswith="Editors").count() == 1
    end_membership(membership=cast.official.memberships.get(), by=cast.admin)
    assert not cast.official.groups.filter(name__startswith="Editors").exists()


def test_publishing_is_in_the_trail_and_a_site_taken_down_no_longer_counts(sites):
    assert Entry.objects.about(sites.bretagne).filter(verb="website.page_published").exists()
    assert RegionSite.objects.get(region="53").closed_on is None
    sites.bretagne.unpublish()
    assert RegionSite.objects.get(region="53").closed_on is not None
    RegionPage.objects.get(pk=sites.bretagne.pk).save_revision().publish()
    assert RegionSite.objects.get(region="53").closed_on is None


def test_pages_cost_few_queries(client, sites, django_assert_max_num_queries):
    for slug in ("a", "b", "c", "d"):
        article(sites.bretagne, slug)
    client.get(BRETAGNE)
    with django_assert_max_num_queries(24):
        client.get(BRETAGNE)
    with django_assert_max_num_queries(20):
        client.get("/fr/")


def test_the_strict_policy_holds_on_public_pages(client, sites):
    policy = client.get(BRETAGNE)["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert " style=" not in text(client, BRETAGNE)


def test_robots_and_the_security_contact(client, sites):
    assert "Disallow: /cms/" in text(client, "/robots.txt")
    contact = text(client, "/.well-known/security.txt")
    assert contact.startswith("Contact: mailto:")
    assert "Expires: " in contact


def test_follow_published_page_and_follow_unpublished_page_write_who_did_it(sites):
    from pavillon.website.actions import follow_published_page, follow_unpublished_page

    ada = accounts.cast().admin
    follow_published_page(page=sites.article, by=ada)
    follow_unpublished_page(page=sites.article, by=ada)
    verbs = Entry.objects.about(sites.article).filter(actor=ada).values_list("verb", flat=True)
    assert set(verbs) == {"website.page_published", "website.page_unpublished"}


def test_follow_memberships_gives_one_group_a_region_and_says_so_once(sites):
    from pavillon.website.actions import follow_memberships

    official = accounts.cast().official
    said = Entry.objects.about(official).filter(verb="website.editor_changed")
    assert said.count() == 1
    follow_memberships(user=official, by=None)
    assert said.count() == 1
    assert [group.name for group in official.groups.all()] == ["Editors: 53 Bretagne"]


def test_check_editors_takes_the_pages_back_after_the_last_day(sites):
    from datetime import date

    from pavillon.accounts.models import Membership
    from pavillon.website.actions import check_editors

    cast = accounts.cast()
    # The day passes without anybody doing anything.
    Membership.objects.filter(user=cast.official).update(starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))
    assert check_editors() >= 1
    assert not cast.official.groups.filter(name__startswith="Editors").exists()


def test_lay_foundations_twice_makes_nothing_twice(sites):
    from wagtail.models import Page

    from pavillon.website.actions import lay_foundations
    from pavillon.website.content import PORTALS

    before = Page.objects.count()
    lay_foundations(texts=PORTALS, by=None)
    assert Page.objects.count() == before


def test_open_region_site_and_close_region_site_say_since_when(sites):
    from datetime import timedelta

    from django.utils import timezone

    from pavillon.solutions.actions import close_region_site, open_region_site
    from pavillon.solutions.queries.counts import regions_live

    today = timezone.localdate()
    assert {site.region_id for site in regions_live(today)} == {"53", "76"}
    assert not regions_live(today - timedelta(days=1)).exists()
    close_region_site(region=sites.occitanie.region, by=None)
    assert {site.region_id for site in regions_live(today)} == {"53"}
    open_region_site(region=sites.occitanie.region, by=None)
    assert regions_live(today).count() == 2


def test_editors_come_in_by_the_door_that_counts_failures(client, sites):
    """The library's own form would know neither a suspension nor the second factor."""
    answer = client.post("/cms/login/", {"username": "helene@example.example", "password": accounts.PASSWORD})
    assert answer.status_code == 302
    assert answer.url == "/account/login/?next=%2Fcms%2F"
    assert not answer.wsgi_request.user.is_authenticated


@pytest.mark.covers("SEC-13")
def test_an_edit_in_the_editor_is_in_the_trail_with_old_and_new_values(client, sites):
    cast = accounts.cast()
    editor = accounts.person("Edwige", cast.agency, Role.EDITOR)
    client.force_login(editor, backend=BACKEND)
    edit = reverse("wagtailadmin_pages:edit", args=[sites.article.pk])
    sent = {
        "title": "Douane, pas à pas",
        "slug": sites.article.slug,
        "summary": sites.article.summary,
        "body": rich_text("<p>Un texte neuf.</p>"),
        "published_on": sites.article.published_on.isoformat(),
        "comments": inline_formset([]),
    }
    answer = client.post(edit, nested_form_data(sent))
    assert answer.status_code == 302, answer.context["form"].errors
    line = Entry.objects.about(sites.article).filter(verb="website.page_edited").latest("pk")
    assert line.actor == editor
    assert line.changes["title"] == ["Douane", "Douane, pas à pas"]
    assert "Le texte de douane." in line.changes["body"][0]
    assert "Un texte neuf." in line.changes["body"][1]
    assert set(line.changes) == {"title", "body"}
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    collection = root.add_child(name="Photos")
    collection.name = "Photographies"
    collection.save()
    line = Entry.objects.about(collection).get(verb="website.item_changed")
    assert line.changes["name"] == ["Photos", "Photographies"]
    sites.article.delete()
    assert Entry.objects.filter(verb="website.item_deleted", facts__title="Douane").count() == 1
