"""How an offer comes into the catalogue: proposed, approved when it must be, published, withdrawn."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.reference.models import Country, Region
from pavillon.solutions.enums import SolutionState
from pavillon.solutions.events import solution_published, solution_submitted
from pavillon.solutions.models import Provider, Solution
from pavillon.solutions.models.catalogue import APPROVERS

# Regions answer for the aid that they publish; everybody else is read by the agency first (ledger DIAG-06, REG-06).
PUBLISH_ALONE = frozenset({Role.REGION_OFFICIAL}) | APPROVERS


class WrongState(Exception):
    """The offer is not in a state from which this can be done."""


@transaction.atomic
def propose_solution(
    *,
    by: User,
    provider: Provider,
    texts: dict[str, str],
    need: str,
    stages: Iterable[str],
    cost: str,
    lines: Iterable[str] = (),
    countries: Iterable[Country] = (),
    regions: Iterable[Region] = (),
    solution: Solution | None = None,
) -> Solution:
    """Write an offer (or an unpublished one anew) and hand it in.

    `texts` holds title, summary, body and conditions in both languages ("title_fr" …). A region's official publishes
    an aid of the own region at once; any other offer waits for an approver. A regional official's offer is always
    limited to that region.
    """
    if solution is None:
        solution = Solution(slug=_free_slug(texts["title_fr"]), organisation=by.organisation)
    else:
        solution = Solution.objects.select_for_update(of=("self",)).get(pk=solution.pk)
    before = snapshot(solution) if solution.pk else {}
    for name, text in texts.items():
        setattr(solution, name, text)
    solution.provider, solution.need, solution.cost = provider, need, cost
    solution.stages, solution.lines = list(stages), list(lines)
    alone = by.has_role(*PUBLISH_ALONE) and provider.is_public
    solution.needs_approval = not alone
    solution.proposed_by, solution.approved_by, solution.decision_note = by, None, ""
    solution.state = SolutionState.PUBLISHED if alone else SolutionState.SUBMITTED
    solution.published_at = timezone.now() if alone else None
    solution.save()
    solution.countries.set(countries)
    solution.regions.set([by.organisation.region] if _is_regional(by) else regions)
    record("solutions.solution_proposed", solution, by=by, changes=changes_since(before, solution) if before else None)
    if alone:
        solution_published.send(sender=Solution, solution=solution, by=by)
    else:
        notify(
            approvers(),
            "solutions.solution_submitted",
            title=_("A solution waits for approval"),
            body=solution.title_fr,
            url="/solutions/proposals/",
        )
        solution_submitted.send(sender=Solution, solution=solution, by=by)
    return solution


def _is_regional(user: User) -> bool:
    return user.has_role(Role.REGION_OFFICIAL) and bool(user.region_id)


def _free_slug(title: str) -> str:
    stem = slugify(title)[:70] or "solution"
    taken = set(Solution.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for n in range(len(taken) + 1) if (slug := f"{stem}-{n + 1}" if n else stem) not in taken)


def approvers() -> list[User]:
    deciding = Membership.objects.current().filter(role__in=APPROVERS)
    return list(User.objects.filter(pk__in=deciding.values("user"), is_active=True))


@transaction.atomic
def approve_solution(*, solution: Solution, by: User) -> Solution:
    """Publish an offer that waited. Raises WrongState when it does not wait."""
    return _decide(solution, by, SolutionState.PUBLISHED, "")


@transaction.atomic
def refuse_solution(*, solution: Solution, reason: str, by: User) -> Solution:
    """Send an offer back with the reason; its author may hand it in again."""
    return _decide(solution, by, SolutionState.REFUSED, reason)


def _decide(solution: Solution, by: User, state: SolutionState, note: str) -> Solution:
    solution = Solution.objects.select_for_update(of=("self",)).get(pk=solution.pk)
    if solution.state != SolutionState.SUBMITTED:
        raise WrongState(solution.get_state_display())
    before = snapshot(solution)
    solution.state, solution.decision_note = state, note
    if state == SolutionState.PUBLISHED:
        solution.approved_by, solution.published_at = by, timezone.now()
    solution.save()
    record(f"solutions.solution_{state}", solution, by=by, changes=changes_since(before, solution))
    if solution.proposed_by:
        published = state == SolutionState.PUBLISHED
        notify(
            [solution.proposed_by],
            "solutions.solution_decided",
            title=_("Your solution is published") if published else _("Your solution was sent back"),
            body=note or solution.title_fr,
            url="/solutions/proposals/",
        )
    if state == SolutionState.PUBLISHED:
        solution_published.send(sender=Solution, solution=solution, by=by)
    return solution


@transaction.atomic
def withdraw_solution(*, solution: Solution, by: User) -> Solution:
    """Take a published offer off the catalogue. Raises WrongState when it is not published."""
    solution = Solution.objects.select_for_update(of=("self",)).get(pk=solution.pk)
    if solution.state != SolutionState.PUBLISHED:
        raise WrongState(solution.get_state_display())
    before = snapshot(solution)
    solution.state = SolutionState.WITHDRAWN
    solution.save(update_fields=["state", "changed_at"])
    record("solutions.solution_withdrawn", solution, by=by, changes=changes_since(before, solution))
    return solution


@transaction.atomic
def put_in_catalogue(*, slug: str, provider: Provider, by: User | None, **fields: Any) -> Solution:
    """Load one solution of a data file, published; loading it again changes nothing that is the same."""
    countries, regions = fields.pop("countries", []), fields.pop("regions", [])
    solution, is_new = Solution.objects.update_or_create(
        slug=slug,
        defaults={"provider": provider, "state": SolutionState.PUBLISHED, **fields},
        create_defaults={
            "provider": provider,
            "state": SolutionState.PUBLISHED,
            "published_at": timezone.now(),
            **fields,
        },
    )
    solution.countries.set(countries)
    solution.regions.set(regions)
    if is_new:
        record("solutions.solution_loaded", solution, by=by)
    return solution


@transaction.atomic
def forget_proposer(solution: Solution) -> None:
    solution.proposed_by = None
    solution.save(update_fields=["proposed_by"])
