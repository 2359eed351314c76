"""How people and companies are reached: channels, and the hours that suit a person."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.channels import shown_phone
from pavillon.directory.enums import ChannelKind


class ChannelQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Channels follow their person or their company."""
        owners = (self.model._meta.get_field(name).related_model for name in ("contact", "company"))
        contacts, companies = (owner._default_manager.seen_by(user).values("pk") for owner in owners)
        return self.filter(Q(contact__in=contacts) | Q(company__in=companies))

    def standing(self, on=None):
        """Those that are valid on a day (today)."""
        on = on or timezone.localdate()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_until__isnull=True) | Q(valid_until__gte=on)
        )


class Channel(Dated):
    """A phone (E.164), an e-mail, a website or a social profile of a person or of a company.

    The preferred phone and e-mail of a person also stand on the person's own row, where lists and searches read them;
    `actions.channels` keeps both equal.
    """

    contact = models.ForeignKey("directory.Contact", null=True, on_delete=models.CASCADE, related_name="channels")
    company = models.ForeignKey("directory.Company", null=True, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(_("kind"), max_length=7, choices=ChannelKind)
    # A line of the reference list "networks"; "" but for social profiles.
    network = models.SlugField(_("network"), blank=True, default="", db_default="", db_index=False)
    value = EncryptedTextField(_("number or address"))
    value_index = BlindIndexField(of="value")
    # Of an e-mail or a website, when it tells something about the company: a domain is no secret.
    domain = models.CharField(max_length=120, blank=True, default="", db_default="", editable=False)
    label = models.CharField(_("what for"), max_length=60, blank=True, default="", db_default="")
    is_preferred = models.BooleanField(_("preferred"), default=False, db_default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        ordering = ["kind", "-is_preferred", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, contact__isnull=True)
                | Q(company__isnull=True, contact__isnull=False),
                name="channel_reaches_one",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="channel_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(kind="social") | ~Q(network=""), name="social_profile_names_its_network"
            ),
            models.UniqueConstraint(
                fields=["contact", "kind"], condition=Q(is_preferred=True), name="one_preferred_channel_of_contact"
            ),
            models.UniqueConstraint(
                fields=["company", "kind"],
                condition=Q(is_preferred=True, company__isnull=False),
                name="one_preferred_channel_of_company",
            ),
        ]
        indexes = [models.Index(fields=["domain"], condition=~Q(domain=""), name="channel_by_domain")]

    @property
    def shown(self):
        """The value as people read it."""
        return shown_phone(self.value) if self.kind == ChannelKind.PHONE else self.value

    @property
    def is_standing(self):
        today = timezone.localdate()
        return (self.valid_from is None or self.valid_from <= today) and (
            self.valid_until is None or self.valid_until >= today
        )

    @property
    def removal_url(self):
        return reverse("directory:remove_channel", args=[self.pk])


class CallWindow(models.Model):
    """Hours of a weekday in which a person likes to be called, in the person's time zone."""

    contact = models.ForeignKey("directory.Contact", on_delete=models.CASCADE, related_name="call_windows")
    weekday = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(7)], help_text="1 Monday … 7 Sunday"
    )
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("call window")
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="weekday_is_one_to_seven"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="call_window_ends_after_it_starts"),
            models.UniqueConstraint(fields=["contact", "weekday", "starts_at"], name="call_window_once"),
        ]
