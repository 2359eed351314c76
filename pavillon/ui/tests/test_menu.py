"""Menus, panels and pieces show only what a person may open."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import JSONObject
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language

from pavillon.core import permissions
from pavillon.ui import frame, menu, panels
from pavillon.ui.blank_forms import NotAlike
from pavillon.ui.tests.conftest import person


@pytest.fixture
def registries(monkeypatch):
    """Empty registries and two rules, so that the test says all there is."""
    monkeypatch.setattr(menu, "_entries", [])
    monkeypatch.setattr(frame, "_needs", {})
    monkeypatch.setattr(panels, "_panels", [])
    monkeypatch.setattr(panels, "_pieces", {})
    monkeypatch.setattr(
        permissions,
        "_rules",
        {
            "test.view_guide": lambda user, obj: "guide" in user.granted,
            "test.view_own": lambda user, obj: getattr(obj, "pk", None) == 7,
        },
    )


def add_guide(**more):
    menu.add_entry(
        **{
            "area": "workspace",
            "section": "Portfolio",
            "label": "Guide",
            "url_name": "ui:view_style_guide",
            "permission": "test.view_guide",
            **more,
        }
    )


def test_an_entry_shows_to_those_whose_permission_grants_it(registries):
    add_guide()
    assert menu.sections_for("workspace", person(), "/") == []
    [(title, [line])] = menu.sections_for("workspace", person("guide"), "/")
    assert (title, line.label, line.url) == ("Portfolio", "Guide", "/ui/style-guide/")


def test_the_page_one_is_on_and_its_children_are_current(registries):
    add_guide()
    for path, current in [("/", False), ("/ui/style-guide/", True), ("/ui/style-guide/7/", True), ("/ui/", False)]:
        [(_title, [line])] = menu.sections_for("workspace", person("guide"), path)
        assert line.is_current is current


def sessions(*keys):
    for key in keys:
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())


@pytest.mark.django_db
def test_entries_come_in_order_and_their_counts_are_one_statement(registries, django_assert_num_queries):
    sessions("a", "b", "c")
    add_guide(order=30, label="Third", area="agency", badge=lambda user: Session.objects.filter(session_key="a"))
    add_guide(order=20, label="Second")
    add_guide(order=10, label="First", badge=lambda user: Session.objects.all())
    guided = person("guide")
    with django_assert_num_queries(1):
        [(_title, lines)] = menu.sections_for("workspace", guided, "/")
        [(_title, [third])] = menu.sections_for("agency", guided, "/")
    assert [(line.label, line.badge) for line in lines] == [("First", "3"), ("Second", "")]
    assert third.badge == "1"
    with django_assert_num_queries(0):
        menu.sections_for("workspace", person(), "/")


@pytest.mark.django_db
def test_the_frame_reads_lines_too_and_counts_up_to_two_digits(registries):
    sessions(*(f"{number:03}" for number in range(120)))
    first = Session.objects.order_by("session_key")
    frame.need("lines", permission="test.view_guide", rows=lambda user: first, says=JSONObject(k="session_key"), most=2)
    frame.need("all", permission="test.view_guide", rows=lambda user: Session.objects.all())
    frame.need("none", permission="test.view_guide", rows=lambda user: None)
    guided = person("guide")
    assert frame.read_frame(guided)["lines"] == [{"k": "000"}, {"k": "001"}]
    assert [frame.count_of(name, guided) for name in ("all", "none")] == ["99+", ""]
    assert frame.count_alone("all", person()) == ""
    assert frame.count_alone("lines", guided) == "2"


def test_a_room_that_is_not_installed_leaves_no_dead_line(registries):
    add_guide(url_name="nowhere:page")
    assert menu.sections_for("workspace", person("guide"), "/") == []


def test_mistakes_are_loud(registries):
    with pytest.raises(ValueError, match="No menu is called basement"):
        add_guide(area="basement")
    add_guide(permission="test.view_gide")
    with pytest.raises(LookupError, match="No rule answers"):
        menu.sections_for("workspace", person(), "/")


def test_panels_ask_the_rule_about_the_subject(registries):
    panels.add_panel(
        "test.page", title="Shop", url_name="ui:view_style_guide", permission="test.view_own", column="side"
    )
    mine, other = person(pk_of=1), person()
    mine.pk, other.pk = 7, 8
    assert [p.title for p in panels.panels_for("test.page", person(), mine)] == ["Shop"]
    assert panels.panels_for("test.page", person(), other) == []
    assert panels.panels_for("test.page", person(), mine, column="main") == []
    assert panels.panels_for("elsewhere", person(), mine) == []


def test_pieces_are_drawn_with_the_page(registries, ask):
    panels.add_piece("ui.page_end", lambda request: "<p>cookies</p>")
    panels.add_piece("ui.page_end", lambda request: "")
    drawn = Template("{% load ui %}{% words_of 'ui.page_end' %}").render(Context({"request": ask()}))
    assert drawn == "<p>cookies</p>"


def test_places_of_panels_are_drawn_as_their_template_says():
    """Without it: a company has twenty."""
    shown = [
        panels.Panel("some.place", title, "ui:view_style_guide", "", "main", 1, live, "s")
        for title, live in (("Plain", ""), ("R&D <b>", "crm.leads"))
    ]
    told = [
        {"title": p.title, "url": p.url(), "live": p.live, "name": p.url_name, "slot": p.slot, "size": p.size}
        for p in shown
    ]
    together = "/ui/panels/some.place/?a=1&b=2"
    drawn = render_to_string("ui/_panels.html", {"panels": told, "together": together})
    assert panels.draw_places(shown, None, together) == drawn
    about = panels.Panel("some.place", "About", "directory:company", "", "main", 1, "", "s")
    for number in (7, 12):
        told = [
            {"title": "About", "url": f"/companies/{number}/", "name": about.url_name, "slot": about.slot, "size": "s"}
        ]
        drawn = render_to_string("ui/_panels.html", {"panels": told, "together": together})
        assert panels.draw_places([about], SimpleNamespace(pk=number), together) == drawn
    assert panels.draw_places([], None, together) == render_to_string("ui/_panels.html", {"panels": []})


def test_what_depends_on_its_values_alone_is_drawn_once_for_each_of_them(settings):
    """Proven in tests, where it is drawn each time and compared: what says something else each time is noticed."""
    told = []

    class Said:
        def __str__(self):
            told.append(get_language())
            return "<b>"

    settings.PROVE_STEADY = False
    drawn = Template("{% load drawn i18n %}{% drawn key %}{{ said }} {% translate 'Search' %}{% enddrawn %}")
    pages = []
    for language, key in (("fr", (1, "a")), ("en", (1, "a")), ("fr", (1, "a")), ("fr", (2, "a"))):
        with translation.override(language):
            pages.append(drawn.render(Context({"key": key, "said": Said()})))
    assert pages == ["&lt;b&gt; Rechercher", "&lt;b&gt; Search", "&lt;b&gt; Rechercher", "&lt;b&gt; Rechercher"]
    assert told == ["fr", "en", "fr"]
    settings.PROVE_STEADY = True
    drawn.render(Context({"key": 3, "said": "one"}))
    with pytest.raises(NotAlike):
        drawn.render(Context({"key": 3, "said": "another"}))
