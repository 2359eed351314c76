"""How Claire opens her company's account, and how her colleague does not simply walk in."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import User
from pavillon.accounts.tests.factories import PASSWORD as OWN_PASSWORD
from pavillon.accounts.tests.factories import person
from pavillon.activity.models import Entry, Notification
from pavillon.crm.tests.factories import lead
from pavillon.directory.actions import add_contact, adopt_register_unit
from pavillon.directory.actions.register_names import index_register_names
from pavillon.directory.models import Company, RegisterName, RegisterRun, RegisterUnit
from pavillon.metrics.models import Waiting
from pavillon.privacy.models import Consent
from pavillon.privacy.queries import has_consent
from pavillon.reference.models import Region
from pavillon.solutions.actions import ask_contact, settle_entries
from pavillon.solutions.actions.accounts import decide_join_request
from pavillon.solutions.models import AccountOpening, JoinRequest
from pavillon.solutions.queries.counts import accounts_by_region
from pavillon.solutions.tests.factories import (
    CLOSED_SIREN,
    HIDDEN_SIREN,
    PASSWORD,
    SIREN,
    open_account,
    take_diagnosis,
)

pytestmark = pytest.mark.usefixtures("ground")
PERSON = {"first_name": "Claire", "last_name": "Le Goff", "email": "claire@example.example", "password": PASSWORD}


def confirm_by_code(client):
    """Type the code of the letter, as the person would."""
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    return client.post(reverse("account_email_verification_sent"), {"code": code[1]}, follow=True)


@pytest.mark.parametrize(
    ("siren", "reason"),
    [
        ("12345", "length"),
        ("12345678A", "digits"),
        ("100000018", "check"),
        ("732829320", "unknown"),
        (CLOSED_SIREN, "closed"),
    ],
)
def test_a_wrong_siren_is_refused_with_its_reason(client, siren, reason):
    page = client.post("/fr/open-account/", {"siren": siren})
    assert page.status_code == 422
    (error,) = page.context["form"].errors.as_data()["siren"]
    assert error.code == reason
    assert siren in error.message
    assert escape(error.message) in page.content.decode()
    assert Company.objects.count() == 0


def test_a_right_one_shows_what_the_register_knows(client):
    page = client.post("/fr/open-account/", {"siren": "100 000 017", "region": "bretagne"}, follow=True)
    card = page.context["card"]
    assert (card.name, card.town) == ("BISCUITERIE DU PHARE", "Brest")
    assert card.activity.startswith("Fabrication de biscuits")
    assert card.workforce == "20 à 49 salariés"
    assert "region=bretagne" in page.redirect_chain[-1][0]


def test_who_has_no_siren_at_hand_finds_the_company_by_its_name(client, django_assert_max_num_queries):
    for siren in (SIREN, HIDDEN_SIREN):
        adopt_register_unit(siren=siren, by=None)
    find = "/fr/open-account/find/"
    asked = {"name": "biscuiterie du fare", "town": "Brest", "region": "bretagne"}
    assert client.get(find).status_code == 302
    with django_assert_max_num_queries(50):
        page = client.post(find, asked)
    assert [card.siren for card in page.context["found"]] == [SIREN]
    address = reverse("solutions:open_account_person", args=[SIREN])
    assert f'href="{address}?region=bretagne"' in page.text
    open_account()
    client.logout()
    again = client.post(find, asked)
    assert again.context["found"] == page.context["found"], "whether an account exists is not told"
    hidden = client.post(find, {"name": Company.objects.get(siren=HIDDEN_SIREN).name})
    assert HIDDEN_SIREN not in [card.siren for card in hidden.context["found"]]
    assert client.post(find, {"name": "Zz"}).status_code == 422
    assert client.post(find, {"name": "Quincaillerie Introuvable"}).context["found"] == []


def test_a_company_of_the_register_alone_is_found_by_its_name(client, django_assert_max_num_queries):
    """Not in the base yet: by the beginning of its name, in its town; no closed one, no person in business."""
    run = RegisterRun.objects.create(kind="units", file_name="units.csv", path="units.csv", state="done")
    RegisterUnit.objects.update(run=run)
    RegisterUnit.objects.filter(siren=SIREN).update(trade_name="AU BON PHARE")
    RegisterUnit.objects.filter(siren=HIDDEN_SIREN).update(diffusion="O")
    assert index_register_names() == 4
    assert index_register_names() == 0
    find = "/fr/open-account/find/"

    def found(**asked):
        return [card.siren for card in client.post(find, asked).context["found"]]

    with django_assert_max_num_queries(50):
        assert found(name="Biscuiterie du Ph") == [SIREN]
    assert found(name="au bon phare", town="Brest") == [SIREN]
    assert found(name="biscuiterie", town="29200") == [SIREN]
    assert found(name="biscuiterie", town="Toulouse") == []
    # Misspelt, at its beginning too, and with the limits of the session as they were.
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        limits = cursor.fetchone()
    assert found(name="Biskuiterie du Fare") == found(name="Piscuiterie du Phare", town="Brest") == [SIREN]
    assert found(name="Piscuiterie du Phare", town="Toulouse") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == limits
    assert found(name="Ancienne forge") == found(name="Martin Yann") == []
    assert not Company.objects.filter(siren=SIREN).exists(), "looking makes no company"
    RegisterUnit.objects.filter(siren=SIREN).update(is_active=False)
    RegisterRun.objects.update(named_at=None)
    index_register_names()
    assert not RegisterName.objects.filter(number=int(SIREN)).exists()


def test_a_siret_is_understood_as_its_siren(client):
    page = client.post("/fr/open-account/", {"siren": "10000001700012"}, follow=True)
    assert page.context["card"].siren == SIREN


def test_a_partial_diffusion_hides_the_person(client):
    page = client.post("/fr/open-account/", {"siren": HIDDEN_SIREN}, follow=True)
    text = page.content.decode()
    assert "MARTIN" not in text
    assert "RUE DU PORT" not in text
    assert page.context["card"].is_partial


@pytest.mark.covers("DIAG-01", "DIAG-09")
def test_an_anonymous_result_is_kept_when_the_account_is_opened(client, bretagne):
    diagnosis = take_diagnosis({"history": "never"}, region=bretagne)
    step = diagnosis.steps.first()
    client.post(reverse("solutions:tick_step", args=[diagnosis.token, step.pk]), {"done": "1"})
    address = f"{reverse('solutions:open_account_person', args=[SIREN])}?diagnosis={diagnosis.token}"
    before = accounts_by_region().get("53", 0)
    page = client.post(address, PERSON, follow=True)
    assert page.status_code == 200
    assert not page.wsgi_request.user.is_authenticated
    page = confirm_by_code(client)
    assert page.wsgi_request.user.email == "claire@example.example"
    company = Company.objects.get(siren=SIREN)
    diagnosis.refresh_from_db()
    assert diagnosis.company == company
    assert accounts_by_region()["53"] == before + 1
    assert Waiting.objects.filter(kind="solutions.account_opened", region_id="53").count() == 1
    # One account opens every area: result, path and requests, without a second sign-in.
    for name in ("solutions_company:company_home", "solutions_company:my_path", "crm:my_requests"):
        assert client.get(reverse(name)).status_code == 200
    path = client.get(reverse("solutions_company:my_path"))
    assert path.context["done"] == 1
    assert company.region == bretagne
    assert company.contacts.get().user == page.wsgi_request.user


def test_a_known_address_is_told_by_letter_only(client):
    """Nobody learns from the page who has an account; the letter leads its owner back to the company."""
    cache.clear()
    known = person("Yann", email=PERSON["email"])
    address = reverse("solutions:open_account_person", args=[SIREN])
    page = client.post(address, PERSON, follow=True)
    told = mail.outbox[-1]
    new = Client().post(address, PERSON | {"email": "new@example.example"}, follow=True)
    unlike = (r"\w{64}", re.escape(PERSON["email"]), re.escape("new@example.example"))
    same = [re.sub("|".join(unlike), "", each.content.decode()) for each in (page, new)]
    assert page.redirect_chain == new.redirect_chain
    assert same[0] == same[1]
    assert User.objects.filter(email=PERSON["email"]).get() == known
    assert not known.has_usable_password() or not known.check_password(PASSWORD)
    assert told.to == [PERSON["email"]]
    sign_in = re.search(r"^http\S+(/account/sign-in-instead/\S*)$", told.body, re.MULTILINE)[1]
    sign_in = client.get(sign_in).url
    page = client.post(sign_in, {"login": PERSON["email"], "password": OWN_PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == address
    # A code that was never sent opens nothing.
    assert not Company.objects.filter(siren=SIREN, organisation__memberships__user=known).exists()


def test_the_legal_basis_and_the_refusals_are_kept(client):
    client.post(reverse("solutions:open_account_person", args=[SIREN]), PERSON)
    user = User.objects.get(email="claire@example.example")
    kept = {row.purpose_id: (row.legal_basis, row.answer) for row in Consent.objects.filter(user=user)}
    refused = ("consent", "refused")
    assert kept == {"company_account": ("contract", "given"), "news": refused, "visit_follow_up": refused}
    assert not has_consent("news", user=user)


def test_the_password_must_be_strong(client):
    page = client.post(reverse("solutions:open_account_person", args=[SIREN]), PERSON | {"password": "claire1"})
    assert page.status_code == 422
    assert "password" in page.context["form"].errors
    assert not User.objects.filter(email=PERSON["email"]).exists()


def test_the_company_s_name_is_no_password_while_its_account_is_opened(client):
    page = client.post(f"/fr/open-account/{SIREN}/", {**PERSON, "password": "biscuiterie-2026-x"})
    assert page.status_code == 422
    assert "biscuiterie" in str(page.context["form"].errors["password"])


def test_a_second_person_asks_to_join_and_the_manager_decides(client):
    claire = open_account()
    second = open_account(email="paul@example.example")
    assert not second.is_company
    assert second.organisation is None
    asked = JoinRequest.objects.get()
    assert Notification.objects.filter(recipient=claire, kind="solutions.join_requested").exists()
    assert AccountOpening.objects.count() == 1
    client.force_login(second, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("solutions_company:company_home")).status_code == 403
    assert "Biscuiterie du Phare" in client.get(reverse("solutions:account_opened")).content.decode()
    client.force_login(claire, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(
        reverse("solutions_company:decide_join_request", args=[asked.pk]), {"decision": "accept", "role": "seller"}
    )
    assert page.status_code == 302
    second = User.objects.get(pk=second.pk)
    assert second.role == Role.SELLER
    assert second.organisation == claire.organisation
    # Deciding again changes nothing.
    decide_join_request(join_request=asked, accept=False, by=claire)
    asked.refresh_from_db()
    assert asked.state == "accepted"


def test_a_seller_may_not_decide_who_joins(client):
    claire = open_account()
    second = open_account(email="paul@example.example")
    decide_join_request(join_request=JoinRequest.objects.get(), accept=True, by=claire)
    client.force_login(User.objects.get(pk=second.pk), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("solutions_company:join_requests")).status_code == 403


def test_a_company_of_the_base_is_taken_not_doubled():
    from pavillon.directory.actions import create_company

    known = create_company(name="Biscuiterie du Phare", siren=SIREN, by=None)
    claire = open_account()
    assert Company.objects.count() == 1
    known.refresh_from_db()
    assert known.organisation == claire.organisation
    assert Entry.objects.about(known).filter(verb="solutions.company_account_opened").exists()


def test_who_an_identity_provider_vouches_for_needs_no_code_and_no_password(client):
    session = client.session
    session["waiting_identity"] = {
        "provider": "moncompte",
        "uid": "u-1",
        "email": "claire@example.example",
        "first_name": "Claire",
        "last_name": "Le Goff",
        "siren": SIREN,
    }
    session.save()
    assert client.get(reverse("solutions:open_account")).context["form"].initial["siren"] == SIREN
    address = reverse("solutions:open_account_person", args=[SIREN])
    form = client.get(address).context["form"]
    assert "password" not in form.fields
    page = client.post(
        address, {"first_name": "Claire", "last_name": "Le Goff", "email": "other@example.example"}, follow=True
    )
    assert page.wsgi_request.user.is_authenticated
    assert page.wsgi_request.user.email == "claire@example.example"
    assert "waiting_identity" not in client.session


def test_enter_company_serves_a_person_who_has_an_account_and_no_company(client):
    from pavillon.accounts.tests.factories import person

    zoe = person("Zoe")
    client.force_login(zoe, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("solutions:open_account_person", args=[SIREN])
    form = client.get(address).context["form"]
    assert set(form.fields) == {"job_title", "accepted"}
    page = client.post(address, {"job_title": "Gérante"}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("solutions_company:company_home")
    assert User.objects.get(pk=zoe.pk).role == Role.COMPANY_MANAGER


def test_claim_diagnosis_never_takes_another_company_s():
    from pavillon.solutions.actions.diagnosis import AlreadyClaimed, claim_diagnosis
    from pavillon.solutions.tests.factories import OTHER_SIREN, company

    diagnosis = take_diagnosis({"history": "never"})
    open_account(diagnosis=diagnosis)
    luc = open_account(siren=OTHER_SIREN, email="luc@example.example")
    with pytest.raises(AlreadyClaimed):
        claim_diagnosis(diagnosis=diagnosis, company=company(OTHER_SIREN), by=luc)


def test_a_merge_moves_diagnoses_openings_and_requests():
    from pavillon.directory.actions import merge_companies
    from pavillon.solutions.models import Diagnosis
    from pavillon.solutions.tests.factories import OTHER_SIREN, company

    diagnosis = take_diagnosis({"history": "never"})
    open_account(siren=OTHER_SIREN, email="luc@example.example", diagnosis=diagnosis)
    claire = open_account()
    kept, removed = company(SIREN), company(OTHER_SIREN)
    Company.objects.filter(pk=removed.pk).update(organisation=None, siren=None)
    removed.refresh_from_db()
    merge_companies(kept=kept, removed=removed, by=claire)
    assert Diagnosis.objects.get(pk=diagnosis.pk).company == kept
    assert AccountOpening.objects.get().company == kept


def test_enter_company_twice_asks_once():
    from pavillon.accounts.tests.factories import person
    from pavillon.solutions.actions import enter_company

    open_account()
    paul = person("Paul")
    first = enter_company(siren=SIREN, user=paul, region=None)
    assert enter_company(siren=SIREN, user=paul, region=None) == first
    assert JoinRequest.objects.count() == 1


# Who enters by a public number


@pytest.fixture
def known():
    """A company of the base with an earlier request, opened by somebody at the counter."""
    from pavillon.directory.actions import create_company

    company = create_company(
        name="Biscuiterie du Phare", siren=SIREN, website="https://www.biscuiterie-phare.example", by=None
    )
    lead(company, message="Our confidential plan for Brazil", subject="Brazil")
    return company


def reads_the_past(client, user):
    client.force_login(User.objects.get(pk=user.pk), backend="allauth.account.auth_backends.AuthenticationBackend")
    return "Our confidential plan" in client.get(reverse("crm:my_requests")).content.decode()


@pytest.mark.covers("SEC-09")
def test_a_stranger_who_types_the_siren_of_a_company_learns_nothing_of_its_past(client, known):
    """His own request he sees; the earlier ones open once an adviser says that he belongs to the company."""
    stranger = open_account(email="stranger@mail.example")
    assert not reads_the_past(client, stranger)
    mine = ask_contact(company=Company.objects.get(pk=known.pk), by=User.objects.get(pk=stranger.pk), message="Hello")
    page = client.get(reverse("crm:my_requests"))
    assert [line["lead"] for line in page.context["requests"]] == [mine]
    membership = User.objects.get(pk=stranger.pk).acting
    chamber = accounts.create_organisation(
        name="CCI Test", kind=Kind.CHAMBER, level="regional", region=Region.objects.get(pk="53"), by=None
    )
    adviser = person("Nour", chamber, Role.ADVISER)
    client.force_login(adviser, backend="allauth.account.auth_backends.AuthenticationBackend")
    panel = client.get(reverse("solutions_team:newcomers", args=[known.pk])).content.decode()
    assert "stranger@mail.example" in panel
    client.post(reverse("solutions_team:confirm_entry", args=[known.pk]), {"membership": membership.pk})
    assert Notification.objects.filter(recipient=stranger, kind="solutions.join_decided").exists()
    assert reads_the_past(client, stranger)


@pytest.mark.parametrize("proof", ["domain", "contact"])
def test_whoever_the_company_s_address_proves_is_at_home_at_once(client, known, proof):
    email = "anne@biscuiterie-phare.example" if proof == "domain" else "anne@mail.example"
    Company.objects.filter(pk=known.pk).update(domain="biscuiterie-phare.example")
    if proof == "contact":
        add_contact(company=known, last_name="Anne", email=email, by=None)
    assert reads_the_past(client, open_account(email=email))


def test_without_a_past_nobody_waits(client):
    assert open_account().acting.is_confirmed


def test_an_unproven_address_holds_nothing(known):
    """Who opened the account first and never proved the mailbox gives way to who does."""
    squatter = open_account(email="squatter@mail.example", verified=False)
    assert not User.objects.get(pk=squatter.pk).acting.is_confirmed
    owner = open_account(email="anne@mail.example")
    assert not JoinRequest.objects.exists()
    assert User.objects.get(pk=owner.pk).role == Role.COMPANY_MANAGER
    assert User.objects.get(pk=squatter.pk).role == ""
    # The one who proves his address second asks the first.
    late = open_account(email="late@mail.example")
    assert User.objects.get(pk=late.pk).role == ""
    assert JoinRequest.objects.get().user == late


def test_settle_entries_sends_the_second_prover_to_the_first(known):
    first, second = (
        open_account(email="a@mail.example", verified=False),
        open_account(email="b@mail.example", verified=False),
    )
    for user in (first, second):
        user.emailaddress_set.update(verified=True)
    EmailAddress.objects.filter(user=second).update(verified=False)
    settle_entries(user=first)
    assert User.objects.get(pk=first.pk).role == Role.COMPANY_MANAGER
    assert User.objects.get(pk=second.pk).role == ""


def test_the_team_lists_the_accounts_of_companies(client, bretagne):
    """Customer accounts: who opened one, from which site, how many people; narrowed to those who wait."""
    open_account(region=bretagne)
    adviser = person("Nour", accounts.create_organisation(name="CCI", kind=Kind.CHAMBER, by=None), Role.ADVISER)
    client.force_login(adviser)
    page = client.get(reverse("solutions_team:company_accounts"))
    (opening,) = page.context["listing"].rows
    assert (opening.company.siren, opening.people, opening.region) == (SIREN, 1, bretagne)
    held = client.get(reverse("solutions_team:company_accounts"), {"waiting": "true"})
    assert len(held.context["listing"].rows) == int(opening.waiting)
    client.force_login(User.objects.get(email="claire@example.example"))
    assert client.get(reverse("solutions_team:company_accounts")).status_code == 403
