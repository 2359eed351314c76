"""Requests of companies, from the first word to the outcome."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.enums import DETECTED, OPEN_STATES, UNTOUCHED_STATES, LeadKind, LeadState, Origin, Outcome
from pavillon.crm.models.lead_words import Like, near, patterns_of
from pavillon.crm.models.subjects import Said
from pavillon.privacy.enums import LegalBasis
from pavillon.ui.keyset import among

# Those who work on requests, and those who may also look.
LEAD_WORKERS = frozenset(
    {
        Role.ADVISER,
        Role.TEAM_MANAGER,
        Role.TELE_PROSPECTOR,
        Role.SALES,
        Role.SHOWROOM_MANAGER,
        Role.PRIVATE_PARTNER,
    }
)
LEAD_READERS = LEAD_WORKERS | {Role.REGION_OFFICIAL}


# A subject that is told when somebody reads it.
lazystr_of = lazy(lambda lead: lead.title, str)


class LeadQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The national agency sees every request, a regional organisation those of its region.

        So does a person of another national organisation who covers a region. Everybody else of the team sees
        what his organisation or he himself handles, what he wrote down himself, and a request that is being handed over
        to him. A company's manager sees what his company asked.
        """
        if user.has_role(Role.COMPANY_MANAGER):
            return self.of_companies().filter(Q(requested_by=user) | Q(company__organisation=user.organisation))
        if user.role not in LEAD_READERS:
            return self.none()
        place = user.organisation
        if place.kind == Kind.AGENCY and place.level == Level.NATIONAL:
            return self
        # As keys: with a question for each request, PostgreSQL would read all of them and use no index.
        written = apps.get_model("crm.leadstep").objects.filter(step="received", by=user).order_by().values("lead")
        mine: Any = Q(team=place) | Q(adviser=user) | Q(among(_offered_to(user))) | Q(among(written))
        region = place.region_id if place.level == Level.REGIONAL else user.acting.covers_id
        if region:
            mine |= Q(region=region)
        return self.filter(mine)

    def of_companies(self):
        """What companies asked themselves, which they may see; not what the team detected about them."""
        return self.exclude(origin__in=DETECTED)

    def whose(self, whose, user):
        """Narrow to "mine" (held by or offered to me), "team" (my organisation's), "queue" or "all"."""
        if whose == "mine":
            return self.filter(Q(adviser=user) | Q(among(_offered_to(user))))
        if whose == "team":
            return self.filter(team=user.organisation)
        return self.filter(adviser__isnull=True, state="received") if whose == "queue" else self

    def with_words(self, words):
        """Narrow to the requests that hold all these words (`directory.queries.plain`), anywhere: one statement more.

        The wall takes the index of words away, so `LeadWords` says first which may.
        """
        return self.holding(near(words), *patterns_of(words)) if words else self

    def holding(self, numbers, *patterns):
        """Of these (None for all) the ones whose words are like all patterns."""
        # As a case, whose result PostgreSQL does not guess: it would take five in a thousand, and sort all that match.
        held = Q(*(Q(Like(F("search_text"), Value(pattern))) for pattern in patterns))
        rows = self.filter(Case(When(held, then=Value(True)), default=Value(False)))
        return rows if numbers is None else rows.filter(among(numbers))

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def untouched(self):
        """Nobody has taken them in charge yet."""
        return self.filter(state__in=UNTOUCHED_STATES)

    def due(self, now=None):
        """Those whose hour has passed: they escalate now, and get another hour."""
        return self.untouched().filter(due_at__lt=now or timezone.now())

    def late(self, now=None):
        """Past their hour, or escalated and still in nobody's hands, whatever their new hour is."""
        return self.untouched().filter(Q(due_at__lt=now or timezone.now()) | Q(escalations__gt=0))

    def passed_up(self):
        """Those that escalated and are still in nobody's hands, by their own index (`lead_passed_up`)."""
        # What the index asks, without a value: a prepared statement uses it too.
        return self.untouched().filter(escalated_at__isnull=False, taken_at__isnull=True, closed_at__isnull=True)

    def held_by(self, user):
        return self.filter(adviser=user)


def _offered_to(user):
    return HandOver.objects.filter(receiver=user, answered_at__isnull=True).order_by().values("lead")


class Lead(Dated):
    """A request of one company, with its origin, its legal basis and exactly one person who handles it.

    ============  ==========================================  ================================================
    state         meaning                                     leaves by
    ============  ==========================================  ================================================
    received      nobody present could be found: it waits in  assign_lead, take_charge, refuse_lead
                  the team's queue, its managers are alerted
    assigned      one adviser holds it, the clock runs        take_charge, hand-over, refuse_lead
    taken         the adviser took charge, the clock stopped  treat_lead, hand-over, refuse_lead
    treated       the answer was given, proven by at least    close_lead
                  one logged interaction
    closed        its outcome is known                        –
    refused       the team cannot help; the reason is told    –
    ============  ==========================================  ================================================
    """

    origin = models.CharField(_("origin"), max_length=12, choices=Origin)
    kind = models.CharField(_("what is asked"), max_length=12, choices=LeadKind, default=LeadKind.REQUEST)
    is_spontaneous = models.BooleanField(_("spontaneous"), default=True)
    prompted_by = models.CharField(
        _("prompted by"), max_length=200, blank=True, help_text=_("The campaign, the event or the visit.")
    )
    # Empty while somebody has to say which of the proposed companies it is.
    company = models.ForeignKey(
        "directory.Company",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("company"),
    )
    company_name = models.CharField(_("company as written"), max_length=250)
    town = models.CharField(_("town as written"), max_length=120, blank=True)
    contact = models.ForeignKey(
        "directory.Contact",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("contact"),
    )
    contact_name = models.CharField(_("person"), max_length=160, blank=True)
    contact_email = EncryptedTextField(_("e-mail"), blank=True)
    contact_email_index = BlindIndexField(of="contact_email", db_default="")
    contact_phone = EncryptedTextField(_("phone"), blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="requests",
        editable=False,
    )
    region = models.ForeignKey(
        "reference.Region", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("region")
    )
    country = models.ForeignKey(
        "reference.Country",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("country aimed at"),
        related_name="+",
    )
    sector = models.ForeignKey(
        "reference.Sector", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("sector")
    )
    subject = models.CharField(_("subject"), max_length=200)
    # What a page wrote by itself, told in the reader's language (`models.subjects`); `subject` says it in the house's.
    subject_code = models.CharField(max_length=20, blank=True, editable=False)
    subject_facts = models.JSONField(default=dict, editable=False)
    message = models.TextField(_("message"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=24, choices=LegalBasis)
    # What came with it, e.g. a finished diagnosis: its type and number, and what to show of it (title, summary).
    attachment_type = models.CharField(max_length=60, blank=True, editable=False)
    attachment_id = models.BigIntegerField(null=True, editable=False)
    attachment = models.JSONField(null=True, blank=True, editable=False, encoder=DjangoJSONEncoder)

    state = models.CharField(_("step"), max_length=10, choices=LeadState, default=LeadState.RECEIVED)
    # Without an index of their own: those below that begin with them answer as well.
    team = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("team"),
        db_index=False,
    )
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        verbose_name=_("adviser"),
        db_index=False,
    )
    # Codes and values, told in the reader's language by `routing_reason`.
    routing = models.JSONField(default=list, editable=False, encoder=DjangoJSONEncoder)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    assigned_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("to be taken before"), null=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True)
    escalations = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(_("taken charge"), null=True)
    # Working minutes between reception and take-charge (ledger LEAD-08).
    take_charge_minutes = models.PositiveIntegerField(null=True)
    treated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    closing_note = models.TextField(_("said to the company"), blank=True)
    next_action = models.CharField(_("next action"), max_length=200, blank=True)
    next_action_on = models.DateField(_("on"), null=True, blank=True)
    # On the clock of its adviser; without an hour, any time of that day.
    next_action_at = models.TimeField(_("at"), null=True, blank=True)
    # A company that does not export yet was shown the self-service diagnosis first (ledger LEAD-02).
    is_sent_to_diagnosis = models.BooleanField(default=False)
    # Upper case without accents: reference, company, subject.
    search_text = models.CharField(max_length=500, blank=True, editable=False)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["adviser", "state", "-received_at"], name="lead_by_adviser"),
            models.Index(fields=["adviser", "-assigned_at"], name="lead_last_given"),
            # A team's list of all its requests, the newest first.
            models.Index(fields=["team", "-received_at", "id"], name="lead_of_team_by_time"),
            models.Index(fields=["team", "state", "-received_at"], name="lead_by_team"),
            models.Index(fields=["region", "state", "-received_at"], name="lead_by_region"),
            # With what the wall asks of a row, so that all are counted without reading them.
            models.Index(
                fields=["-received_at", "-id"], include=["origin", "requested_by", "company"], name="lead_by_time"
            ),
            # Which of some numbers somebody sees (`seen_by`), and the wall lets him see, told without reading the rows.
            models.Index(
                fields=["id"],
                include=["received_at", "region", "team", "adviser", "company", "origin", "requested_by"],
                name="lead_rights",
            ),
            models.Index(fields=["due_at"], name="lead_waiting", condition=Q(taken_at__isnull=True)),
            models.Index(
                fields=["due_at"],
                name="lead_passed_up",
                condition=Q(escalated_at__isnull=False, taken_at__isnull=True, closed_at__isnull=True),
            ),
            models.Index(
                fields=["adviser", "next_action_on"], name="lead_next_action", condition=Q(next_action_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_spontaneous=True) | ~Q(prompted_by=""), name="prompted_lead_says_by_what"
            ),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="lead_has_a_legal_basis"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "refused"]) | Q(adviser__isnull=False),
                name="lead_under_way_has_one_adviser",
            ),
            models.CheckConstraint(
                condition=~Q(state="assigned") | Q(assigned_at__isnull=False, taken_at__isnull=True),
                name="assigned_lead_is_not_taken",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["taken", "treated", "closed"])
                | Q(taken_at__isnull=False, take_charge_minutes__isnull=False),
                name="taken_lead_knows_its_delay",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["treated", "closed"]) | Q(treated_at__isnull=False),
                name="treated_lead_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_lead_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (Q(closed_at__isnull=False) & ~Q(closing_note="")),
                name="refused_lead_says_why",
            ),
            models.CheckConstraint(
                condition=Q(next_action="", next_action_on__isnull=True)
                | (~Q(next_action="") & Q(next_action_on__isnull=False)),
                name="lead_next_action_is_dated",
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("crm:lead", args=[self.pk])

    @property
    def reference(self):
        """The number that one can say on the phone."""
        return f"D-{self.pk:06d}"

    @property
    def title(self):
        """Its subject, in the reader's language when a page wrote it."""
        told = Said(self.subject_code, self.subject_facts).told() if self.subject_code else ""
        return told or self.subject

    @property
    def lazy_title(self):
        """The same for messages whose reader is known later."""
        return lazystr_of(self)

    @property
    def is_open(self):
        return self.state in OPEN_STATES

    @property
    def is_untouched(self):
        return self.state in UNTOUCHED_STATES

    @property
    def is_late(self):
        return self.is_untouched and self.due_at is not None and self.due_at < timezone.now()

    @property
    def routing_reason(self):
        """Why it went to this person: readable lines in the current language."""
        from pavillon.crm.models.reasons import tell

        return [tell(reason) for reason in self.routing]

    @property
    def take_charge_text(self):
        """The delay of take-charge in words: "35 min", "6 h 10"."""
        hours, minutes = divmod(self.take_charge_minutes or 0, 60)
        return f"{hours} h {minutes:02d}" if hours else f"{minutes} min"

    @property
    def company_label(self):
        return self.company.name if self.company else self.company_name


# What is handed over with a request.
SUMMARY = ("need", "budget", "decision_makers", "horizon")


class HandOverQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Those who are asked and those who ask."""
        if user.role not in LEAD_READERS:
            return self.none()
        return self.filter(Q(receiver=user) | Q(sender=user)).select_related("lead", "sender", "receiver")

    def sent_by(self, user):
        """What this person passed on, with what became of it."""
        seen = Lead.objects.visible_to(user).filter(pk=OuterRef("lead"))
        return (
            self.filter(sender=user)
            .select_related("lead__company", "lead__adviser", "team")
            .annotate(is_seen=Exists(seen))
        )

    def waiting_for(self, user):
        """Proposed to this person and not yet answered."""
        return self.filter(receiver=user, answered_at__isnull=True)


class HandOver(models.Model):
    """An adviser asks another to take a request over; until the answer, the first one keeps it.

    pending (answered_at empty) → accepted or declined with a reason.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="hand_overs")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offered_leads", verbose_name=_("colleague")
    )
    # The organisation in which the receiver will handle it.
    team = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("why"))
    # What the sender learned, for who goes on; whoever detects a lead by telephone says all four.
    need = models.TextField(_("need"), blank=True)
    budget = models.CharField(_("budget"), max_length=200, blank=True)
    decision_makers = EncryptedTextField(_("decision-makers"), blank=True)
    horizon = models.CharField(_("horizon"), max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over of a request")
        verbose_name_plural = _("hand-overs of requests")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["receiver"], name="hand_over_pending", condition=Q(answered_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(answered_at__isnull=True), name="one_pending_hand_over_per_lead"
            ),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="hand_over_goes_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, is_accepted__isnull=True)
                | Q(answered_at__isnull=False, is_accepted=True)
                | (Q(answered_at__isnull=False, is_accepted=False) & ~Q(answer="")),
                name="declined_hand_over_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.lead_id} → {self.receiver}"

    @property
    def summary(self):
        """What was learned, in words: [(name, text)], without what nobody said."""
        told = ((self._meta.get_field(name), getattr(self, name)) for name in SUMMARY)
        return [(capfirst(str(column.verbose_name)), text) for column, text in told if text]
