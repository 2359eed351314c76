"""What this room tells of a period of a company: exchanges, requests, discussions, tasks, referents."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.core.policy import may_read
from pavillon.crm.enums import InteractionKind, InteractionOutcome, LeadState, Step
from pavillon.crm.models import Comment, Interaction, Lead, LeadStep, Referent, SharedTask
from pavillon.crm.queries.timeline import ICONS, TONES
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import AT_MOST, Event, Figure, Part, counted

# Characters of an exchange that one line of the digest tells.
EXCERPT = 240
TOLD_STEPS = (Step.RECEIVED, Step.TAKEN, Step.TREATED, Step.CLOSED, Step.REFUSED, Step.HANDED_OVER)


def tell_relations(company: Company, user: User, since: datetime, until: datetime) -> Part:
    """At most nine statements, whatever there is to tell; what the reader may not find is neither told nor counted."""
    if not is_allowed(user, "crm.view_timeline", company):
        return Part()
    part = Part()
    for tell in (_exchanges, _requests, _together, _referents):
        tell(part, company, user, since, until)
    return part


def _exchanges(part: Part, company: Company, user: User, since: datetime, until: datetime) -> None:
    rows = Interaction.objects.visible_to(user).filter(company=company, happened_at__gte=since, happened_at__lt=until)
    found = rows.order_by().values("kind", "organisation__name").annotate(n=Count("pk", distinct=True))
    counts: list[dict[str, Any]] = [dict(row) for row in found]
    total = sum(row["n"] for row in counts)
    told = list(rows.with_people().order_by("-happened_at", "-pk")[:AT_MOST])
    reads = may_read(user, Interaction, "summary")
    by_kind = counted(counts, "kind", lambda kind: InteractionKind(kind).label)
    by_place = counted(counts, "organisation__name")
    part.figures += [Figure(_("Exchanges"), total, by_kind), Figure(_("Exchanges by organisation"), total, by_place)]
    part.events += [
        Event(
            at=row.happened_at,
            title=_with_outcome(row),
            icon=ICONS[InteractionKind(row.kind)],
            who=f"{row.author} · {row.organisation}",
            text=Truncator(row.summary).chars(EXCERPT) if reads else "",
            tone=TONES.get(row.outcome, ""),
        )
        for row in told
    ]
    part.untold += total - len(told)


def _with_outcome(row: Interaction) -> str:
    kind = str(row.get_kind_display())
    return f"{kind} – {InteractionOutcome(row.outcome).label}" if row.outcome else kind


def _requests(part: Part, company: Company, user: User, since: datetime, until: datetime) -> None:
    leads = Lead.objects.visible_to(user).filter(company=company)
    within = {"gte": since, "lt": until}

    def during(column: str) -> Q:
        return Q(**{f"{column}__{how}": moment for how, moment in within.items()})

    counts = leads.order_by().aggregate(
        received=Count("pk", filter=during("received_at"), distinct=True),
        taken=Count("pk", filter=during("taken_at"), distinct=True),
        treated=Count("pk", filter=during("treated_at"), distinct=True),
        closed=Count("pk", filter=during("closed_at") & Q(state=LeadState.CLOSED), distinct=True),
    )
    steps = LeadStep.objects.filter(lead__in=leads, step__in=TOLD_STEPS, at__gte=since, at__lt=until)
    told = list(steps.select_related("lead", "by", "adviser", "lead__team").order_by("-at", "-pk")[:AT_MOST])
    details = tuple(
        (label, counts[name])
        for name, label in (
            ("taken", _("taken in charge")),
            ("treated", _("treated")),
            ("closed", pgettext("requests", "closed")),
        )
        if counts[name]
    )
    part.figures += [
        Figure(_("Requests received"), counts["received"], details),
    ]
    part.events += [
        Event(
            at=row.at,
            title=_("%(step)s: %(subject)s") % {"step": row.get_step_display(), "subject": row.lead.title},
            icon="inbox" if row.step == Step.RECEIVED else "circle-check",
            who=" · ".join(str(name) for name in (row.adviser or row.by, row.lead.team) if name),
            tone="ok" if row.step in (Step.TREATED, Step.CLOSED) else "",
            url=row.lead.get_absolute_url(),
        )
        for row in told
    ]


def _together(part: Part, company: Company, user: User, since: datetime, until: datetime) -> None:
    comments = Comment.objects.visible_to(user).filter(
        discussion__company=company, written_at__gte=since, written_at__lt=until
    )
    count = comments.order_by().count()
    reads = may_read(user, Comment, "text")
    told = list(comments.select_related("author", "organisation").order_by("-written_at", "-pk")[:AT_MOST])
    tasks = SharedTask.objects.visible_to(user).filter(company=company, done_at__gte=since, done_at__lt=until)
    done = list(tasks.select_related("done_by", "organisation").order_by("-done_at", "-pk")[:AT_MOST])
    url = reverse("crm:view_discussions", args=[company.pk])
    part.figures += [Figure(_("Comments"), count, url=url), Figure(_("Tasks done"), len(done))]
    part.events += [
        Event(
            at=row.written_at,
            title=_("Comment"),
            icon="message-square",
            who=f"{row.author} · {row.organisation}",
            text=Truncator(row.text).chars(EXCERPT) if reads else "",
        )
        for row in told
    ]
    shown = may_read(user, SharedTask, "what")
    part.events += [
        Event(
            at=row.done_at,
            title=_("Done: %(what)s") % {"what": row.what} if shown else _("Task done"),
            icon="circle-check",
            who=f"{row.done_by} · {row.organisation}",
        )
        for row in done
        if row.done_at is not None
    ]
    part.untold += count - len(told)


def _referents(part: Part, company: Company, user: User, since: datetime, until: datetime) -> None:
    rows = Referent.objects.visible_to(user).filter(company=company, created_at__gte=since, created_at__lt=until)
    part.events += [
        Event(
            at=row.created_at,
            title=_("Referent: %(adviser)s") % {"adviser": row.adviser},
            icon="user-check",
            who=str(row.organisation),
        )
        for row in rows.select_related("adviser", "organisation").order_by("-created_at")[:AT_MOST]
    ]
