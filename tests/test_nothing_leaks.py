"""What the privilege matrix forbids stands nowhere: every governed field × every role, page, export and API answer.

Every governed field of the examples holds a word or a number that nothing else holds. Without a cell these are found
on pages (or the test would prove nothing); with every field forbidden to a role, its person finds none.
"""

import html
import logging
import re
from collections import defaultdict
from zlib import crc32

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import CharField, DecimalField, ForeignKey, IntegerField, TextField, URLField
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.accounts.models import Office, User
from pavillon.core.policy import Level, governed, may_hide, policy_of
from pavillon.crm import actions as crm
from pavillon.crm.models import ContactMessage, DedicatedContact, Lead, Referent
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import _traces_of
from pavillon.interchange.api import api
from pavillon.reference.models import Activity, LegalCategory, ProductCode, Sector, WorkforceBand
from pavillon.security.models import PolicyCell
from pavillon.showroom.models import Buyer, Enquiry
from pavillon.ui.frame import read_frame
from pavillon.ui.panels import panels_for
from tests.api_shapes import API
from tests.permissions_table import ARGUMENT, clients, known_people, listed_pages, plain_refusals, refused_to, undoing
from tests.world import examples, make_world

pytestmark = pytest.mark.django_db

# Numbers and phones that nothing else holds; every other text field holds a word of its own.
DIGITS = {
    "directory.company.turnover": "739184627",
    "directory.company.export_turnover": "218364591",
    "directory.company.headcount": "48271",
    "directory.company.turnover_objective": "512936478",
    "directory.company.potential_turnover": "634817295",
    "directory.company.margin": "187264935",
    "directory.company.new_client_objective": "73914",
    "directory.company.siren": "917384620",
    "directory.contact.phone": "+33298917465",
    "crm.lead.contact_phone": "+33298463917",
    "accounts.user.phone": "+33298736491",
    "showroom.buyer.phone": "+551198764301",
    "showroom.product.price": "618273",
    "showroom.product.minimum_order": "59281",
    "showroom.enquiry.quantity": "483927",
}
SHAPES = {"email": "{}@zq.example", "contact_email": "{}@zq.example", "website": "https://{}.example/"}
# Rows of facts made for the field alone.
FACTS = {
    "directory.company.activity": lambda words: Activity.objects.create(code="99.97Z", revision=2, level=5, **words),
    "directory.company.sector": lambda words: Sector.objects.create(slug="zq", **words),
    "directory.company.workforce_band": lambda words: WorkforceBand.objects.create(code="97", **words),
    "directory.company.legal_category": lambda words: LegalCategory.objects.create(code="9997", **words),
    "showroom.product.customs_code": lambda words: ProductCode.objects.create(
        scheme="HS", code="999799", labels={"en": words["name_en"], "fr": words["name_fr"]}, **words
    ),
}
# Mail shown to everybody is a demonstration of invented people; the keeper of lists sees the lists themselves.
APART = ("mailbox", "showroom-team/verticals/")
# Fields that somebody must be shown, or the search of this test would prove nothing.
ENOUGH = 35
# What addresses of the API take that no record names.
WORDS = {"subject": "companies"}


def mark(place):
    """The recognisable value of a field ("crm.lead.message")."""
    return DIGITS.get(place) or f"zq{crc32(place.encode()):08x}"


def plant(row):
    """Fill the governed fields of a row, and say which."""
    label, done = row._meta.label_lower, {}
    for name in governed()[type(row)]:
        place, field = f"{label}.{name}", row._meta.get_field(name)
        if not may_hide(label, name) or field.choices:
            continue
        if place in FACTS:
            done[name] = FACTS[place]({"name_fr": mark(place), "name_en": mark(place)})
        elif name == "office":
            done[name] = Office.objects.create(
                name=mark(place), country_id="FR", city="Brest", time_zone="Europe/Paris"
            )
        elif name == "attachment":
            done[name] = {"title": mark(place), "summary": [{"label": "Level", "value": mark(place)}]}
        elif place in DIGITS or (isinstance(field, CharField | TextField | URLField) and not field.is_relation):
            done[name] = SHAPES.get(name, "{}").format(mark(place)) if place not in DIGITS else DIGITS[place]
        elif isinstance(field, ForeignKey | IntegerField | DecimalField):
            continue
    for name, value in done.items():
        setattr(row, name, value)
    row.save(update_fields=list(done))
    return {f"{label}.{name}" for name in done}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    cache.clear()
    logging.disable(logging.ERROR)
    folder = tmp_path_factory.mktemp("world")
    around = override_settings(REQUIRE_MFA=False, DATA=folder, MEDIA_ROOT=folder)
    with django_db_blocker.unblock(), around, translation.override("en"), transaction.atomic():
        made = make_world()
        for model in examples():
            made.example(model)
        company, contact = made.example(Company), made.example(DedicatedContact)
        made.rows[Buyer] = made["tom"].buyer
        made.rows[Referent] = Referent.objects.filter(company=company).first() or crm.set_referent(
            company=company, adviser=made["helene"], organisation=made["chamber"], reason="x", by=made["bruno"],
            starts_on=timezone.localdate(),
        )  # fmt: skip
        made.rows[ContactMessage] = crm.write_contact_message(contact=contact, by=made["alice"], text="x")
        lead = made.example(Lead)
        lead.next_action_on = timezone.localdate()
        lead.next_action = "x"
        lead.save()
        Enquiry.objects.filter(pk=made.example(Enquiry).pk).update(next_step="x", next_step_on=timezone.localdate())
        made.planted = set()
        for model in governed():
            if model in made.rows:
                row = made.rows[model]
                row.refresh_from_db()
                made.planted |= plant(row)
        with plain_refusals(), known_people():
            yield made
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def addresses(world):
    """(its line in the table of permissions, address) of every page that one can look at and what the API reads."""
    for page in listed_pages():
        if page.room == "config" or any(word in page.address for word in APART):
            continue
        try:
            yield page.shown_address, page.url(world)
        except LookupError:
            continue
    for path, item in api.get_openapi_schema()["paths"].items():
        if "get" in item:
            found = ARGUMENT.sub(lambda m: m[2], path)
            named = re.findall(r"{(\w+)}", path)
            rows = {model._meta.model_name: row.pk for model, row in reversed(world.rows.items())} | WORDS
            yield f"GET {path.removeprefix(API)}", found.format(**{name: rows[name] for name in named})


def seen_by(client, key, world, urls):
    """{planted field: addresses where this person finds it}. Choices of filters and forms say nothing of a record."""
    found, refused = defaultdict(list), refused_to(key)
    # Under the matrix as it is now; what stands around each page is read once.
    client.person = User.objects.get(pk=client.person.pk)
    policy_of(client.person)
    read_frame(client.person)
    with undoing() as undo:
        for line, url in urls:
            # tests/test_permissions_table.py asks for those; the API is asked there with keys, which open less.
            if line in refused and not line.startswith("GET "):
                continue
            answers = [url]
            for address in answers:
                response = client.get(address)
                undo()
                # 503: a probe that says "not ready".
                assert response.status_code in (503, *range(500)), f"{address} of {key}: {client.error!r}"
                if response.status_code != 200 or getattr(response, "streaming", False):
                    continue
                text = response.content.decode(errors="replace")
                if "format=csv" in text and address == url:
                    answers.append(f"{url}?format=csv")
                text = re.sub(r"<option[^>]*>.*?</option>", "", html.unescape(text), flags=re.S).lower()
                # The time of day says nothing of a record, and to the millisecond it may spell any number.
                timeless = re.sub(r"\d\d:\d\d(:\d\d([.,]\d+)?)?", " ", text)
                digits = re.sub(r"(?<=\d)[\s\u00a0\u202f.,](?=\d)", "", timeless)
                for place in world.planted:
                    if place in FACTS and address.endswith(("/change/", "/create/")):
                        continue  # the whole list of facts, to choose from
                    sought = mark(place)
                    if (sought.lstrip("+") in digits) if place in DIGITS else (sought in text):
                        found[place].append(address)
    return found


@pytest.mark.covers("SEC-11")
def test_what_is_forbidden_stands_nowhere(world):
    """Forbid a role every field: its person finds none of their values on any page, in any export or API answer."""
    urls, leaks, shown = list(dict.fromkeys(addresses(world))), [], set()
    asked = clients(world)
    roles = {}
    for key, person in world.people.items():
        if person is not None:
            roles.setdefault(person.role, []).append(key)
    for key in ("helene", "ines", "alice"):
        if len(shown) <= ENOUGH:
            shown |= set(seen_by(asked[key], key, world, urls))
    for role, keys in roles.items():
        with transaction.atomic():
            for model, fields in governed().items():
                label = model._meta.label_lower
                for name in fields:
                    if may_hide(label, name):
                        PolicyCell.objects.create(role=role, model=label, field=name, level=Level.FORBIDDEN)
            for key in keys[:1]:
                for place, where in seen_by(asked[key], key, world, urls).items():
                    # One's own card is one's own.
                    if not (place.startswith("accounts.user.") and key == "helene"):
                        leaks += [f"{key} ({role}) finds {place} at {address}" for address in where]
            transaction.set_rollback(True)
    assert not leaks, "\n  " + "\n  ".join(sorted(set(leaks)))
    # Where it is not forbidden it is shown: the search above knows what it looks for.
    assert len(shown) > ENOUGH, f"planted, and shown to nobody: {sorted(world.planted - shown)}"


def test_panels_that_come_together_say_what_they_say_alone(world):
    """What is kept about a company at all is asked once for all its panels: none of them misses its own."""
    company, asked = world.example(Company), clients(world)
    assert sum(_traces_of(company.pk).values()) > 12, "too little is kept about the example to prove anything"
    for key in ("helene", "alice"):
        client = asked[key]
        panels = [panel for panel in panels_for("directory.company", client.person, company) if panel.column != "tab"]
        names = "&".join(f"panel={panel.url_name}" for panel in panels)
        together = bare(client.get(f"{reverse('ui:load_panels', args=['directory.company', company.pk])}?{names}"))
        for panel in panels:
            assert bare(client.get(panel.url(company), headers={"HX-Request": "true"})) in together, panel.url_name


def bare(answer):
    """Without spaces, and without the tokens, which are others each time."""
    assert answer.status_code == 200
    return re.sub(r'name="(csrfmiddlewaretoken|token)"\s+value="[^"]+"|\s', "", answer.text)
