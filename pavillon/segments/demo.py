"""Segments, a tag and a target list that a chamber works with, labelled as demo."""

from typing import Any

from django.http import QueryDict

from pavillon.accounts.models import User
from pavillon.directory.criteria import condition_of, read_address
from pavillon.directory.models import Company
from pavillon.segments import actions
from pavillon.segments.enums import ListOrigin, Sharing, Subject
from pavillon.segments.models import Segment

# (persona, name, what it is for, who finds it, the address of the list that shows the same rows)
SEGMENTS = [
    (
        "bruno",
        "Bretagne : potentiels à éveiller (démo)",
        "Entreprises bretonnes qui pourraient exporter : à inviter aux ateliers de découverte.",
        Sharing.ORGANISATION,
        "region.in=53&export_class.in=potential&export_class.in=occasional",
    ),
    (
        "bruno",
        "Accompagnées sans échange depuis 90 jours (démo)",
        "Comptes qui dorment : un appel avant la fin du mois.",
        Sharing.ORGANISATION,
        'accompanied.yes=1&rule={"field":"exchanges","op":"did_not","value":{"days":90}}',
    ),
    (
        "alice",
        "Exportateurs réguliers de plus de 5 M€ (démo)",
        "Vivier du showroom national.",
        Sharing.NETWORK,
        "export_class.in=regular&turnover.above=5000000",
    ),
]
TARGETS = "Ateliers de découverte, printemps 2027 (démo)"


def seed(world: dict[str, Any]) -> None:
    """Each once: what has its name already stays as people left it."""
    users = world["users"]
    for key, name, description, sharing, address in SEGMENTS:
        owner: User = users[key]
        if Segment.objects.filter(owner=owner, name=name).exists():
            continue
        rule, _wrong = read_address(QueryDict(address), Company, owner)
        actions.create_segment(
            name=name, subject=Subject.COMPANIES, rule=rule, by=owner, description=description, sharing=sharing
        )
        if name == SEGMENTS[0][1]:
            _target(owner, [users["helene"], users["erwan"], users["maelle"]], condition_of(rule, owner))


def _target(manager: User, readers: list[User], condition: Any) -> None:
    """The first dozen of a segment becomes a list that advisers find among their targets."""
    chosen = list(
        Company.objects.visible_to(manager).filter(condition).order_by("name").values_list("pk", flat=True)[:12]
    )
    made = actions.create_target_list(
        name=TARGETS, origin=ListOrigin.MARKETING, by=manager, note="À appeler avant le 15 février."
    )
    actions.target_companies(companies=chosen, target_list=made, by=manager)
    actions.publish_target_list(target_list=made, readers=readers, by=manager)
    actions.tag_companies(companies=chosen[:5], tag="Atelier 2027", by=manager)
