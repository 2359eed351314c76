"""What a wrong file created leaves again, unless somebody's work names it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pavillon.directory import actions
from pavillon.directory.enums import MergeKind
from pavillon.directory.models import Contact, MergeEvent


@pytest.fixture
def people(cast):
    return [
        actions.add_contact(company=company, by=None, last_name=name)
        for name in ("Riou", "Le Goff", "Kerbrat")
        for company in (cast.atelier, cast.southern)
    ]


def withdrawn(people):
    with CaptureQueriesContext(connection) as seen:
        assert actions.withdraw_records(records=people, by=None) == set()
    return len(seen)


def test_many_people_leave_in_as_many_statements_as_two(people):
    assert withdrawn([Contact.objects.get(pk=one.pk) for one in people[:4]]) == withdrawn(people[4:])
    assert not Contact.objects.exists()


def test_a_merge_of_companies_does_not_hold_people_of_the_same_numbers_back(cast, people):
    double = actions.create_company(name="Ateliers Ponant", by=None)
    actions.merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    MergeEvent.objects.update(kept=people[0].pk, removed=people[1].pk)
    actions.withdraw_record(record=people[0], by=None)
    assert actions.withdraw_records(records=people[1:3], by=None) == set()
    # A merge of people does.
    MergeEvent.objects.update(kind=MergeKind.CONTACT, kept=people[3].pk, removed=people[4].pk)
    assert actions.withdraw_records(records=people[3:], by=None) == {people[3].pk, people[4].pk}
    with pytest.raises(actions.StillUsed):
        actions.withdraw_record(record=people[3], by=None)
