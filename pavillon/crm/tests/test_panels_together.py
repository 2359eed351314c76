"""Panels that come into sight are answered by one request, each as if it had been asked for alone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pavillon.activity.models import Entry
from pavillon.crm.tests.factories import fresh
from pavillon.security.models import Reading

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


def test_one_that_fails_leaves_the_others_alone(cast, sign_in, monkeypatch):
    monkeypatch.setattr("pavillon.crm.views.companies.referents_of", lambda company: 1 / 0)
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
    assert (
        client.get(f"{reverse('ui:load_panels', args=['directory.company'])}?panel=crm:view_referent").status_code
        == 404
    )
    assert client.post(together(cast.atelier, "crm:view_referent")).status_code == 405
    client.logout()
    assert client.get(together(cast.atelier, "crm:view_referent")).status_code == 302


@pytest.mark.browser
def test_panels_come_when_they_are_in_sight(cast, open_page):
    asked = []
    page = open_page("/account/", user=fresh(cast.nour))
    page.on("request", lambda request: "/ui/panels/" in request.url and asked.append(request.url.count("panel=")))
    page.goto(cast.atelier.get_absolute_url())
    below = page.locator("#panel-curation-company_quality")
    expect(page.locator("#timeline")).to_be_visible()
    expect(below.locator("> .panel-link")).to_have_count(1)
    assert 5 < asked[0] < page.locator(".panel").count()
    # The keyboard meets a part that is not there, and goes on into what it says.
    page.locator("#panel-crm-view_followers > .panel-link").focus()
    expect(page.locator(".panel-link")).to_have_count(0)
    expect(page.locator("#panel-crm-view_followers")).to_be_focused()
    assert sum(asked) == page.locator(".panel").count()
    # A printer waits for nothing.
    page.goto(cast.atelier.get_absolute_url())
    expect(page.locator("#timeline")).to_be_visible()
    expect(below.locator("> .panel-link")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".panel-link").count() == 0, page.complaints
    # What fails says so in its place, and comes when it is asked for again.
    page.route("**/ui/panels/**", lambda route: route.fulfill(status=500, body=""))
    page.goto(cast.atelier.get_absolute_url())
    referent = page.locator("#panel-crm-view_referent")
    expect(referent.get_by_role("button", name="Try again")).to_be_visible()
    referent.get_by_role("button", name="Try again").click()
    expect(referent.get_by_role("button", name="Try again")).to_have_count(0)
    page.complaints = [said for said in page.complaints if "500" not in said]
    assert not page.complaints
