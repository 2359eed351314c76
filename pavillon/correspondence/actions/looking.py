"""Mail finds its company by itself: when it comes, and every night when its company has become known meanwhile."""

import datetime

from django.db import transaction
from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.core.wall import house
from pavillon.correspondence.actions.sorting import AlreadySorted, file_mail
from pavillon.correspondence.enums import FiledBy, MailState
from pavillon.correspondence.models import CopiedMail
from pavillon.correspondence.queries.addresses import in_role, roles_of_owner
from pavillon.correspondence.queries.finding import Match, company_meant, matches_of

# What a night looks at: mail of so many days, so many mails of one person, so many at once.
SINCE, MOST_OF_ONE, AT_ONCE = datetime.timedelta(days=180), 500, 50


def place_by_itself(
    mail: CopiedMail, owner: User, named: Match | None = None, found: list[Match] | None = None
) -> CopiedMail | None:
    """File it with the record whose address it came to (`named`), else with the one company that is sure."""
    filed_by: str = FiledBy.ADDRESS
    match = named
    if match is None:
        match = company_meant(matches_of([mail], owner)[mail.pk] if found is None else found)
        filed_by = FiledBy.SUBJECT if match and match.lead else FiledBy.PEOPLE
    if match is None or not owner.has_perm("crm.log_interaction", match.company):
        return None
    lead = match.lead if match.lead and owner.has_perm("crm.log_on_lead", match.lead) else None
    return file_mail(mail=mail, company=match.company, lead=lead, contact=match.contact, by=owner, filed_by=filed_by)


@house()
def look_again() -> int:
    """Every night: mail that waits is filed where the base knows by now with which company it was. How many.

    With the eyes of its owner in the role in which he copied it; he is told once how many. One that fails holds no
    other back; what failed is raised at the end, all together.
    """
    since = timezone.now() - SINCE
    waiting = CopiedMail.objects.filter(state=MailState.WAITING, calendar_held=False, received_at__gte=since)
    pairs = waiting.filter(Exists(roles_of_owner())).order_by().values_list("owner", "organisation").distinct()
    done, failures = 0, list[Exception]()
    for owner, organisation in list(pairs):
        mine = waiting.filter(owner=owner, organisation=organisation).order_by("-received_at", "-pk")
        numbers = list(mine.values_list("pk", flat=True)[:MOST_OF_ONE])
        filed: list[CopiedMail] = []
        for start in range(0, len(numbers), AT_ONCE):
            try:
                filed += _look(numbers[start : start + AT_ONCE], failures)
            except Exception as failure:
                failures.append(failure)
        if filed:
            _tell(filed)
        done += len(filed)
    if failures:
        raise ExceptionGroup(f"copied mails that could not be looked at, beside {done} that were filed", failures)
    return done


def _look(numbers: list[int], failures: list[Exception]) -> list[CopiedMail]:
    """Some mails of one person: those that were filed."""
    rows = CopiedMail.objects.select_related("owner", "organisation").prefetch_related("addresses")
    mails = list(rows.filter(pk__in=numbers).order_by("-received_at", "-pk"))
    owner = mails[0].owner if mails else None
    if owner is None or not owner.is_active or owner.is_suspended or not in_role(owner, mails[0].organisation):
        return []
    with translation.override(owner.language), timezone.override(owner.time_zone):
        found = matches_of(mails, owner)
        return [mail for mail in mails if _file_found(mail, owner, found[mail.pk], failures)]


def _file_found(mail: CopiedMail, owner: User, found: list[Match], failures: list[Exception]) -> bool:
    try:
        with transaction.atomic():
            return place_by_itself(mail, owner, found=found) is not None
    except (AlreadySorted, CopiedMail.DoesNotExist):
        return False
    except Exception as failure:
        failures.append(failure)
        return False


def _tell(filed: list[CopiedMail]) -> None:
    """Without subjects, which are sealed."""
    owner = filed[0].owner
    with translation.override(owner.language):
        words = ngettext(
            "%(n)s copied mail that waited is filed: its company is known now.",
            "%(n)s copied mails that waited are filed: their companies are known now.",
            len(filed),
        )
    url = filed[0].get_absolute_url() if len(filed) == 1 else reverse("correspondence:mails")
    notify([owner], "correspondence.filed", title=words % {"n": len(filed)}, url=url, email=False)
