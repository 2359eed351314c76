"""What a company is told of its programmes: its managers, in their inbox and by a letter unless they prefer not."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.uses import not_objecting
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.privacy.queries import judge_many
from pavillon.services.models import ServiceOrder
from pavillon.ui.words import number

# Companies told in one transaction of the job.
BATCH = 200
# A number as each of those who are told writes it.
said_number = lazy(number, str)


def tell_enrolled(*, programme: Programme) -> int:
    """Tell the companies that were enrolled and not told yet. How many of them have somebody to tell.

    Nobody is written to who objects to being approached, nor a company without an account, nor anybody of a programme
    that is over: that waits until it goes on. A batch is told and marked in one transaction: a job that begins anew
    goes on where it stalled.
    """
    waiting = Enrolment.objects.filter(programme=programme, told_at__isnull=True)
    going_on = Programme.objects.not_over().filter(pk=programme.pk).values("pk")
    silent = waiting.filter(company__organisation__isnull=True)
    silent.update(told_at=timezone.now())
    numbers, told = list(waiting.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(numbers), BATCH):
        with transaction.atomic():
            rows = Enrolment.objects.select_for_update(of=("self",)).filter(told_at__isnull=True)
            some = list(
                rows.filter(pk__in=numbers[start : start + BATCH], programme__in=going_on).select_related(
                    "company", "programme"
                )
            )
            told += sum(_tell_enrolment(one) for one in some)
            Enrolment.objects.filter(pk__in=[one.pk for one in some]).update(told_at=timezone.now())
    if told:
        record("loyalty.companies_told", programme, by=None, companies=told)
    return told


def _tell_enrolment(enrolment: Enrolment) -> bool:
    people = [] if enrolment.left_at else _people_of(enrolment.company)
    notify(
        people,
        "loyalty.enrolled",
        title=format_lazy(_("Your company is in the programme “{name}”"), name=enrolment.programme.name),
        body=format_lazy(
            "{about}\n\n{leave}",
            about=enrolment.programme.about,
            leave=_("Your space tells what it gives and why you are in it; you leave it there whenever you want."),
        ),
        url=reverse("loyalty_company:my_programmes"),
    )
    return bool(people)


def tell_benefit(order: ServiceOrder, programme: Programme) -> None:
    """A discount was given upon an order."""
    _tell_order(order, _("A discount of {percent} % on {service}, by the programme “{name}”"), name=programme.name)


def tell_benefit_back(order: ServiceOrder) -> None:
    """It was taken back, while the order is proposed."""
    _tell_order(order, _("No discount after all on {service}"))


def _tell_order(order: ServiceOrder, words: Any, **more: Any) -> None:
    percent = said_number(Decimal(f"{order.discount_percent.normalize():f}"))
    notify(
        _people_of(order.company),
        "loyalty.benefit_given",
        title=format_lazy(words, percent=percent, service=order.service, **more),
        url=reverse("services_company:my_services"),
    )


def _people_of(company: Company) -> list[User]:
    """The confirmed managers of its account, without those who object: as accounts, or on their card here."""
    if company.organisation_id is None:
        return []
    people = User.objects.working().acting_in(
        organisation=company.organisation_id, role=Role.COMPANY_MANAGER, is_confirmed=True
    )
    cards = Contact.objects.standing().filter(company=company, user__in=people)
    shy = cards.exclude(pk__in=not_objecting(cards).order_by().values("pk")).values_list("user", flat=True)
    rest = list(people.exclude(pk__in=list(shy)).order_by("pk"))
    return [one for one, verdict in zip(rest, judge_many(rest, "prospecting"), strict=True) if verdict]
