import pytest
from django.urls import reverse

from pavillon.activity.models import Entry
from pavillon.crm.tests.factories import fresh
from pavillon.directory.actions import create_company, flag_company
from pavillon.directory.models import Company
from pavillon.security.models import PolicyCell
from pavillon.workspace import actions
from pavillon.workspace.models import SavedView, ViewUse
from pavillon.workspace.queries import views_of

LATE = "/leads/?whose=team&state=late"


def test_a_list_is_kept_under_a_name_and_pinned(cast, sign_in):
    client = sign_in(cast.nour)
    page = client.get(LATE).content.decode()
    assert reverse("workspace:save_view") in page
    data = {"name": "En retard chez nous", "url": LATE, "sharing": "personal", "is_pinned": "on"}
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
    answer = sign_in(cast.nour).post(
        reverse("workspace:save_view"), {"name": "Mes retards", "url": LATE, "sharing": "personal"}
    )
    assert answer.status_code == 422
    assert "Mes retards" in answer.content.decode()
    assert (
        sign_in(cast.nina)
        .post(reverse("workspace:save_view"), {"name": "Mes retards", "url": LATE, "sharing": "personal"})
        .status_code
        == 302
    )


def test_views_are_ones_own(cast, sign_in):
    view = actions.save_view(name="Mes retards", url=LATE, by=fresh(cast.nour))
    change, delete, use = (reverse(f"workspace:{deed}_view", args=[view.pk]) for deed in ("change", "delete", "use"))
    assert sign_in(cast.nina).get(change).status_code == 404
    assert sign_in(cast.nina).post(delete).status_code == 404
    assert sign_in(cast.nina).post(use, {"is_pinned": "1"}).status_code == 404
    assert sign_in(cast.nour).post(change, {"name": "Retards", "sharing": "personal"}).status_code == 302
    view = views_of(fresh(cast.nour)).get(pk=view.pk)
    assert (view.name, view.is_pinned) == ("Retards", False)
    assert sign_in(cast.nour).post(delete).status_code == 302
    assert not SavedView.objects.exists()


def test_what_one_does_with_a_view_is_in_the_trail(cast):
    by = fresh(cast.nour)
    view = actions.save_view(name="Mes retards", url=LATE, by=by, is_pinned=False)
    actions.change_view(view=view, name="Retards", sharing="personal", by=by)
    actions.change_view(view=view, name="Retards", sharing="network", by=by)
    actions.use_view(view=view, by=by, is_pinned=True)
    actions.delete_view(view=view, by=by)
    verbs = Entry.objects.filter(actor=cast.nour, verb__startswith="workspace.").order_by("pk")
    assert [entry.verb for entry in verbs] == [
        "workspace.view_saved",
        "workspace.view_changed",
        "workspace.view_shared",
        "workspace.view_used",
        "workspace.view_deleted",
    ]
    assert verbs[2].changes["sharing"] == ["personal", "network"]


COMPANIES = "/companies/?region.in=53&sort=-name&cols=town,siren"


def keep(client, name, url=COMPANIES, **more):
    answer = client.post(reverse("workspace:save_view"), {"name": name, "url": url, "sharing": "personal"} | more)
    assert answer.status_code == 302
    return SavedView.objects.get(name=name)


def test_a_view_is_shared_with_ones_organisation_or_with_the_team(cast, sign_in):
    """Nina works where Nour does, Theo elsewhere, Claire for her company."""
    keep(sign_in(cast.nour), "Pour nous", sharing="organisation")
    keep(sign_in(cast.nour), "Pour tous", sharing="network")
    keep(sign_in(cast.nour), "Pour moi")

    def found(person):
        page = sign_in(person).get("/companies/").content.decode()
        return [name for name in ("Pour nous", "Pour tous", "Pour moi") if name in page]

    assert found(cast.nour) == ["Pour nous", "Pour tous", "Pour moi"]
    assert found(cast.nina) == ["Pour nous", "Pour tous"]
    assert found(cast.theo) == ["Pour tous"]
    assert "Pour tous" in sign_in(cast.theo).get(reverse("workspace:saved_views")).content.decode()
    assert not SavedView.objects.visible_to(fresh(cast.claire)).exists()


def test_a_shared_view_opens_the_list_with_the_rights_of_its_reader(cast, sign_in):
    """Order and columns come with it; a question, a column and a row that the reader may not see do not."""
    url = "/companies/?turnover.above=1&sort=-name&cols=turnover,town"
    secret = create_company(name="Confidentielle", by=None, turnover=50)
    Company.objects.filter(pk=cast.atelier.pk).update(turnover=10)
    flag_company(
        company=secret, reason="Intelligence économique", state_service="SISSE", state_contact="x", by=fresh(cast.nour)
    )
    view = keep(sign_in(cast.nour), "Gros", url=url, sharing="network")
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=0)
    listing = sign_in(cast.theo).get(view.url).context["listing"]
    assert listing.sort == "-name"
    assert [column.name for column in listing.columns] == ["town"]
    assert [chip.is_wrong for chip in listing.chips] == [True]
    assert "Confidentielle" not in {str(row) for row in listing.rows}


def test_who_finds_a_shared_view_pins_it_and_does_not_change_it(cast, sign_in):
    view = keep(sign_in(cast.nour), "Pour nous", sharing="organisation")
    use, change, delete = (reverse(f"workspace:{deed}_view", args=[view.pk]) for deed in ("use", "change", "delete"))
    client = sign_in(cast.nina)
    assert client.post(use, {"is_pinned": "1"}).status_code == 302
    assert 'href="/companies/?region.in=53' in client.get(reverse("workspace:desk")).content.decode()
    assert client.post(change, {"name": "x", "sharing": "personal"}).status_code == 403
    assert client.post(delete).status_code == 403
    assert sign_in(cast.manager).post(change, {"name": "Les nôtres", "sharing": "organisation"}).status_code == 302
    # Kept to oneself again, it is nobody else's any more, pinned or not.
    assert sign_in(cast.nour).post(change, {"name": "Les nôtres", "sharing": "personal"}).status_code == 302
    assert not views_of(fresh(cast.nina)).exists()
    assert not ViewUse.objects.filter(view=view, user=cast.nina).exists()


def test_a_default_view_stands_for_its_list(cast, sign_in):
    view = keep(sign_in(cast.nour), "Bretagne", is_default="on")
    client = sign_in(cast.nour)
    assert client.get("/companies/").url == view.url
    assert client.get("/companies/?all=1").status_code == 200
    listing = client.get(view.url).context["listing"]
    assert listing.plain_url.startswith("/companies/?")
    assert client.get(listing.plain_url).status_code == 200
    assert sign_in(cast.nina).get("/companies/").status_code == 200
    other = keep(sign_in(cast.nour), "Ailleurs", url="/companies/?region.in=76", is_default="on")
    assert sign_in(cast.nour).get("/companies/").url == other.url
    use = reverse("workspace:use_view", args=[other.pk])
    sign_in(cast.nour).post(use, {"is_default": "0"})
    assert sign_in(cast.nour).get("/companies/").status_code == 200
    late = keep(sign_in(cast.nour), "Retards", url=LATE)
    answer = sign_in(cast.nour).post(reverse("workspace:use_view", args=[late.pk]), {"is_default": "1"})
    assert answer.status_code == 404


def test_the_page_of_views_costs_the_same_whatever_their_number(cast, sign_in, django_assert_max_num_queries):
    for number in range(12):
        actions.save_view(name=f"Vue {number}", url=COMPANIES, by=fresh(cast.nour), sharing="network")
    client = sign_in(cast.nina)
    with django_assert_max_num_queries(14):
        client.get(reverse("workspace:saved_views"))


def test_forget_view(cast):
    actions.forget_view(actions.save_view(name="Mes retards", url=LATE, by=fresh(cast.nour)))
    assert not SavedView.objects.exists()
