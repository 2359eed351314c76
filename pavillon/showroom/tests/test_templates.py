"""What shops and sheets start from: the agency writes it, sellers meet it, an earlier version comes back."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from pavillon.activity.models import Entry
from pavillon.reference.models import Vertical
from pavillon.showroom import actions
from pavillon.showroom.models import Shop, TemplateVersion
from pavillon.showroom.outlines import OUTLINES
from pavillon.showroom.queries.templates import EVERY
from pavillon.showroom.tests import factories


def page(name, kind, language="en", vertical=EVERY):
    return reverse(name, args=[kind, language, vertical])


@pytest.mark.covers("SHOW-10")
def test_the_agency_writes_the_four_templates_and_what_is_new_starts_from_them(cast, client):
    client.force_login(cast.alice)
    listed = client.get(reverse("showroom_team:templates")).text
    for kind in ("showroom", "shop", "product", "service"):
        assert page("showroom_team:change_template", kind) in listed
    words = {"line": "Say it in one line", "text": "{company} was founded by Breton engineers."}
    assert client.post(page("showroom_team:change_template", "shop"), words).status_code == 302
    client.post(
        page("showroom_team:change_template", "showroom", "fr"), {"line": "Le beau showroom", "text": "Entrez."}
    )
    sheet = {"line": "Which service, for whom", "text": "Where you go.\nWho goes.", "pictures": "Your team on site."}
    client.post(page("showroom_team:change_template", "service"), sheet)
    robots = {"line": "Which robot", "text": "Axes, reach, payload.", "pictures": "The robot at work."}
    client.post(page("showroom_team:change_template", "product", "en", "machine-tools"), robots)

    with translation.override("fr"):
        assert "Le beau showroom" in client.get(reverse("showroom:home")).text
    # A new shop starts with the agency's words, its name in their place; the other language with those delivered.
    firm = factories.people.actions.create_organisation(name="Ponant", kind="company", by=None)
    claire = factories.people.person("Claire", firm, "company_manager")
    factories.company("Atelier du Ponant", "53", firm)
    client.force_login(claire)
    client.post(reverse("showroom_company:apply_for_shop"), {"motivation": "Boats"})
    shop = Shop.objects.get(company__name="Atelier du Ponant")
    assert shop.presentation_en == "Atelier du Ponant was founded by Breton engineers."
    assert shop.presentation_fr == OUTLINES["shop", "fr"].for_company("Atelier du Ponant")
    actions.accept_shop(shop=shop, by=cast.alice)
    assert "Say it in one line" in client.get(reverse("showroom_company:change_shop", args=[shop.pk])).text
    # A sheet of that vertical starts from its own template, one of another vertical from that of all.
    for kind, vertical, expected in (
        ("product", "machine-tools", robots),
        ("product", "maritime", vars(OUTLINES["product", "en"])),
        ("service", "maritime", sheet),
    ):
        new = {"kind": kind, "vertical": vertical, "name_en": f"{kind} of {vertical}", "name_fr": ""}
        form = client.post(reverse("showroom_company:create_product"), new, follow=True).context["form"]
        field = form.fields["description_en"].widget.attrs["placeholder"]
        assert (field, form.outlines["en"].line) == (expected["text"], expected["line"]), (kind, vertical)
        assert form.instance.description_en == "", "never taken for the seller's own words"
    with translation.override("en"):
        own = reverse("showroom_company:product", args=[shop.products.get(kind="service").pk])
        client.cookies["django_language"] = "en"
        assert "Your team on site." in client.get(own).text


def test_versions_are_kept_seen_and_taken_again(cast, client):
    client.force_login(cast.alice)
    address = page("showroom_team:change_template", "product")
    for line in ("First words", "Second words"):
        client.post(address, {"line": line, "text": "Text", "pictures": ""})
    client.post(address, {"line": "Second words", "text": "Text", "pictures": ""})
    assert [v.number for v in TemplateVersion.objects.order_by("number")] == [1, 2], "the same words make no version"
    shown = client.get(address).text
    assert "First words" in shown
    assert OUTLINES["product", "en"].line in shown
    restore = page("showroom_team:restore_template", "product")
    client.post(restore, {"number": "1"})
    newest = TemplateVersion.objects.latest("number")
    assert (newest.number, newest.line, newest.made_by) == (3, "First words", cast.alice)
    client.post(restore, {"number": "0"})
    assert client.get(address).context["form"].initial["line"] == OUTLINES["product", "en"].line
    client.post(restore, {"number": "0"})
    assert TemplateVersion.objects.count() == 4, "nothing to withdraw twice"
    for number in ("9", "-1", "x", ""):
        assert client.post(restore, {"number": number}).status_code == 404
    told = Entry.objects.get(verb="showroom.template_changed", facts__version=2)
    assert told.changes == {"line": ["First words", "Second words"]}
    assert Entry.objects.filter(verb="showroom.template_restored", actor=cast.alice).count() == 2


def test_the_preview_shows_the_words_and_keeps_nothing(cast, client):
    client.force_login(cast.alice)
    words = {"line": "Say it", "text": "{company} builds."}
    answer = client.post(page("showroom_team:preview_template", "shop"), words, headers={"HX-Request": "true"})
    assert "Atelier du Ponant builds." in answer.text
    assert "<html" not in answer.text
    # Without script the page comes back whole, the words still in the form.
    answer = client.post(page("showroom_team:preview_template", "shop"), words)
    assert "Atelier du Ponant builds." in answer.text
    assert answer.context["form"]["line"].value() == "Say it"
    assert not TemplateVersion.objects.exists()


def test_what_would_not_be_filled_in_is_refused_and_so_is_who_may_not(cast, client):
    client.force_login(cast.alice)
    wrong = {"line": "Say it", "text": "{firm} builds."}
    refused = client.post(page("showroom_team:change_template", "shop"), wrong)
    assert refused.status_code == 422
    assert "{firm}" in str(refused.context["form"].errors["text"])
    assert (
        client.post(page("showroom_team:change_template", "product"), {"line": "{company}", "text": "x"}).status_code
        == 422
    )
    for kind, language, vertical in (
        ("shop", "en", "machine-tools"), ("nothing", "en", EVERY), ("shop", "de", EVERY), ("product", "en", "nowhere"),
    ):  # fmt: skip
        assert client.get(page("showroom_team:change_template", kind, language, vertical)).status_code == 404
    for person in (cast.helene, cast.ines):
        client.force_login(person)
        assert client.get(reverse("showroom_team:templates")).status_code == 403
        assert client.post(page("showroom_team:change_template", "shop"), {"line": "x", "text": "y"}).status_code == 403
    assert not TemplateVersion.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "shop", "vertical_id": "machine-tools"},
        {"text": ""},
        {"is_withdrawn": True},
        {"number": 0},
    ],
)
def test_the_database_refuses_templates_that_cannot_be(cast, broken):
    values = {"kind": "product", "language": "en", "number": 1, "line": "x", "text": "y"}
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateVersion.objects.create(**(values | broken))


def test_a_template_has_each_version_once(cast):
    values = {"kind": "product", "language": "en", "number": 1, "line": "x", "text": "y"}
    TemplateVersion.objects.create(**values)
    TemplateVersion.objects.create(**values, vertical=Vertical.objects.get(pk="maritime"))
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateVersion.objects.create(**values)
