"""The queues of duplicates in a real browser: decided, and taken back, by keys alone."""

import pytest
from django.urls import reverse

from pavillon.curation import actions
from pavillon.curation.models import ContactPair
from pavillon.directory import actions as directory
from pavillon.directory.models import Contact
from pavillon.directory.tests.factories import stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.covers("BASE-05")
def test_people_are_merged_and_parted_by_keys_alone(open_page, violations):
    cast = stage()
    for company, last in ((cast.atelier, "Riou"), (cast.southern, "RIOU")):
        directory.add_contact(
            company=company, by=None, first_name="Anne", last_name=last, email="anne.riou@ponant.example"
        )
    actions.scan_base()
    (pair,) = ContactPair.objects.all()
    page = open_page(reverse("curation:contact_pairs"), user=cast.manager)
    # The next one, one person, and back; the queue that is empty takes the last decision back too.
    page.keyboard.press("n")
    page.wait_for_url(f"**{pair.get_absolute_url()}")
    assert violations(page) == []
    page.keyboard.press("m")
    page.wait_for_url(f"**{reverse('curation:contact_pairs')}")
    assert Contact.objects.filter(merged_into__isnull=False).count() == 1
    assert violations(page) == []
    page.keyboard.press("z")
    page.wait_for_url(f"**{pair.get_absolute_url()}")
    assert not Contact.objects.filter(merged_into__isnull=False).exists()
