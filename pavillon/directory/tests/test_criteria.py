"""The criteria language: what can be asked, how wrong rules are refused, what a hidden field gives away (nothing)."""

import json
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pavillon.directory import actions
from pavillon.directory.criteria import (
    EVERYTHING,
    WrongRule,
    address_of,
    all_fields,
    condition_of,
    fields_for,
    labels_of,
    read_address,
    read_rule,
    sentence_of,
    write_rule,
)
from pavillon.directory.criteria.fields import BARE, PAIRS, Kind
from pavillon.directory.models import Company, Contact
from pavillon.reference.models import Region
from pavillon.security.models import PolicyCell


@pytest.fixture
def names(cast):
    """The names of the companies that a written rule finds, for Nour unless said otherwise."""

    def found(written, user=None):
        user = user or cast.nour
        rule = read_rule(written, Company, user)
        return set(Company.objects.visible_to(user).filter(condition_of(rule, user)).values_list("name", flat=True))

    return found


def company(name, **fields):
    return actions.create_company(name=name, by=None, **fields)


def test_groups_join_questions(cast, names):
    company("Petite", turnover=10, commune=cast.rennes)
    company("Grande", turnover=1000, commune=cast.rennes)
    in_brittany = {"field": "region", "op": "in", "value": ["53"]}
    big = {"field": "turnover", "op": "above", "value": 100}
    assert names({"all": [in_brittany, big]}) == {"Ateliers du Ponant", "Grande"}
    assert names({"all": [in_brittany, {"not": big}]}) == {"Petite"}
    assert names({"any": [big, {"field": "name", "op": "begins", "value": "Verreries"}]}) == {
        "Ateliers du Ponant",
        "Grande",
        "Verreries du Midi",
    }
    assert names({}) == {"Ateliers du Ponant", "Verreries du Midi", "Petite", "Grande"}


def test_a_bound_is_in_or_out_as_its_operator_says(cast, names):
    for amount in (50, 51, 499, 500):
        company(f"A{amount}", turnover=amount)
    assert names({"field": "turnover", "op": "inside", "value": [50, 500]}) == {"A51", "A499"}
    assert names({"field": "turnover", "op": "between", "value": [50, 500]}) == {"A50", "A51", "A499", "A500"}
    assert "Verreries du Midi" in names({"field": "turnover", "op": "empty"})
    assert names({"field": "turnover", "op": "is", "value": "50"}) == {"A50"}


def test_none_of_also_means_those_of_whom_nothing_is_known(cast, names):
    company("Sans région")
    assert names({"field": "region", "op": "not_in", "value": ["53"]}) == {"Verreries du Midi", "Sans région"}


def test_people_are_asked_through_their_company_and_companies_through_their_people(cast, names):
    actions.add_contact(company=cast.atelier, by=None, last_name="Riou", is_decision_maker=True)
    assert names({"field": "decider", "op": "yes"}) == {"Ateliers du Ponant"}
    assert names({"field": "people", "op": "no"}) == {"Verreries du Midi"}
    rule = read_rule({"field": "company_region", "op": "in", "value": ["53"]}, Contact, cast.nour)
    assert [c.last_name for c in Contact.objects.filter(condition_of(rule, cast.nour))] == ["Riou"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"field": "turnover", "op": "above", "value": "beaucoup"}, ["Turnover", "beaucoup", "digits"]),
        ({"field": "turnover", "op": "between", "value": [500, 50]}, ["Turnover", "500", "50"]),
        ({"field": "turnover", "op": "between", "value": [500]}, ["Turnover", "two values"]),
        ({"field": "turnover", "op": "above", "value": "9" * 30}, ["beyond"]),
        ({"field": "turnover", "op": "above", "value": "NaN"}, ["NaN"]),
        ({"field": "turnover", "op": "above"}, ["missing"]),
        ({"field": "size", "op": "in", "value": ["XXL"]}, ["Size", "XXL"]),
        ({"field": "size", "op": "in", "value": []}, ["Size", "at least one"]),
        ({"field": "size", "op": "above", "value": 3}, ["Size", "above", "in, not_in"]),
        ({"field": "created", "op": "on", "value": "31/03/2026"}, ["Added on", "31/03/2026", "2026-03-31"]),
        ({"field": "created", "op": "last", "value": "-3"}, ["Added on", "-3"]),
        ({"field": "colour", "op": "in", "value": ["red"]}, ["colour", "not a field"]),
        ({"field": "size"}, ["Size"]),
        ({"all": "size"}, ["all", "list"]),
        ({"all": [], "any": []}, ["all", "any"]),
        ({"field": "size", "op": "empty", "when": 1}, ["when"]),
        ("size", ["size"]),
        ({"all": [{"field": "size", "op": "empty"}] * 61}, ["60"]),
    ],
)
def test_a_wrong_rule_names_field_value_and_remedy(cast, written, told):
    with translation.override("en"), pytest.raises(WrongRule) as refused:
        read_rule(written, Company, cast.nour)
    for word in told:
        assert word in str(refused.value)


def test_groups_are_not_nested_for_ever(cast):
    written = {"field": "size", "op": "empty"}
    for _n in range(8):
        written = {"not": [written]}
    with pytest.raises(WrongRule):
        read_rule(written, Company, cast.nour)


def test_a_hidden_field_does_not_exist(cast, names):
    """It cannot be asked, by name or by an old rule, and the refusal is that of a misspelt name."""
    written = {"field": "turnover", "op": "above", "value": 100}
    rule = read_rule(written, Company, cast.nour)
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=0)
    del cast.nour._policy
    with translation.override("en"):
        with pytest.raises(WrongRule, match="“turnover” is not a field"):
            read_rule(written, Company, cast.nour)
        with pytest.raises(WrongRule, match="“tunrover” is not a field"):
            read_rule({**written, "field": "tunrover"}, Company, cast.nour)
    # A rule that somebody with more rights wrote finds nothing for who has fewer.
    assert not Company.objects.filter(condition_of(rule, cast.nour)).exists()
    assert "turnover" not in fields_for(Company, cast.nour)
    assert "company_turnover" not in fields_for(Contact, cast.nour)
    assert "turnover" in fields_for(Company, cast.manager)


def test_a_company_that_is_hidden_as_a_whole_hides_its_fields_from_its_people(cast):
    PolicyCell.objects.create(role="adviser", model="directory.company", field="*", level=0)
    assert not [name for name in fields_for(Contact, cast.nour) if name.startswith("company_")]


def test_a_rule_reads_as_a_sentence(cast, django_assert_max_num_queries):
    written = {
        "all": [
            {"field": "region", "op": "in", "value": ["53", "76"]},
            {"field": "turnover", "op": "inside", "value": [50, 500]},
            {"not": [{"field": "sector", "op": "in", "value": ["industry"]}, {"field": "size", "op": "empty"}]},
        ]
    }
    rule = read_rule(written, Company, cast.nour)
    regions = dict(Region.objects.values_list("code", "name_en"))
    with translation.override("en"), django_assert_max_num_queries(1):
        text = sentence_of(rule)
    assert text.startswith("Region: ")
    for told in (regions["53"], regions["76"], "strictly between €50 and €500", "none of (sector:", "size: not known"):
        assert told in text
    with translation.override("fr"):
        french = sentence_of(rule)
    assert "strictement entre" in french
    assert "Region" not in french


def test_an_address_says_the_same_rule(cast):
    query = QueryDict("region.in=53,76&turnover.inside=50,500&name.contains=a%26b&people.yes=1&q=x&page=3&sort=name")
    rule, wrong = read_address(query, Company, cast.nour)
    assert not wrong
    assert [q.field.name for q in rule.questions()] == ["region", "turnover", "name", "people"]
    assert read_address(QueryDict(address_of(rule)), Company, cast.nour) == (rule, [])


def test_a_wrong_question_of_an_address_leaves_the_others(cast):
    query = QueryDict("region.in=53&turnover.above=peu&rule=%7Bbroken")
    rule, wrong = read_address(query, Company, cast.nour)
    assert [q.field.name for q in rule.questions()] == ["region"]
    assert len(wrong) == 2


def values_of(field, op):
    if op in BARE:
        return st.none()
    number = st.integers(-1_000_000, 1_000_000_000)
    one = {
        Kind.TEXT: st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip),
        Kind.NUMBER: number,
        Kind.MONEY: number,
        Kind.DATE: st.dates().map(str),
    }
    if field.kind is Kind.CHOICE:
        keys = st.sampled_from([str(k) for k, _l in field.options()]) if field.options else st.sampled_from(["53", "1"])
        return st.lists(keys, min_size=1, max_size=3, unique=True)
    if field.kind is Kind.DEEDS:
        return st.fixed_dictionaries({"least": st.integers(1, 9), "days": st.integers(1, 900)})
    if op in ("last", "older"):
        return st.integers(1, 9000)
    if op in PAIRS:
        return st.lists(one[field.kind], min_size=2, max_size=2).map(sorted)
    return one[field.kind]


def questions(subject):
    fields = list(all_fields(subject).values())

    def of(choice):
        field, op = choice
        return values_of(field, op).map(lambda v: {"field": field.name, "op": op} | ({} if v is None else {"value": v}))

    return st.sampled_from([(f, op) for f in fields for op in f.operators]).flatmap(of)


def rules(subject):
    return st.recursive(
        questions(subject),
        lambda inner: st.sampled_from(["all", "any", "not"]).flatmap(
            lambda how: st.lists(inner, min_size=1, max_size=3).map(lambda parts: {how: parts})
        ),
        max_leaves=6,
    )


@pytest.mark.parametrize("subject", [Company, Contact])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_rule_is_one_statement_survives_writing_and_has_words(cast, django_assert_max_num_queries, subject, data):
    """Whatever can be asked: PostgreSQL takes it in one statement, JSON and address say it again."""
    written = data.draw(rules(subject))
    try:
        rule = read_rule(written, subject, cast.nour)
    except WrongRule:
        return  # deeper than allowed
    condition_of(rule, cast.nour)
    found = subject.objects.visible_to(cast.nour).filter(condition_of(rule, cast.nour))
    # None at all for a rule that nothing can fulfil.
    with django_assert_max_num_queries(1):
        list(found[:5])
    assert read_rule(json.loads(json.dumps(write_rule(rule))), subject, cast.nour) == rule
    again, wrong = read_address(QueryDict(address_of(rule)), subject, cast.nour)
    assert not wrong
    assert set(subject.objects.filter(condition_of(again, cast.nour))) == set(
        subject.objects.filter(condition_of(rule, cast.nour))
    )
    assert sentence_of(rule, labels_of(rule.questions()))


def test_no_rule_keeps_all(cast):
    assert sentence_of(EVERYTHING)
    assert not EVERYTHING
    assert Company.objects.filter(condition_of(EVERYTHING, cast.nour)).count() == 2
    rule = read_rule({"field": "turnover", "op": "least", "value": "1,5 M€"}, Company, cast.nour)
    assert rule.parts[0].value == Decimal(1_500_000)
