"""A company closes in the register: its card says so, and those who follow it are told."""

from pavillon.activity.models import Notification
from pavillon.crm.tests.factories import lead
from pavillon.crm.tests.test_referents import referent
from pavillon.directory.actions import change_company
from pavillon.directory.actions.register import import_register
from pavillon.directory.tests.register_files import a_unit, siren, write


def test_a_closing_is_told_to_the_referent_and_the_adviser(cast, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    change_company(company=cast.atelier, by=None, siren=siren(1))
    referent(cast, adviser=cast.nour)
    asked = lead(company=cast.atelier)
    told = Notification.objects.filter(kind="crm.company_closed")
    import_register([write(tmp_path / "StockUniteLegale-1.csv", [a_unit(1)])])
    assert not told.exists()
    closed = a_unit(1, etatAdministratifUniteLegale="C", dateDebut="2026-10-31")
    (run,) = import_register([write(tmp_path / "StockUniteLegale-2.csv", [closed])])
    cast.atelier.refresh_from_db()
    assert (run.closed, str(cast.atelier.closed_on)) == (1, "2026-10-31")
    people = set(told.values_list("recipient__first_name", flat=True))
    assert "Nour" in people
    if asked.adviser:
        assert asked.adviser.first_name in people
    assert all("Atelier" in title for title in told.values_list("title", flat=True))
    # Once: the same file again, or the next one, tells nothing new.
    count = told.count()
    import_register([write(tmp_path / "StockUniteLegale-3.csv", [closed, a_unit(2)])])
    assert told.count() == count


def test_a_company_that_is_active_again_loses_its_day(cast, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    change_company(company=cast.atelier, by=None, siren=siren(1))
    closed = a_unit(1, etatAdministratifUniteLegale="C", dateDebut="2026-10-31")
    import_register([write(tmp_path / "StockUniteLegale-1.csv", [closed])])
    import_register([write(tmp_path / "StockUniteLegale-2.csv", [a_unit(1)])])
    cast.atelier.refresh_from_db()
    assert cast.atelier.closed_on is None
