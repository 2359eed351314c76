"""The privilege matrix holds everywhere: what may only be read is not written, what is forbidden is not shown."""

import inspect
import logging
from importlib import import_module

import pytest
from django import forms
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation

from pavillon.accounts.models import User
from pavillon.core.permissions import all_permissions, is_allowed, written_by
from pavillon.core.policy import WHOLE, Level, governed
from pavillon.crm.models import Lead
from pavillon.security.models import PolicyCell
from tests.house import room_of, sources
from tests.permissions_table import Caller, listed_pages
from tests.world import examples, make_world

pytestmark = pytest.mark.django_db

# First words of permissions that let one look.
LOOKING = {"view", "read", "list", "export", "search", "find", "audit", "preview", "simulate", "review"}


def nothing(found):
    """Fail with every finding on a line of its own."""
    found = list(found)
    assert not found, "\n  " + "\n  ".join(sorted(set(found)))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One world for the file, in one transaction that ends undone; each request runs in a savepoint of its own."""
    cache.clear()
    logging.disable(logging.ERROR)
    folder = tmp_path_factory.mktemp("world")
    around = override_settings(REQUIRE_MFA=False, DATA=folder, MEDIA_ROOT=folder)
    with django_db_blocker.unblock(), around, translation.override("en"), transaction.atomic():
        made = make_world()
        for model in examples():
            made.example(model)
        yield made
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def test_every_act_says_what_it_writes():
    """In rooms with lines on the matrix: the guard, the buttons and the API all ask by this declaration."""
    rooms = {room_of(model) for model in governed()}
    silent = [
        name
        for name in all_permissions()
        if name.split(".")[0] in rooms and name.split(".")[1].split("_")[0] not in LOOKING
        # One's own card: its form asks field by field.
        and name != "accounts.change_profile" and written_by(name) is None
    ]  # fmt: skip
    nothing(f"{name}: say writes= in its @permission" for name in silent)


def acts(world):
    """(page, object, field) of every page that changes a governed object."""
    for page in listed_pages():
        if page.permission not in all_permissions():
            continue
        written, field = written_by(page.permission) or (page.subject, WHOLE)
        if written in governed():
            yield page, written, field


def who_may(world, page):
    """Somebody whom the rule lets do it on the example, or None."""
    row = world.example(page.subject) if page.subject else None
    for key, person in world.people.items():
        if person is None:
            continue
        seen = row is None or page.subject._default_manager.visible_to(person).filter(pk=row.pk).exists()
        if seen and is_allowed(person, page.permission, row):
            return key
    return None


@pytest.mark.covers("SEC-12")
@pytest.mark.parametrize("only_the_field", [False, True], ids=["whole object", "its field"])
def test_what_may_only_be_read_is_not_written(world, only_the_field):
    """Every page that changes a governed object refuses a POST of somebody who may only read it."""
    written, asked = [], 0
    for page, model, field in acts(world):
        if only_the_field and field == WHOLE:
            continue
        try:
            url, key = page.url(world), who_may(world, page)
        except LookupError:
            continue  # named by the table of permissions
        if key is None:
            continue
        person = world.people[key]
        place = {"role": person.role, "model": model._meta.label_lower, "field": field if only_the_field else WHOLE}
        with transaction.atomic():
            PolicyCell.objects.create(**place, level=Level.READ)
            client = Caller(raise_request_exception=False)
            client.force_login(person)
            status = client.post(url).status_code
            transaction.set_rollback(True)
        asked += 1
        if status not in (403, 404, 405):
            written.append(f"{page.name}: {key} posts with {place['model']}.{place['field']} at “read”: {status}")
    assert asked > (5 if only_the_field else 80)
    nothing(written)


def set_on_screen(world, level, *, field="*", scope="", old=""):
    """The officer chooses a level for advisers and requests on the matrix's page."""
    client = Client()
    client.force_login(world["nora"])
    cell = f"adviser|crm.lead|{field}|{old}|{level}"
    answer = client.post(f"{reverse('security:change_policy')}?scope={scope}", {"cell": cell, "reason": "Review"})
    assert answer.status_code == 302, answer.content.decode()[:500]


def answers_to(person, lead):
    """What an adviser gets: the list's rows, the page of a request, and the deed of taking charge."""
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    rows = client.get(reverse("crm:leads"), {"whose": "all"}).content.decode().count(lead.get_absolute_url())
    page = client.get(lead.get_absolute_url()).status_code
    with transaction.atomic():
        deed = client.post(reverse("crm:take_charge", args=[lead.pk])).status_code
        transaction.set_rollback(True)
    return bool(rows), page, deed


@pytest.mark.covers("SEC-12")
def test_a_level_chosen_on_the_screen_holds_at_the_next_request(world):
    """“Read” refuses the deed, “forbidden” hides requests from list, page and deed; “write” gives all of it back."""
    lead = world.example(Lead)
    with transaction.atomic():
        assert answers_to(world["helene"], lead) == (True, 200, 302)
        set_on_screen(world, "1")
        assert answers_to(world["helene"], lead) == (True, 200, 403)
        set_on_screen(world, "0", old="1")
        assert answers_to(world["helene"], lead) == (False, 404, 404)
        set_on_screen(world, "", old="0")
        assert answers_to(world["helene"], lead) == (True, 200, 302)
        transaction.set_rollback(True)


@pytest.mark.covers("SEC-09")
@pytest.mark.parametrize("scope", ["region", "organisation"])
def test_a_policy_of_one_region_or_organisation_binds_its_people_only(world, scope):
    """Changed on the screen, it holds at once for Hélène's region or chamber, and for nobody outside it."""
    ours = "region-53" if scope == "region" else f"organisation-{world['chamber'].pk}"
    others = "region-76" if scope == "region" else f"organisation-{world['other_chamber'].pk}"
    lead = world.example(Lead)
    with transaction.atomic():
        set_on_screen(world, "0", scope=others)
        assert answers_to(world["helene"], lead) == (True, 200, 302)
        set_on_screen(world, "0", scope=ours)
        assert answers_to(world["helene"], lead) == (False, 404, 404)
        set_on_screen(world, "", scope=ours, old="0")
        assert answers_to(world["helene"], lead) == (True, 200, 302)
        transaction.set_rollback(True)


# Forms with a field of the name of a governed one, and why they need not ask field by field.
OTHER_FORMS = {
    "accounts.forms.people.AcceptInvitationForm": "one's own account, before any role",
    "accounts.forms.organisations.OrganisationForm": "an organisation, not a person",
    "accounts.forms.organisations.ShopForm": "a region's team, not a person",
    "accounts.forms.organisations.CorrespondentForm": "a network's correspondent, not a card",
    "accounts.forms.people.MembershipFields": "a role, not a card",
    "accounts.forms.people.PersonFields": "the base of forms that ask",
    "crm.forms.leads.NoteForm": "the act's own permission names the field",
    "crm.forms.leads.ColleagueForm": "an address to look a colleague up",
    "crm.forms.leads.HandOverLeadForm": "an address to look a colleague up",
    "crm.forms.leads.RefuseLeadForm": "the reason told to a company, not that of a referent",
    "crm.forms.routing": "rules of routing",
    "crm.forms.territories": "why territories change, not why a referent does",
    "services.forms.answers": "a company answers by the link of a letter, before any role",
    "solutions.forms.accounts": "a stranger opens an account",
    "solutions.forms.catalogue.ProposeSolutionForm": "the matrix governs solutions whole",
    "showroom.forms.buyers.BuyerForm": "a stranger registers",
}


def test_forms_of_governed_objects_ask_the_matrix():
    """A form that writes a field of the matrix calls `bind_form`, or the act's permission names that field."""
    deaf = []
    for path in sources("forms"):
        parts = path.with_suffix("").parts
        module = import_module(".".join(parts[parts.index("pavillon") :]).removesuffix(".__init__"))
        room = module.__name__.split(".")[1]
        for name, form in inspect.getmembers(module, inspect.isclass):
            if form.__module__ != module.__name__ or not issubclass(form, forms.BaseForm):
                continue
            own = {model: set(fields) for model, fields in governed().items() if room_of(model) == room}
            model = getattr(getattr(form, "_meta", None), "model", None)
            if model is not None:
                own = {model: own.get(model, set())}
            wanted = {field for fields in own.values() for field in fields} & set(form.base_fields)
            asks = any(
                "bind_form(" in inspect.getsource(base) for base in form.__mro__ if "pavillon" in base.__module__
            )
            place = f"{module.__name__.removeprefix('pavillon.')}.{name}"
            if wanted and not asks and not place.startswith(tuple(OTHER_FORMS)):
                deaf.append(f"{place} writes {', '.join(sorted(wanted))} without bind_form")
    nothing(deaf)
