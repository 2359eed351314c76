"""What was said and done with a company, by whichever organisation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Level
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.enums import InteractionKind, InteractionOutcome, Visibility
from pavillon.crm.models.leads import LEAD_READERS


class InteractionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """What is shared with all, what one's own organisation wrote, and what one's region shares.

        The regional share also reaches national organisations (ledger IDN-02); a note kept to an organisation
        reaches nobody else, the national level included. Companies and buyers find none.
        """
        if user.role not in LEAD_READERS:
            return self.none()
        place = user.organisation
        mine = Q(visibility=Visibility.TEAM) | Q(organisation=place)
        if place.level == Level.NATIONAL:
            mine |= Q(visibility=Visibility.REGION)
        elif place.level == Level.REGIONAL and place.region_id:
            mine |= Q(visibility=Visibility.REGION, region=place.region_id)
        return self.filter(mine)

    def with_people(self):
        return self.select_related("author", "organisation", "contact", "region")


# What counting exchanges asks of one: its kind, and who may read it.
COUNTED = ("kind", "visibility", "organisation", "region")


class Interaction(Dated):
    """One exchange with a company, or one note about it: facts, outcome, what was promised next."""

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="interactions")
    lead = models.ForeignKey(
        "crm.Lead", null=True, blank=True, on_delete=models.SET_NULL, related_name="interactions", editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=InteractionKind)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    duration_minutes = models.PositiveSmallIntegerField(_("duration (minutes)"), null=True, blank=True)
    contact = models.ForeignKey(
        "directory.Contact",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("with"),
    )
    summary = models.TextField(_("what was said"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=InteractionOutcome, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interactions")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    # The region whose team shares it: that of the author's organisation, else that of the company.
    region = models.ForeignKey("reference.Region", null=True, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(
        _("who may read it"), max_length=12, choices=Visibility, default=Visibility.ORGANISATION
    )
    next_action = models.CharField(_("next action"), max_length=200, blank=True)
    next_action_on = models.DateField(_("on"), null=True, blank=True)
    next_action_at = models.TimeField(_("at"), null=True, blank=True)
    next_action_done_at = models.DateTimeField(null=True)
    # Who keeps what was promised, when it is no longer the author: it went with the account.
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("who keeps the promise"),
    )
    # Given by the device on which it was written without a network: sent twice, it is stored once.
    token = models.UUIDField(null=True, editable=False)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-happened_at", "-pk"]
        indexes = [
            models.Index(fields=["company", "-happened_at"], name="interaction_by_company"),
            # "At least so many exchanges", ever or within so many days: counted from the index alone, with the rights.
            models.Index(fields=["company"], name="interaction_counted", include=COUNTED),
            models.Index(fields=["happened_at"], name="interaction_by_day", include=("company", *COUNTED)),
            models.Index(fields=["author", "-happened_at"], name="interaction_by_author"),
            models.Index(
                fields=["author", "next_action_on"],
                name="interaction_next_action",
                condition=Q(next_action_on__isnull=False, next_action_done_at__isnull=True),
            ),
            models.Index(
                fields=["keeper", "next_action_on"],
                name="interaction_kept_by",
                condition=Q(keeper__isnull=False, next_action_done_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "token"], condition=Q(token__isnull=False), name="interaction_stored_once"
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__isnull=True) | Q(duration_minutes__gte=1),
                name="interaction_lasts_a_minute",
            ),
            models.CheckConstraint(
                condition=Q(next_action="", next_action_on__isnull=True)
                | (~Q(next_action="") & Q(next_action_on__isnull=False)),
                name="interaction_next_action_is_dated",
            ),
            # Within a request, what comes next is the request's own promise, told to the company.
            models.CheckConstraint(
                condition=Q(lead__isnull=True) | Q(next_action=""), name="next_action_of_a_lead_is_on_the_lead"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d}"

    @property
    def is_for_agenda(self):
        """It took its author's time, or promises something on a day."""
        return bool(self.duration_minutes or self.next_action_on)
