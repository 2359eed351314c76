"""Who may do what with people, organisations and the entrance."""

from allauth.usersessions.models import UserSession

from pavillon.accounts.enums import ALL_PEOPLE_ROLES, PLATFORM_ROLES, Role
from pavillon.accounts.models import (
    Correspondent,
    IdentityProvider,
    Membership,
    OneStopShop,
    Organisation,
    PeopleImport,
    User,
)
from pavillon.core.permissions import permission, sees

_ADMINS = {Role.PLATFORM_ADMIN, Role.ORGANISATION_ADMIN, Role.COMPANY_MANAGER}


def _administers(user: User, organisation: Organisation | None) -> bool:
    """Looks after the accounts of this organisation."""
    if user.has_role(Role.PLATFORM_ADMIN):
        return True
    return user.role in _ADMINS and (organisation is None or user.acting.organisation_id == organisation.pk)


def _answers_for(user: User, person: User | None) -> bool:
    """May act on the whole account: the person has no role elsewhere, and none that the platform alone gives."""
    if user.has_role(Role.PLATFORM_ADMIN):
        return True
    if user.role not in _ADMINS:
        return False
    if person is None:
        return True
    current = list(person.memberships.current())
    mine = [m for m in current if m.organisation_id == user.acting.organisation_id]
    return len(mine) == len(current) and not any(m.role in PLATFORM_ROLES for m in current)


@permission("accounts.change_profile")
def change_profile(user: User, subject: None) -> bool:
    return True


@permission("accounts.switch_membership", writes=Membership)
def switch_membership(user: User, membership: Membership | None) -> bool:
    return membership is None or (membership.user_id == user.pk and membership.is_current)


@permission("accounts.view_people")
def view_people(user: User, subject: None) -> bool:
    return user.role in _ADMINS | ALL_PEOPLE_ROLES | {Role.TEAM_MANAGER}


@permission("accounts.view_everybody")
def view_everybody(user: User, subject: None) -> bool:
    """Sees the people of every organisation (what `visible_to` shows)."""
    return user.role in ALL_PEOPLE_ROLES


@permission("accounts.view_user")
def view_user(user: User, person: User | None) -> bool:
    return view_people(user, None) and (person is None or sees(user, person))


@permission("accounts.export_people")
def export_people(user: User, subject: None) -> bool:
    return user.role in {Role.PLATFORM_ADMIN, Role.SECURITY_OFFICER, Role.ORGANISATION_ADMIN}


@permission("accounts.invite_user", writes=User, field="email")
def invite_user(user: User, organisation: Organisation | None) -> bool:
    return _administers(user, organisation)


@permission("accounts.import_people", writes=User, field="email")
def import_people(user: User, people_import: PeopleImport | None) -> bool:
    """A rehearsed file belongs to whoever brought it."""
    may_import = user.has_role(Role.PLATFORM_ADMIN, Role.ORGANISATION_ADMIN)
    return may_import and (people_import is None or people_import.by_id == user.pk)


@permission("accounts.change_user", writes=User)
def change_user(user: User, person: User | None) -> bool:
    return _answers_for(user, person)


@permission("accounts.deactivate_user", writes=User)
def deactivate_user(user: User, person: User | None) -> bool:
    return _answers_for(user, person) and (person is None or (person.pk != user.pk and person.is_active))


@permission("accounts.reactivate_user", writes=User)
def reactivate_user(user: User, person: User | None) -> bool:
    return _answers_for(user, person) and (person is None or not person.is_active)


@permission("accounts.send_invitation", writes=User)
def send_invitation(user: User, person: User | None) -> bool:
    return _answers_for(user, person) and (person is None or person.is_invited)


def _is_last_officer(person: User) -> bool:
    """A security officer while no officer is left who could answer: a rule must not leave the platform without any."""
    officers = User.objects.working().acting_in(role=Role.SECURITY_OFFICER)
    return officers.filter(pk=person.pk).exists() and not officers.not_held().exclude(pk=person.pk).exists()


@permission("accounts.lift_suspension", writes=User)
def lift_suspension(user: User, person: User | None) -> bool:
    """What security set, security alone lifts, and nobody his own; an officer's the administrator, if no other can."""
    if person is not None and person.is_held:
        if person.pk == user.pk:
            return False
        return user.has_role(Role.SECURITY_OFFICER) or (user.has_role(Role.PLATFORM_ADMIN) and _is_last_officer(person))
    return user.has_role(Role.SECURITY_OFFICER) or _answers_for(user, person)


@permission("accounts.end_sessions", writes=User)
def end_sessions(user: User, person: User | None) -> bool:
    """Security, and who answers for the account; one's own sessions have a page of their own."""
    if person is not None and person.pk == user.pk:
        return False
    return user.has_role(Role.SECURITY_OFFICER) or _answers_for(user, person)


@permission("accounts.end_all_sessions", writes=User)
def end_all_sessions(user: User, subject: object) -> bool:
    return user.has_role(Role.SECURITY_OFFICER, Role.PLATFORM_ADMIN)


@permission("accounts.remove_second_factors", writes=User)
def remove_second_factors(user: User, person: User | None) -> bool:
    """For who lost them all: an officer of security or the administrator, never for himself."""
    if not user.has_role(Role.SECURITY_OFFICER, Role.PLATFORM_ADMIN):
        return False
    return person is None or (person.pk != user.pk and sees(user, person))


@permission("accounts.add_membership", writes=User)
def add_membership(user: User, organisation: Organisation | None) -> bool:
    return _administers(user, organisation)


@permission("accounts.change_membership", writes=User)
def change_membership(user: User, membership: Membership | None) -> bool:
    if membership is None:
        return _administers(user, None)
    return _administers(user, membership.organisation) and (
        membership.role not in PLATFORM_ROLES or user.has_role(Role.PLATFORM_ADMIN)
    )


@permission("accounts.end_membership", writes=User)
def end_membership(user: User, membership: Membership | None) -> bool:
    """Nobody ends the role that he is using: an organisation must not lose its last administrator by a slip."""
    return change_membership(user, membership) and (
        membership is None or (membership.is_current and membership.pk != user.acting.pk)
    )


@permission("accounts.view_organisations")
def view_organisations(user: User, subject: None) -> bool:
    return user.is_team


@permission("accounts.view_organisation")
def view_organisation(user: User, organisation: Organisation | None) -> bool:
    return user.is_team


@permission("accounts.create_organisation", writes=Organisation)
def create_organisation(user: User, subject: None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN)


@permission("accounts.change_organisation", writes=Organisation)
def change_organisation(user: User, organisation: Organisation | None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN)


@permission("accounts.view_region_team")
def view_region_team(user: User, shop: OneStopShop | None) -> bool:
    return user.is_team


@permission("accounts.compose_shop", writes=OneStopShop)
def compose_shop(user: User, shop: OneStopShop | None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN)


@permission("accounts.view_correspondents")
def view_correspondents(user: User, subject: None) -> bool:
    return user.is_team


@permission("accounts.name_correspondent", writes=Correspondent)
def name_correspondent(user: User, correspondent: Correspondent | None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN)


@permission("accounts.end_correspondent", writes=Correspondent)
def end_correspondent(user: User, correspondent: Correspondent | None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN)


@permission("accounts.view_identity_providers")
def view_identity_providers(user: User, subject: None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN, Role.SECURITY_OFFICER)


@permission("accounts.change_identity_provider", writes=IdentityProvider)
def change_identity_provider(user: User, provider: IdentityProvider | None) -> bool:
    return user.has_role(Role.PLATFORM_ADMIN)


@permission("accounts.end_session", writes=UserSession)
def end_session(user: User, session: UserSession | None) -> bool:
    return session is None or session.user_id == user.pk
