"""The people of the team whom an accompanied company may turn to, and what they write to each other."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Membership
from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.models.leads import LEAD_READERS, LEAD_WORKERS

# Who may be a company's contact, and who may see who it is.
CONTACT_ROLES = LEAD_WORKERS | {Role.OPERATOR}
SUPPORT_READERS = LEAD_READERS | {Role.OPERATOR}


class DedicatedContactQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team knows who accompanies whom; a company knows its own contacts, the former ones included."""
        if user.role in SUPPORT_READERS:
            return self
        return self.filter(company__organisation=user.organisation) if user.is_company else self.none()

    def on(self, day):
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def current(self):
        return self.on(timezone.localdate())

    def reachable(self):
        """Those of today who still work where they were named: nobody is sent to somebody who left."""
        at_work = Membership.objects.current().filter(
            user=OuterRef("person"), organisation=OuterRef("organisation"), role__in=CONTACT_ROLES
        )
        return self.current().filter(Exists(at_work), person__is_active=True)

    def with_people(self):
        return self.select_related("person__office", "organisation", "company")


class DedicatedContact(Dated):
    """A person of the agency's or the operator's side accompanies a company over a period (ledger IDN-12).

    planned (starts later) → current → ended. A company has as many as it needs, each person once at a time.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="dedicated_contacts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dedicated_to", verbose_name=_("contact")
    )
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    function = models.CharField(
        _("function"), max_length=120, help_text=_("What the company turns to this person for. The company reads it.")
    )
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DedicatedContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("dedicated contact")
        verbose_name_plural = _("dedicated contacts")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["person", "ends_on"], name="dedicated_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="dedicated_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(function=""), name="dedicated_contact_says_for_what"),
            ExclusionConstraint(
                name="one_person_dedicated_once",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.company}"

    def get_absolute_url(self):
        """The team's page of it; the company has its own."""
        return reverse("crm:view_dedicated_contact", args=[self.pk])

    @property
    def is_operator(self):
        """On the operator's side; otherwise on the agency's, with the whole export team."""
        return self.organisation.kind == Kind.OPERATOR

    @property
    def is_planned(self):
        return self.starts_on > timezone.localdate()

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def is_ended(self):
        return not self.is_planned and not self.is_current


class ContactMessage(models.Model):
    """One message between a company and one of its dedicated contacts; the company's own words stay encrypted."""

    contact = models.ForeignKey(DedicatedContact, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_company = models.BooleanField()
    text = EncryptedTextField(_("message"))
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["contact", "written_at"], name="contact_message_by_contact")]
        verbose_name = _("message")
