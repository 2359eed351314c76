"""The screens of partners' files in a real browser: accessible in both widths, doubtful rows decided by keys alone."""

import pytest
from django.urls import reverse

from pavillon.intake.demo import seed
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import stage
from tests.browser import BY_LOOK, dark_and_narrow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene():
    scene = stage()
    seed({})
    scene.to_decide = Delivery.objects.get(state="rehearsed")
    return scene


def addresses(scene):
    taken = Delivery.objects.filter(state="taken").last()
    return {
        "deliveries": reverse("intake:deliveries"),
        "bring": reverse("intake:bring_delivery"),
        "columns": reverse("intake:map_delivery", args=[scene.to_decide.pk]),
        "report": scene.to_decide.get_absolute_url(),
        "taken": taken.get_absolute_url(),
        "decide": reverse("intake:decide_row", args=[scene.to_decide.pk]),
        "prospects": reverse("intake:prospect_sources"),
        "signals": reverse("intake:signals"),
        "exchanges": reverse("intake:exchanges"),
    }


def test_the_pages_are_accessible_in_both_themes_and_widths(scene, open_page, violations):
    page = open_page("/intake/", user=scene.admin)
    for name, address in addresses(scene).items():
        page.goto(address)
        assert violations(page) == [], name
        with dark_and_narrow(page):
            assert violations(page, BY_LOOK) == [], f"{name}, dark and narrow"


def test_doubtful_rows_are_decided_by_keys(scene, open_page):
    left = scene.to_decide.rows.to_decide().count()
    page = open_page(reverse("intake:decide_row", args=[scene.to_decide.pk]), user=scene.admin)
    for key in ("snx" * left)[:left]:
        line = page.input_value("input[name=line]")
        page.keyboard.press(key)
        page.locator(f"input[name=line][value='{line}']").wait_for(state="detached")
        page.wait_for_load_state()
    page.get_by_text("Every doubtful row is decided").wait_for()
    choices = scene.to_decide.rows.exclude(choice="").order_by("line").values_list("choice", flat=True)
    assert list(choices) == (["same", "new", "skip"] * left)[:left]
