"""Companies without a contact: the database keeps their list whatever adds, moves, merges or removes people."""

import pytest

from pavillon.directory.actions import add_contact, create_company, merge_companies, undo_merge
from pavillon.directory.models import Company, Contact, LoneCompany

pytestmark = pytest.mark.usefixtures("cast")


def lone():
    kept = set(LoneCompany.objects.values_list("number", flat=True))
    # What the table says is what the base says.
    assert kept == set(
        Company.objects.exclude(contacts__merged_into=None, contacts__isnull=False).values_list("pk", flat=True)
    )
    return kept


def test_companies_without_a_contact_are_known_at_every_moment():
    first, second = (create_company(name=name, by=None) for name in ("Voiles d’Iroise", "Cordages d’Ouessant"))
    both = {first.pk, second.pk}
    assert both <= lone()
    lea, noe = (add_contact(company=first, by=None, first_name=n, last_name="Kerbrat") for n in ("Léa", "Noé"))
    assert both & lone() == {second.pk}
    Contact.objects.filter(pk=lea.pk).update(company=second)
    assert not both & lone()
    # One merged into another is nobody of his own.
    Contact.objects.filter(pk=noe.pk).update(merged_into=lea)
    assert both & lone() == {first.pk}
    Contact.objects.filter(pk=noe.pk).update(merged_into=None)
    event = merge_companies(kept=first, removed=second, by=None, reason="Même maison")
    assert both & lone() == {second.pk}
    undo_merge(event=event, by=None)
    assert not both & lone()
    noe.delete()
    assert both & lone() == {first.pk}
    Contact.objects.all().delete()
    assert both <= lone()
    Company.objects.filter(pk=second.pk).delete()
    assert both & lone() == {first.pk}
