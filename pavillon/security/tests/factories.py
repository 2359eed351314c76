"""The small cast of this room: Nora the security officer, Denis the data-protection officer, Hélène the adviser."""

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.reference.models import Region


def make_region(code="53", name="Bretagne"):
    return Region.objects.get_or_create(code=code, defaults={"slug": name.lower(), "name_fr": name, "name_en": name})[0]


def make_organisation(name="Agence", kind=Kind.AGENCY, level=Level.NATIONAL, region=None):
    return Organisation.objects.get_or_create(name=name, kind=kind, defaults={"level": level, "region": region})[0]


def make_user(first_name, role, organisation=None):
    user = User.objects.create_user(
        f"{first_name.lower()}@pavillon.example", None, first_name=first_name, last_name="Test", language="en"
    )
    Membership.objects.create(user=user, organisation=organisation or make_organisation(), role=role, is_default=True)
    return user


def nora():
    return make_user("Nora", Role.SECURITY_OFFICER)


def denis():
    return make_user("Denis", Role.DATA_PROTECTION_OFFICER)


def chamber_of_bretagne():
    return make_organisation("CCI Bretagne", Kind.CHAMBER, Level.REGIONAL, make_region())


def helene():
    return make_user("Helene", Role.ADVISER, chamber_of_bretagne())
