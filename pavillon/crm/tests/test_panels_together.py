"""Panels that come into sight are answered by one request, each as if it had been asked for alone."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pavillon.activity.models import Entry
from pavillon.core.permissions import sees
from pavillon.crm import actions
from pavillon.crm.models import QualifiedPeriod, Suggestion
from pavillon.crm.tests.factories import fresh, lead, other_company, taken
from pavillon.crm.views import companies
from pavillon.directory.actions import create_company, flag_company, merge_companies
from pavillon.directory.models import Contact
from pavillon.security.models import Reading
from pavillon.ui import htmx, loading
from pavillon.ui.panels import panels_for
from pavillon.vigilance import middleware
from pavillon.vigilance.actions import ProofWanted, Verdict
from pavillon.vigilance.enums import Outcome
from pavillon.vigilance.models import ReadingLimit

pytestmark = pytest.mark.django_db


def together(subject, *names):
    return (
        f"{reverse('ui:load_panels', args=['directory.company', subject.pk])}?{'&'.join(f'panel={n}' for n in names)}"
    )


def pieces(answer):
    """{place: what stands in it}"""
    parts = answer.text.split('<hx-partial hx-target="#')[1:]
    return {part.split('"')[0]: part for part in parts}


def bare(words):
    """Without the spaces, and without the token, which is another one each time."""
    return "".join(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", words).split())


def test_each_panel_says_what_it_says_alone(cast, sign_in):
    client = sign_in(cast.nour)
    page = client.get(cast.atelier.get_absolute_url())
    names = ["crm:view_referent", "crm:view_timeline", "crm:company_tasks"]
    found = pieces(client.get(together(cast.atelier, *names, names[0]), headers={"HX-Request": "true"}))
    assert set(found) == {f"panel-{name.replace(':', '-')}" for name in names}
    for name in names:
        alone = client.get(reverse(name, args=[cast.atelier.pk]), headers={"HX-Request": "true"}).text
        assert f'id="panel-{name.replace(":", "-")}"' in page.text
        assert bare(alone) in bare(found[f"panel-{name.replace(':', '-')}"])
    # One visit is one reading, and tells the page.
    known = Reading.objects.filter(model="directory.company", object_id=str(cast.atelier.pk))
    assert [line.how for line in known] == ["page"]


def _met(cast):
    """The company stands in a row of each table that the panels of this room show."""
    about = {"company": cast.atelier, "by": fresh(cast.nour)}
    actions.set_referent(adviser=cast.nour, organisation=cast.chamber, **about)
    request = taken(lead(cast.atelier))
    actions.log_interaction(kind="call", happened_at=timezone.now(), summary="Relance du salon", **about)
    actions.start_discussion(text="Un avis sur le cidre ?", **about)
    actions.give_task(
        what="Envoyer le devis", due_on=timezone.localdate(), to=cast.nour, organisation=cast.chamber, **about
    )
    actions.follow_company(topics=["requests"], **about)
    actions.name_dedicated_contact(person=cast.nour, organisation=cast.chamber, function="Douanes", **about)
    facts = {"kind": "exchange", "on": "2026-01-02", "reference": ""}
    Suggestion.objects.create(company=cast.atelier, adviser=cast.nour, rule="promise", facts=facts)
    QualifiedPeriod.objects.create(company=cast.atelier, network="ci", starts_on=timezone.localdate())
    Contact.objects.create(company=cast.atelier, first_name="Yann", last_name="Le Goff")
    double = create_company(name="Atelier du Ponant SARL", by=None, region=cast.bretagne)
    merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    return ["Relance du salon", "Un avis sur le cidre", "Envoyer le devis", "Douanes", "Le Goff", request.reference]


def test_what_is_there_is_asked_for_and_nothing_else(cast, sign_in):
    """One statement says of which tables a company stands in any row; what panels show is the same as alone."""
    client = sign_in(cast.nour)
    known = {panel.url_name for panel in panels_for("directory.company", cast.nour, cast.atelier)}
    names = [name for name in sorted(known) if name.startswith(("crm:", "services:", "solutions_team:"))]

    def asked():
        with CaptureQueriesContext(connection) as told:
            answer = client.get(together(cast.atelier, *names), headers=PIECE)
        statements, found = [one["sql"] for one in told], pieces(answer)
        assert sum('EXISTS(SELECT FROM "crm_lead"' in sql for sql in statements) == 1
        for name in names:
            alone = client.get(reverse(name, args=[cast.atelier.pk]), headers=PIECE).text
            assert bare(alone) in bare(found[f"panel-{name.replace(':', '-')}"]), name
        return answer.text, statements

    _text, bare_ones = asked()
    met = _met(cast)
    text, all_asked = asked()
    assert [words for words in met if words not in text] == []
    for table in ("lead", "interaction", "discussion", "sharedtask", "dedicatedcontact", "suggestion", "follow"):
        rows = f'FROM "crm_{table}"'
        assert any(rows in sql and f"EXISTS(SELECT {rows}" not in sql for sql in all_asked), table
        assert not any(rows in sql and f"EXISTS(SELECT {rows}" not in sql for sql in bare_ones), table


PIECE = {"HX-Request": "true"}
SOME = ["crm:view_referent", "crm:view_timeline", "crm:company_tasks"]


def test_panels_without_their_page_are_one_reading(cast, sign_in, monkeypatch):
    """The log is asked once, the budget pays once; what is refused stays in, is noted, and was not read."""
    paid = []
    spend = middleware.actions.spend_rows
    monkeypatch.setattr(
        middleware.actions, "spend_rows", lambda **how: paid.append((how["opened"], how["again"])) or spend(**how)
    )
    client, address = sign_in(cast.nour), together(cast.atelier, *SOME)
    known = Reading.objects.filter(user=cast.nour, model="directory.company").order_by("pk")
    with CaptureQueriesContext(connection) as asked:
        assert len(pieces(client.get(address, headers=PIECE))) == 3
    assert sum("INTO security_reading" in one["sql"] for one in asked) == 1
    client.get(address, headers=PIECE)
    assert [(line.how, line.object_id) for line in known] == [("panel", str(cast.atelier.pk))]
    assert paid == [(1, 2), (0, 3)]
    # The second company is another reading; beyond the budget its panels stay in.
    ReadingLimit.objects.create(hourly_rows=1, most_rows=1, reason="x")
    other, _manager = other_company()
    for _time in range(2):
        refused = client.get(together(other, *SOME), headers=PIECE)
        assert refused["HX-Redirect"] == reverse("vigilance:my_reading")
        assert pieces(refused) == {}
    lines = known.filter(object_id=str(other.pk))
    assert len(lines) == 2
    assert set(Reading.objects.not_shown({line.pk: line.read_at for line in lines})) == {line.pk for line in lines}
    ReadingLimit.objects.update(hourly_rows=50, most_rows=50)
    assert len(pieces(client.get(together(other, *SOME), headers=PIECE))) == 3
    assert lines.all().count() == 3, "what was not shown before is read now"
    assert paid[2:] == [(1, 2), (1, 2), (1, 2)]


def test_a_record_that_is_not_there_is_missed_once(cast, sign_in):
    """All panels of a page ask for it; nobody tried as many numbers. Refusals count once by reason."""
    names = [panel.url_name for panel in panels_for("directory.company", cast.nour, cast.atelier)]
    gone = reverse("ui:load_panels", args=["directory.company", 999_999_999])
    missed = Entry.objects.filter(verb="security.record_missed", actor=cast.nour)
    client = sign_in(cast.nour)
    for count in (1, 2):
        answer = client.get(f"{gone}?{'&'.join(f'panel={name}' for name in names)}")
        assert answer.text.count("data-again") == len(names) > 15
        assert missed.count() == count
    # Whose company it is sees it, and none of what the team says about it: refused once for each reason.
    refused = sign_in(cast.seller).get(together(cast.atelier, "crm:view_journey", *SOME))
    assert refused.text.count("data-again") == 4
    reasons = [entry.facts["permission"] for entry in Entry.objects.filter(verb="security.access_refused")]
    assert sorted(reasons) == ["crm.view_referent", "crm.view_tasks", "crm.view_timeline"]


def test_who_asked_lends_his_sight_to_nobody(cast):
    """The mark of a row that was looked for says for whom, and answers for nobody else."""
    flag_company(
        company=cast.atelier, by=cast.manager, people=[cast.nour], organisations=[], reason="Brevets",
        state_service="Service", state_contact="0102030405",
    )  # fmt: skip
    nour, theo = fresh(cast.nour), fresh(cast.theo)
    row = loading._look_once()(type(cast.atelier), nour, cast.atelier.pk)
    assert sees(nour, row)
    assert not sees(theo, row)
    with pytest.raises(Http404):
        loading._look_once()(type(cast.atelier), theo, cast.atelier.pk)


def test_what_a_panel_brings_beside_its_words(cast, sign_in, monkeypatch):
    """Cookies and toasts go with the answer and a template is drawn; a way elsewhere and a proof are for the page."""
    client = sign_in(cast.nour)
    real = companies.fragment

    def answer_when(referent):
        def fragment(request, template, *more):
            return referent(request) if template == "crm/view_referent.html" else real(request, template, *more)

        monkeypatch.setattr(companies, "fragment", fragment)
        return client.get(together(cast.atelier, *SOME), headers=PIECE)

    def told(request):
        answer = htmx.toast(TemplateResponse(request, "ui/_logo.html"), "Drawn later")
        answer.set_cookie("seen", "yes")
        return answer

    def unproven(request):
        raise ProofWanted(Verdict(Outcome.PROVE, 1, 1, 1, 1, 1, None))

    answer = answer_when(told)
    assert "<svg" in pieces(answer)["panel-crm-view_referent"]
    assert "Drawn later" in answer["HX-Trigger"]
    assert answer.cookies["seen"].value == "yes"
    # What streams is no words for a place; the others stand.
    streamed = pieces(answer_when(lambda request: StreamingHttpResponse([b"x"])))
    assert "data-again" in streamed["panel-crm-view_referent"]
    assert 'id="timeline"' in streamed["panel-crm-view_timeline"]
    away = answer_when(lambda request: htmx.go_to(request, "/desk/"))
    assert (away.status_code, away["HX-Redirect"]) == (204, "/desk/")
    assert answer_when(unproven)["HX-Redirect"] == reverse("vigilance:my_reading")
    # A layer around panels need not hear of faults.
    monkeypatch.setattr(settings, "AROUND_PANELS", ["pavillon.security.middleware.NoNullCharacters"])
    client.raise_request_exception = False
    loading._chain.cache_clear()
    try:
        assert "data-again" in pieces(answer_when(lambda request: 1 / 0))["panel-crm-view_referent"]
    finally:
        loading._chain.cache_clear()


def test_one_that_fails_leaves_the_others_alone(cast, sign_in, monkeypatch):
    monkeypatch.setattr("pavillon.crm.views.companies.referents_seen", lambda company, user: 1 / 0)
    client = sign_in(cast.nour)
    client.raise_request_exception = False
    found = pieces(
        client.get(together(cast.atelier, "crm:view_referent", "crm:view_timeline", "security:company_panel"))
    )
    assert "data-again" in found["panel-crm-view_referent"]
    assert 'id="timeline"' in found["panel-crm-view_timeline"]
    # What she may not open is refused as if she had asked for it alone, and noted.
    assert "data-again" in found["panel-security-company_panel"]
    address = reverse("security:company_panel", args=[cast.atelier.pk])
    assert Entry.objects.filter(verb="security.access_refused", facts__reason=address).count() == 1


def test_only_panels_of_the_place_are_answered(cast, sign_in):
    client = sign_in(cast.theo)
    for name in ("crm:leads", "accounts:account", "crm:contact_discussions", "/desk/"):
        assert pieces(client.get(together(cast.atelier, name))) == {}
    # A company's panels are about one, those of the desk are not.
    for place, *wrong, name in (
        ("directory.company", "crm:view_timeline"),
        ("workspace.desk", 7, "crm:my_tasks"),
    ):
        address = reverse("ui:load_panels", args=[place, *wrong])
        assert client.get(f"{address}?panel={name}").status_code == 404, address
    assert client.post(together(cast.atelier, "crm:view_referent")).status_code == 405
    client.logout()
    assert client.get(together(cast.atelier, "crm:view_referent")).status_code == 302


@pytest.mark.browser
def test_panels_come_when_they_are_in_sight(cast, open_page):
    asked = []
    page = open_page("/account/", user=fresh(cast.nour))
    page.on("request", lambda request: "/ui/panels/" in request.url and asked.append(request.url.count("panel=")))

    def vanish(route):
        """The first of those asked for is taken away before the answer: that takes no other along."""
        name = parse_qs(urlsplit(route.request.url).query)["panel"][0]
        page.locator(f"[data-panel='{name}']").evaluate("panel => panel.remove()")
        route.continue_()

    page.route("**/ui/panels/**", vanish, times=1)
    page.goto(cast.atelier.get_absolute_url())
    below = page.locator("#panel-curation-company_quality")
    expect(page.locator("#timeline")).to_be_visible()
    expect(below.locator("> .panel-link")).to_have_count(1)
    expect(page.locator(".panel[aria-busy]")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    assert 5 < asked[0] < page.locator(".panel").count()
    # The keyboard meets a part that is not there, and goes on into what it says.
    page.locator("#panel-crm-view_followers > .panel-link").focus()
    expect(page.locator(".panel-link")).to_have_count(0)
    expect(page.locator("#panel-crm-view_followers")).to_be_focused()
    assert sum(asked) == page.locator(".panel").count() + 1
    # A printer waits for nothing, not even for what is on its way.
    links, left = page.locator(".panel-link"), []

    def print_meanwhile(route):
        if route.request.resource_type == "fetch" and not left:
            left.append(links.count())
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            left.append(links.count())
        route.continue_()

    page.route("**/ui/panels/**", print_meanwhile)
    page.goto(cast.atelier.get_absolute_url())
    expect(page.locator("#timeline")).to_be_visible()
    expect(page.locator(".panel[aria-busy]")).to_have_count(0)
    assert left[0] > 15
    assert left[1] == 0, page.complaints
    page.unroute("**/ui/panels/**")
    # What fails says so in its place, and comes when it is asked for again.
    page.route("**/ui/panels/**", lambda route: route.fulfill(status=500, body=""))
    page.goto(cast.atelier.get_absolute_url())
    referent = page.locator("#panel-crm-view_referent")
    expect(referent.get_by_role("button", name="Try again")).to_be_visible()
    referent.get_by_role("button", name="Try again").click()
    expect(referent.get_by_role("button", name="Try again")).to_have_count(0)
    page.complaints = [said for said in page.complaints if "500" not in said]
    assert not page.complaints
