"""Mail that advisers copied to the platform, its addresses and its files."""

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import VisibleQuerySet
from pavillon.correspondence.enums import AddressRole, Checked, FiledBy, MailState
from pavillon.crm.models import Interaction


class CopiedMailQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own in the role of now; filed, whoever may read the exchange that it became."""
        own = Q(owner=user, organisation=user.organisation)
        # Of a few mails the exchange of each is looked up, as one value: PostgreSQL would gather all that one reads
        # to compare keys, and for EXISTS as well.
        read = Interaction.objects.visible_to(user).filter(pk=OuterRef("interaction")).order_by().values("pk")
        return self.filter(own | Q(interaction=Subquery(read[:1])))

    def waiting_for(self, user):
        """What this person has to sort."""
        return self.filter(state=MailState.WAITING, owner=user, organisation=user.organisation)

    def with_names(self):
        return self.select_related("owner", "organisation", "company", "interaction", "lead")


class CopiedMail(models.Model):
    """One mail, whole. waiting → filed (an exchange with a company) or discarded (its words are gone).

    `key` is a digest of its Message-ID: the same mail to the same person in one role is kept once. `calendar` is what
    a calendar sent with it, `calendar_uid` and `calendar_sequence` name the event and its version.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=MailState, default=MailState.WAITING)
    checked = models.CharField(_("sender"), max_length=8, choices=Checked)
    subject = EncryptedTextField(_("subject"), blank=True)
    words = EncryptedTextField(_("text"), blank=True)
    history = EncryptedTextField(_("quoted mails"), blank=True)
    calendar = EncryptedTextField(_("invitation"), blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    calendar_uid = models.CharField(max_length=255, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0)
    # Why what a calendar said could not be done, in the owner's language.
    calendar_problem = models.CharField(max_length=300, blank=True)
    # A new version that nobody proved to come from who invited: it waits for its owner's word.
    calendar_held = models.BooleanField(default=False)
    sent_at = models.DateTimeField(_("sent"))
    received_at = models.DateTimeField(pgettext_lazy("mail", "received"), default=timezone.now)
    size = models.PositiveIntegerField(_("size"))
    company = models.ForeignKey(
        "directory.Company", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("company")
    )
    lead = models.ForeignKey(
        "crm.Lead", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("request")
    )
    filed_by = models.CharField(_("why there"), max_length=8, choices=FiledBy, blank=True)
    interaction = models.OneToOneField(
        "crm.Interaction", null=True, on_delete=models.SET_NULL, related_name="copied_mail", verbose_name=_("exchange")
    )
    # The meeting to which it invited, once it has taken place: an exchange of its own, at its own date.
    meeting = models.OneToOneField(
        "crm.Interaction", null=True, on_delete=models.SET_NULL, related_name="copied_invitation", editable=False
    )
    sorted_at = models.DateTimeField(null=True)

    objects = CopiedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("copied mail")
        verbose_name_plural = _("copied mails")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(
                fields=["owner", "organisation", "-received_at"],
                name="mail_to_sort",
                condition=Q(state=MailState.WAITING),
            ),
            models.Index(fields=["received_at"], name="mail_by_age"),
            models.Index(
                fields=["owner", "calendar_uid", "calendar_sequence"],
                name="mail_of_an_event",
                condition=~Q(calendar_uid=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "organisation", "key"], name="mail_kept_once_a_role"),
            models.CheckConstraint(
                condition=Q(state=MailState.WAITING, sorted_at__isnull=True)
                | (~Q(state=MailState.WAITING) & Q(sorted_at__gte=F("received_at"))),
                name="sorted_mail_has_a_moment",
            ),
        ]

    def __str__(self):
        return self.subject or str(_("Without a subject"))

    def get_absolute_url(self):
        return reverse("correspondence:view_mail", args=[self.pk])

    @property
    def is_waiting(self):
        return self.state == MailState.WAITING

    @property
    def is_filed(self):
        """With an exchange that still stands."""
        return self.state == MailState.FILED and self.interaction_id is not None

    @property
    def preview(self):
        """Its first words, on one line."""
        return " ".join(self.words[:400].split())[:180]


class OfMailQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """With its mail: what hides this (the matrix, a sensitive company) hides what hangs on it."""
        return self.filter(mail__in=CopiedMail.objects.visible_to(user).order_by())


class MailAddress(models.Model):
    """An address of a copied mail."""

    mail = models.ForeignKey(CopiedMail, on_delete=models.CASCADE, related_name="addresses")
    role = models.CharField(max_length=9, choices=AddressRole)
    name = EncryptedTextField(_("name"), blank=True)
    email = EncryptedTextField(_("e-mail"), blank=True)
    email_index = BlindIndexField(of="email")

    objects = OfMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a copied mail")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name} <{self.email}>" if self.name else self.email


class MailFile(models.Model):
    """A file of a copied mail, sealed; or the name of one that was refused, and why."""

    mail = models.ForeignKey(CopiedMail, on_delete=models.CASCADE, related_name="files")
    name = EncryptedTextField(_("name"))
    size = models.PositiveIntegerField(_("size"))
    file = models.FileField(upload_to="correspondence/%Y/%m/", blank=True)
    refused = models.CharField(_("why it was refused"), max_length=300, blank=True)

    objects = OfMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a copied mail")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(file="") | Q(refused=""), name="refused_file_is_not_kept"),
        ]

    def __str__(self):
        return self.name
