"""The week under the mouse and the keys, without faults for those who use aids."""

import datetime

import pytest
from django.utils import timezone

from pavillon.agenda import actions
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.calendar import monday_of
from pavillon.agenda.tests.factories import PARIS, fresh, stage
from tests.browser import BY_LOOK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(weekday, hour, minute=0):
    """A moment of this week in Paris."""
    day = monday_of(timezone.localdate()) + datetime.timedelta(days=weekday)
    return datetime.datetime.combine(day, datetime.time(hour, minute), PARIS)


def moments(entry):
    entry.refresh_from_db()
    return entry.starts_at.astimezone(PARIS), entry.minutes


def point_of(page, when):
    """Where a moment is drawn: the middle of its quarter of an hour."""
    box = page.locator(f"[data-day='{when.date()}'] .lines").bounding_box()
    quarter = (when.hour - 7) * 4 + when.minute / 15 + 0.5
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * quarter / 52


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 4, start[1] + 8)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_entries_are_drawn_moved_and_lengthened_by_mouse_and_by_keys(open_page, violations):
    cast = stage()
    entry = actions.create_entry(
        by=fresh(cast.nour), title="Visite", starts_at=at(1, 10), ends_at=at(1, 11), kind="visit", company=cast.atelier
    )
    actions.apply_template(by=fresh(cast.nour), monday=at(7, 9).date())
    page = open_page("/agenda/", user=cast.nour)
    assert not violations(page)
    page.locator(".clockhours").scroll_into_view_if_needed()
    with page.expect_navigation():
        drag(page, point_of(page, at(1, 10)), point_of(page, at(2, 14)))
    assert moments(entry) == (at(2, 14), 60)

    page.locator(".clockhours").scroll_into_view_if_needed()
    x, y = point_of(page, at(2, 15, 15))
    bottom = page.locator("[data-entry]").bounding_box()
    with page.expect_navigation():
        drag(page, (x, bottom["y"] + bottom["height"] - 3), (x, y))
    assert moments(entry) == (at(2, 14), 90)

    page.locator("[data-entry] a").focus()
    page.keyboard.down("Alt")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.down("Shift")
    page.keyboard.press("ArrowUp")
    page.keyboard.up("Shift")
    with page.expect_navigation():
        page.keyboard.up("Alt")
    assert moments(entry) == (at(1, 13, 45), 75)

    page.locator(".clockhours").scroll_into_view_if_needed()
    with page.expect_navigation():
        drag(page, point_of(page, at(3, 9)), point_of(page, at(3, 10, 15)))
    assert page.locator("[name=day]").input_value() == str(at(3, 9).date())
    assert (page.locator("[name=start]").input_value(), page.locator("[name=end]").input_value()) == ("09:00", "10:15")
    assert not violations(page)
    assert not page.complaints


def test_the_pages_are_free_of_faults_on_a_phone_in_the_dark(open_page, violations):
    cast = stage()
    actions.apply_template(by=fresh(cast.nour), monday=at(7, 9).date())
    actions.plan_absence(starts_on=at(8, 9).date(), ends_on=at(8, 9).date(), reason="rtt", by=fresh(cast.manager))
    made = actions.create_entry(
        by=fresh(cast.nour), title="Revue", starts_at=at(9, 10), ends_at=at(9, 11), kind="meeting"
    )
    actions.invite_participant(entry=made, email=cast.yuki.email, by=fresh(cast.nour))
    on = at(7, 9).date()
    page = open_page("/agenda/typical-week/change/", user=cast.nour, width=390, theme="dark")
    assert not violations(page)
    for address in (
        f"/agenda/?on={on}",
        f"/agenda/?view=weeks4&on={on}",
        f"/agenda/?view=year&on={on}",
        f"/agenda/team/?on={at(8, 9).date()}",
        made.get_absolute_url(),
        "/agenda/diagnosis/",
        "/agenda/clock/",
        "/agenda/plan/",
        "/agenda/calendars/",
    ):
        page.goto(address)
        assert not violations(page, rules=BY_LOOK), address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert Entry.objects.filter(kind="slot").exists()
    assert not page.complaints
