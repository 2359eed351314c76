"""Companies of the base follow the register many at a time, and each exactly as if it were alone."""

import pytest
from django.db import connection, transaction

from pavillon.activity.models import Entry
from pavillon.directory.actions import adopt_register_unit, change_company, create_company, register_following
from pavillon.directory.actions.register import import_register
from pavillon.directory.enums import SourceKind
from pavillon.directory.events import companies_changed, company_changed, company_closed
from pavillon.directory.models import Company, CompanyValue, Establishment, MatchRecord
from pavillon.directory.queries import former_companies
from pavillon.directory.tests.register_files import a_unit, an_office, siren, write
from pavillon.reference.tests import factories as facts

pytestmark = pytest.mark.django_db
CLOSED = {"etatAdministratifUniteLegale": "C", "dateDebut": "2026-05-31"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path / "data"


@pytest.fixture
def base(tmp_path, cast):
    """Twelve units with their sites; companies of the base that agree, differ, were corrected, are closed."""
    facts.make_country()
    for code in ("12", "21"):
        facts.make_workforce_band(code)
    units, sites = [a_unit(n) for n in range(12)], [an_office(n, office) for n in range(12) for office in (1, 2)]
    units[5] |= CLOSED
    import_register([write(tmp_path / "units.csv", units), write(tmp_path / "offices.csv", sites)])
    for n in (0, 1, 2, 3):
        adopt_register_unit(siren=siren(n), by=None)
    adviser = cast.nour
    # An adviser's own word, on what the register rules and on what it does not.
    change_company(company=Company.objects.get(siren=siren(1)), by=adviser, legal_name="SCIERIE DU LAC", name="Le Lac")
    create_company(name="Gone and back", siren=siren(5), by=None, closed_on="2025-01-01")
    create_company(name="Bare", siren=siren(6), by=None)
    create_company(name="Unknown", siren=siren(99), by=None)


def next_month(folder):
    units = [a_unit(n, trancheEffectifsUniteLegale="21") for n in range(12)]
    units[1]["denominationUniteLegale"] = "SCIERIE DE L'ETANG"
    units[2] |= CLOSED
    sites = [an_office(n, office, libelleVoieEtablissement="DU PORT") for n in range(12) for office in (1, 2, 3)]
    sites[3] |= {"etatAdministratifEtablissement": "F", "dateDebut": "2026-05-31"}
    return write(folder / "units-2.csv", units), write(folder / "offices-2.csv", sites)


def told():
    """Everything that following writes, without the numbers of rows and the moments."""
    moments = ("id", "changed_at", "created_at", "indexed_at", "computed_at", "company_id", "run_id")

    def rows(model, *order):
        names = [f.attname for f in model._meta.concrete_fields if f.attname not in moments]
        return list(model.objects.order_by(*order).values_list(*names))

    entries = Entry.objects.order_by("id").values_list("verb", "subjects", "changes", "facts")
    return (
        rows(Company, "pk"),
        rows(Establishment, "siret"),
        rows(CompanyValue, "company", "field", "source"),
        rows(MatchRecord, "company"),
        sorted(str(entry) for entry in entries if entry[0].startswith("directory.") and "register_" not in entry[0]),
    )


def follow(paths, most, monkeypatch):
    """What a month brings when so many companies follow together; the base is as before afterwards."""
    heard = []
    monkeypatch.setattr(register_following, "BATCH", most)
    listeners = [
        (company_changed, lambda company, **_more: heard.append(("changed", company.siren))),
        (companies_changed, lambda companies, **_more: heard.extend(("changed", one.siren) for one in companies)),
        (company_closed, lambda company, **_more: heard.append(("closed", company.siren))),
    ]
    for signal, listener in listeners:
        signal.connect(listener)
    try:
        with transaction.atomic():
            runs = import_register(list(paths))
            result = told(), [run.followed for run in runs], sorted(heard)
            transaction.set_rollback(True)
    finally:
        for signal, listener in listeners:
            signal.disconnect(listener)
    return result


def test_many_together_follow_as_each_would_alone(base, tmp_path, monkeypatch):
    paths, before = next_month(tmp_path), told()
    alone = follow(paths, 1, monkeypatch)
    assert told() == before
    together = follow(paths, 500, monkeypatch)
    assert together == alone
    (companies, sites, values, *_others), followed, heard = together
    assert followed == [6, 6]
    assert len(sites) == 18
    assert ("closed", siren(2)) in heard
    assert (companies, values) != before[:3:2]


def test_an_adviser_and_the_register_each_keep_their_own(base, tmp_path):
    import_register(list(next_month(tmp_path)))
    company = Company.objects.get(siren=siren(1))
    assert (company.name, company.legal_name, company.workforce_band_id) == ("Le Lac", "SCIERIE DU LAC", "21")
    disputed = CompanyValue.objects.filter(company=company, source__kind=SourceKind.REGISTER).disputed()
    assert [value.field for value in disputed] == ["legal_name"]
    assert Company.objects.get(siren=siren(5)).closed_on is None


def test_names_that_the_register_changed_are_kept_many_at_once(base, tmp_path):
    """Two companies of one file change their legal name: whoever remembers the former one finds them."""
    for n in (0, 3):
        change_company(company=Company.objects.get(siren=siren(n)), by=None, name=f"Les Planches {n}")
    units = [a_unit(n) for n in range(12)]
    for n in (0, 3):
        units[n]["denominationUniteLegale"] = f"MENUISERIE {n}"
    import_register([write(tmp_path / "renamed.csv", units)])
    for n in (0, 3):
        company = Company.objects.get(siren=siren(n))
        assert company.legal_name == f"MENUISERIE {n}"
        assert list(former_companies(f"scierie {n}")) == [company.pk]
        assert f"SCIERIE {n}" in [former.name for former in company.former_names.all()]


def test_a_name_that_may_no_longer_be_shown_is_no_former_name(base, tmp_path):
    units = [a_unit(n) for n in range(12)]
    units[0] |= {"statutDiffusionUniteLegale": "P", "categorieJuridiqueUniteLegale": "1000"}
    import_register([write(tmp_path / "hidden.csv", units)])
    company = Company.objects.get(siren=siren(0))
    assert "SCIERIE" not in company.name.upper()
    assert not company.former_names.exists()


def test_following_asks_no_more_for_more_companies(base, tmp_path, django_assert_max_num_queries):
    paths = next_month(tmp_path)
    import_register([paths[0]])
    # Six companies with their sites: a fixed number of statements, most of them those of an import.
    with django_assert_max_num_queries(120):
        (run,) = import_register([paths[1]])
    assert run.followed == 6
    assert connection.in_atomic_block


def test_followers_are_found_whatever_the_planner_believes(base, tmp_path):
    """A base without statistics: the register is read once, not once a company; later statements plan as ever."""
    paths = next_month(tmp_path)
    import_register([paths[0]])
    plans = []

    def explain(execute, sql, params, many, context):
        if "c.siren = left(e.siret, 9)" in sql:
            plans.append(execute(f"EXPLAIN {sql}", params, many, context).fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        import_register([paths[1]])
    told = "\n".join(line for plan in plans for (line,) in plan)
    assert "Join" in told
    assert "Nested Loop" not in told
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        assert cursor.fetchone() == ("on",)
