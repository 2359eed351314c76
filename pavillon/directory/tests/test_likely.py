"""Descriptions asked all at once are told apart as each of them is by `candidates`."""

import pytest

from pavillon.directory.actions import add_contact, create_company
from pavillon.directory.queries import candidates, candidates_of_many, may_be_without_siren, stand_apart


@pytest.mark.parametrize("town", ["Châteaulin", "Châteaulin (29)", "  Châteaulin (Finistère)"])
@pytest.mark.parametrize(("known", "name"), [("Abri Zen", "Abrizen Ouest"), ("Kernevez", "Kermevez")])
def test_a_name_alike_in_a_town_with_its_department_may_be_meant(cast, known, name, town):
    """The first pair shares a key of the matcher with its town, the second is only alike in the town."""
    create_company(name=known, by=None, commune=cast.chateaulin)
    said = {"name": name, "town": town}
    assert [one.company.name for one in candidates(**said)] == [known]
    assert may_be_without_siren([said, {"name": name, "town": "Rennes (35)"}]) == [True, False]


def told(found):
    return [(one.company.name, one.score, sorted(map(str, one.reasons))) for one in found]


def test_many_descriptions_are_answered_as_each_alone(cast, django_assert_max_num_queries):
    """By key, by the beginning of a name, by likeness in the town, by e-mail, phone and domain; and not at all."""
    for name in ("Kernevez", "Abri Zen", "Fonderies du Léon", "Fonderies du Léon Sud"):
        create_company(name=name, by=None, commune=cast.chateaulin)
    add_contact(company=cast.southern, by=None, last_name="Roux", email="ana@midi.example", phone="+33561010203")
    asked = [
        {"name": "Kermevez", "town": "Châteaulin (29)"},
        {"name": "Abrizen Ouest", "town": "Châteaulin"},
        {"name": "Fonderies du Leon", "town": "CHÂTEAULIN"},
        {"name": "Tout autre", "email": "ana@midi.example"},
        {"name": "Encore autre", "phone": "05 61 01 02 03"},
        {"name": "Fonderies du Léon", "town": "Châteaulin", "siren": "356000000"},
        {"name": "Rien de tel", "town": "Châteaulin"},
        {"name": "", "town": ""},
    ]
    alone = [told(candidates(**said)) for said in asked]
    assert [len(found) > 0 for found in alone] == [True] * 6 + [False] * 2
    with django_assert_max_num_queries(14):
        together = candidates_of_many(asked)
    assert [told(found) for found in together] == alone


def test_descriptions_that_may_mean_one_another_do_not_stand_apart(cast):
    asked = [
        {"name": "Fonderies du Léon", "town": "Brest"},
        {"name": "Fonderie du Leon", "town": "Brest"},
        {"name": "Optique Rozenn", "town": "Brest", "email": "a@rozenn.example"},
        {"name": "Rozenn Vue", "town": "Lyon", "email": "b@rozenn.example"},
        {"name": "Conserverie de Penmarch", "town": "Brest"},
    ]
    assert stand_apart(asked) == [False, False, False, False, True]
