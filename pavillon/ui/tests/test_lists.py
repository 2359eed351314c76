"""Lists: filter, sort, page, htmx, export; bounded whatever the number of rows."""

import csv
import io
from types import SimpleNamespace

import django_filters
import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django.http import HttpResponse

from pavillon.core import reading
from pavillon.core.policy import Level
from pavillon.ui import exports, htmx, lists
from pavillon.ui.tests.conftest import person

pytestmark = pytest.mark.django_db


class GroupFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", label="Name")

    class Meta:
        model = Group
        fields = ["name"]


@pytest.fixture(autouse=True)
def no_limits_of_rooms_above(monkeypatch):
    monkeypatch.setattr(exports, "_guards", [])
    monkeypatch.setattr(exports, "_withholders", [])


@pytest.fixture
def groups():
    Group.objects.all().delete()  # Wagtail makes two of its own
    return Group.objects.bulk_create([Group(name=f"Group {n:03}") for n in range(1, 121)])


@pytest.fixture
def listing(monkeypatch, ask):
    """The context that a list page gives its template."""

    def show(path, user=None, queryset=None, **more):
        seen = {}

        def keep(request, template, rows, context, **kwargs):
            seen.update(context)
            # The answer of a page is lazy about its rows; the template reads them.
            list(context["listing"].rows)
            return HttpResponse()

        # Only the name in `lists`: a room imported meanwhile would keep a replaced `htmx.fragment` for ever.
        monkeypatch.setattr(lists, "htmx", SimpleNamespace(**{**vars(htmx), "fragment": keep}))
        options = {"sorts": {"name": ["name"], "newest": ["-pk"]}, "sort": "name", "notes_reading": False, **more}
        response = lists.list_page(
            ask(path, user), Group.objects.all() if queryset is None else queryset, template="t", rows="r", **options
        )
        return seen.get("listing"), response

    return show


def test_pages(groups, listing):
    first, _ = listing("/groups/")
    assert (first.first, first.last, first.total_text, first.pages) == (1, 50, "120", 3)
    assert (first.previous_url, first.next_url) == ("", "/groups/?page=2")
    last, _ = listing("/groups/?page=3")
    assert [row.name for row in last.rows][-1] == "Group 120"
    assert last.next_url == ""


@pytest.mark.parametrize("page", ["0", "-1", "x", "999", "99999999999999", "²"])
def test_an_impossible_page_is_a_page_of_the_list(groups, listing, page):
    shown, _ = listing(f"/groups/?page={page}")
    assert 1 <= shown.page <= 3
    assert shown.rows


def test_sorts_go_both_ways_and_unknown_ones_are_ignored(groups, listing):
    assert listing("/groups/?sort=-name")[0].rows[0].name == "Group 120"
    assert listing("/groups/?sort=newest")[0].rows[0].name == "Group 120"
    assert listing("/groups/?sort=-newest")[0].rows[0].name == "Group 001"
    assert listing("/groups/?sort=password")[0].rows[0].name == "Group 001"


def test_filters_narrow_and_stay_in_the_addresses(groups, listing):
    shown, _ = listing("/groups/?name=Group+1&page=2&sort=-name", filters=GroupFilter, per_page=10)
    assert shown.is_filtered
    assert shown.total == 21
    assert shown.url(sort="name") == "/groups/?name=Group+1&sort=name"
    assert shown.query == "name=Group+1&sort=-name"
    assert not listing("/groups/?name=", filters=GroupFilter)[0].is_filtered


def test_what_an_address_tells_under_another_name_is_no_choice(ask):
    """Only a list that is narrowed by choices alone is put into SQL for all."""

    class Spans(django_filters.FilterSet):
        kind = django_filters.ChoiceFilter(choices=[("a", "A")], field_name="name", label="Kind")
        number = django_filters.RangeFilter(field_name="pk", label="Number")
        permissions = django_filters.ModelMultipleChoiceFilter(queryset=Permission.objects.all(), label="Rights")

        class Meta:
            model = Group
            fields = ()

    def is_known(query):
        made = lists.listing_of(ask(f"/?{query}"), lambda user: Group.objects.all(), Spans, {"pk": ["pk"]}, "pk")
        return made.asked.rows is not None

    assert all(map(is_known, ("", "page=2", "kind=a", "kind=a&number_min=&utm=x")))
    assert not any(map(is_known, ("number_min=3", "kind=a&number_max=3", "kind=b", "permissions=1")))


def test_the_count_stops_at_ten_thousand(listing, monkeypatch, groups):
    monkeypatch.setattr(lists, "CAP", 100)
    shown, _ = listing("/groups/?page=9")
    assert shown.is_capped
    assert shown.total_text == "100+"
    assert (shown.page, shown.pages, shown.last) == (2, 2, 100)


def test_the_rows_bring_their_number_along(groups, listing, django_assert_num_queries):
    """One statement a page; where there are fewer pages than was asked for, they are counted first."""
    with django_assert_num_queries(1) as queries:
        shown, _ = listing("/groups/?page=2")
        assert (shown.total_text, shown.page, len(shown.rows)) == ("120", 2, 50)
    assert "LIMIT 10001" in queries.captured_queries[0]["sql"]
    shown, _ = listing("/groups/?page=99")
    assert (shown.total_text, shown.page, len(shown.rows)) == ("120", 3, 20)
    Group.objects.all().delete()
    shown, _ = listing("/groups/")
    assert (shown.total_text, shown.page, shown.rows) == ("0", 1, [])


def test_the_pager_shows_the_ends_and_the_neighbours(groups, listing):
    shown, _ = listing("/groups/?page=6", per_page=10)
    assert [(link.number, bool(link.url)) for link in shown.page_links] == [
        (1, True), (4, False), (5, True), (6, True), (7, True), (11, False), (12, True),
    ]  # fmt: skip
    assert [link.number for link in shown.page_links if link.is_current] == [6]


def test_the_read_log_is_told(groups, listing, monkeypatch):
    told = []
    monkeypatch.setattr(reading, "_keeper", [lambda **reading: told.append(reading)])
    listing("/groups/", notes_reading=True)
    assert [(one["model"], one["how"], one["rows"]) for one in told] == [(Group, "list", 50)]


COLUMNS = [exports.Column("Name", lambda g: g.name, "name"), exports.Column("Number", lambda g: g.pk)]


def test_exports_need_the_permission(groups, listing):
    options = {"columns": COLUMNS, "export_permission": "test.export_groups"}
    shown, response = listing("/groups/?format=csv", person(), **options)
    assert shown.exports == []
    assert "Content-Disposition" not in response.headers
    shown, _ = listing("/groups/", person("test.export_groups"), **options)
    assert [name for name, _url in shown.exports] == ["XLSX", "CSV"]


def test_a_csv_holds_the_filtered_rows_and_the_readable_columns(groups, listing):
    options = {"columns": COLUMNS, "export_permission": "test.export_groups", "filters": GroupFilter}
    _, response = listing("/groups/?format=csv&name=Group+01", person("test.export_groups"), **options)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Name", "Number"]
    assert [row[0] for row in rows[1:]] == [f"Group 01{n}" for n in range(10)]
    hidden = person("test.export_groups", cells={("auth.group", "name"): Level.FORBIDDEN})
    _, response = listing("/groups/?format=csv", hidden, **options)
    assert "Group" not in response.content.decode()


def test_an_xlsx_opens_with_typed_cells(groups, listing):
    options = {"columns": COLUMNS, "export_permission": "test.export_groups", "export_name": "Groupes d’été"}
    _, response = listing("/groups/?format=xlsx&sort=-name", person("test.export_groups"), **options)
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet["A2"].value == "Group 120"
    assert isinstance(sheet["B2"].value, int)
    assert sheet.max_row == 121
    assert response.headers["Content-Disposition"].isascii()


def test_a_formula_typed_by_somebody_is_never_run(listing, groups):
    Group.objects.create(name="=HYPERLINK(1)")
    options = {"columns": COLUMNS[:1], "export_permission": "test.export_groups"}
    _, response = listing("/groups/?format=csv", person("test.export_groups"), **options)
    assert "'=HYPERLINK(1)" in response.content.decode()
    _, response = listing("/groups/?format=xlsx", person("test.export_groups"), **options)
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows()]
    assert next(c for c in cells if c.value == "=HYPERLINK(1)").data_type == "s"


def test_a_guard_may_refuse_an_export(groups, listing, monkeypatch):
    refused = []

    def guard(request, model, rows):
        raise exports.ExportRefused(f"{rows} rows are too many")

    monkeypatch.setattr(exports, "_guards", [guard])
    monkeypatch.setattr(exports.messages, "error", lambda request, text: refused.append(text))
    options = {"columns": COLUMNS, "export_permission": "test.export_groups"}
    _, response = listing("/groups/?format=csv&name=x", person("test.export_groups"), **options)
    assert (response.status_code, response.url) == (302, "/groups/?name=x")
    assert refused == ["120 rows are too many"]


def test_a_list_too_long_is_refused_with_the_remedy(groups, listing, monkeypatch):
    refused = []
    monkeypatch.setattr(exports, "MOST_ROWS", 100)
    monkeypatch.setattr(exports.messages, "error", lambda request, text: refused.append(text))
    options = {"columns": COLUMNS, "export_permission": "test.export_groups"}
    _, response = listing("/groups/?format=xlsx", person("test.export_groups"), **options)
    assert response.status_code == 302
    assert "100" in refused[0]


def test_filters_are_drawn_once_for_all_who_find_the_same_in_them(ask, groups, settings, monkeypatch):
    """Whoever comes by an address that was heard before: the form is the same, unless its choices are other ones."""
    settings.PROVE_STEADY = False
    made = []
    draw = lists.render_to_string
    monkeypatch.setattr(lists, "render_to_string", lambda *told: made.append(told) or draw(*told))

    class Chosen(django_filters.FilterSet):
        kind = django_filters.ChoiceFilter(choices=[("a", "A"), ("b", "B")], field_name="name", label="Kind")
        group = django_filters.ModelChoiceFilter(queryset=lambda request: Group.objects.all(), label="Group")

        class Meta:
            model = Group
            fields = ()

    def drawn(query):
        request = ask(f"/?{query}", person())
        found = lists.listing_of(request, lambda user: Group.objects.all(), Chosen, {"pk": ["pk"]}, "pk")
        return found, found.drawn_filters

    first = drawn("kind=a")[1]
    assert "Group 120" in first
    assert 'value="a" selected' in first
    again, text = drawn("kind=a&page=3")
    assert (text, len(made)) == (first, 1)
    assert again.is_filtered
    assert 'value="a" selected' not in drawn("kind=b")[1]
    Group.objects.filter(name="Group 120").update(name="Another")
    assert "Another" in drawn("kind=a")[1]
    assert len(made) == 3
