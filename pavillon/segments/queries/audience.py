"""Whom a target list lets the team write to or call: each person judged at the moment of use."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.directory.models import Contact
from pavillon.directory.queries.contactable import contactable
from pavillon.privacy.queries import judge_many
from pavillon.segments.models import TargetList

PURPOSE = "prospecting"
# People of one list that a page judges; a longer list is worked off in parts.
MOST = 5_000
WORDS = {
    "objected": _("objected to being approached"),
    "barred": _("the licence of the file that brought them is over"),
}


@dataclass
class Audience:
    """`people` may be approached; `left_out` counts the others by the code of their reason."""

    people: list[Contact] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    is_cut: bool = False

    @property
    def excluded(self) -> int:
        return sum(self.left_out.values())

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why people are left out, in words, and how many."""
        return [(str(WORDS.get(code, code)), n) for code, n in self.left_out.most_common()]


def audience_of(target_list: TargetList, user: User) -> Audience:
    """The people of the companies of a list, split by what their data may serve now. Seven statements."""
    seen = (
        Contact.objects.visible_to(user).standing().exportable().filter(company__target_rows__target_list=target_list)
    )
    found = list(seen.select_related("company").order_by("company__match_name", "last_name", "pk")[: MOST + 1])
    audience = Audience(is_cut=len(found) > MOST)
    found = found[:MOST]
    open_to = set(contactable(Contact.objects.filter(pk__in=[row.pk for row in found])).values_list("pk", flat=True))
    for person, verdict in zip(found, judge_many(found, PURPOSE), strict=True):
        if not verdict:
            audience.left_out[verdict.code] += 1
        elif person.pk not in open_to:
            audience.left_out["barred"] += 1
        else:
            audience.people.append(person)
    return audience
