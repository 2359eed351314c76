import pytest
from django.urls import reverse

from pavillon.activity.models import Entry
from pavillon.crm.tests.factories import fresh
from pavillon.workspace import actions
from pavillon.workspace.models import SavedView

LATE = "/leads/?whose=team&state=late"


def test_a_list_is_kept_under_a_name_and_pinned(cast, sign_in):
    client = sign_in(cast.nour)
    page = client.get(LATE).content.decode()
    assert reverse("workspace:save_view") in page
    data = {"name": "En retard chez nous", "url": LATE, "is_pinned": "on"}
    answer = client.post(reverse("workspace:save_view"), data)
    assert (answer.status_code, answer.url) == (302, LATE)
    assert "En retard chez nous" in client.get(reverse("workspace:desk")).content.decode()


@pytest.mark.parametrize("url", ["https://ailleurs.example/", "//ailleurs.example/", "/nulle/part/", "javascript:x"])
def test_only_pages_of_this_site_are_kept(cast, sign_in, url):
    answer = sign_in(cast.nour).post(reverse("workspace:save_view"), {"name": "x", "url": url})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_a_person(cast, sign_in):
    actions.save_view(name="Mes retards", url=LATE, by=fresh(cast.nour))
    answer = sign_in(cast.nour).post(reverse("workspace:save_view"), {"name": "Mes retards", "url": LATE})
    assert answer.status_code == 422
    assert "Mes retards" in answer.content.decode()
    assert (
        sign_in(cast.nina).post(reverse("workspace:save_view"), {"name": "Mes retards", "url": LATE}).status_code == 302
    )


def test_views_are_ones_own(cast, sign_in):
    view = actions.save_view(name="Mes retards", url=LATE, by=fresh(cast.nour))
    change, delete = (reverse(f"workspace:{deed}_view", args=[view.pk]) for deed in ("change", "delete"))
    assert sign_in(cast.nina).get(change).status_code == 404
    assert sign_in(cast.nina).post(delete).status_code == 404
    assert sign_in(cast.nour).post(change, {"name": "Retards"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.is_pinned) == ("Retards", False)
    assert sign_in(cast.nour).post(delete).status_code == 302
    assert not SavedView.objects.exists()


def test_what_one_does_with_a_view_is_in_the_trail(cast):
    by = fresh(cast.nour)
    view = actions.save_view(name="Mes retards", url=LATE, by=by)
    actions.change_view(view=view, name="Retards", is_pinned=True, by=by)
    actions.delete_view(view=view, by=by)
    verbs = Entry.objects.filter(actor=cast.nour, verb__startswith="workspace.").order_by("pk")
    assert [entry.verb for entry in verbs] == [
        "workspace.view_saved",
        "workspace.view_changed",
        "workspace.view_deleted",
    ]


def test_forget_view(cast):
    actions.forget_view(actions.save_view(name="Mes retards", url=LATE, by=fresh(cast.nour)))
    assert not SavedView.objects.exists()
