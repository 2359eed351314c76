"""Values of several sources: which one stands, which are set aside, which a person must choose."""

from datetime import date, timedelta

import pytest

from pavillon.activity.models import Entry
from pavillon.directory import actions
from pavillon.directory.enums import SourceKind, ValueState
from pavillon.directory.models import Channel, Company, CompanyValue, ContactValue
from pavillon.directory.precedence import ColumnPolicy, Verdict, Word, judge
from pavillon.directory.queries import rehearse_values
from pavillon.directory.tests.factories import BISCUITS, unit

TODAY = date(2026, 11, 2)


def long_ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def bpi(cast):
    return actions.create_source(code="bpi", name="Bank file", kind=SourceKind.STATE, trust=60, by=None)


@pytest.fixture
def chamber(cast):
    return actions.create_source(code="chamber", name="Chamber file", kind=SourceKind.PARTNER, trust=60, by=None)


@pytest.fixture
def bought(cast):
    return actions.create_source(code="bought", name="Bought file", kind=SourceKind.BOUGHT, trust=30, by=None)


@pytest.fixture
def brought(bpi, cast):
    """A company that the bank's file brought."""
    return actions.create_company(name="Ateliers Kerguelen", by=None, source=bpi, observed_on=TODAY, headcount=80)


def offer(company, source, on=TODAY, by=None, **values):
    result = actions.offer_values(
        record=company, source=source, values=values, observed_on=on, by=by, policies=values.pop("policies", None)
    )
    company.refresh_from_db()
    return result


def states(company):
    return {(row.field, row.source.code): row.state for row in CompanyValue.objects.filter(company=company)}


@pytest.mark.parametrize(
    ("stands", "offered", "group", "verdict"),
    [
        (None, Word(1, 10, TODAY), "headcount", Verdict.APPLIED),
        (Word(1, 60, TODAY), Word(1, 60, long_ago(1)), "headcount", Verdict.KEPT),
        (Word(1, 60, long_ago(1)), Word(1, 60, TODAY), "headcount", Verdict.APPLIED),
        (Word(1, 60, TODAY), Word(2, 70, long_ago(30)), "headcount", Verdict.APPLIED),
        (Word(1, 60, TODAY), Word(2, 70, long_ago(181)), "headcount", Verdict.CONFLICT),
        (Word(1, 60, TODAY), Word(2, 60, long_ago(180)), "headcount", Verdict.CONFLICT),
        (Word(1, 60, long_ago(181)), Word(2, 60, TODAY), "headcount", Verdict.APPLIED),
        (Word(1, 60, TODAY), Word(2, 60, long_ago(181)), "headcount", Verdict.KEPT),
        (Word(1, 60, long_ago(180)), Word(2, 50, TODAY), "headcount", Verdict.KEPT),
        (Word(1, 60, long_ago(181)), Word(2, 50, TODAY), "headcount", Verdict.CONFLICT),
        (Word(1, 60, TODAY, is_locked=True), Word(2, 99, TODAY, is_register=True), "size", Verdict.CONFLICT),
        (Word(1, 95, TODAY), Word(2, 90, long_ago(900), is_register=True), "size", Verdict.APPLIED),
        (Word(1, 90, long_ago(900), is_register=True), Word(2, 95, TODAY), "size", Verdict.KEPT),
        (Word(None), Word(2, 50, TODAY), "website", Verdict.CONFLICT),
        (Word(None), Word(2, 51, TODAY), "website", Verdict.APPLIED),
    ],
)
def test_judge(stands, offered, group, verdict):
    assert judge(stands, offered, group=group)[0] is verdict


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        (ColumnPolicy.TRUST, Verdict.CONFLICT),
        (ColumnPolicy.FILL, Verdict.KEPT),
        (ColumnPolicy.OVERWRITE, Verdict.APPLIED),
        (ColumnPolicy.NEVER, Verdict.KEPT),
    ],
)
def test_policies_of_columns(policy, verdict):
    assert judge(Word(1, 60, TODAY), Word(2, 60, TODAY), group="headcount", policy=policy)[0] is verdict


def test_a_first_source_needs_no_row(brought, bpi):
    assert (brought.origin, brought.sourced_on) == (bpi, TODAY)
    offer(brought, bpi, headcount=80)
    assert not CompanyValue.objects.exists()


def test_equal_sources_that_differ_are_disputed_and_the_card_stays(brought, chamber):
    result = offer(brought, chamber, headcount=120)
    assert list(result.conflicts) == ["headcount"]
    assert brought.headcount == 80
    assert states(brought) == {("headcount", "chamber"): ValueState.DISPUTED}
    entries = Entry.objects.about(brought).count()
    offer(brought, chamber, headcount=120)
    assert states(brought) == {("headcount", "chamber"): ValueState.DISPUTED}
    assert Entry.objects.about(brought).count() == entries


def test_a_better_source_wins_and_the_former_word_stays_readable(brought, bpi, bought, cast):
    best = actions.create_source(code="tax", name="Tax office", kind=SourceKind.STATE, trust=75, by=None)
    result = offer(brought, best, headcount=95, headcount_year=2025)
    assert list(result.applied) == ["headcount"]
    assert (brought.headcount, brought.headcount_year) == (95, 2025)
    assert states(brought) == {("headcount", "tax"): ValueState.IN_USE, ("headcount", "bpi"): ValueState.SET_ASIDE}
    assert CompanyValue.objects.get(source=bpi).value == {"headcount": 80, "headcount_year": None}
    entry = Entry.objects.about(brought).get(verb="directory.company_changed")
    assert entry.changes["headcount"] == [80, 95]
    assert entry.facts["source"] == "Tax office"
    offer(brought, bought, headcount=60)
    assert brought.headcount == 95
    assert states(brought)["headcount", "bought"] == ValueState.SET_ASIDE


def test_an_adviser_is_never_overwritten_silently(brought, bpi, chamber, cast):
    actions.change_company(company=brought, by=cast.nour, headcount=85)
    row = CompanyValue.objects.get(company=brought, state=ValueState.IN_USE)
    assert (row.source.kind, row.locked_by) == (SourceKind.ADVISER, cast.nour)
    offer(brought, bpi, on=TODAY + timedelta(days=400), headcount=90)
    assert brought.headcount == 85
    assert states(brought)["headcount", "bpi"] == ValueState.DISPUTED
    # The adviser looks again, and stays with it: the same word of the bank is no news any more.
    actions.resolve_conflict(value=row, by=cast.nour, reason="Counted on site")
    offer(brought, bpi, on=TODAY + timedelta(days=430), headcount=90)
    assert states(brought)["headcount", "bpi"] == ValueState.SET_ASIDE
    offer(brought, bpi, on=TODAY + timedelta(days=460), headcount=91)
    assert states(brought)["headcount", "bpi"] == ValueState.DISPUTED


def test_the_register_rules_its_fields(cast, bpi):
    unit(BISCUITS)
    company = actions.adopt_register_unit(siren=BISCUITS, by=None)
    assert company.origin.kind == SourceKind.REGISTER
    result = offer(company, bpi, size="GE", headcount=300)
    assert list(result.kept) == ["size"]
    assert list(result.applied) == ["headcount"]
    assert company.size == "PME"


def test_an_address_changes_as_a_whole(brought, cast):
    best = actions.create_source(code="tax", name="Tax office", kind=SourceKind.STATE, trust=75, by=None)
    offer(brought, best, address="1 quai du Port", commune=cast.chateaulin.pk, postal_code="29150")
    assert (brought.region_id, brought.town) == ("53", "Châteaulin")
    offer(brought, best, postal_code="35000", commune=cast.rennes)
    assert (brought.address, brought.town, brought.postal_code) == ("", "Rennes", "35000")


def test_empty_values_empty_nothing(brought, chamber):
    assert not offer(brought, chamber, headcount=None, website="", turnover="").judged


def test_a_rehearsal_says_the_same_and_writes_nothing(brought, chamber, django_assert_num_queries):
    brought = Company.objects.select_related("origin").get(pk=brought.pk)
    with django_assert_num_queries(1):
        (told,) = rehearse_values([brought], [{"headcount": 120, "website": "https://k.example"}], source=chamber,
                                  observed_on=TODAY)  # fmt: skip
    assert (list(told.conflicts), list(told.applied)) == (["headcount"], ["website"])
    assert not CompanyValue.objects.exists()
    done = offer(brought, chamber, headcount=120, website="https://k.example")
    assert {g: j.verdict for g, j in done.judged.items()} == {g: j.verdict for g, j in told.judged.items()}


def test_many_offers_cost_few_statements(cast, bpi, chamber, django_assert_max_num_queries):
    companies = [
        actions.create_company(name=f"Firm {n}", by=None, source=bpi, observed_on=TODAY, headcount=n)
        for n in range(1, 40)
    ]
    with django_assert_max_num_queries(9):
        results = actions.offer_many(
            [(company, {"headcount": company.headcount + 1}) for company in companies],
            source=chamber,
            observed_on=TODAY,
            by=None,
        )
    assert all(list(result.conflicts) == ["headcount"] for result in results)
    assert CompanyValue.objects.disputed().count() == 39


def test_what_is_said_of_a_person_is_encrypted(cast, bpi, chamber):
    contact = actions.add_contact(
        company=cast.atelier,
        by=None,
        last_name="Kermarrec",
        email="anne@atelier.example",
        source=bpi,
        observed_on=TODAY,
    )
    offer(contact, chamber, email="a.kermarrec@atelier.example")
    row = ContactValue.objects.get()
    assert row.is_disputed
    assert row.sealed == '{"email": "a.kermarrec@atelier.example"}'
    assert ContactValue.objects.extra(select={"raw": "sealed || ''"}).get().raw.startswith("pv1:")
    best = actions.create_source(code="card", name="Visiting card", kind=SourceKind.SHOW, trust=75, by=None)
    offer(contact, best, email="anne.k@atelier.example")
    assert contact.email == "anne.k@atelier.example"
    assert {c.value: c.is_preferred for c in Channel.objects.filter(contact=contact)} == {
        "anne@atelier.example": False,
        "anne.k@atelier.example": True,
    }
