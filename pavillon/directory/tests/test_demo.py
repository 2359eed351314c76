"""The demo's companies, on the real places and activities."""

import pytest
from django.core.management import call_command

from pavillon.directory import demo
from pavillon.directory.models import Company, Contact, RegisterUnit
from pavillon.directory.queries import candidates, find_register_unit
from pavillon.reference.models import DataSet


@pytest.mark.django_db
def test_seed_is_believable_and_can_be_run_again(monkeypatch):
    monkeypatch.setattr(demo, "REGISTER_SIZE", 400)
    monkeypatch.setattr(demo, "OTHERS", 10)
    call_command("load_reference")
    world = {}
    demo.seed(world)
    counts = Company.objects.count(), Contact.objects.count(), RegisterUnit.objects.count()
    demo.seed(world)
    assert (Company.objects.count(), Contact.objects.count(), RegisterUnit.objects.count()) == counts
    assert Company.objects.filter(is_accompanied=True, region="53").count() >= 12
    assert not Company.objects.filter(is_demo=False).exists()
    assert {"ines", "atelier", "claire_demo", "marc"} <= set(world["companies"])
    # Claire's company waits in the register; Inès's is accompanied.
    assert find_register_unit(demo.CLAIRE_SIREN).commune_code == "29026"
    assert not Company.objects.filter(siren=demo.CLAIRE_SIREN).exists()
    assert candidates(siren=demo.INES_SIREN)[0].company == world["companies"]["ines"]
    assert DataSet.objects.get(pk="sirene-units-synthetic").is_synthetic
