"""What `ui.quick` and `ui.resolving` answer in Django's place is what Django answers."""

import re
from collections import Counter
from contextvars import copy_context
from threading import Thread

import pytest
from asgiref.local import Local
from django.conf import settings
from django.middleware import csrf
from django.template import Context, Engine
from django.template.base import Variable, VariableDoesNotExist
from django.test import override_settings
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from django.utils import translation
from django.utils.functional import LazyObject
from django.utils.translation.trans_real import translation as catalogue_of

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership
from pavillon.ui import quick, resolving


class Shelf:
    name = "tools"
    do_not_call = None

    def full(self):
        return "full"

    def wants(self, what):
        return what

    def alter(self):
        raise AssertionError("called")

    alter.alters_data = True

    def lost(self):
        raise Membership.DoesNotExist

    @property
    def broken(self):
        raise AttributeError("its own")


KNOWN = {
    "shelf": Shelf(), "rows": [{"a": 1}, {"a": 2}], "page": {"items": "an entry", "n": 7}, "make": Shelf().full,
    "kind": Role, "none": None, "text": "Brest",
}  # fmt: skip
NAMES = (
    "shelf.name", "shelf.full", "shelf.wants", "shelf.alter", "shelf.missing", "shelf.broken", "shelf.lost",
    "shelf.lost.name", "rows.1.a", "rows.7", "page.items", "page.n", "page.none", "make", "kind.ADVISER", "none",
    "none.name", "missing", "missing.name", "text.upper", "text.0", "autoescape", "flatten",
)  # fmt: skip


def answer(look_up, name, context):
    try:
        return look_up(Variable(name), context)
    except (VariableDoesNotExist, AttributeError) as error:
        return type(error)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_a_template_means_what_it_means_to_django(name):
    engine = Engine(string_if_invalid="")
    for known in (Context(KNOWN), KNOWN):
        if isinstance(known, Context):
            known.template = engine.from_string("")
        elif name in ("shelf.wants", "shelf.lost", "shelf.lost.name", "shelf.alter", "autoescape", "flatten"):
            continue
        assert answer(quick.look_up, name, known) == answer(quick._slow_lookup, name, known)


def test_addresses_are_those_of_django_in_each_language():
    resolver = get_resolver()
    for language in ("fr", "en", "fr"):
        with translation.override(language):
            for name, args in (("crm:lead", [7]), ("crm:lead", ["7"]), ("crm:lead", [7]), ("reference:about_data", [])):
                ours = reverse(name, args=args)
                resolver.__dict__.pop("_known_addresses", None)
                assert reverse(name, args=args) == ours
    for _twice in range(2):
        with pytest.raises(NoReverseMatch):
            reverse("crm:lead", args=["seven"])


def test_words_of_all_rooms_are_found_in_few_catalogues():
    catalogue = catalogue_of("fr")._catalog
    assert len(catalogue._catalogs) < 12
    with translation.override("fr"):
        assert translation.gettext("Requests") == "Demandes"
        assert translation.ngettext("%(n)s hour", "%(n)s hours", 2)


def test_a_choice_is_told_in_the_language_of_its_reader():
    row = Membership(role=Role.ADVISER)
    told = set()
    for language in ("fr", "en"):
        with translation.override(language):
            assert row.get_role_display() == str(Role.ADVISER.label)
            told.add(row.get_role_display())
    assert len(told) == 2
    assert Membership(role="unknown").get_role_display() == "unknown"


def test_settings_are_those_of_django():
    told = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    assert len(told) > 200
    assert {name for name, value in told.items() if LazyObject.__getattribute__(settings, name) is not value} == set()
    with override_settings(DEBUG="other"):
        assert settings.DEBUG == "other"
    assert settings.DEBUG is told["DEBUG"]
    assert not hasattr(settings, "NOWHERE")


def test_what_is_held_for_a_thread_is_what_its_local_says():
    local, others = Local(), []
    for value in ("fr", None):
        local.value = value
        assert (local.value, quick._slow_held(local, "value")) == (value, value)

    def elsewhere():
        others.append(getattr(local, "value", "nothing"))
        local.value = "en"
        others.append(local.value)

    for context in (None, copy_context()):
        thread = Thread(target=context.run if context else elsewhere, args=(elsewhere,) if context else ())
        thread.start()
        thread.join()
    assert (others, local.value) == (["nothing", "en"] * 2, None)
    del local.value
    assert (getattr(local, "value", "nothing"), hasattr(local, "other")) == ("nothing", False)


def test_chance_draws_each_character_alike():
    drawn = Counter(quick.random_text(31_000, csrf.CSRF_ALLOWED_CHARS))
    assert set(drawn) == set(csrf.CSRF_ALLOWED_CHARS)
    # Five hundred each are expected, and one in a billion of such draws has one that is so far from it.
    assert all(300 < many < 700 for many in drawn.values())
    assert [len(quick.random_text(length, "ab")) for length in (0, 1, 32)] == [0, 1, 32]
    assert csrf._does_token_match(csrf._mask_cipher_secret("b" * 32), "b" * 32)
    assert csrf._mask_cipher_secret("b" * 32) != csrf._mask_cipher_secret("b" * 32)


SAMPLES = {"int": "7", "slug": "a-word", "uuid": "6f1d5c9e-0000-4000-8000-000000000007", "path": "a/b.css"}


def addresses(resolver, before=""):
    """An address of each page of the product, as its route is written."""
    for pattern in resolver.url_patterns:
        assert type(pattern) in (URLPattern, URLResolver)
        route = str(pattern.pattern)
        if type(pattern.pattern) is RoutePattern:
            route = re.sub(r"<(?:(\w+):)?\w+>", lambda said: SAMPLES.get(said[1], "12"), route)
        here = before + re.sub(r"\(\?P<.*", "a", route.strip("^$"))
        yield from addresses(pattern, here) if isinstance(pattern, URLResolver) else [here]


def page(resolve, path):
    try:
        found = resolve(get_resolver(), path)
    except Resolver404:
        return None
    return {name: value for name, value in vars(found).items() if name != "tried"}


def test_an_address_means_the_page_that_it_means_to_django():
    known = [f"/{address}" for address in addresses(get_resolver())]
    assert len(known) > 500
    others = ["", "/", "//", "/nowhere/", "/fr/", "/fr/a/page/", "/en/", "/leads", "/leads/x/", "/%00/", "/healthz/"]
    for language in ("fr", "en"):
        with translation.override(language):
            # In English, where only what names its language is another address, each tenth.
            for path in [*others, *known[:: 1 if language == "fr" else 10], *(f"{one}x" for one in known[::7])]:
                assert page(resolving.find_page, path) == page(resolving._slow_resolve, path), path
    assert sum(page(resolving.find_page, path) is not None for path in known) > 0.9 * len(known)
