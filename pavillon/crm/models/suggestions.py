"""What the platform suggests to do next, why, and what people did with it; and the visits that some of it rests on."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Level
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.enums import DismissalReason, SuggestionRule, SuggestionState
from pavillon.crm.models.leads import LEAD_READERS


class SiteVisitQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team, for companies that it may open; who of the company looked is never shown."""
        return self if user.role in LEAD_READERS else self.none()


class SiteVisit(models.Model):
    """Pages that somebody of a company opened on our sites on one day, signed in, having agreed to be followed up.

    Counts by kind of page, never which ones. The person is kept to forget the rows when the agreement is withdrawn.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="site_visits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(default=timezone.localdate)
    pages = models.PositiveIntegerField(default=0)
    products = models.PositiveIntegerField(default=0)
    solutions = models.PositiveIntegerField(default=0)

    objects = SiteVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit of our sites")
        constraints = [models.UniqueConstraint(fields=["company", "person", "day"], name="visit_once_a_day")]
        indexes = [models.Index(fields=["day", "company"], name="visit_by_day")]


class SuggestionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Whoever it is made to, and his organisation; one made to nobody, the team of the region and the agency.

        What a promise or a private exchange lets guess stays in the organisation that made it.
        """
        if user.role not in LEAD_READERS:
            return self.none()
        place = user.organisation
        mine: Any = Q(adviser=user) | Q(team=place)
        if place.kind == Kind.AGENCY and place.level == Level.NATIONAL:
            mine |= Q(adviser__isnull=True, team__isnull=True)
        elif place.region_id:
            mine |= Q(adviser__isnull=True, team__isnull=True, region=place.region_id)
        return self.filter(mine)

    def open(self):
        return self.filter(state=SuggestionState.OPEN)

    def whose(self, whose, user):
        """Narrow to "mine" (made to me, or to nobody) or "team" (all that I may see)."""
        return self if whose == "team" else self.filter(Q(adviser=user) | Q(adviser__isnull=True))


class Suggestion(Dated):
    """One thing to do next about a company, by a rule that one can read, with the facts that fulfil it.

    open → followed (somebody took it up: a task, or a request) | dismissed (with the reason)
         | lapsed (the facts changed before anybody did)
    """

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="suggestions")
    rule = models.CharField(_("rule"), max_length=10, choices=SuggestionRule)
    # Of a promise, each colleague who made one has his own; of the other rules a company has one.
    # Values of the sentence that tells why, in the reader's language (`queries.suggestions.why`).
    facts = models.JSONField(default=dict)
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey("reference.Region", null=True, on_delete=models.SET_NULL, related_name="+")
    # The greater, the sooner: what the rule weighs, days or points.
    weight = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=SuggestionState, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("why not"), max_length=10, choices=DismissalReason, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        ordering = ["-weight", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "rule"],
                condition=Q(state="open") & ~Q(rule="promise"),
                name="one_open_suggestion_by_rule",
            ),
            models.UniqueConstraint(
                fields=["company", "adviser", "team"],
                condition=Q(state="open", rule="promise"),
                name="one_open_promise_by_person",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="decided_suggestion_is_dated",
            ),
            models.CheckConstraint(condition=~Q(state="dismissed") | ~Q(reason=""), name="dismissed_says_why"),
        ]
        indexes = [
            models.Index(fields=["adviser", "-weight"], name="suggestion_open", condition=Q(state="open")),
            models.Index(fields=["rule", "state"], name="suggestion_by_rule"),
        ]

    def __str__(self):
        return f"{self.get_rule_display()} – {self.company}"
