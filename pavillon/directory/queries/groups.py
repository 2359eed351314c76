"""The group of a company."""

from dataclasses import dataclass

from django.db import connection

from pavillon.accounts.models import User
from pavillon.directory.enums import LinkKind
from pavillon.directory.models import Company, GroupLink

DEEPEST = 10

_OWNERS = """
WITH RECURSIVE above(id, depth) AS (
    SELECT parent_id, 1 FROM directory_grouplink WHERE subsidiary_id = %s AND kind = 'owns'
    UNION
    SELECT l.parent_id, a.depth + 1 FROM directory_grouplink l JOIN above a ON l.subsidiary_id = a.id
    WHERE l.kind = 'owns' AND a.depth < %s
)
SELECT DISTINCT id FROM above
"""


def owners_of(company: Company) -> set[int]:
    """Keys of the companies that own this one, directly or through others (at most ten floors up)."""
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [company.pk, DEEPEST])
        return {row[0] for row in cursor.fetchall()}


@dataclass(frozen=True)
class Relative:
    """A company of the same group: how it stands to the one that is looked at."""

    link: GroupLink
    company: Company
    role: str  # parent, subsidiary or sister


def relatives(company: Company, user: User) -> list[Relative]:
    """Companies linked with this one that the person may see: parents first, then subsidiaries, then sisters."""
    links = GroupLink.objects.filter(parent=company) | GroupLink.objects.filter(subsidiary=company)
    links = links.select_related("parent__country", "parent__commune", "subsidiary__country", "subsidiary__commune")
    others = {link.pk: link.subsidiary if link.parent_id == company.pk else link.parent for link in links}
    hidden = {other.pk for other in others.values() if other.is_sensitive}
    if hidden:
        hidden -= set(Company.objects.visible_to(user).filter(pk__in=hidden).values_list("pk", flat=True))
    found = []
    for link in links:
        other = others[link.pk]
        if other.pk in hidden:
            continue
        role = "sister" if link.kind == LinkKind.SISTERS else "parent" if link.parent_id == other.pk else "subsidiary"
        found.append(Relative(link, other, role))
    order = {"parent": 0, "subsidiary": 1, "sister": 2}
    return sorted(found, key=lambda r: (order[r.role], r.company.name))
