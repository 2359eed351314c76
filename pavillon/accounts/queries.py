"""Reads over several tables that other rooms and pages ask for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from pavillon.accounts.entering import bring_cells as bring_cells
from pavillon.accounts.entering import strong_factors
from pavillon.accounts.enums import COMPANY_ROLES, TEAM_ROLES, Network, Role
from pavillon.accounts.models import (
    Correspondent,
    FactorRule,
    IdentityProvider,
    Membership,
    OneStopShop,
    Organisation,
    ShopMember,
    SignInGuard,
    User,
)
from pavillon.accounts.models.sign_in import guard_key
from pavillon.core.permissions import is_allowed
from pavillon.core.wall import Sight
from pavillon.reference.models import Region

# Where a session keeps the key of the membership that its person acts in.
ACTING = "acting_membership"
# When a session began and was last used (seconds), and in which family of browsers.
ENTERED_AT, USED_AT, BROWSER = "entered_at", "used_at", "browser"

# The first that matches wins: Edge and Opera also call themselves Chrome, Chrome also calls itself Safari.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]


def browser_family(user_agent: str) -> str:
    """ "Firefox", "Chrome"…, "" for none of those. Neither its version nor the system: both change while one works."""
    return next((name for sign, name in BROWSERS if re.search(rf"\b{sign}\w*/", user_agent)), "")


def sight_of(user: User) -> Sight:
    """For whom the database is asked when this person does: by what he is acting as now (`core.wall`)."""
    place = user.organisation
    if place is None:
        return Sight("person", person=str(user.pk))
    reach = "team" if user.is_team else "company" if user.is_company else "buyer"
    return Sight(reach, str(user.pk), str(place.pk), user.role, place.kind, place.level, place.region_id or "")


def why_over(session: Any, user: User, user_agent: str) -> str:
    """Why a session must end now: "age", "browser", or "" while it may go on."""
    entered = session.get(ENTERED_AT)
    if entered is None:
        return ""
    now = timezone.now().timestamp()
    age, idle = now - entered, now - session.get(USED_AT, entered)
    if age > settings.SESSION_LONGEST or idle > settings.SESSION_IDLE:
        return "age"
    # Asked only then: the role costs a statement.
    is_late = age > settings.OFFICERS_SESSION_LONGEST or idle > settings.OFFICERS_SESSION_IDLE
    if is_late and user.needs_second_factor:
        return "age"
    known = session.get(BROWSER, "")
    return "browser" if known and browser_family(user_agent) != known else ""


def team_of_region(region: object) -> QuerySet[Membership]:
    """The single team of a region (a Region or its code): who sits there today for which organisation.

    Members of the region's own organisations and people of national ones who cover it, as long as their
    organisation has a seat in the one-stop shop (ledger IDN-11).
    """
    code = getattr(region, "pk", region)
    seated = ShopMember.objects.current().filter(shop=code).values("organisation")
    return (
        Membership.objects.current()
        .filter(organisation__in=seated, user__is_active=True)
        .filter(Q(covers=code) | Q(covers=None, organisation__region=code))
        .select_related("user", "user__office", "organisation", "unit")
        .order_by("organisation__name", "user__last_name", "user__first_name")
    )


def advisers_of(region_id: str) -> QuerySet[User]:
    """Active advisers who act in a regional organisation of that region, in stable order."""
    return User.objects.working().acting_in(organisation__region=region_id, role=Role.ADVISER).order_by("pk")


def country_of(request: HttpRequest | None) -> str:
    """The country that whoever asks is in, as a proxy of ours tells it (ISO code, "FR"); "" when none does.

    settings.COUNTRY_HEADER names the header; without a trusted proxy it is not read, since anybody may write it.
    """
    if request is None or not (settings.COUNTRY_HEADER and settings.TRUSTED_PROXIES):
        return ""
    told = request.headers.get(settings.COUNTRY_HEADER, "").strip().upper()
    return told if len(told) == 2 and told.isalpha() and told.isascii() and told not in {"XX", "ZZ"} else ""


def last_proof(session: Any) -> datetime | None:
    """When the person of a session last proved who he is: by the second factor if he used one here, else by
    whatever way he has. None for a session that allauth did not open."""
    proofs = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    strong = [proof for proof in proofs if proof.get("method") == "mfa"]
    moments = [proof["at"] for proof in strong or proofs if "at" in proof]
    return datetime.fromtimestamp(max(moments), tz=UTC) if moments else None


def ways_of(session: Any) -> str:
    """The means by which the person of a session proved himself, in their order: "password+totp"."""
    proofs = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    named = [proof.get("type") or proof.get("provider") or proof.get("method", "") for proof in proofs]
    return "+".join(dict.fromkeys(str(name) for name in named if name))


def proofs_in(session: Any) -> int:
    """How many proofs a session holds: one more means that its person proved himself just now."""
    return len(session.get(AUTHENTICATION_METHODS_SESSION_KEY, []))


def password_locked_until(email: str) -> datetime | None:
    """Until when no password is tried with this address, None when it may be. Other ways in are not held back."""
    guard = SignInGuard.objects.filter(key=guard_key(email)).first()
    return guard.suspended_until if guard and guard.is_suspended else None


def failures_since(email: str, moment: datetime) -> int:
    """How many passwords failed with this address since a moment of the last day, whoever has it or nobody."""
    recent = SignInGuard.objects.filter(key=guard_key(email)).values_list("recent", flat=True).first()
    return sum(1 for at in recent or () if at >= moment.timestamp())


def offered_providers() -> QuerySet[IdentityProvider]:
    """The providers whose buttons stand on the sign-in page."""
    return IdentityProvider.objects.offered()


def offered_provider(slug: str, *, also_off: bool = False) -> IdentityProvider | None:
    """The provider of that short name, None when there is none or it is switched off."""
    rows = IdentityProvider.objects.all() if also_off else offered_providers()
    return rows.filter(slug=slug).first()


def waiting_identity(request: HttpRequest) -> dict[str, Any] | None:
    """Whom an identity provider vouches for in this session while no account is known.

    {provider, uid, email (verified), first_name, last_name, siren ("" when it says none)}. Whoever opens the account
    calls `actions.link_identity(user=…, identity=…)`, then drops the session's entry of that name.
    """
    found: dict[str, Any] | None = request.session.get("waiting_identity")
    return found


_INVITATION = "pavillon.accounts.invitation"


class InvitationExpired(Exception):
    """The link is too old, was used already, or is not one of ours.

    `person` is who was invited, where the link is truly ours, still opens nothing, and only its time is over.
    """

    person: User | None = None


def _state(user: User) -> str:
    """Changes as soon as the account is used, so that a link opens it once."""
    return salted_hmac(_INVITATION, f"{user.pk}{user.password}{user.last_login}{user.email}").hexdigest()[:20]


def invitation_token(user: User) -> str:
    """What the link of an invitation carries; good for INVITATION_DAYS."""
    return signing.dumps({"user": user.pk, "state": _state(user)}, salt=_INVITATION, compress=True)


def invited_user(token: str) -> User:
    """The person whom a link invites. Raises InvitationExpired."""
    try:
        content = signing.loads(token, salt=_INVITATION)
    except signing.BadSignature as error:
        raise InvitationExpired from error
    user = User.objects.filter(pk=content["user"], is_active=True).first()
    if user is None or _state(user) != content["state"]:
        raise InvitationExpired
    try:
        signing.loads(token, salt=_INVITATION, max_age=settings.INVITATION_DAYS * 86400)
    except signing.SignatureExpired as error:
        late = InvitationExpired()
        late.person = user
        raise late from error
    return user


def has_second_factor(user: User) -> bool:
    """A phone's codes or a key; recovery codes alone do not count."""
    return bool(strong_factors(user).exists())


def recovery_codes_left(row: Authenticator) -> int:
    """How many codes of a row of allauth's are unused."""
    return len(row.data["digests"]) if "digests" in row.data else len(row.wrap().get_unused_codes())


def recovery_codes_of(user: User) -> int:
    """How many recovery codes a person has left."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return recovery_codes_left(row) if row else 0


# What PAVILLON_REQUIRE_MFA_OF may name.
SIDES = {"team": TEAM_ROLES, "companies": COMPANY_ROLES, "buyers": frozenset({Role.BUYER})}


def is_asked_for_factor(user: User) -> bool:
    """Whether this installation demands a second factor of who acts in this role: of the team, and of companies' people
    and buyers where the agency says so (REQUIRE_MFA_OF)."""
    demanded = (name for name, roles in SIDES.items() if user.role in roles)
    return bool(settings.REQUIRE_MFA) and any(name in settings.REQUIRE_MFA_OF for name in demanded)


def factor_deadline(user: User) -> datetime | None:
    """From when on somebody's present role opens nothing without a second factor; None where nothing demands one.

    Officers (SECOND_FACTOR_ROLES): from the first day. Others: MFA_GRACE_DAYS after the first sign-in, the first role
    on that side, or the day on which this installation began to demand it (REQUIRE_MFA), the latest of them.
    """
    if not is_asked_for_factor(user):
        return None
    if user.needs_second_factor:
        return user.joined_at
    rule = FactorRule.objects.first()
    side = next(roles for roles in SIDES.values() if user.role in roles)
    roles = Membership.objects.filter(user=user, role__in=side).aggregate(first=Min("created_at"))
    since = [rule.begun_at if rule else timezone.now(), user.first_entered_at or user.joined_at, roles["first"]]
    return max(filter(None, since)) + timedelta(days=settings.MFA_GRACE_DAYS)


def factor_due(user: User, *, has_factor: bool | None = None) -> datetime | None:
    """The same for who has none yet; None for who has one. `has_factor`: where somebody looked just now."""
    if not is_asked_for_factor(user) or (has_second_factor(user) if has_factor is None else has_factor):
        return None
    return factor_deadline(user)


def lacks_second_factor(user: User) -> bool:
    """Whether somebody may open nothing before he set up a second factor."""
    due = factor_due(user)
    return due is not None and due <= timezone.now()


def factor_counts() -> dict[str, Any]:
    """How the team stands with second factors: `people` of the team with an open account, `with_factor`, `since`
    (when the demand began, None before)."""
    people = User.objects.of_the_team().working()
    strong = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values("user")
    rule = FactorRule.objects.first()
    return {
        "people": people.count(),
        "with_factor": people.filter(pk__in=strong).count(),
        "since": rule.begun_at if rule and settings.REQUIRE_MFA else None,
    }


def start_page(user: User) -> str:
    """The address where a person's day begins, by role (START_PAGES)."""
    for name in settings.START_PAGES.get(user.role, []):
        try:
            return reverse(name)
        except NoReverseMatch:
            # The room is not installed here; the next best page will do.
            continue
    return reverse("accounts:change_profile")


@dataclass(frozen=True)
class KnownPerson:
    """Somebody who has the address already, seen from the organisation that wanted to invite him."""

    user: User
    organisation: Organisation
    role: str
    is_member: bool
    has_role: bool
    elsewhere: list[str]


def known_person(user: User, organisation: Organisation, role: str) -> KnownPerson:
    """Who has an address already, and whether the role asked for is new (ledger IDN-13)."""
    current = list(user.memberships.current().select_related("organisation"))
    here = [m for m in current if m.organisation_id == organisation.pk]
    return KnownPerson(
        user=user,
        organisation=organisation,
        role=str(Role(role).label),
        is_member=bool(here),
        has_role=any(m.role == role for m in here),
        elsewhere=[str(m.organisation) for m in current if m.organisation_id != organisation.pk],
    )


def session_of(user: User, pk: int) -> UserSession | None:
    """One of a person's own open sessions."""
    return UserSession.objects.filter(user=user, pk=pk).first()


def know_roles(people: Iterable[User]) -> None:
    """Give many people their roles of today (`User.acting`, `region_id`) in one statement instead of one each."""
    known = {person.pk: person for person in people}
    found: dict[int, list[Membership]] = {pk: [] for pk in known}
    rows = Membership.objects.filter(user__in=known).current(timezone.localdate()).select_related("organisation")
    for role in rows.order_by("-is_default", "pk"):
        role.user = known[role.user_id]
        found[role.user_id].append(role)
    for pk, person in known.items():
        person.roles_today = found[pk]


def roles_of(person: User, *, seen_by: User) -> list[Membership]:
    """A person's roles, present and past, as far as `seen_by` may see them, with what he may do to each."""
    visible = Membership.objects.visible_to(seen_by).filter(user=person)
    roles = list(visible.select_related("organisation", "unit", "covers").order_by("-starts_on", "pk"))
    for role in roles:
        role.may_change = is_allowed(seen_by, "accounts.change_membership", role)  # type: ignore[attr-defined]
        role.may_end = is_allowed(seen_by, "accounts.end_membership", role)  # type: ignore[attr-defined]
    return roles


def may_do(user: User, person: User) -> dict[str, bool]:
    """What `user` may do with a person's account: {"change_user": True, …}."""
    verbs = (
        "change_user", "deactivate_user", "reactivate_user", "send_invitation", "lift_suspension",
        "remove_second_factors", "end_sessions",
    )  # fmt: skip
    allowed = {verb: is_allowed(user, f"accounts.{verb}", person) for verb in verbs}
    return allowed | {"add_membership": is_allowed(user, "accounts.add_membership")}


def sign_in_facts(user: User) -> dict[str, Any]:
    """How a person comes in: second factor, open sessions, linked providers."""
    return {
        "has_second_factor": has_second_factor(user),
        "password_locked_until": password_locked_until(user.email),
        "sessions": UserSession.objects.filter(user=user).count(),
        "providers": list(SocialAccount.objects.filter(user=user).values_list("provider", flat=True)),
    }


def organisation_facts(organisation: Organisation) -> dict[str, Any]:
    """What an organisation's page shows: how many people by role and by network, seats, mandates."""
    current = Membership.objects.current().filter(organisation=organisation, user__is_active=True)
    by_role = current.order_by().values("role").annotate(n=Count("user", distinct=True)).order_by("-n")
    by_network = current.exclude(network="").order_by().values("network").annotate(n=Count("user", distinct=True))
    return {
        "roles": [(Role(row["role"]).label, row["n"]) for row in by_role],
        "networks": [(Network(row["network"]).label, row["n"]) for row in by_network],
        "seats": ShopMember.objects.filter(organisation=organisation).select_related("shop__region"),
        "mandates": Correspondent.objects.filter(organisation=organisation).select_related("country"),
    }


def regions_with_teams() -> QuerySet[Region]:
    """Every region, with `seats` (organisations of its team) and `has_shop`."""
    seats = (
        ShopMember.objects.current()
        .filter(shop=OuterRef("pk"))
        .order_by()
        .values("shop")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Region.objects.inhabited().annotate(
        seats=Coalesce(Subquery(seats), 0), has_shop=Exists(OneStopShop.objects.filter(pk=OuterRef("pk")))
    )


def shop_of(region: Region) -> tuple[OneStopShop | None, list[Organisation]]:
    """The one-stop shop of a region, None before it is composed, and the organisations that sit there today."""
    seats = ShopMember.objects.current().filter(shop=region.pk).select_related("organisation")
    return OneStopShop.objects.filter(pk=region.pk).first(), [seat.organisation for seat in seats]


def team_page(region: Region) -> dict[str, Any]:
    """The page of a region's single team: its shop, seats past and present, people grouped by organisation."""
    shop, seated = shop_of(region)
    team = list(team_of_region(region))
    groups: dict[int, dict[str, Any]] = {o.pk: {"organisation": o, "people": []} for o in seated}
    for membership in team:
        groups[membership.organisation_id]["people"].append(membership)
    past = ShopMember.objects.filter(shop=region.pk, ends_on__lt=timezone.localdate()).select_related("organisation")
    return {
        "shop": shop,
        "groups": list(groups.values()),
        "team": team,
        "team_ids": [m.pk for m in team],
        "past": past.order_by("-ends_on"),
    }
