import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import (
    add_channel,
    add_contact,
    change_company,
    create_company,
    flag_company,
    keep_former_names,
    merge_companies,
)
from pavillon.directory.models import FormerName
from pavillon.security.models import PolicyCell
from pavillon.workspace.actions import refresh_words
from pavillon.workspace.queries import find, search


def labels(text, user):
    return [answer.label for group in find(text, fresh(user)) for answer in group.answers]


@pytest.mark.parametrize(
    "text", ["ponant", "PONANT", "atel pon", "Atelier du Pon", "ponant atelier", "pônant", "Atelier Ponnant"]
)
def test_a_company_is_found_from_the_beginning_without_accents_and_nearly(cast, text):
    assert "Atelier du Ponant" in labels(text, cast.nour)


def test_by_siren(cast):
    create_company(name="Cidrerie des Abers", siren="552100554", by=None)
    assert "Cidrerie des Abers" in labels("552 100", cast.nour)


def test_the_nearest_name_says_that_it_is_near(cast):
    answers = [answer for group in find("Atelier Ponnant", fresh(cast.nour)) for answer in group.answers]
    assert "nearly" in answers[0].detail


def test_names_that_begin_with_the_words_come_first(cast):
    create_company(name="Grand Atelier", by=None)
    create_company(name="Atelier Zen", by=None)
    assert labels("atelier", cast.nour)[:3] == ["Atelier du Ponant", "Atelier Zen", "Grand Atelier"]


def test_people_are_found_by_name_and_by_their_address(cast):
    add_contact(company=cast.atelier, by=None, first_name="Hélène", last_name="Kérisit", email="helene@ponant.example")
    assert "Hélène Kérisit" in labels("kerisit", cast.nour)
    assert "Hélène Kérisit" in labels("hel ker", cast.nour)
    assert "Hélène Kérisit" in labels("Helene@Ponant.example", cast.nour)


def test_requests_are_found_by_number_and_subject_within_ones_rights(cast):
    request = lead(cast.atelier, subject="Étiquetage vers le Québec")
    assert request.subject in labels(request.reference, cast.nour)
    assert request.subject in labels("etiquetage quebec", cast.nour)
    assert request.subject not in labels("etiquetage quebec", cast.theo)


@pytest.mark.covers("IDN-02")
def test_private_notes_are_found_by_nobody_else(cast, sign_in):
    actions.log_interaction(
        company=cast.atelier,
        kind="note",
        happened_at=timezone.now(),
        summary="Cession confidentielle",
        by=fresh(cast.nour),
    )
    for name in ("theo", "alice", "official", "kim"):
        page = sign_in(getattr(cast, name)).get(reverse("workspace:search"), {"q": "cession confidentielle"})
        assert not page.context["groups"]


def test_the_newest_requests_are_found_however_many_hold_the_words(cast, monkeypatch):
    monkeypatch.setattr(search, "NEWEST", 1)
    first, second, third = (lead(cast.atelier, subject=f"Étiquetage {place}") for place in ("un", "deux", "trois"))
    groups = find("etiquetage", fresh(cast.nour), per_group=2)
    assert [answer.label for group in groups for answer in group.answers] == [third.subject, second.subject]
    assert first.subject in labels("etiquetage un", cast.nour)


def test_a_word_that_is_like_nothing_leaves_the_others(cast):
    refresh_words()
    assert "Atelier du Ponant" in labels("atelier xqzwk", cast.nour)
    assert labels("sarl", cast.nour) == [], "a legal form is nobody's name"


def test_pages_and_actions_follow_permissions(cast):
    assert "Workload" in labels("workload", cast.nour)
    assert "New routing rule" in labels("routing rule", cast.manager)
    assert "New routing rule" not in labels("routing rule", cast.nour)


def test_one_letter_is_not_a_search(cast):
    assert labels("a", cast.nour) == []
    assert labels("  ", cast.nour) == []


def test_a_search_costs_twelve_statements_at_most(cast, django_assert_max_num_queries):
    for number in range(12):
        company = create_company(name=f"Atelier {number}", by=None)
        add_contact(company=company, by=None, last_name=f"Atelier{number}")
    lead(cast.atelier, subject="Atelier de prospection")
    user = fresh(cast.nour)
    find("zz", user)
    with django_assert_max_num_queries(12):
        assert len(find("atelier", user)) >= 3


def test_many_requests_that_hold_one_word_alone_are_looked_at_together(cast, django_assert_max_num_queries):
    """Two letters have no piece by which an index tells them: all that hold the other word may hold them."""
    for letter in "abcdefgh":
        lead(cast.atelier, subject=f"Salon du nautisme {letter}x")
    user = fresh(cast.nour)
    assert not find("nautisme zq", user, per_group=1)
    with django_assert_max_num_queries(15):
        assert not find("nautisme zq", user, per_group=1)
    (found,) = find("nautisme dx", user, per_group=1)[0].answers
    assert found.label == "Salon du nautisme dx"


def test_what_one_sees_is_found_behind_many_that_one_does_not(cast):
    """The first keys are looked at whoever asks: when all of those are hidden, the rights are asked first."""
    names = [f"Atelier {letter}" for letter in "abcdefghijkl"]
    for name in names:
        company = create_company(name=name, by=None)
        add_contact(company=company, by=None, first_name=name[-1], last_name="Atelier")
        flag_company(company=company, reason="…", state_service="…", state_contact="…", by=fresh(cast.manager))
    last = create_company(name="Atelier Zen", by=None)
    add_contact(company=last, by=None, first_name="Zoe", last_name="Atelier")
    groups = find("atelier", fresh(cast.nour), per_group=1)
    found = {answer.label for group in groups for answer in group.answers}
    assert found & {"Atelier Zen", "Atelier du Ponant"}
    assert "Zoe Atelier" in found
    assert not found & set(names)


def test_the_palette_suggests_then_answers(cast, sign_in):
    client = sign_in(cast.nour)
    assert "New request" in client.get(reverse("workspace:palette")).content.decode()
    page = client.get(reverse("workspace:palette"), {"q": "ponant"}).content.decode()
    assert 'role="option"' in page
    assert cast.atelier.get_absolute_url() in page
    empty = client.get(reverse("workspace:palette"), {"q": "xyzxyz"}).content.decode()
    assert "xyzxyz" in empty


def answers_of(text, user):
    return {answer.label: answer.detail for group in find(text, fresh(user)) for answer in group.answers}


def test_a_phone_an_address_and_a_domain_say_whose_they_are(cast):
    add_contact(
        company=cast.atelier, by=None, first_name="Jean", last_name="Morel", phone="02 98 86 12 34",
        email="jean@ponant-ateliers.example",
    )  # fmt: skip
    cast.atelier.refresh_from_db()
    assert "phone of Jean Morel" in answers_of("02.98.86.12.34", cast.nour)["Jean Morel"]
    assert "e-mail of Jean Morel" in answers_of("jean@ponant-ateliers.example", cast.nour)["Jean Morel"]
    create_company(name="Cidrerie des Abers", website="https://www.abers-cidre.example", by=None)
    assert "website domain" in answers_of("abers-cidre.example", cast.nour)["Cidrerie des Abers"]


def test_what_one_may_not_read_is_not_found_by(cast):
    add_contact(company=cast.atelier, by=None, first_name="Jean", last_name="Morel", phone="0298861234")
    PolicyCell.objects.create(role="adviser", model="directory.contact", field="phone", level=0)
    assert answers_of("0298861234", cast.nour) == {}
    assert "Jean Morel" in answers_of("0298861234", cast.manager)


@pytest.mark.parametrize(
    "text", ["jean morel", "morel jean", "Jéan Morél", "mor jea", "le guennec anne", "anne le guennec"]
)
def test_people_are_found_whichever_name_comes_first(cast, text):
    add_contact(company=cast.atelier, by=None, first_name="Jean", last_name="Morel")
    add_contact(company=cast.atelier, by=None, first_name="Anne", last_name="Le Guennec")
    expected = "Anne Le Guennec" if "anne" in text else "Jean Morel"
    assert expected in labels(text, cast.nour)


def test_refresh_words_lets_a_mistyped_name_be_found(cast):
    add_contact(company=cast.atelier, by=None, first_name="Jean", last_name="Kerdraon")
    refresh_words()
    assert "nearly" in answers_of("jean kerdaon", cast.nour)["Jean Kerdraon"]
    assert "Atelier du Ponant" in answers_of("atelier ponannt", cast.nour)


@pytest.mark.parametrize("text", ["🙂", "🙂🎉", "…!?", "--", "' OR 1=1"[:1], "%%", "__"])
def test_signs_alone_find_nothing_and_say_what_to_type(cast, sign_in, text):
    client = sign_in(cast.nour)
    for name in ("workspace:search", "workspace:palette"):
        page = client.get(reverse(name), {"q": text})
        assert not page.context["groups"]
        assert "two letters or digits" in page.content.decode()
    for name in ("directory:companies", "directory:contacts"):
        assert client.get(reverse(name), {"q": text}).context["listing"].rows == []


def test_a_second_phone_or_e_mail_is_found_as_the_first(cast):
    person = add_contact(
        company=cast.atelier, by=None, first_name="Anne", last_name="Kerbol", email="anne@ponant.example"
    )
    add_channel(owner=person, kind="email", value="a.kerbol@perso.example", by=fresh(cast.nour))
    add_channel(owner=person, kind="phone", value="02 98 11 22 33", by=fresh(cast.nour))
    add_channel(owner=cast.atelier, kind="phone", value="02 98 44 55 66", by=fresh(cast.nour))
    add_channel(owner=cast.atelier, kind="email", value="accueil@ponant.example", by=fresh(cast.nour))
    assert labels("A.Kerbol@perso.example", cast.nour)[0] == "Anne Kerbol"
    assert labels("+33 2 98 11 22 33", cast.nour)[0] == "Anne Kerbol"
    assert labels("0298445566", cast.nour)[0] == "Atelier du Ponant"
    assert labels("accueil@ponant.example", cast.nour)[0] == "Atelier du Ponant"


def test_a_company_is_found_by_the_name_that_it_bore(cast):
    assert keep_former_names({cast.atelier: ["ATELIER DU PONANT !"]}) == 0
    change_company(company=cast.atelier, name="Chantier des Abers", by=fresh(cast.nour))
    answers = [answer for group in find("atelier ponant", fresh(cast.nour)) for answer in group.answers]
    assert answers[0].label == "Chantier des Abers"
    assert "formerly “Atelier du Ponant”" in answers[0].detail
    change_company(company=cast.atelier, name="Atelier du Ponant", by=fresh(cast.nour))
    assert [former.name for former in FormerName.objects.all()] == ["Chantier des Abers"]


def test_a_record_merged_away_leads_to_the_one_that_stands(cast, sign_in):
    """By its name, its SIREN and its number, at two removes; the trail of the merged record stands on the card."""
    double = create_company(name="Fonderie Mahé", siren="552100554", by=fresh(cast.nour))
    other = create_company(name="Fonderie Mahé et fils", by=fresh(cast.nour))
    change_company(company=double, town="Brest", by=fresh(cast.nour))
    merge_companies(kept=other, removed=double, by=fresh(cast.manager))
    merge_companies(kept=cast.atelier, removed=other, by=fresh(cast.manager))
    for text in ("fonderie mahe", str(double.pk), str(other.pk)):
        answers = [answer for group in find(text, fresh(cast.nour)) for answer in group.answers]
        assert "Atelier du Ponant" in [answer.label for answer in answers]
        assert any("merged" in answer.detail for answer in answers)
    page = sign_in(cast.nour).get(reverse("directory:company_changes", args=[cast.atelier.pk]))
    told = [change for change in page.context["changes"] if change.record]
    assert any("Fonderie Mahé" in change.record for change in told)
    assert "on the merged record" in page.content.decode()
