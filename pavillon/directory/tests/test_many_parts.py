"""Many sites, markets and roles at once: all or none, each with its line in the trail."""

import pytest

from pavillon.activity.models import Entry
from pavillon.directory.actions import (
    MarketKnown,
    SiretTaken,
    add_contact,
    add_establishments,
    add_markets,
    add_roles,
    change_company,
)
from pavillon.directory.models import Establishment, Market
from pavillon.directory.queries import WrongNumber
from pavillon.directory.tests.factories import ATELIER, stage
from pavillon.reference.models import Country

pytestmark = pytest.mark.django_db


def test_many_parts_are_added_all_or_none(django_assert_max_num_queries):
    scene = stage()
    change_company(company=scene.atelier, by=None, siren=ATELIER)
    scene.atelier.refresh_from_db()
    site = {"company": scene.atelier, "siret": f"{ATELIER}00012", "commune": scene.chateaulin}
    named = [{"company": scene.atelier, "name": f"Quai {n}"} for n in range(20)]
    with django_assert_max_num_queries(8):
        made = add_establishments(rows=[site, *named], by=scene.nour)
    assert (made[0].town, made[5].name) == ("Châteaulin", "Quai 4")
    assert Entry.objects.about(made[5]).get().verb == "directory.establishment_added"
    for wrong, refusal in ((f"{ATELIER}00012", SiretTaken), ("73282932000074", WrongNumber)):
        with pytest.raises(refusal):
            add_establishments(rows=[{"company": scene.atelier, "name": "A"}, site | {"siret": wrong}], by=None)
    assert Establishment.objects.count() == 21
    rows = [{"company": one, "country": Country.objects.get(pk="BR")} for one in (scene.atelier, scene.southern)]
    assert len(add_markets(rows=rows, by=scene.nour)) == 2
    with pytest.raises(MarketKnown):
        add_markets(rows=[{"company": scene.atelier, "country": Country.objects.get(pk="JP")}, rows[1]], by=None)
    assert Market.objects.count() == 2
    ana = add_contact(company=scene.atelier, by=None, last_name="Roux")
    (role,) = add_roles(rows=[{"contact": ana, "company": scene.southern, "function": "Conseil"}], by=scene.nour)
    assert (role.is_main, str(role)) == (False, "Conseil · Verreries du Midi")
    assert Entry.objects.about(ana).filter(verb="directory.role_added").exists()
