"""What `ui.drawing` draws in Django's place is what Django draws."""

import resource
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Engine, RequestContext, TemplateDoesNotExist
from django.template.base import FilterExpression, NodeList, Template, VariableDoesNotExist, VariableNode
from django.template.context import BaseContext
from django.template.defaulttags import ForNode, URLNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import TranslateNode
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from pavillon.ui import drawing, selects
from pavillon.ui.middleware import Deep
from pavillon.ui.renderer import PavillonRenderer

PLACES = {
    "resolve": (FilterExpression, "resolve"), "nodes": (NodeList, "render"), "for": (ForNode, "render"),
    "include": (IncludeNode, "render"), "translate": (TranslateNode, "render"), "url": (URLNode, "render"),
    "value": (VariableNode, "render"), "template": (Template, "render"),
    "holds": (BaseContext, "__contains__"),
}  # fmt: skip
FILES = {
    "line.html": "[{{ row }}{{ forloop.counter }}{{ extra }}{{ outer }}]",
    "outer.html": '{% include "line.html" with row=1 only %}'
    '{% for row in rows %}{% include "./line.html" %}{% endfor %}',
}
TEMPLATES = (
    "{{ text }} {{ safe }} {{ none }} {{ missing }} {{ missing.name }} {{ number }} {{ yes }} {{ when }} "
    "{{ row.made }}",
    "{% autoescape off %}{{ text }}{{ safe }}{% translate 'Requests' %}{% url 'crm:lead' 7 %}{% endautoescape %}",
    "{{ text|upper }} {{ missing|default:text }} {{ safe|upper }} {{ when|date:'H:i' }} "
    "{{ rows|join:text }} {{ text|truncatechars:number }} {{ safe|default:'<' }} {{ none|default_if_none:'-' }}",
    "{{ text|default:missing }}{% if text|default:missing %}x{% endif %}",
    "{% if text|add:missing %}x{% endif %}{% if missing %}a{% elif text == '<b>' %}b{% endif %}"
    "{% if number > missing %}c{% else %}d{% endif %}"
    "{% if not missing.name and rows.0 in rows %}e{% endif %}{% if text|length == 3 and none is None %}f{% endif %}",
    "{% for row in rows %}{{ forloop.counter }}/{{ forloop.revcounter0 }}{{ forloop.first }}{{ row }}"
    "{% for row in rows reversed %}{{ forloop.parentloop.counter0 }}{{ forloop.last }}{{ row }}{% endfor %}"
    "{% endfor %}{{ row }}",
    "{% for a, b in pairs %}{{ a }}={{ b }}{% endfor %}{% for a in missing %}x{% empty %}none{% endfor %}",
    "{% for a in lazy %}{% with b=a %}{{ b }}{% translate 'Requests' as words %}{{ words }}{% endwith %}{% endfor %}",
    '{% for row in rows %}{% include "line.html" %}{% include "line.html" with extra=text outer=row %}{% endfor %}'
    '{% include "outer.html" %}{% include chosen %}',
    "{% translate 'Requests' %}{% translate '100%% <i>' %}{% translate text %}{% translate 'May' context 'month' %}"
    "{% translate 'May' context text %}"
    "{% translate 'Requests' noop %}{% for a in rows %}{% translate 'Requests' %}{% endfor %}",
    "{% blocktranslate %}{{ text }} of {{ missing }}{% endblocktranslate %}{% blocktranslate with a=safe %}{{ a }}"
    "{% endblocktranslate %}{% for text in rows %}{{ forloop.parentloop.counter }}{% endfor %}",
    "{% url 'crm:lead' number %}{% url 'crm:lead' 7 %}{% url 'crm:lead' '7' %}{% url 'crm:leads' as there %}{{ there }}"
    "{% url 'crm:nowhere' as nowhere %}{{ nowhere }}{% url 'reference:about_data' %}",
)


class Row:
    def __str__(self):
        return "<row>"

    def made(self):
        return mark_safe("<made>")


def known():
    return {
        "text": "<b>", "safe": mark_safe("<i>"), "none": None, "number": 7, "yes": True, "row": Row(),
        "rows": [Row(), 2], "when": timezone.now(),
        "pairs": [(1, "<"), (2, ">")], "lazy": iter("ab"), "chosen": ["no.html", "line.html"],
    }  # fmt: skip


def drawn(text, request):
    engine = Engine(
        loaders=[("django.template.loaders.locmem.Loader", FILES)],
        builtins=["django.templatetags.i18n"],
    )
    context = RequestContext(request, known()) if request else Context(known())
    template = engine.from_string(text)
    try:
        return [template.render(context), template.render(Context(known(), use_tz=True)), len(context.dicts)]
    except VariableDoesNotExist as error:
        return str(error).partition(" in ")[0]


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_is_drawn_as_by_django(text, monkeypatch):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    ours, told = [], (("fr", None), ("en", request), ("fr", request))
    for language, asked in (*told, *told):
        with translation.override(language):
            ours.append(drawn(text, asked))
    for name, (owner, method) in PLACES.items():
        assert getattr(owner, method) is not drawing._slow[name], f"{name} is not in its place"
        monkeypatch.setattr(owner, method, drawing._slow[name])
    djangos = []
    for language, asked in (*told, *told):
        with translation.override(language):
            djangos.append(drawn(text, asked))
    assert ours == djangos


def test_words_of_a_catalogue_for_a_moment_are_not_kept():
    """Each `override(None)` makes a catalogue of its own, which would stay with every node for ever."""
    template = Engine(builtins=["django.templatetags.i18n"]).from_string("{% translate 'Requests' %}")
    for language in ("fr", None, None, "fr"):
        with translation.override(language):
            assert template.render(Context()) == translation.gettext("Requests")
    assert len(template.nodelist[0]._known) == 1


def test_what_fails_fails_as_with_django():
    with pytest.raises(TemplateDoesNotExist):
        drawn('{% include "no.html" %}', None)
    with pytest.raises(ValueError, match="Need 2 values"):
        drawn("{% for a, b in rows %}{% endfor %}", None)
    for is_debug in (True, False):
        broken = Engine(debug=is_debug).from_string(
            "{% if yes %}{% for a in rows %}{{ a|date:missing }}{% endfor %}{% endif %}"
        )
        with pytest.raises(VariableDoesNotExist) as told:
            broken.render(Context(known()))
        assert hasattr(told.value, "template_debug") == is_debug
    for text in ("{{ missing }}", "{{ missing.name|upper }}"):
        assert "missing" in Engine(string_if_invalid="no %s").from_string(text).render(Context()).lower()


def deep(levels):
    """Calls that stand `levels` high, and two hundred short ones from there."""
    if levels:
        return deep(levels - 1)
    for _nth in range(200):
        shallow()
    return None


def shallow():
    return [*PLACES, None]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="counts faults of memory as Linux does")
def test_calls_of_a_page_never_cross_a_border_of_the_stack():
    """Without `Deep`, one height or another lies at a border, and takes memory from the system at each short call."""

    def faults(_request):
        worst = 0
        for levels in range(300):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            deep(levels)
            worst = max(worst, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
        return worst

    Deep(faults)(None)
    assert Deep(faults)(None) < 100 < faults(None)


def test_a_list_to_choose_from_is_drawn_as_by_its_template(monkeypatch):
    """Values, labels and attributes of each kind, groups, the empty line, several choices; else the template draws."""
    choices = [
        ("", "---------"), (7, "<b>"), ("a&b", mark_safe("<i>x</i>")), (True, gettext_lazy("Requests")),
        ("Group <1>", [(1, "one"), (None, "none")]), (Row(), "row"), ("10.5", "100 %"),
    ]  # fmt: skip
    attributes = {"id": 'a"b', "required": True, "disabled": False, "data-n": 3}
    widgets = [forms.Select(attributes, choices), forms.SelectMultiple({}, choices), forms.Select({}, [(1, 2)])]
    for widget, value in zip(widgets, (7, ["a&b", "1"], 1), strict=True):
        for language in ("en", "fr"):
            with translation.override(language):
                for is_required in (True, False):
                    widget.is_required = is_required
                    ours = widget.render("na<me", value, renderer=PavillonRenderer())
                    with monkeypatch.context() as there:
                        there.setattr(selects, "draw_select", lambda widget: None)
                        theirs = widget.render("na<me", value, renderer=PavillonRenderer())
                    assert ours.replace(">\n<", "><") == theirs.strip().replace(">\n<", "><")
