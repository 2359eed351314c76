"""Roles of people in companies by file."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pavillon.accounts.models import User
from pavillon.directory.actions import LastRole, RoleGone, add_role, add_roles, change_role, remove_role
from pavillon.directory.models import ContactRole
from pavillon.intake.columns import parsing
from pavillon.intake.models.parts import Asked, Bringing, PartKind, date_of, part, text_of, yes_of


class Roles(PartKind):
    """A role is known by its person, its company and its function; one without function takes the first that comes."""

    key = "roles"
    label = gettext_lazy("Roles of people in companies")
    model = ContactRole
    compared = ("function", "is_decision_maker", "is_main", "starts_on", "ends_on")
    names_people = needs_person = True
    refusals = (LastRole, RoleGone)
    columns = (
        part("function", gettext_lazy("function"), text_of(120),
             ("role function", "fonction", "function", "poste", "role", "job title")),
        part("is_decision_maker", gettext_lazy("decides there"), yes_of,
             ("role decides", "decideur", "decision maker", "decides")),
        part("is_main", gettext_lazy("main role"), yes_of,
             ("role is main", "role principal", "principal", "main role")),
        part("starts_on", pgettext_lazy("of a role", "since"), date_of,
             ("role starts on", "depuis", "depuis le", "since", "date de debut", "starts on")),
        part("ends_on", pgettext_lazy("of a role", "until"), date_of,
             ("role ends on", "jusqu au", "until", "date de fin", "ends on")),
        part("main_siren", gettext_lazy("SIREN of the person's main company"),
             lambda cell: parsing.read_siren(cell.text), ("person main siren", "siren principal"), is_identity=True),
        part("main_company", gettext_lazy("name of the person's main company"), text_of(250),
             ("person main company", "entreprise principale"), is_identity=True),
    )  # fmt: skip

    def complete(self, asked: Sequence[Asked], bringing: Bringing) -> None:
        for one in asked:
            # They only find the person.
            one.values.pop("main_siren", None), one.values.pop("main_company", None)
            first, last = one.values.get("starts_on"), one.values.get("ends_on")
            if first and last and last < first:
                one.problem = _("The last day is before the first one.")

    def mark(self, values: dict[str, Any]) -> Hashable:
        return str(values.get("function", "")).casefold(), str(values.get("starts_on", ""))

    def known(self, asked: Sequence[Asked]) -> dict[int, Any]:
        people = {one.contact.pk for one in asked if one.contact}
        held: dict[tuple[int, int], list[ContactRole]] = defaultdict(list)
        for role in ContactRole.objects.filter(contact__in=people).select_related("contact", "company").order_by("pk"):
            held[role.contact_id, role.company_id].append(role)
        found: dict[int, Any] = {}
        for one in asked:
            assert one.contact is not None
            assert one.company is not None
            if (meant := _meant(held[one.contact.pk, one.company.pk], one.values)) is not None:
                found[one.line] = meant
        return found

    def add(self, asked: Sequence[Asked], bringing: Bringing) -> list[Any]:
        rows = [{"contact": one.contact, "company": one.company, **one.values} for one in asked]
        plain = iter(
            add_roles(
                rows=[{k: v for k, v in row.items() if k != "is_main"} for row in rows if not row.get("is_main")],
                by=bringing.by,
            )
        )
        # The main role is also on the person's card, one by one.
        return [
            add_role(**row, by=bringing.by, source=bringing.source) if row.get("is_main") else next(plain)
            for row in rows
        ]

    def change(self, part: Any, values: dict[str, Any], bringing: Bringing) -> None:
        change_role(role=part, by=bringing.by, source=bringing.source, **values)

    def remove(self, part: Any, by: User) -> None:
        remove_role(role=part, by=by)


def _meant(roles: Sequence[ContactRole], values: dict[str, Any]) -> ContactRole | None:
    """The role of these that a row speaks of: its function, and of several the one that began then."""
    function, starts_on = str(values.get("function", "")).casefold(), values.get("starts_on")
    alike = [role for role in roles if role.function.casefold() in (function, "")] if function else list(roles)
    dated = [role for role in alike if role.starts_on in (starts_on, None) or starts_on is None]
    exact = [role for role in dated if role.function.casefold() == function and role.starts_on == starts_on]
    return next(iter([*exact, *dated]), None) if function or exact or len(dated) == 1 else None
