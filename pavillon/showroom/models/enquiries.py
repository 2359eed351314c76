"""What buyers ask, what sellers answer, and how long it took."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Membership
from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.models import Referent
from pavillon.privacy.enums import LegalBasis
from pavillon.showroom.enums import ClosingReason, EnquiryKind, EnquiryState
from pavillon.showroom.models.buyers import Buyer
from pavillon.showroom.models.products import Product
from pavillon.showroom.models.shops import Shop

# Who of a regional organisation follows the enquiries of the region's companies.
REGIONAL_MONITORS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.REGION_OFFICIAL})
# Who of the agency follows all of them.
AGENCY_MONITORS = frozenset({Role.SHOWROOM_MANAGER, Role.TEAM_MANAGER})


class EnquiryQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Both sides see their own. Of the team: the agency's managers, the region's advisers, the referent.

        Seeing an enquiry is seeing that it exists, its state and its delay; its words are another permission
        (`showroom.read_messages`).
        """
        if user.has_role(Role.BUYER):
            return self.filter(buyer__user=user)
        if user.is_company:
            return self.filter(shop__company__organisation=user.organisation)
        if user.role in AGENCY_MONITORS and user.organisation.kind == Kind.AGENCY:
            return self
        if user.role not in REGIONAL_MONITORS:
            return self.none()
        reach = Q(Exists(Referent.objects.current().filter(company=OuterRef("shop__company"), adviser=user)))
        if user.region_id:
            reach |= Q(shop__company__region=user.region_id)
        covered = Membership.objects.current().filter(user=user, covers=OuterRef("shop__company__region"))
        return self.filter(reach | Q(Exists(covered)))

    def unanswered(self):
        return self.filter(state=EnquiryState.NEW)

    def escalated(self):
        """Passed up, and the buyer still waits."""
        return self.unanswered().filter(escalated_at__isnull=False)

    def overdue(self, hours):
        """Without an answer for more than `hours`."""
        return self.unanswered().filter(sent_at__lt=timezone.now() - timedelta(hours=hours))

    def open(self):
        return self.exclude(state=EnquiryState.CLOSED)


class Enquiry(Dated):
    """One thing that a buyer asked of a shop, with its thread.

    ========  ==============================================  ===============
    state     meaning                                         leaves by
    ========  ==============================================  ===============
    new       the buyer waits, the clock runs                 answer_enquiry, close_enquiry (a refusal is an answer)
    answered  the seller answered; the thread may go on       close_enquiry
    closed    it ended, and how is known                      write_message reopens it
    ========  ==============================================  ===============
    """

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="enquiries")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="enquiries")
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="enquiries")
    # Where the buyer was when he asked: figures of the past do not move when he does.
    country = models.ForeignKey("reference.Country", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("type"), max_length=8, choices=EnquiryKind)
    state = models.CharField(_("state"), max_length=8, choices=EnquiryState, default=EnquiryState.NEW)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    # The campaign whose link led the buyer here.
    campaign = models.ForeignKey(
        "campaigns.Campaign", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    legal_basis = models.CharField(max_length=24, choices=LegalBasis, default=LegalBasis.CONTRACT)
    sent_at = models.DateTimeField(default=timezone.now)
    first_answered_at = models.DateTimeField(null=True)
    # Minutes from the question to the first answer, nights and weekends included: it is the buyer's wait.
    response_minutes = models.PositiveIntegerField(null=True)
    last_message_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(_("how it ended"), max_length=14, choices=ClosingReason, blank=True)
    # The seller lets the team read the thread; taken back at will.
    shared_at = models.DateTimeField(null=True)
    help_asked_at = models.DateTimeField(null=True)
    overdue_told_at = models.DateTimeField(null=True)
    # An adviser passed it up: managers look after a buyer who waits.
    escalated_at = models.DateTimeField(null=True)
    escalated_why = models.CharField(_("why it needs a manager"), max_length=300, blank=True, default="", db_default="")
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("on"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "state", "-sent_at"], name="enquiry_by_shop"),
            models.Index(fields=["buyer", "-sent_at"], name="enquiry_by_buyer"),
            models.Index(fields=["-sent_at", "-id"], name="enquiry_by_time"),
            models.Index(fields=["sent_at"], name="enquiry_unanswered", condition=Q(state="new")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_answered_at__isnull=True, response_minutes__isnull=True)
                | Q(first_answered_at__gte=F("sent_at"), response_minutes__isnull=False),
                name="answered_enquiry_knows_its_delay",
            ),
            models.CheckConstraint(
                condition=~Q(state="new") | Q(first_answered_at__isnull=True), name="new_enquiry_has_no_answer"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(first_answered_at__isnull=False), name="answered_enquiry_is_dated"
            ),
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_at__isnull=False) & ~Q(closing_reason=""))
                | (~Q(state="closed") & Q(closed_at__isnull=True, closing_reason="")),
                name="closed_enquiry_says_how",
            ),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on__isnull=True)
                | (~Q(next_step="") & Q(next_step_on__isnull=False)),
                name="enquiry_next_step_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True, escalated_why="")
                | (Q(escalated_at__isnull=False) & ~Q(escalated_why="")),
                name="escalated_enquiry_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("showroom_company:enquiry", args=[self.pk])

    @property
    def reference(self):
        return f"E-{self.pk:06d}"

    @property
    def is_shared(self):
        return self.shared_at is not None

    @property
    def is_open(self):
        return self.state != EnquiryState.CLOSED

    @property
    def is_escalated(self):
        """Passed up, and the buyer still waits."""
        return self.escalated_at is not None and self.state == EnquiryState.NEW

    @property
    def waiting_minutes(self):
        """How long the buyer waited, or has been waiting."""
        if self.response_minutes is not None:
            return self.response_minutes
        return int((timezone.now() - self.sent_at).total_seconds() // 60)


class EnquiryMessage(models.Model):
    """One message of a thread; encrypted, because it is business between two firms."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_seller = models.BooleanField()
    text = EncryptedTextField(_("message"))
    written_at = models.DateTimeField(default=timezone.now)
    # When the other side opened the thread.
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["enquiry", "written_at"], name="enquiry_message_by_time")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="enquiry_message_says_something")]


# What stands where the words of a suggestion were.
FORGOTTEN = "—"


class ReplySuggestionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The company that it is for; of the team whoever wrote it, and the others while the seller shares the thread,
        because its words may be the buyer's. Never the buyer."""
        if user.has_role(Role.BUYER):
            return self.none()
        rows = self.filter(enquiry__in=Enquiry.objects.seen_by(user).order_by().values("pk"))
        return rows if user.is_company else rows.filter(Q(suggested_by=user) | Q(enquiry__shared_at__isnull=False))

    def unused(self):
        return self.filter(used_at__isnull=True)


class ReplySuggestion(models.Model):
    """What an adviser would answer the buyer: the company changes it, sends it as its own answer, or leaves it."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="suggestions")
    text = EncryptedTextField(_("suggested answer"))
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    objects = ReplySuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested answer")
        verbose_name_plural = _("suggested answers")
        ordering = ["-suggested_at", "-pk"]

    def __str__(self):
        return f"{self.enquiry_id}, {self.suggested_by}"

    @property
    def is_offered(self):
        """Neither used nor forgotten: the company may take its words."""
        return self.used_at is None and self.text != FORGOTTEN


class ReplyTemplateQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(shop__company__organisation=user.organisation) if user.is_company else self.none()


class ReplyTemplate(models.Model):
    """An answer that a shop gives often, in one language."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="reply_templates")
    title = models.CharField(_("title"), max_length=80)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    text = models.TextField(_("text"))

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply template")
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["shop", "title", "language"], name="reply_template_once")]

    def __str__(self):
        return self.title
