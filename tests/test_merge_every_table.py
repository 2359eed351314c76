"""A merge loses no row of any table that points at a company or a contact, and its undoing puts everything back."""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from pavillon.accounts.models import Organisation, User
from pavillon.directory import actions
from pavillon.directory.actions.moving import images
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.models.references import Rule, rules_for, unique_sets
from pavillon.metrics.models import DayCount, MonthCount, Waiting
from pavillon.services.models import Service, ServiceOrder
from tests.world import make_world

# What a made-up row must say to be believed by its table's constraints.
HINTS = {
    "care.assessment": {"intention": "nothing"},
    "crm.lead": {"legal_basis": "public_task", "state": "received"},
    "crm.interaction": {"duration_minutes": 30},
    "crm.follow": {"topics": ["state"]},
    "directory.callwindow": {"weekday": 1, "starts_at": datetime.time(9), "ends_at": datetime.time(10)},
    "directory.grouplink": {"parent": lambda: _third(), "subsidiary": lambda: _third()},
    "curation.duplicatepair": {"left": lambda: _first(), "right": lambda: _last()},
    "curation.contactpair": {"left": lambda: _first_person(), "right": lambda: _last_person()},
    "crm.recordfollow": {"contact": lambda: _first_person()},
    "services.survey": {"order": lambda: _order()},
    "showroom.shop": {"state": "opened", "opened_at": timezone.now},
}
# Logs are only added to: the acts of merging and undoing stand in them.
LOGS = {"activity.entry", "activity.thread", "directory.mergeevent", "security.reading", "activity.notification"}
# Computed from the records, and again after each merge.
DERIVED = {"curation.companyquality", "directory.matchrecord"}
COUNTS = {DayCount, MonthCount, Waiting}


@pytest.fixture
def world(db):
    return make_world()


def _first():
    """A new company whose number is below all others."""
    lowest = Company.objects.order_by("pk").values_list("pk", flat=True).first() or 0
    return Company.objects.create(pk=min(lowest, 0) - 1, name="Première")


def _last():
    """A new company whose number is above all others."""
    return Company.objects.create(name="Dernière")


def _first_person():
    """The same of people."""
    lowest = Contact.objects.order_by("pk").values_list("pk", flat=True).first() or 0
    return Contact.objects.create(pk=min(lowest, 0) - 1, company=_third(), last_name="Première")


def _last_person():
    return Contact.objects.create(company=_third(), last_name="Dernière")


def _third():
    """A company that is none of the two."""
    return Company.objects.get_or_create(name="Holding de l'Iroise")[0]


def _order():
    """A new order of a service: each has one survey of a kind."""
    place, person = Organisation.objects.get(name="Agence"), User.objects.order_by("pk").first()
    service = Service.objects.create(
        name_fr=f"x{next(_next)}", kind="vie", provider=place, price=1, vat="exempt", delivery_days=1
    )
    return ServiceOrder.objects.create(
        service=service, company=_third(), provider=place, organisation=place, ordered_by=person, price=1,
        currency="EUR", vat="exempt", due_on=datetime.date(2026, 1, 1),
    )  # fmt: skip


def make_row(model, world, depth=0, **given):
    """A row of any table, from its columns: what is given, a hint, an example of the house, or the plainest value."""
    if depth > 4:
        raise LookupError(f"{model._meta.label}: a row needs too many others; add a hint to HINTS")
    values = {}
    hints = {k: v() if callable(v) else v for k, v in HINTS.get(model._meta.label_lower, {}).items()}
    for column in model._meta.concrete_fields:
        if column.name in given or column.attname in given:
            continue
        if column.name in hints:
            values[column.name] = hints[column.name]
        elif (
            (column.primary_key and isinstance(column, models.AutoField))
            or column.has_default()
            or column.null
            or getattr(column, "auto_now", False)
            or column.generated
            or getattr(column, "auto_now_add", False)
            or (column.empty_strings_allowed and column.blank)
        ):
            continue
        elif column.is_relation:
            values[column.name] = _one_of(column.related_model, world, depth)
        else:
            values[column.name] = _plain(column)
    try:
        with transaction.atomic():
            return model._base_manager.create(**values | given)
    except IntegrityError as error:
        raise LookupError(f"{model._meta.label}: say in HINTS what a row must hold ({error})") from error


def _one_of(model, world, depth):
    if model in world.rows:
        return world.rows[model]
    return model._base_manager.order_by("pk").first() or make_row(model, world, depth + 1)


_next = iter(range(1, 10_000))


def _plain(column):
    kind = column.get_internal_type()
    if column.choices:
        return column.flatchoices[0][0] or column.flatchoices[-1][0]
    if kind in ("CharField", "TextField", "SlugField", "URLField", "EmailField", "FileField"):
        return f"x{next(_next)}"[: column.max_length or None]
    if kind == "BooleanField":
        return False
    if kind == "DateField":
        return datetime.date(2026, 1, 1)
    if kind == "DateTimeField":
        return timezone.now()
    if kind == "DecimalField":
        return Decimal(1)
    if kind == "FloatField":
        return 0.5
    return {} if kind == "JSONField" else next(_next)


def whole_base():
    """Every row of every table of ours, logs left out: {(table, number): row}."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if not model.__module__.startswith("pavillon.") or label in LOGS | DERIVED or not model._meta.managed:
            continue
        if isinstance(model._meta.pk, models.CompositePrimaryKey) or model in COUNTS:
            continue
        for pk, image in images(model, list(model._base_manager.values_list("pk", flat=True))).items():
            if model in (Company, Contact):
                image = {name: value for name, value in image.items() if name != "changed_at"}
            found[label, pk] = image
    return found


def point_at(rule: Rule, record, world):
    """A row of the rule's table that names the record, beside those of the other tables."""
    return make_row(rule.model, world, **rule.values(record))


def pointing_rules(target):
    return [rule for rule in rules_for(target) if not rule.why and rule.model not in COUNTS]


@pytest.fixture
def pair(world):
    kept = actions.create_company(name="Ateliers du Ponant", by=None)
    removed = actions.create_company(name="Ateliers Ponant", by=None, website="https://ponant.example", turnover=12)
    people = [
        actions.add_contact(company=kept, by=None, last_name="Riou", first_name="Anne", email="anne@ponant.example"),
        actions.add_contact(company=kept, by=None, last_name="Riou", first_name="A.", phone="0298861234"),
    ]
    world.rows[Company], world.rows[Contact] = kept, people[0]
    return kept, removed, people


def test_every_rule_names_a_column_that_points_there():
    assert {rule.model for rule in pointing_rules(Company)} >= {Contact, apps.get_model("crm.lead")}
    assert len(rules_for(Company)) > 15


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["company", "contact"])
def test_a_merge_loses_nothing_and_its_undoing_restores_everything(world, pair, kind):
    kept, removed, people = pair
    if kind == "contact":
        kept, removed = people
    rules = pointing_rules(type(kept))
    for rule in rules:
        for record in (kept, removed):
            point_at(rule, record, world)
    if kind == "company":
        for day, company in ((1, kept), (1, removed), (2, removed)):
            DayCount.objects.create(day=datetime.date(2026, 1, day), kind="x", company_id=company.pk, count=day * 3)
            Waiting.objects.create(kind="y", company_id=company.pk)
    before = whole_base()
    counts = _counts(kept), _counts(removed)
    merge = actions.merge_companies if kind == "company" else actions.merge_contacts
    event = merge(kept=kept, removed=removed, by=world["bruno"])

    after = whole_base()
    gone = {(label, image["id"]) for label, image in event.moved.get("deleted", [])}
    lost = [key for key in before if key not in after and (key[0], str(key[1])) not in gone]
    assert not lost
    for rule in rules:
        left = rule.rows_of(removed).count()
        assert not left or rule.taken == "stay" or _has_one(rule), f"{rule.key}: {left} rows stayed behind"
    for label, image in event.moved.get("deleted", []):
        assert _has_an_equal(label, image, kept), f"{label}: the dropped row said something that no other says"
    if kind == "company":
        assert sum(_counts(kept).values()) == sum(sum(each.values()) for each in counts)

    actions.undo_merge(event=event, by=world["bruno"])
    again = whole_base()
    different = {
        f"{key[0]}:{key[1]}.{name}": (value, again.get(key, {}).get(name))
        for key, row in before.items()
        for name, value in row.items()
        if again.get(key, {}).get(name) != value
    }
    assert not different
    assert set(again) == set(before)
    if kind == "company":
        assert (_counts(kept), _counts(removed)) == counts


def _has_one(rule):
    """A record has one row of this table: the other's stays with it, and what it holds moves (see the rule)."""
    return any(set(names) == {rule.name} for names, _condition in unique_sets(rule.model))


def _has_an_equal(label, image, kept):
    model = apps.get_model(label)
    rule = next(r for r in rules_for(type(kept)) if r.model is model)
    return bool(rule.function) or rule.rows_of(kept).exists()


def _counts(company):
    """What was counted, by kind and day, waiting counts included."""
    found = {(row.kind, row.day): row.count for row in DayCount.objects.filter(company_id=company.pk)}
    for row in Waiting.objects.filter(company_id=company.pk):
        key = (row.kind, timezone.localdate(row.at))
        found[key] = found.get(key, 0) + 1
    return found


def test_events_of_merges_stay_readable(world, pair):
    kept, removed, _people = pair
    event = actions.merge_companies(kept=kept, removed=removed, by=world["bruno"])
    assert MergeEvent.objects.of(kept).get() == event
