"""What this room tells of a period of a company: diagnoses, steps of its path, the opening of its account."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import AT_MOST, Event, Figure, Part
from pavillon.solutions.models import AccountOpening, Diagnosis, PathStep


def tell_diagnoses(company: Company, user: User, since: datetime, until: datetime) -> Part:
    """Four statements."""
    made = Diagnosis.objects.visible_to(user).finished().filter(company=company)
    made = made.filter(finished_at__gte=since, finished_at__lt=until)
    steps = PathStep.objects.visible_to(user).filter(diagnosis__company=company, done_at__gte=since, done_at__lt=until)
    shown = list(made.order_by("-finished_at", "-pk")[:AT_MOST])
    done = list(steps.select_related("brick").order_by("-done_at", "-pk")[:AT_MOST])
    opens = is_allowed(user, "solutions.read_diagnosis")
    events = [
        Event(
            at=row.finished_at,
            title=_("Diagnosis finished: %(score)s of 100") % {"score": row.score if row.score is not None else "–"},
            icon="compass",
            url=reverse("solutions_team:read_diagnosis", args=[row.pk]) if opens else "",
        )
        for row in shown
        if row.finished_at is not None
    ]
    events += [
        Event(at=row.done_at, title=_("Step of the path done: %(step)s") % {"step": row.brick}, icon="route")
        for row in done
        if row.done_at is not None
    ]
    opening = AccountOpening.objects.filter(company=company, opened_at__gte=since, opened_at__lt=until).first()
    if opening is not None:
        events.append(
            Event(at=opening.opened_at, title=_("The company opened its account"), icon="user-plus", tone="ok")
        )
    figures = [Figure(_("Diagnoses"), len(shown)), Figure(_("Steps of the path done"), len(done))]
    return Part(figures, events)
