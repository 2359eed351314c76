"""The lists of companies and contacts: filters of the criteria language, pages by cursor, columns, cells, facets."""

import re

import pytest
from django.urls import reverse

from pavillon.activity.models import Entry
from pavillon.directory import actions
from pavillon.directory.criteria import columns_for
from pavillon.directory.models import Company, Contact
from pavillon.reference.models import Country
from pavillon.security.models import PolicyCell, Reading
from pavillon.ui import keyset, steady
from pavillon.ui.templatetags.ui import shown_value


@pytest.fixture
def show(client):
    """The list that an address gives somebody: `show(cast.nour, "region.in=53")`."""

    def open_list(user, query="", name="directory:companies", **headers):
        client.force_login(user)
        answer = client.get(f"{reverse(name)}?{query}", **headers)
        assert answer.status_code == 200
        return answer

    return open_list


@pytest.fixture
def found(show):
    return lambda user, query="", **more: [str(r) for r in show(user, query, **more).context["listing"].rows]


def many(count, **fields):
    Company.objects.bulk_create(
        Company(name=f"Chantier {n:04}", match_name=f"CHANTIER {n:04}", **fields) for n in range(count)
    )


def test_an_address_narrows_the_list(cast, found):
    assert found(cast.nour, "region.in=76") == ["Verreries du Midi"]
    assert found(cast.nour, "region.in=53,76&turnover.least=4200000") == ["Ateliers du Ponant"]
    assert found(cast.nour, "q=ponant") == ["Ateliers du Ponant"]
    assert found(cast.nour, 'rule={"not":{"field":"region","op":"in","value":["53"]}}') == ["Verreries du Midi"]


def test_each_question_is_a_chip_that_takes_itself_away(cast, show):
    listing = show(cast.nour, "region.in=53&turnover.above=5&turnover.below=beaucoup&sort=-name").context["listing"]
    region, turnover, wrong = listing.chips
    assert "Brittany" in region.text
    assert region.url == "/companies/?turnover.above=5&sort=-name"
    assert turnover.url == "/companies/?region.in=53&sort=-name"
    assert wrong.is_wrong
    assert "beaucoup" in wrong.text


@pytest.mark.parametrize(
    ("sort", "query"),
    [
        ("name", ""),
        ("-name", ""),
        ("turnover", ""),
        ("-turnover", ""),
        ("region", ""),
        ("name", "name.begins=Chantier"),
        ("-newest", ""),
    ],
)
def test_pages_follow_each_other_forward_and_back_without_loss(cast, show, sort, query):
    """Every row once, in order, forward to the end and back to the start; unknown values come last."""
    many(120)
    for number, company in enumerate(Company.objects.order_by("pk")):
        Company.objects.filter(pk=company.pk).update(
            turnover=None if number % 3 == 0 else number % 7, region=[None, "53", "76"][number % 3]
        )
    pages, address = [], f"{query}&sort={sort}"
    for _page in range(10):
        listing = show(cast.nour, address).context["listing"]
        pages.append([row.pk for row in listing.rows])
        if not listing.next_url:
            break
        address = listing.next_url.partition("?")[2]
    forward = [pk for page in pages for pk in page]
    assert len(pages) == 3
    assert len(forward) == len(set(forward)) == (120 if query else 122)
    expected = [row.pk for row in listing.queryset.order_by(*listing._by(listing.is_descending))]
    if sort.lstrip("-") != "region" and sort.lstrip("-") != "turnover":
        assert forward == expected
    else:
        column = "turnover" if "turnover" in sort else "region_id"
        values = [getattr(Company.objects.get(pk=pk), column) for pk in forward]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=listing.is_descending)
        assert values[len(known) :] == [None] * (len(values) - len(known))
    back = [pages[-1]]
    while listing.previous_url:
        listing = show(cast.nour, listing.previous_url.partition("?")[2]).context["listing"]
        back.insert(0, [row.pk for row in listing.rows])
    assert [pk for page in back for pk in page] == forward


def test_a_letter_is_jumped_to(cast, found):
    many(60)
    assert found(cast.nour, "from=V") == ["Verreries du Midi"]
    assert found(cast.nour, "from=V&sort=-name")[0] == "Verreries du Midi"
    assert found(cast.nour, "from=C")[0] == "Chantier 0000"


@pytest.mark.parametrize("cursor", ["after=rubbish", "before=W10", "after=WyJhIiwgImIiLCAiYyJd", "from=%C3%A9"])
def test_a_broken_address_shows_the_beginning(cast, found, cursor):
    assert found(cast.nour, cursor) == ["Ateliers du Ponant", "Verreries du Midi"]


def test_counts_are_exact_up_to_the_cap(cast, show, monkeypatch):
    many(30)
    assert show(cast.nour).context["listing"].total_text == "32"
    monkeypatch.setattr("pavillon.ui.keyset.CAP", 20)
    for query in ("", "name.begins=Chantier"):
        listing = show(cast.nour, query).context["listing"]
        assert listing.total_text == "20+"
        assert len(listing.rows) == 30 if query else 32
        # The page says itself that such a list is not divided: nothing is asked for it.
        assert "/facets/" not in show(cast.nour, query).content.decode()
    assert show(cast.nour, "name.begins=Verreries").context["listing"].total_text == "1"


@pytest.mark.parametrize("name", ["directory:companies", "directory:contacts"])
def test_a_list_costs_ten_statements_whatever_its_length(cast, show, client, name, django_assert_max_num_queries):
    many(80, region_id="53", turnover=7)
    for number in range(60):
        actions.add_contact(company=cast.atelier, by=None, last_name=f"Riou {number}")
    prefix = "" if name.endswith("companies") else "company_"
    query = f"{prefix}region.in=53&{prefix}turnover.above=5&sort=-name"
    show(cast.nour, query, name=name)
    with django_assert_max_num_queries(10):
        answer = client.get(f"{reverse(name)}?{query}", HTTP_HX_REQUEST="true")
    assert len(answer.context["listing"].rows) == 50
    # The frame around it adds its one statement, and the views and marks their own.
    with django_assert_max_num_queries(12):
        client.get(f"{reverse(name)}?{query}")


def test_htmx_gets_the_rows_alone(cast, show):
    answer = show(cast.nour, HTTP_HX_REQUEST="true").content.decode()
    assert "Ateliers du Ponant" in answer
    assert "<html" not in answer
    assert Reading.objects.filter(user=cast.nour, how="list", model="directory.company", rows=2).exists()


def test_columns_are_chosen_and_ordered(cast, show, client, monkeypatch):
    text = show(cast.nour, "cols=siren,region&sort=name").content.decode()
    heads = re.findall(r'<td data-label="([^"]*)"', text)
    assert len(heads) == 4
    assert heads[0] == "SIREN"
    assert re.findall(r'<td data-label="([^"]*)"', show(cast.nour, "cols=region,siren").content.decode())[1] == "SIREN"
    answer = client.get(reverse("directory:choose_columns", args=["companies"]) + "?cols=siren,region&region.in=53")
    chosen = answer.context["columns"]["chosen"]
    assert "cols=region%2Csiren" in chosen[0]["down"]
    assert "region.in=53" in chosen[0]["down"]
    # The beginning of a long list is put into SQL once for all columns that read the same beside it.
    monkeypatch.setattr(keyset, "CAP", 1)
    steady.forget()
    kept = []
    for columns in ("siren,region", "region,siren", "region,name,siren", "region,town"):
        show(cast.nour, f"cols={columns}&sort=-name")
        kept.append(len({name for name, *_more in steady._kept}))
    assert kept[0] == kept[2] == kept[3] - 1


@pytest.mark.parametrize("model", [Company, Contact])
def test_a_column_reads_nothing_beside_what_it_needs(cast, model, django_assert_num_queries):
    names = ("activity", "commune", "country", "region", "sector", "workforce_band")
    beside = {name: Company._meta.get_field(name).related_model(pk=9) for name in names}
    for column in columns_for(model, cast.nour).values():
        if column.load is not None:
            continue
        bare = Company(pk=7, name="Chantier", **{f"{name}_id": 9 for name in names})
        for name in column.needs:
            step = name.removeprefix("company__")
            if step in beside:
                setattr(bare, step, beside[step])
        row = bare
        if model is Contact:
            row = Contact(pk=8, last_name="Riou", company_id=7)
            if column.needs:
                row.company = bare
        with django_assert_num_queries(0):
            assert column.value(row) is not None or column.shown
            assert not column.shown or shown_value(row, column.shown) is not None
            assert column.link is None or column.link(row)


def test_a_hidden_field_is_no_filter_no_column_no_order_and_no_facet(cast, show, client):
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=0)
    PolicyCell.objects.create(role="adviser", model="directory.company", field="size", level=0)
    Company.objects.filter(pk=cast.southern.pk).update(turnover=9_999_999, size="ETI")
    listing = show(cast.nour, "turnover.above=5000000&cols=turnover,siren&sort=turnover").context["listing"]
    assert len(listing.rows) == 2
    assert listing.chips[0].is_wrong
    assert [column.name for column in listing.columns] == ["siren"]
    assert listing.sort == "name"
    assert "9" * 7 not in show(cast.nour, "cols=turnover").content.decode().replace("\u202f", "")
    client.force_login(cast.nour)
    assert "ETI" not in client.get(reverse("directory:company_facets")).content.decode()
    form = client.get(reverse("directory:filter_list", args=["companies"]), {"ask.field": "turnover"})
    assert form.context["asking"].field is None
    assert 'value="turnover"' not in form.content.decode()


def test_facets_count_and_add_themselves(cast, client, django_assert_max_num_queries):
    many(3, region_id="53", size="PME")
    client.force_login(cast.nour)
    client.get("/companies/facets/")
    with django_assert_max_num_queries(10):
        answer = client.get("/companies/facets/?name.begins=Ch&sort=name")
    facets = {f["field"].name: f["values"] for f in client.get("/companies/facets/").context["facets"]}
    assert [(v["label"], v["count"]) for v in facets["region"]] == [("Brittany", 4), ("Occitanie", 1)]
    assert answer.status_code == 200
    narrowed = client.get(facets["region"][0]["url"])
    assert narrowed.context["listing"].rule.parts, "a value leads to the list, narrowed"
    assert "<main" in narrowed.text


def test_filter_list_asks_and_leads_back(cast, client):
    client.force_login(cast.nour)
    url = reverse("directory:filter_list", args=["companies"])
    asked = {"region.in": "53", "ask.field": "turnover", "ask.op": "inside", "ask.value": "50", "ask.to": "500"}
    assert client.get(url, asked).context["asking"].to == "500"
    answer = client.get(url, {**asked, "go": "1"})
    assert answer["Location"] == "/companies/?region.in=53&turnover.inside=50%2C500"
    wrong = client.get(url, {**asked, "ask.value": "x", "go": "1"})
    assert "“x”" in wrong.context["asking"].error
    assert "region.in" in wrong.content.decode()


def test_find_options_of_a_long_table(cast, client):
    client.force_login(cast.nour)
    url = reverse("directory:find_options", args=["companies", "town"])
    text = client.get(url, {"find": "chateau", "prefix": "ask.", "ask.value": "35238"}).content.decode()
    assert "Châteaulin" in text
    assert "Rennes" in text


def test_edit_company_in_its_cell(cast, client):
    client.force_login(cast.nour)
    url = reverse("directory:edit_company", args=[cast.atelier.pk, "turnover"])
    # Scripts hand nothing down to links: each says itself which cell its form takes.
    assert f'hx-get="{url}" hx-target="closest td"' in client.get(reverse("directory:companies")).text
    form = client.get(url, HTTP_HX_REQUEST="true").content.decode()
    name = re.search(r'name="(cell\d+-turnover)"', form)[1]
    assert client.post(url, {name: "peu"}, HTTP_HX_REQUEST="true").status_code == 422
    answer = client.post(url, {name: "5000000"}, HTTP_HX_REQUEST="true").content.decode()
    assert "5" in answer
    cast.atelier.refresh_from_db()
    assert cast.atelier.turnover == 5_000_000
    assert Entry.objects.about(cast.atelier).filter(verb="directory.company_changed", actor=cast.nour).exists()
    assert client.get(url, {"cancel": "1"}).status_code == 200
    client.force_login(cast.partner)
    assert client.post(url, {name: "1"}).status_code == 403


def test_a_cell_that_may_only_be_read_is_not_edited(cast, client):
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=1)
    client.force_login(cast.nour)
    assert client.get(reverse("directory:edit_company", args=[cast.atelier.pk, "turnover"])).status_code == 403
    assert client.get(reverse("directory:edit_company", args=[cast.atelier.pk, "siren"])).status_code == 403


def test_edit_contact_in_its_cell(cast, client):
    person = actions.add_contact(company=cast.atelier, by=None, last_name="Riou")
    client.force_login(cast.nour)
    url = reverse("directory:edit_contact", args=[person.pk, "job"])
    client.post(url, {f"cell{person.pk}-job_title": "Directrice"}, HTTP_HX_REQUEST="true")
    assert Contact.objects.get(pk=person.pk).job_title == "Directrice"


@pytest.mark.covers("BASE-09")
def test_objectives_potential_and_margin_filter_the_list(cast, client, show):
    """Through the dialog of filters, one question after the other: each of the five criteria, then two together."""
    told = {
        "Grande": {
            "potential_turnover": 900_000,
            "margin": 80_000,
            "turnover_objective": 2_000_000,
            "siren": "552100554",
        },
        "Mince": {"potential_turnover": 900_000, "margin": 10_000, "new_client_objective": 4, "headcount": 120},
        "Petite": {"potential_turnover": 100_000, "margin": 80_000, "region_id": "76"},
    }
    for name, values in told.items():
        Company.objects.create(name=name, match_name=name.upper(), **values)
    client.force_login(cast.nour)
    home, dialog = reverse("directory:companies"), reverse("directory:filter_list", args=["companies"])

    def ask(address, field, op, value):
        query = address.partition("?")[2]
        answer = client.get(f"{dialog}?{query}&ask.field={field}&ask.op={op}&ask.value={value}&go=1")
        assert answer.status_code == 302
        return answer.url

    def names(address):
        return [str(row) for row in client.get(address).context["listing"].rows]

    potential = ask(home, "potential_turnover", "above", "500 000")
    assert names(potential) == ["Grande", "Mince"]
    assert names(ask(potential, "margin", "above", "50k")) == ["Grande"]
    assert names(ask(home, "turnover_objective", "least", "2M")) == ["Grande"]
    assert names(ask(home, "new_client_objective", "most", "4")) == ["Mince"]
    assert names(ask(home, "siren", "is", "552 100 554")) == ["Grande"]
    assert names(ask(home, "headcount", "above", "100")) == ["Mince"]
    assert names(ask(ask(home, "region", "in", "76"), "margin", "filled", "")) == ["Petite"]


def test_names_are_sorted_as_in_a_dictionary(cast, show):
    """É with E, Œ as OE, ligatures and other alphabets; page after page, both ways."""
    names = [
        "Eaux",
        "Écluse",
        "École",
        "Edam",
        "Œil",
        "Ofen",
        "Œuvre",
        "Oz",
        "Ærø",
        "Aeris",
        "Łódź",
        "Lo",
        "Zoé",
        "Ωμέγα",
    ]
    for name in names:
        actions.create_company(name=name, by=None)
    for sort in ("name", "-name"):
        seen, address = [], f"sort={sort}"
        while address:
            listing = show(cast.nour, address).context["listing"]
            seen += [str(row) for row in listing.rows]
            address = listing.next_url.partition("?")[2]
        kept = [name for name in seen if name in names]
        expected = ["Aeris", "Ærø", "Eaux", "Écluse", "École", "Edam", "Lo", "Łódź", "Œil", "Œuvre", "Ofen", "Oz"]
        expected += ["Zoé", "Ωμέγα"]
        assert kept == (expected if sort == "name" else expected[::-1])


def test_countries_are_offered_as_in_a_dictionary(cast):
    for code, name in (("EG", "Égypte"), ("ES", "Espagne"), ("ZW", "Zimbabwe")):
        Country.objects.get_or_create(code=code, defaults={"name_fr": name, "name_en": name})
    names = list(Country.objects.values_list("name_fr", flat=True))
    assert names.index("Égypte") < names.index("Espagne") < names.index("Zimbabwe")


def test_what_a_list_asks_about_is_a_column_of_its_own(cast, client):
    """Asked by a range, the list shows what it found; one single value would stand on every line."""
    client.force_login(cast.nour)
    heads = {column.name for column in client.get(reverse("directory:companies")).context["listing"].columns}
    asked = client.get(reverse("directory:companies"), {"headcount.least": "3", "region.in": "53"})
    assert {column.name for column in asked.context["listing"].columns} == heads | {"headcount"}
    chosen = client.get(reverse("directory:companies"), {"headcount.least": "3", "cols": "siren"})
    assert [column.name for column in chosen.context["listing"].columns] == ["siren"]
