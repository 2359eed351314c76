"""Personal offers in the timeline of their company: proposed, answered line by line, withdrawn."""

import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.care.enums import LineState
from pavillon.care.models import Offer, OfferLine
from pavillon.crm.queries.timeline import LENGTH, Happening
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady


def tell_offers(company: Company, user: User, before: datetime.datetime) -> list[Happening]:
    """What was proposed to it and what it answered, as far as the reader sees the offers; one statement, or two."""
    if not may_hold(company, Offer):
        return []
    offers = steady.rows("offers of a timeline", user, _proposed_before, company.pk, before)
    lines: dict[int, list[OfferLine]] = defaultdict(list)
    if offers:
        kept = OfferLine.objects.visible_to(user).filter(offer__in=[offer.pk for offer in offers])
        for line in kept.exclude(state=LineState.REMOVED).select_related("service", "solution"):
            lines[line.offer_id].append(line)
    found = [happening for offer in offers for happening in _told(offer, lines[offer.pk], company)]
    return [happening for happening in found if happening.at < before]


def _proposed_before(user: User, number: int, before: datetime.datetime) -> QuerySet[Offer]:
    """Those of which something happened last: an old offer that is answered today stands before a newer one."""
    answers = OfferLine.objects.filter(offer=OuterRef("pk"), answered_at__lt=before).order_by("-answered_at")
    withdrawn = Case(When(withdrawn_at__lt=before, then="withdrawn_at"))
    rows = Offer.objects.visible_to(user).filter(company=number, proposed_at__lt=before)
    rows = rows.annotate(last_at=Greatest("proposed_at", withdrawn, Subquery(answers.values("answered_at")[:1])))
    return rows.select_related("author", "organisation").order_by("-last_at", "-pk")[: LENGTH + 1]


def _told(offer: Offer, lines: Sequence[OfferLine], company: Company) -> list[Happening]:
    assert offer.proposed_at is not None
    who, url, tags = f"{offer.author} · {offer.organisation}", offer.get_absolute_url(), (offer.reference,)
    names = " · ".join(str(line) for line in lines)
    told = [
        Happening(offer.proposed_at, _("Personal offer proposed"), "package-search", who, names, url=url, tags=tags)
    ]
    told += [_answer(line, company, url, tags) for line in lines if line.answered_at]
    if offer.withdrawn_at is not None:
        title = _("Personal offer withdrawn")
        told.append(Happening(offer.withdrawn_at, title, "x", who, offer.reason, tone="bad", url=url, tags=tags))
    return told


def _answer(line: OfferLine, company: Company, url: str, tags: tuple[str, ...]) -> Happening:
    """Never who of the company answered: the page of the offer tells it."""
    assert line.answered_at is not None
    if line.is_accepted:
        title = _("Accepted from the offer: %(line)s") % {"line": line}
        return Happening(line.answered_at, title, "circle-check", str(company), tone="ok", url=url, tags=tags)
    title = _("Declined from the offer: %(line)s") % {"line": line}
    return Happening(line.answered_at, title, "x", str(company), line.declined_why, tone="warn", url=url, tags=tags)
