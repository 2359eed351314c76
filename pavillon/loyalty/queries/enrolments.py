"""Whom a programme takes in, why the others are left out, and what it gives upon an order."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.campaigns.models import READERS
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.traces import may_hold
from pavillon.directory.queries.uses import not_objecting
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.segments.queries import members
from pavillon.services.models import ServiceOrder
from pavillon.ui import steady


def enrolments_of(company: Company, user: User, most: int) -> list[Enrolment]:
    """The programmes that a company is in or was in, as far as the reader may see them, the present ones first."""
    if not may_hold(company, Enrolment):
        return []
    return steady.rows(("enrolments of a company", most), user, lambda who, key: _enrolled(who, key)[:most], company.pk)


def _enrolled(user: User, number: int) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.visible_to(user).filter(company=number).select_related("programme__organisation")
    return rows.order_by("left_at", "-enrolled_at")


def meeting_the_rule(
    rows: QuerySet[Company], programme: Programme, user: User, day: datetime.date
) -> QuerySet[Company]:
    """Companies with enough services delivered in the months before a day, as far as `user` may see orders."""
    if not programme.min_services:
        return rows
    delivered = (
        ServiceOrder.objects.visible_to(user)
        .delivered()
        .filter(company=OuterRef("pk"), delivered_on__gt=programme.looks_back_to(day), delivered_on__lte=day)
        .order_by()
        .values("company")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted: Any = Coalesce(Subquery(delivered, output_field=IntegerField()), 0)
    return rows.annotate(services_delivered=counted).filter(services_delivered__gte=programme.min_services)


def judged(programme: Programme, user: User) -> QuerySet[Company]:
    """The companies of the segment, each with what stands against enrolling it."""
    people = Contact.objects.standing().filter(company=OuterRef("pk"))
    of_it = Enrolment.objects.filter(programme=programme, company=OuterRef("pk"))
    found = Company.objects.filter(pk__in=members(programme.segment, user).order_by().values("pk"))
    meeting = meeting_the_rule(Company.objects.all(), programme, user, timezone.localdate()).order_by().values("pk")
    return found.annotate(
        is_enrolled=Exists(of_it.filter(left_at__isnull=True)),
        has_left=Exists(of_it.filter(left_at__isnull=False)),
        meets=Q(pk__in=meeting),
        # Everybody whom the team knows there objects to being approached: the company is not taken in by the dozen.
        objects_to_it=Exists(people) & ~Exists(not_objecting(people)),
    )


TAKEN_IN = Q(is_sensitive=False, is_enrolled=False, has_left=False, meets=True, objects_to_it=False)


@dataclass(frozen=True)
class Preview:
    """The companies of a segment, counted by the first reason that leaves them out; `chosen` would be enrolled."""

    members: int
    enrolled: int
    sensitive: int
    left: int
    unmet: int
    objecting: int
    chosen: int


def preview_of(programme: Programme, user: User) -> Preview:
    """What enrolling the segment would do now; one statement."""
    fresh = Q(is_enrolled=False)
    open_to = fresh & Q(is_sensitive=False)
    stayed = open_to & Q(has_left=False)
    counted = judged(programme, user).aggregate(
        all=Count("pk"),
        enrolled=Count("pk", filter=~fresh),
        sensitive=Count("pk", filter=fresh & Q(is_sensitive=True)),
        left=Count("pk", filter=open_to & Q(has_left=True)),
        unmet=Count("pk", filter=stayed & Q(meets=False)),
        objecting=Count("pk", filter=stayed & Q(meets=True, objects_to_it=True)),
        chosen=Count("pk", filter=TAKEN_IN),
    )
    return Preview(counted.pop("all"), **counted)


def chosen_of(programme: Programme, user: User) -> list[int]:
    """The companies that enrolling the segment takes in."""
    return list(judged(programme, user).filter(TAKEN_IN).order_by("pk").values_list("pk", flat=True))


def precedence_for(user: User) -> Subquery | None:
    """The programme by which an order (OuterRef) comes first, of whoever provides its service; for its readers."""
    if user.role not in READERS:
        return None
    named = Programme.services.through.objects.filter(programme=OuterRef("programme"))
    rows = Enrolment.objects.present().filter(
        company=OuterRef("company"),
        programme__organisation=OuterRef("provider"),
        programme__is_priority=True,
        programme__in=Programme.objects.in_force().values("pk"),
    )
    rows = rows.filter(~Exists(named) | Exists(named.filter(service=OuterRef(OuterRef("service")))))
    return Subquery(rows.order_by("pk").values("programme__name")[:1])


def programmes_for(order: ServiceOrder) -> list[Enrolment]:
    """The enrolments whose benefit the company may claim upon an order now, the best discount first."""
    today = timezone.localdate()
    rows = Enrolment.objects.present().filter(
        company=order.company_id,
        programme__in=Programme.objects.in_force(today).filter(organisation=order.provider_id).values("pk"),
    )
    named = Programme.services.through.objects.filter(programme=OuterRef("programme"))
    rows = rows.filter(~Exists(named) | Exists(named.filter(service=order.service_id)))
    return list(rows.select_related("programme__organisation").order_by(F("programme__discount").desc(), "pk"))
