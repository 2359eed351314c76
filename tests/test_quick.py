"""What `ui.quick` answers in Django's place is what Django answers."""

import pytest
from django.template import Context, Engine
from django.template.base import Variable, VariableDoesNotExist
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation
from django.utils.translation.trans_real import translation as catalogue_of

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership
from pavillon.ui import quick


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
