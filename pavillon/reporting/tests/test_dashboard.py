"""Figures equal the lists behind them, for whoever may see them, and the report says the same in its three forms."""

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation, User
from pavillon.activity.models import Entry
from pavillon.core.policy import Level
from pavillon.crm.tests.factories import fresh, lead, stage, taken
from pavillon.metrics.tests.factories import count, roll_up
from pavillon.reference.tests.factories import make_country, make_sector, make_vertical
from pavillon.reporting.enums import GroupBy, Stage
from pavillon.reporting.periods import Period, today
from pavillon.reporting.queries.funnel import Scope, breakdown, funnel
from pavillon.reporting.queries.lists import rows_behind
from pavillon.reporting.queries.monthly import monthly_report
from pavillon.security.models import PolicyCell
from pavillon.showroom.models import Buyer, Enquiry, Product, Shop
from pavillon.solutions.models import AccountOpening, CompanyVisit

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def cast():
    """The team, one shop in Bretagne with a published sheet, a buyer in Brazil."""
    people = stage()
    now = timezone.now()
    vertical = make_vertical("machine-tools")
    people.shop = Shop.objects.create(
        company=people.atelier, slug="atelier", state="online", opened_at=now, online_at=now
    )
    people.product = Product.objects.create(
        shop=people.shop, vertical=vertical, name_fr="Tour", name_en="Lathe", state="published", published_at=now,
        summary_en="A lathe", description_en="A lathe", translation_en="written",
    )  # fmt: skip
    people.buyer = Buyer.objects.create(
        user=User.objects.create_user("tom@compras.example", first_name="Tom", last_name="Souza"),
        organisation=Organisation.objects.create(name="Compras", kind="buyer"),
        company_name="Compras",
        sector=make_sector("industry"),
        country=make_country("BR"),
    )
    return people


def view(cast, times=1, kind="showroom.product_viewed", **more):
    for _time in range(times):
        count(
            kind,
            **{
                "subject_type": "showroom.product",
                "subject_id": cast.product.pk,
                "company_id": cast.atelier.pk,
                "region_id": "53",
                "vertical": "machine-tools",
                "country": "BR",
            }
            | more,
        )


def ask(cast, at=None, answered_after=None):
    at = at or timezone.now()
    answer = {}
    if answered_after:
        answer = {
            "state": "answered",
            "first_answered_at": at + answered_after,
            "response_minutes": int(answered_after.total_seconds() // 60),
        }
    return Enquiry.objects.create(
        shop=cast.shop, product=cast.product, buyer=cast.buyer, country_id="BR", kind="question", sent_at=at, **answer
    )


def month_scope(**more):
    return Scope(Period.month_of(today()), **more)


def test_every_figure_equals_the_list_behind_it(cast):
    view(cast, 3)
    roll_up()
    view(cast, 2, kind="showroom.shop_viewed")
    ask(cast)
    first, _second = lead(cast.atelier), lead(cast.southern)
    taken(first)
    figures = funnel(month_scope())
    assert figures == {Stage.VIEWS: 5, Stage.ENQUIRIES: 1, Stage.LEADS: 2, Stage.TAKEN: 1}
    for stage_name in Stage:
        assert rows_behind(stage_name, replace(month_scope(), reader=fresh(cast.alice)))[1] == figures[stage_name]


@pytest.mark.parametrize("by", list(GroupBy))
def test_the_lines_of_a_breakdown_add_up_to_the_figures(cast, by):
    view(cast, 3)
    view(cast, 1, company_id=None, region_id="", vertical="")
    ask(cast)
    lead(cast.atelier)
    lead(cast.southern)
    lines = breakdown(month_scope(), by)
    figures = funnel(month_scope())
    for name in Stage:
        assert sum(line.counts.get(name, 0) for line in lines) == figures[name], name
    (known,) = [line for line in lines if line.label in {"Bretagne", "Atelier du Ponant", "Machines-outils"}]
    assert known.counts == {Stage.VIEWS: 3, Stage.ENQUIRIES: 1, Stage.LEADS: 1, Stage.TAKEN: 0}


@pytest.mark.covers("DASH-03", "MONI-03")
def test_the_dashboard_moves_with_each_event_and_opens_its_lists(client, cast):
    """A view, an enquiry and a request each move their figure, and the linked list counts the same."""
    client.force_login(cast.alice)

    def figures():
        page = client.get(reverse("reporting:dashboard") + "?by=company", headers={"HX-Request": "true"})
        return {stage.value: tile_count(page, stage) for stage in Stage}

    assert figures() == {"views": 0, "enquiries": 0, "leads": 0, "taken": 0}
    view(cast)
    assert figures()["views"] == 1
    ask(cast)
    assert figures()["enquiries"] == 1
    request = lead(cast.atelier)
    assert figures()["leads"] == 1
    taken(request)
    assert figures() == {"views": 1, "enquiries": 1, "leads": 1, "taken": 1}
    for stage_name in Stage:
        page = client.get(reverse("reporting:behind", args=[stage_name]) + f"?company={cast.atelier.pk}")
        assert 'data-total="1"' in page.content.decode()


def tile_count(page, stage_name):
    text = page.content.decode()
    start = text.index(f'data-stage="{stage_name.value}"')
    return int(text[start:].split('data-count="')[1].split('"')[0])


def test_a_region_sees_its_own_figures_whatever_it_asks_for(client, cast):
    lead(cast.atelier)
    lead(cast.southern)
    client.force_login(cast.manager)
    page = client.get(reverse("reporting:region_dashboard") + "?region=76", headers={"HX-Request": "true"})
    assert tile_count(page, Stage.LEADS) == 1
    assert "Verreries" not in client.get(reverse("reporting:behind", args=["leads"]) + "?region=76").content.decode()


def test_the_dashboard_costs_few_statements(client, cast, django_assert_max_num_queries):
    for number in range(12):
        view(cast, company_id=number + 1, region_id="76")
    client.force_login(cast.alice)
    for by in GroupBy:
        with django_assert_max_num_queries(25):
            assert client.get(reverse("reporting:dashboard") + f"?by={by.value}").status_code == 200


def test_a_period_that_ends_before_it_begins_is_explained(client, cast):
    client.force_login(cast.alice)
    page = client.get(reverse("reporting:dashboard") + "?since=2026-05-02&until=2026-05-01").content.decode()
    assert "2026-05-01" in page
    assert "errorlist" in page


@pytest.mark.covers("DASH-04")
def test_since_the_start_is_the_sum_of_the_months(cast):
    """The cumulative column of the monthly report equals the sum of its months."""
    for year, month, views, asked in ((2026, 3, 4, 1), (2026, 4, 2, 2), (2026, 5, 1, 0)):
        at = datetime(year, month, 12, 10, tzinfo=PARIS)
        view(cast, views, at=at)
        for _time in range(asked):
            ask(cast, at=at, answered_after=timedelta(minutes=90))
    roll_up()
    with translation.override("fr"):
        report = monthly_report(cast.atelier, date(2026, 4, 20))
    figures = {figure.code: (figure.month, figure.start) for figure in report.measures}
    assert figures["views"] == (2, 6)
    assert figures["requests"] == (2, 3)
    assert [(f.label, f.month, f.start) for f in report.countries] == [("Brésil", 2, 6)]
    assert report.response_hours == 1.5
    assert sum(events for first, events, _n in report.months if first <= date(2026, 4, 1)) == figures["events"][1]


def test_the_report_reads_the_same_on_screen_in_pdf_and_in_the_spreadsheet(client, cast, tmp_path):
    view(cast, 3)
    view(cast, 2, kind="showroom.shop_viewed", country="DE")
    ask(cast)
    make_country("DE")
    client.force_login(cast.alice)
    url = reverse("reporting:company_report", args=[cast.atelier.pk])
    page = client.get(url).content.decode()
    shown = {}
    for piece in page.split('data-measure="')[1:]:
        shown[piece.split('"')[0]] = (
            int(piece.split('data-month="')[1].split('"')[0]),
            int(piece.split('data-start="')[1].split('"')[0]),
        )
    assert shown == {"visits": (2, 2), "views": (3, 3), "requests": (1, 1), "events": (5, 5)}
    book = openpyxl.load_workbook(io.BytesIO(client.get(url + "?format=xlsx").content))
    rows = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))
    assert [(month, start) for _label, month, start in rows] == list(shown.values())
    answer = client.get(url + "?format=pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    # A file on a desk says whose report it is, and tells no number of ours.
    assert f"-{slugify(cast.company.name)}-20" in answer["Content-Disposition"]
    # PDF/UA-1: Typst refuses to compile a document without title or alternative texts; the mark says it did.
    assert b"pdfuaid" in answer.content
    assert b"/StructTreeRoot" in answer.content or b"/MarkInfo" in answer.content


def test_a_formula_in_a_name_stays_a_name(client, cast):
    cast.product.name_en = "=2+3"
    cast.product.save()
    view(cast)
    client.force_login(cast.alice)
    url = reverse("reporting:company_report", args=[cast.atelier.pk]) + "?format=xlsx"
    book = openpyxl.load_workbook(io.BytesIO(client.get(url).content))
    cell = book.worksheets[4].cell(4, 1)
    assert (cell.value, cell.data_type) == ("=2+3", "s")


@pytest.mark.covers("DASH-05")
@pytest.mark.parametrize(
    ("who", "dashboard", "region", "report"),
    [
        ("alice", 200, 403, 200),
        ("manager", 403, 200, 200),
        ("official", 403, 200, 200),
        ("nour", 403, 403, 200),
        ("theo", 403, 403, 403),
        ("seller", 403, 403, 200),
    ],
)
def test_who_reads_which_figures(client, cast, who, dashboard, region, report):
    """The platform's dashboard is the agency's alone: others are refused, which stays in the trail. A region's people
    have that of their region, companies their own report."""
    reader = getattr(cast, who)
    client.force_login(reader)
    address = reverse("reporting:dashboard")
    assert client.get(address).status_code == dashboard
    refusals = Entry.objects.about(reader).filter(verb="security.access_refused", facts__reason=address)
    assert refusals.count() == (dashboard == 403)
    assert client.get(reverse("reporting:region_dashboard")).status_code == region
    assert client.get(reverse("reporting:company_report", args=[cast.atelier.pk])).status_code == report


def test_a_company_reads_its_own_report_only(client, cast):
    client.force_login(cast.seller)
    assert "Atelier du Ponant" in client.get(reverse("reporting:own_report")).content.decode()
    assert client.get(reverse("reporting:company_report", args=[cast.southern.pk])).status_code == 404


@pytest.mark.parametrize("month", ["0001-01", "2050-13", "abc", "2999-01", "1200-05"])
def test_a_month_without_a_report_is_said_and_the_present_one_shown(cast, client, month):
    client.force_login(cast.alice)
    answer = client.get(reverse("reporting:company_report", args=[cast.atelier.pk]), {"month": month})
    assert answer.status_code == 200
    assert [month in str(message) for message in answer.context["messages"]] == [True]
    assert answer.context["report"].month == today().replace(day=1)


def test_reversed_days_are_refused_and_never_used_by_half(cast, client):
    client.force_login(cast.alice)
    answer = client.get(reverse("reporting:dashboard"), {"since": "2026-12-31", "until": "2020-01-01"})
    assert "2020" in str(answer.context["form"].errors["until"])
    assert str(answer.context["form"].errors["until"][0]) in answer.content.decode().replace("&#x27;", "'")
    assert answer.context["scope"].period == Period.month_of(today())


def test_a_report_counts_what_its_reader_may_see(client, cast):
    """What the matrix hides from a reader is in no figure of his report: on the page, in the file, in the curve."""
    ask(cast, answered_after=timedelta(hours=4))
    url = reverse("reporting:company_report", args=[cast.atelier.pk])

    def figures(person):
        client.force_login(fresh(person))
        report = client.get(url).context["report"]
        return sum(each.month for each in report.requests), report.months[-1][2], report.response_hours

    assert figures(cast.nour) == figures(cast.alice) == (1, 1, 4.0)
    rule = {"role": Role.ADVISER, "model": "showroom.enquiry", "level": Level.FORBIDDEN}
    PolicyCell.objects.create(**rule, field="response_minutes")
    assert figures(cast.nour) == (1, 1, None)
    PolicyCell.objects.create(**rule)
    assert figures(cast.nour) == (0, 0, None)
    assert figures(cast.alice) == (1, 1, 4.0)


def sites(page):
    found = re.findall(r'data-site="(\w+)" data-visitors="(\d+)" data-accounts="(\d+)"', page.text)
    return {site: (int(visitors), int(accounts)) for site, visitors, accounts in found}


def test_what_a_regional_site_brought_stands_on_both_dashboards(client, cast):
    """An account opened on the site of Bretagne, and the company's visits: the agency and the region read the same."""
    now = timezone.now()
    AccountOpening.objects.create(company=cast.atelier, user=cast.claire, region=cast.bretagne, opened_at=now)
    for month in (today().replace(day=1), date(2025, 1, 1)):
        CompanyVisit.objects.create(company=cast.atelier, region=cast.bretagne, month=month)
    client.force_login(cast.alice)
    assert sites(client.get(reverse("reporting:dashboard"))) == {"53": (1, 1), "national": (0, 0)}
    assert sites(client.get(reverse("reporting:dashboard"), {"span": "start"}))["53"] == (1, 1), (
        "once, not once a month"
    )
    assert sites(client.get(reverse("reporting:dashboard"), {"vertical": "machine-tools"})) == {}
    client.force_login(cast.manager)
    assert sites(client.get(reverse("reporting:region_dashboard"))) == {"53": (1, 1)}
