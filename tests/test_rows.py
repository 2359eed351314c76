"""What `ui.rows` makes of rows is what Django makes of them, and PostgreSQL's moments are read alike by both."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Count, Model, Prefetch, Value
from django.db.models.signals import post_init  # noqa: TID251  to hear what is told

from pavillon.accounts.models import Membership, User
from pavillon.accounts.models.organisations import Organisation
from pavillon.crm.models import Lead
from pavillon.ui import blanks, rows
from pavillon.ui.steady import Form
from tests.world import make_world


def shown(found, depth=3):
    """All that an object holds, with what was brought beside it."""
    if not isinstance(found, Model) or not depth:
        return found
    cached = {name: shown(value, depth - 1) for name, value in found._state.fields_cache.items()}
    own = [(name, value) for name, value in found.__dict__.items() if not name.startswith("_")]
    held = getattr(found, "_prefetched_objects_cache", {})
    brought = {name: [shown(row, depth - 1) for row in each] for name, each in held.items()}
    return type(found), own, found._state.adding, found._state.db, cached, brought


def asked():
    people = User.objects.order_by("pk")
    leads = Lead.objects.order_by("pk")
    return [
        people,
        leads.select_related("company__region", "adviser", "team", "contact"),
        leads.defer("message", "company__name").select_related("company"),
        people.only("email").annotate(n=Count("memberships"), note=Value("x")),
        people.prefetch_related("memberships__organisation", Prefetch("memberships", Membership.objects.none(), "own")),
        Membership.objects.select_related("user").order_by("user__email").distinct(),
        people.values("pk", "email", n=Count("memberships")),
        people.values(),
        leads.values_list("pk", "subject_facts", "received_at", "contact_email"),
        leads.values_list("company__name", flat=True).distinct(),
        leads.values_list("pk", "kind", named=True),
        people.values_list("pk").union(leads.values_list("pk")),
        Organisation.objects.extra(select={"one": "1 + 1"}).values_list("one", "pk").order_by("name"),
    ]


@pytest.mark.django_db
def test_rows_are_read_as_django_reads_them(monkeypatch):
    assert make_world()["crm.lead"]
    exact = []
    for nth, queryset in enumerate(asked()):
        known = blanks.compared(lambda trial: queryset.all(), [(), ()])  # noqa: B023
        exact.append(known.reader.is_exact)
        quick = blanks.rows_of(known, [])
        with monkeypatch.context() as patch:
            patch.setattr(Model, "from_db", classmethod(rows._slow_from_db))
            slow = list(queryset.all())
        assert slow, nth
        assert [shown(row) for row in quick] == [shown(row) for row in slow]
        assert [type(row) for row in quick] == [type(row) for row in slow]
    assert exact.count(False) == 1, "named tuples alone are left to Django"
    # What was not read is asked for when it is wanted, and what is written is known not to be new.
    (person,) = Form(lambda pk: User.objects.only("pk").filter(pk=pk), (7_770_001,), (7_770_002,))(
        User.objects.first().pk
    )
    assert person.get_deferred_fields()
    assert person.email == User.objects.get(pk=person.pk).email
    assert not person._state.adding


def test_who_listens_to_the_making_of_objects_is_told():
    heard = []

    def listen(sender, instance, **told):
        heard.append(instance.name)

    rows._is_plain.pop(Organisation, None)
    post_init.connect(listen, sender=Organisation)
    try:
        Organisation.from_db("default", ["id", "name"], [1, "x"])
    finally:
        post_init.disconnect(listen, sender=Organisation)
        rows._is_plain.pop(Organisation, None)
    assert heard == ["x"]


@pytest.mark.django_db
def test_moments_are_those_of_utc():
    told = (
        "SELECT '2026-10-25 02:30:00.5+02'::timestamptz, '1801-02-03 04:05:06+00:09:21'::timestamptz, NULL::timestamptz"
    )
    with connection.cursor() as cursor:
        cursor.execute(told)
        first, second, none = cursor.fetchone()
    assert (first, none) == (datetime(2026, 10, 25, 0, 30, 0, 500_000, tzinfo=UTC), None)
    assert first.tzinfo is second.tzinfo is UTC
    assert second == datetime(1801, 2, 3, 3, 55, 45, tzinfo=UTC)
    one, again = User.objects.create_user("one@example.org"), list(User.objects.iterator(chunk_size=1))
    assert [person.joined_at for person in again] == [one.joined_at]
