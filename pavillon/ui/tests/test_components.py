"""Components render valid, accessible HTML."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template, render_to_string
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import mark_safe
from django_cotton.compiler_regex import CottonCompiler
from django_cotton.templatetags._component import CottonComponentNode

from pavillon.core.policy import Level
from pavillon.ui import components
from pavillon.ui.forms import SampleForm
from pavillon.ui.samples import everything
from pavillon.ui.tests.conftest import person

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "rect", "line", "circle"}
VOID |= {"polygon", "polyline"}


class Checked(HTMLParser):
    """Fails on unbalanced tags, repeated ids, inline styles and handlers; keeps what tests ask about."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.elements = [], set(), []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"
        assert "{{" not in html
        assert "{%" not in html

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), f"an attribute is written twice in {self.get_starttag_text()}"
        assert not any(name == "style" or name.startswith("on") for name in attributes), self.get_starttag_text()
        if "id" in attributes:
            assert attributes["id"] not in self.ids, f"id {attributes['id']} is written twice"
            self.ids.add(attributes["id"])
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open.pop() == tag, f"</{tag}> closes another element"

    def all(self, tag, **wanted):
        return [a for t, a in self.elements if t == tag and all(a.get(k) == v for k, v in wanted.items())]


def draw(source, **context):
    return Template(CottonCompiler().process("{% load ui %}" + source)).render(Context(context))


@pytest.fixture
def guide(ask):
    """The style guide's page, as somebody of the team gets it."""

    def render(**settings):
        user = person("ui.view_style_guide", acting=None, email="k@pavillon.example", organisation=None)
        request = ask("/ui/style-guide/", user)
        with override_settings(**settings):
            return render_to_string("ui/view_style_guide.html", {"form": SampleForm(), **everything()}, request)

    return render


def test_the_style_guide_is_valid_and_has_one_title(guide):
    page = Checked(guide())
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.all("a", href="#main")
    html = page.all("html")[0]
    assert (html["lang"], html["dir"]) == ("fr", "ltr")
    for reference in ("aria-labelledby", "aria-describedby", "for", "popovertarget", "aria-controls"):
        for tag, attributes in page.elements:
            for target in (attributes.get(reference) or "").split():
                assert target in page.ids, f"<{tag}> points at {target}, which is not there"


def test_the_demo_label_is_on_every_layout_when_it_is_a_demo(ask):
    for layout in ("workspace", "company", "account", "public", "showroom", "error"):
        for demo in (True, False):
            with override_settings(DEMO=demo):
                html = render_to_string(f"ui/{layout}.html", {}, ask())
            Checked(html)
            assert ('class="demo"' in html) is demo, layout


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "500"])
def test_error_pages_say_what_to_do_even_without_a_request(code):
    page = Checked(render_to_string(f"{code}.html"))
    assert len(page.all("h1")) == 1
    assert page.all("a", href="/")


def test_a_button_is_a_link_when_it_has_an_address():
    assert draw('<c-ui.button href="/x/" kind="primary">Go</c-ui.button>').strip().startswith('<a class="btn primary')
    html = draw('<c-ui.button icon="plus" label="Add" type="button" />')
    assert 'aria-label="Add"' in html
    assert "icononly" in html
    assert html.strip().startswith("<button")


def test_a_table_has_a_caption_a_scope_and_a_reachable_scroll():
    page = Checked(
        draw(
            '<c-ui.table caption="Companies"><c-slot name="head"><th scope="col">Name</th></c-slot>'
            "<tr><td>x</td></tr></c-ui.table>"
        )
    )
    assert page.all("caption")
    assert page.all("div", role="region", tabindex="0")[0]["aria-label"] == "Companies"


def test_a_field_links_its_help_and_its_errors():
    form = SampleForm({"company": "", "email": "nobody"})
    page = Checked(draw("{% for field in form %}{{ field.as_field_group }}{% endfor %}", form=form))
    company = page.all("input", name="company")[0]
    assert company["aria-invalid"] == "true"
    assert set(company["aria-describedby"].split()) == {"id_company_helptext", "id_company_error"}
    assert set(company["aria-describedby"].split()) <= page.ids
    assert page.all("label", **{"for": "id_email"})
    assert page.all("fieldset")


def test_a_form_tells_how_many_answers_are_wrong(ask):
    form = SampleForm({})
    source = '<c-ui.form :form="form" submit="Send" cancel="/back/" />'
    html = Template(CottonCompiler().process("{% load ui %}" + source)).render(
        Context({"form": form, "request": ask(), "csrf_token": "abc"})
    )
    page = Checked(html)
    assert page.all("div", role="alert")
    assert page.all("input", name="csrfmiddlewaretoken")
    assert page.all("a", href="/back/")


def test_values_follow_the_privilege_matrix(ask):
    group = Group(name="Bretagne")
    allowed = draw('{% field_value group "name" %}', group=group, request=ask("/", person()))
    cells = {("auth.group", "name"): Level.FORBIDDEN}
    refused = draw('{% field_value group "name" %}', group=group, request=ask("/", person(cells=cells)))
    assert allowed == "Bretagne"
    assert "Bretagne" not in refused
    assert 'class="restricted"' in refused


def test_an_unknown_value_is_a_dash_that_is_also_said(ask):
    html = draw('{% field_value group "name" %}', group=Group(name=""), request=ask())
    assert 'aria-hidden="true">—' in html
    assert 'class="vh"' in html


def test_messages_may_be_undone(ask):
    message = SimpleNamespace(level_tag="success", extra_tags="undo=/notes/7/restore/", __str__=lambda self: "Deleted")
    html = render_to_string("ui/_overlays.html", {"messages": [message]}, ask())
    page = Checked(html)
    assert page.all("form", action="/notes/7/restore/", method="post")


def test_text_from_people_is_escaped():
    html = draw('<c-ui.badge>{{ x }}</c-ui.badge><c-ui.notice>{{ x }}</c-ui.notice>{% icon "check" "" x %}', x="<b>\"'")
    assert "<b>" not in html


def test_a_component_that_does_not_exist_is_an_error():
    with pytest.raises((TemplateSyntaxError, Exception), match="nonexistent"):
        draw("<c-ui.nonexistent />")


def test_password_fields_keep_their_type():
    class Secret(forms.Form):
        word = forms.CharField(widget=forms.PasswordInput)

    assert Checked(draw('<c-ui.field :field="form.word" />', form=Secret())).all("input", type="password")


CALLS = (
    '<c-ui.badge kind="ok" dot>{{ text }}</c-ui.badge><c-ui.badge icon="check" data-x="{{ text }}">a</c-ui.badge>',
    '{% for kind in kinds %}<c-ui.badge kind="{{ kind }}">{{ kind }}</c-ui.badge>{% endfor %}',
    '<c-ui.fact label="{{ text }}" note="{{ safe }}">{{ safe }}</c-ui.fact><c-ui.fact label="R&D" />',
    '<c-ui.tab href="/x/" :count="number">{{ text }}</c-ui.tab><c-ui.tab href="/x/" :count="missing" current>a'
    "</c-ui.tab>",
    '<c-ui.event title="{{ text }}" icon="phone" :at="when" who="{{ who }}"><c-slot name="badge">'
    '<c-ui.badge>a</c-ui.badge></c-slot>{{ text }}<c-slot name="tags">{{ safe }}</c-slot></c-ui.event>'
    '<c-ui.event title="x" />',
    '<c-ui.step state="done" note="{{ when|day }}">a</c-ui.step><c-ui.step state="current">b</c-ui.step><c-ui.step />',
    '<c-ui.button href="/x/" icon="plus" hx-get="/y/">{{ text }}</c-ui.button><c-ui.button label="{{ text }}" />',
    '<c-ui.empty title="{{ text }}"> </c-ui.empty><c-ui.empty title="a" compact icon="{{ icon }}">b</c-ui.empty>',
    '<c-ui.person name="{{ text }}" note="{% if text %}{{ text }}{% endif %}" href="{{ missing }}" />',
    '<c-ui.notice kind="{{ kinds.0 }}"><c-ui.facts><c-ui.fact label="a">b</c-ui.fact></c-ui.facts></c-ui.notice>',
    '<c-ui.menu label="{% translate \'Open\' %}" text="{{ text }}"><a href="#">a</a></c-ui.menu><c-ui.position />',
    '<c-ui.badge kind="{{ kind }}" :dot="kinds">a</c-ui.badge><c-ui.tab href="/x/" :count="method">a</c-ui.tab>',
)  # fmt: skip


@pytest.mark.parametrize("source", CALLS)
def test_a_component_is_drawn_as_by_cotton(source, monkeypatch):
    """Its texts are kept for each shape; here each is drawn again, with other values and in another language."""

    def drawn():
        found = []
        for language, text, dot in (("fr", "<b>", ""), ("en", "R&D", "of the page"), ("fr", "<b>", "")):
            known = {
                "text": text, "safe": mark_safe("<i>"), "number": 7, "kinds": ["ok", "warn", "<"], "icon": "inbox",
                "who": text, "when": datetime(2026, 3, 3, 23, 5, 0, 12, tzinfo=UTC), "dot": dot, "method": dict,
            }  # fmt: skip
            template = Template(CottonCompiler().process("{% load i18n ui %}" + source))
            with translation.override(language):
                found.append(template.render(Context(known)))
        return found

    ours = drawn()
    assert CottonComponentNode.render is not components._slow
    monkeypatch.setattr(CottonComponentNode, "render", components._slow)
    assert ours == drawn()


@pytest.mark.parametrize(
    "name", ["badge", "button", "crumb", "empty", "event", "fact", "item", "person", "step", "tab"]
)
def test_what_a_page_holds_many_of_is_drawn_with_few_steps(name):
    """And it is, wherever it stands."""
    template = get_template(f"cotton/ui/{name}.html").template
    draw(f'<c-ui.{name} title="a" label="b" name="c" href="/d/">e</c-ui.{name}>')
    assert template._component.shapes


def test_a_moment_is_told_to_machines_as_django_tells_it():
    source = "{{ when|machine_time }} {{ when|date:'c' }}"
    when = datetime(2026, 3, 3, 23, 5, 0, 12, tzinfo=UTC)
    ours, _space, djangos = draw(source, when=when).partition(" ")
    assert ours == djangos
