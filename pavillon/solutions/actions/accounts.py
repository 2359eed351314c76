"""How a company comes in: it opens its account once; everybody after the first asks to join."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Membership, User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory import actions as directory
from pavillon.directory.models import Company
from pavillon.metrics.actions import count
from pavillon.privacy import actions as privacy
from pavillon.privacy.enums import Kind as PurposeKind
from pavillon.privacy.models import Purpose
from pavillon.reference.models import Region
from pavillon.solutions.actions.diagnosis import claim_diagnosis
from pavillon.solutions.enums import JoinState
from pavillon.solutions.events import company_account_opened, join_decided, join_requested
from pavillon.solutions.models import AccountOpening, CompanyVisit, Diagnosis, JoinRequest
from pavillon.solutions.queries.belonging import guardians_of, has_verified_address, holders_of, proof_of_belonging


@transaction.atomic
def open_company_account(
    *,
    siren: str,
    email: str,
    password: str | None,
    first_name: str,
    last_name: str,
    language: str,
    region: Region | None,
    diagnosis: Diagnosis | None = None,
    job_title: str = "",
    accepted: Iterable[str] = (),
    proof: dict[str, Any] | None = None,
) -> User:
    """Make the person, and the company's account when it has none; else a request to join it.

    The company comes from the register by its SIREN (never a duplicate). `region` is the regional site the person
    came from, None for the national one. `accepted` are the optional purposes ticked, `proof` says on which page.
    Without a password the person comes in by an identity provider. Raises `accounts.EmailTaken` and
    `directory.queries.WrongSiren`.
    """
    user = accounts.create_user(
        email=email, first_name=first_name, last_name=last_name, language=language, password=password
    )
    keep_legal_bases(user=user, accepted=accepted, proof=proof or {})
    enter_company(siren=siren, user=user, region=region, diagnosis=diagnosis, job_title=job_title)
    return user


@transaction.atomic
def enter_company(
    *, siren: str, user: User, region: Region | None, diagnosis: Diagnosis | None = None, job_title: str = ""
) -> AccountOpening | JoinRequest:
    """Let a person who has an account into the company of that SIREN: as its first manager, or by a request."""
    company = directory.adopt_register_unit(siren=siren, by=user)
    _lock_account(company)
    company.refresh_from_db()
    if holders_of(company).exists():
        return ask_to_join(company=company, by=user)
    return _open(company, user, region, diagnosis, job_title)


@transaction.atomic
def settle_entries(*, user: User) -> None:
    """The person proved the mailbox: of those who entered one company by its number, the first to do so holds it.

    Whoever proves his address second asks the first to join. A first one who is known to the company, or of a company
    without a past, is confirmed at once; for any other, an adviser of the company says whether he belongs to it.
    """
    for membership in Membership.objects.current().filter(
        user=user, is_confirmed=False, organisation__kind=Kind.COMPANY
    ):
        company = membership.organisation.company
        _lock_account(company)
        rivals = Membership.objects.current().filter(organisation=membership.organisation).exclude(user=user)
        if holders_of(company).exclude(user=user).exists():
            accounts.end_membership(membership=membership, by=user)
            ask_to_join(company=company, by=user)
            continue
        for rival in rivals:
            accounts.end_membership(membership=rival, by=user)
        if reason := proof_of_belonging(company, user):
            accounts.confirm_membership(membership=membership, by=None, reason=reason)
        else:
            notify(
                guardians_of(company),
                "solutions.entry_waits",
                title=_("Somebody opened the account of a company that we know"),
                body=f"{company.name}: {user.full_name} ({user.email})",
                url=company.get_absolute_url(),
            )


@transaction.atomic
def confirm_entry(*, membership: Membership, by: User) -> None:
    """An adviser knows that the person belongs to the company: its past opens to him."""
    if accounts.confirm_membership(membership=membership, by=by, reason="adviser"):
        notify(
            [membership.user],
            "solutions.join_decided",
            title=_("Your place in the company is confirmed"),
            body=membership.organisation.name,
            url="/my/",
        )


def _lock_account(company: Company) -> None:
    # Two people of one company at the same moment: only one of them is the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"company account {company.pk}"])


def _open(
    company: Company, user: User, region: Region | None, diagnosis: Diagnosis | None, job_title: str
) -> AccountOpening:
    if company.organisation is None:
        organisation = accounts.create_organisation(
            name=company.name, kind=Kind.COMPANY, region=company.region, by=user
        )
        directory.own_company(company=company, organisation=organisation, by=user)
        company.refresh_from_db()
    assert company.organisation is not None
    accounts.add_membership(
        user=user,
        organisation=company.organisation,
        role=Role.COMPANY_MANAGER,
        by=user,
        is_default=True,
        is_confirmed=False,
    )
    _forget_acting(user)
    directory.add_contact(
        company=company,
        by=user,
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email,
        job_title=job_title,
        language=user.language,
        user=user,
        is_decision_maker=True,
    )
    if diagnosis is not None:
        diagnosis = claim_diagnosis(diagnosis=diagnosis, company=company, by=user)
    opening, is_new = AccountOpening.objects.get_or_create(
        company=company, defaults={"user": user, "region": region, "diagnosis": diagnosis}
    )
    if is_new:
        record("solutions.company_account_opened", company, by=user, region=region.pk if region else "")
        count("solutions.account_opened", company_id=company.pk, region_id=region.pk if region else "")
        company_account_opened.send(sender=AccountOpening, company=company, user=user, region=region)
    if has_verified_address(user):
        settle_entries(user=user)
        _forget_acting(user)
    return opening


def _forget_acting(user: User) -> None:
    # `acting` is remembered for the length of a request: the person now acts for the company.
    user.__dict__.pop("acting", None)


@transaction.atomic
def ask_to_join(*, company: Company, by: User) -> JoinRequest:
    """Ask the managers of a company that has its account already."""
    request, is_new = JoinRequest.objects.get_or_create(company=company, user=by, state=JoinState.ASKED)
    if is_new:
        record("solutions.join_requested", company, by=by)
        notify(
            managers_of(company),
            "solutions.join_requested",
            title=_("Somebody asks to join your company's space"),
            body=f"{by.full_name} ({by.email})",
            url="/my/joining/",
        )
        join_requested.send(sender=JoinRequest, join_request=request)
    return request


def managers_of(company: Company) -> list[User]:
    """The people who may let others in."""
    managing = Membership.objects.current().filter(organisation=company.organisation_id, role=Role.COMPANY_MANAGER)
    return list(User.objects.filter(pk__in=managing.values("user"), is_active=True))


@transaction.atomic
def decide_join_request(*, join_request: JoinRequest, accept: bool, role: str = Role.SELLER, by: User) -> JoinRequest:
    """Let the person in with a role of the company, or refuse. A request is decided once."""
    join_request = (
        JoinRequest.objects.select_for_update(of=("self",)).select_related("company", "user").get(pk=join_request.pk)
    )
    if join_request.state != JoinState.ASKED:
        return join_request
    before = snapshot(join_request)
    join_request.state = JoinState.ACCEPTED if accept else JoinState.REFUSED
    join_request.decided_at, join_request.decided_by = timezone.now(), by
    join_request.save(update_fields=["state", "decided_at", "decided_by"])
    company, user = join_request.company, join_request.user
    record("solutions.join_decided", company, by=by, changes=changes_since(before, join_request), person=user.pk)
    if accept:
        assert company.organisation is not None
        accounts.add_membership(user=user, organisation=company.organisation, role=role, by=by, is_default=True)
    notify(
        [user],
        "solutions.join_decided",
        title=_("Your request was accepted") if accept else _("Your request was refused"),
        body=company.name,
        url="/my/" if accept else "",
    )
    join_decided.send(sender=JoinRequest, join_request=join_request, by=by)
    return join_request


def keep_legal_bases(*, user: User, accepted: Iterable[str], proof: dict[str, Any]) -> None:
    """Keep what the person was told at the opening of the account, and the answer to each optional purpose."""
    for purpose in Purpose.objects.filter(
        kind=PurposeKind.PERSON, is_essential=True, current__isnull=False, pk="company_account"
    ):
        privacy.give_consent(purpose=purpose.pk, person_key=f"user:{user.pk}", user=user, proof=proof)
    privacy.answer_purposes(accepted=accepted, by=user, proof=proof)


@transaction.atomic
def note_company_visit(*, company: Company, region: Region) -> bool:
    """Count a company among this month's visitors of a region's site. The caller has asked for consent.

    Returns whether it was the first visit of the month. Not in the trail: it is a count, and names no person.
    """
    month = timezone.localdate().replace(day=1)
    _visit, is_new = CompanyVisit.objects.get_or_create(company=company, region=region, month=month)
    if is_new:
        count("solutions.company_visited", company_id=company.pk, region_id=region.pk)
    return is_new


@transaction.atomic
def forget_opener(opening: AccountOpening) -> None:
    """The company keeps its account; who opened it is no longer known."""
    opening.user = None
    opening.save(update_fields=["user"])


@transaction.atomic
def forget_join_request(join_request: JoinRequest) -> None:
    join_request.delete()
