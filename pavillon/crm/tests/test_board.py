"""Requests as a board: the same view as the list, with its totals and rights; cards move by the deeds of their page."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pavillon.crm import actions
from pavillon.crm.enums import LeadState
from pavillon.crm.models import Lead, LeadStep
from pavillon.crm.tests import factories
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.directory.models import Company
from pavillon.ui import steady

BOARD = {"view": "board", "whose": "team"}


def columns(page):
    return {column.state: column for column in page.context["board"].columns}


def test_a_board_is_the_list_drawn_otherwise(cast, sign_in, django_assert_max_num_queries):
    """Counts under filters and rights, twenty cards a column and the rest on demand, few statements."""
    base = lead(cast.atelier)
    rows = [
        Lead(
            company=cast.atelier, origin="phone", subject=f"Sujet {n}", legal_basis=base.legal_basis, region_id="53",
            team=cast.chamber, adviser=base.adviser, state="assigned", assigned_at=base.assigned_at,
            routing=[], search_text=f"SUJET {n}",
        )
        for n in range(44)
    ]  # fmt: skip
    Lead.objects.bulk_create(rows)
    client, url = sign_in(cast.manager), reverse("crm:leads")
    with django_assert_max_num_queries(22):
        page = client.get(url, BOARD)
    drawn = columns(page)
    assert list(drawn) == [str(state) for state in LeadState]
    assert (drawn["assigned"].total, len(drawn["assigned"].cards), drawn["taken"].total) == (45, 20, 0)
    # The filters are the list's own; so are the rights.
    asked = {**BOARD, "origin": "phone", "state": "open"}
    page = client.get(url, asked)
    listed = client.get(url, {name: value for name, value in asked.items() if name != "view"})
    assert page.context["board"].total == listed.context["listing"].total == 44
    assert list(columns(page)) == ["received", "assigned", "taken"]
    assert "view=board" in listed.text
    assert columns(sign_in(cast.theo).get(url, {**BOARD, "whose": "all"}))["assigned"].total == 0
    # The next cards of one column, none twice.
    client = sign_in(cast.manager)
    piece = client.get(drawn["assigned"].more_url, headers={"HX-Request": "true"})
    assert len(piece.context["column"].cards) == 20
    first, second = (
        {card.lead.pk for card in drawn["assigned"].cards},
        {card.lead.pk for card in piece.context["column"].cards},
    )
    assert not first & second
    last = client.get(piece.context["column"].more_url, headers={"HX-Request": "true"})
    assert (len(last.context["column"].cards), last.context["column"].next) == (5, 0)
    # Where a column goes on may be any number of an address: nothing is kept for each of them.
    steady.forget()
    client.get(drawn["assigned"].more_url, headers={"HX-Request": "true"})
    known = {name for name, *_more in steady._kept}
    for odd, left in ((7, 20), (39, 6), (60, 0), (999_980, 0)):
        asked = {**BOARD, "column": "assigned", "first": odd}
        piece = client.get(url, asked, headers={"HX-Request": "true"})
        assert len(piece.context["column"].cards) == left
    assert {name for name, *_more in steady._kept} == known


def test_a_card_moves_by_the_deeds_of_its_page(cast, sign_in):
    """A move that needs data asks for it; one that the button would refuse is refused alike."""
    request = taken(lead(cast.atelier))
    client = sign_in(request.adviser)
    move = reverse("crm:move_lead", args=[request.pk])
    back = f"{reverse('crm:leads')}?view=board"
    asked = client.get(move, {"to": "refused", "back": back})
    assert reverse("crm:refuse_lead", args=[request.pk]) in asked.text
    assert "is not yours to move" in client.get(move, {"to": "closed"}).text
    # Nothing was logged: treating is refused on the page of the request, as by its button.
    treat = reverse("crm:treat_lead", args=[request.pk])
    assert client.post(treat, {"note": "", "back": back}).status_code == 422
    refuse = reverse("crm:refuse_lead", args=[request.pk])
    assert client.post(refuse, {"reason": "", "back": back}).status_code == 422
    done = client.post(refuse, {"reason": "Hors de nos missions", "back": back})
    assert (done.status_code, done.url) == (302, back)
    request.refresh_from_db()
    assert request.state == "refused"
    assert LeadStep.objects.filter(lead=request, step="refused").count() == 1
    # An address of elsewhere is not followed.
    again = lead(cast.atelier, subject="Une autre")
    taking = reverse("crm:take_charge", args=[again.pk])
    assert sign_in(again.adviser).post(taking, {"back": "https://ailleurs.example/"}).url == again.get_absolute_url()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_cards_are_moved_by_mouse_and_by_keys(open_page, violations):
    """Dropped on "taken", taken by the keyboard's menu; dropped where it may not go, it stays and says so."""
    cast = factories.stage()
    Company.objects.filter(pk=cast.atelier.pk).update(name="Atelier du Ponant")
    first, second = lead(cast.atelier, subject="Premier"), lead(cast.atelier, subject="Second")
    for request in (first, second):
        if request.adviser != cast.nour:
            actions.assign_lead(lead=request, adviser=cast.nour, team=cast.chamber, by=fresh(cast.manager))
    page = open_page("/leads/?view=board", user=fresh(cast.nour))
    taken_column = page.locator("[data-column=taken]")
    with page.expect_navigation():
        page.locator(f"[data-card='{first.pk}'] .sub").first.drag_to(taken_column)
    expect(taken_column.locator(f"[data-card='{first.pk}']")).to_be_visible()
    page.locator(f"[data-card='{second.pk}'] .sub").first.drag_to(page.locator("[data-column=closed]"))
    expect(page.locator("#toasts")).to_contain_text("cannot go there")
    opener = page.locator(f"[data-card='{second.pk}'] summary")
    opener.focus()
    page.keyboard.press("Enter")
    page.locator(f"[data-card='{second.pk}'] [data-to=taken]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(taken_column.locator("[data-card]")).to_have_count(2)
    # A refusal asks why, in a dialog, and comes back to the board.
    page.locator(f"[data-card='{first.pk}'] .sub").first.drag_to(page.locator("[data-column=refused]"))
    page.locator("#modal [name=reason]").fill("Hors de nos missions")
    page.locator("#modal button[type=submit]").click()
    expect(page.locator(f"[data-column=refused] [data-card='{first.pk}']")).to_be_visible()
    assert not violations(page)
    page = open_page("/leads/?view=board", user=fresh(cast.nour), width=390, theme="dark")
    expect(page.locator("[data-column=taken] [data-card]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not violations(page)
