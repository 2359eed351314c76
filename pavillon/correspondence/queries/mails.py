"""Lists and pages of copied mail."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.correspondence.enums import MailState
from pavillon.correspondence.models import CopiedMail, MailAddress, MailFile
from pavillon.correspondence.queries.finding import Match, matches_of
from pavillon.crm.models import Interaction
from pavillon.crm.queries.timeline import Link
from pavillon.ui import steady
from pavillon.ui.keyset import among


@dataclass
class Line:
    """One mail of the list, with the companies that it may be about."""

    mail: CopiedMail
    matches: list[Match]


def to_sort(user: User) -> Any:
    """What waits for this person, with its addresses and how many files it has (`file_count`), the newest first."""
    waiting = CopiedMail.objects.visible_to(user).waiting_for(user).prefetch_related("addresses")
    files = MailFile.objects.filter(mail=OuterRef("pk")).order_by().values("mail").annotate(n=Count("pk")).values("n")
    return waiting.annotate(file_count=Coalesce(Subquery(files), 0)).order_by("-received_at", "-pk")


def first_to_sort(user: User, most: int) -> tuple[list[CopiedMail], int]:
    """The newest that wait, and how many wait: one short statement where none waits."""
    if user.organisation is None or not _any(user.pk, user.organisation.pk):
        return [], 0
    rows = steady.rows(("mails to sort", most), user, lambda who: to_sort(who)[:most])
    return rows, len(rows) if len(rows) < most else steady.count("mails that wait", user, _waiting)


def _any_waiting(person: int, organisation: int) -> Any:
    """Whether there can be any, before the rights make the question a long one: never shown."""
    rows = CopiedMail.objects.filter(state=MailState.WAITING, owner=person, organisation=organisation)
    return rows.order_by().values("pk")[:1]


_any = steady.Form(_any_waiting, (7_770_000_001, 7_770_000_002), (8_880_000_001, 8_880_000_002))


def _waiting(user: User) -> Any:
    return CopiedMail.objects.visible_to(user).waiting_for(user).order_by().values("pk")


def lines_of(mails: list[CopiedMail], user: User) -> list[Line]:
    matches = matches_of(mails, user)
    return [Line(mail, matches[mail.pk]) for mail in mails]


def links_of(interactions: list[Interaction], user: User) -> dict[int, Link]:
    """The mail behind each exchange of a timeline: two statements."""
    numbers = [row.pk for row in interactions]
    mails = steady.rows("mails behind exchanges", user, _behind, numbers)
    return {mail.interaction_id: _link(mail) for mail in mails if mail.interaction_id}


def _behind(user: User, numbers: list[int]) -> Any:
    rows = CopiedMail.objects.visible_to(user).filter(among(numbers, "interaction")).prefetch_related("files")
    return rows.only("pk", "interaction_id")


def _link(mail: CopiedMail) -> Link:
    files = len([file for file in mail.files.all() if file.file])
    label = ngettext("The whole mail, %(n)s file", "The whole mail, %(n)s files", files) % {"n": files}
    return Link(label if files else _("The whole mail"), mail.get_absolute_url(), "mail")


def mails_of_person(person: Any) -> Any:
    """What somebody copied, and every mail in which one of his addresses stands (`privacy.queries.Person`)."""
    named = addresses_of_person(person).order_by().values("mail")
    return CopiedMail.objects.filter(Q(owner__in=person.users) | Q(pk__in=named))


def addresses_of_person(person: Any) -> Any:
    digests = [blind_index(MailAddress, "email_index", email) for email in person.emails]
    return MailAddress.objects.filter(email_index__in=digests)


def files_of_person(person: Any) -> Any:
    return MailFile.objects.filter(mail__in=mails_of_person(person).order_by().values("pk"))
