"""What this room knows of one person is found without opening everybody's address."""

from types import SimpleNamespace

import pytest

from pavillon.core.encryption import cipher
from pavillon.crm import actions, tasks
from pavillon.crm.models import Lead
from pavillon.crm.queries.people import leads_of
from pavillon.crm.tests.factories import stage


@pytest.fixture
def cast(db):
    return stage()


def asked(email):
    return Lead.objects.create(
        company_name="Inconnue", origin="site", subject="x", legal_basis="contract", contact_email=email
    )


def test_index_addresses_and_find_requests_of_nobody_by_their_digest(cast, monkeypatch, django_assert_num_queries):
    """New ones bear their digest, old ones are opened until the job has given them theirs; erased ones have none."""
    hers, others, old = asked("Maud@Nord.example"), asked("paul@nord.example"), asked("maud@nord.example")
    Lead.objects.filter(pk=old.pk).update(contact_email_index="")
    person = SimpleNamespace(users=[], contacts=[], emails={"maud@nord.example"})
    opened = []
    decrypt = cipher().decrypt
    monkeypatch.setattr(type(cipher()), "decrypt", lambda self, *a, **k: opened.append(1) or decrypt(*a, **k))
    assert set(leads_of(person).values_list("pk", flat=True)) == {hers.pk, old.pk}
    assert len(opened) == 1
    tasks.index_addresses(0)
    assert actions.index_addresses() == 0
    opened.clear()
    assert set(leads_of(person).values_list("pk", flat=True)) == {hers.pk, old.pk}
    assert not opened
    actions.forget_lead(Lead.objects.get(pk=hers.pk))
    assert [*leads_of(person).values_list("pk", flat=True)] == [old.pk]
    assert Lead.objects.get(pk=hers.pk).contact_email_index == ""
    assert Lead.objects.get(pk=others.pk).contact_email_index
