"""Shops of companies, the people they notify, and the settings of the showroom."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.showroom.enums import Certification, ShopState
from pavillon.showroom.models.bilingual import in_reader_language, language_shown

# Roles of the team that see shops, products and the state of enquiries of the companies in their reach.
MONITORS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER, Role.OPERATOR, Role.REGION_OFFICIAL})


class ShopQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team sees every shop; a company its own. Buyers read public pages, which show `online()`."""
        if user.role in MONITORS:
            return self
        if user.is_company:
            return self.filter(company__organisation=user.organisation)
        return self.none()

    def online(self):
        return self.filter(state=ShopState.ONLINE)

    def referenced(self):
        """Accepted by the agency in its national showroom: those that the gauge counts."""
        return self.filter(is_referenced=True, state__in=[ShopState.OPENED, ShopState.ONLINE])


class Shop(Dated):
    """A company's page and shelf.

    ========  =====================================================  =========================
    state     meaning                                                leaves by
    ========  =====================================================  =========================
    applied   the company asked for a shop                           accept_shop, close_shop
    opened    the agency said yes; the company writes its pages      put_shop_online, close_shop
    online    everybody sees it and its published products           close_shop
    closed    nobody sees it; products and enquiries are kept        reopen_shop
    ========  =====================================================  =========================
    """

    company = models.OneToOneField("directory.Company", on_delete=models.PROTECT, related_name="shop")
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(_("step"), max_length=8, choices=ShopState, default=ShopState.APPLIED)
    # The company's products belong to the national showroom: its pages carry the marker that leads there.
    is_referenced = models.BooleanField(_("referenced in the national showroom"), default=False)
    tagline_fr = models.CharField(_("one line, in French"), max_length=140, blank=True)
    tagline_en = models.CharField(_("one line, in English"), max_length=140, blank=True)
    presentation_fr = models.TextField(_("presentation in French"), blank=True)
    presentation_en = models.TextField(_("presentation in English"), blank=True)
    logo_text = models.CharField(
        _("name on the sign"), max_length=40, blank=True, help_text=_("The short name that buyers see on your shop.")
    )
    export_countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries where you sell"), default=list, blank=True
    )
    motivation = models.TextField(_("why a shop"), blank=True)
    applied_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    online_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # The person of the agency who answers the company while it opens.
    contact_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("contact at the agency"),
    )  # fmt: skip
    is_demo = models.BooleanField(default=False, editable=False)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        ordering = ["company__name", "pk"]
        indexes = [models.Index(fields=["state", "-applied_at"], name="shop_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["opened", "online"]) | Q(opened_at__isnull=False), name="open_shop_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="online") | Q(online_at__isnull=False), name="online_shop_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="closed_shop_is_dated"
            ),
        ]

    def __str__(self):
        return self.company.name

    def get_absolute_url(self):
        return reverse("showroom:shop", args=[self.slug])

    @property
    def tagline(self):
        return in_reader_language(self, "tagline")

    @property
    def presentation(self):
        return in_reader_language(self, "presentation")

    @property
    def presentation_language(self):
        return language_shown(self, "presentation")

    @property
    def sign(self):
        return self.logo_text or self.company.name

    @property
    def is_online(self):
        return self.state == ShopState.ONLINE

    @property
    def can_publish(self):
        return self.state in (ShopState.OPENED, ShopState.ONLINE)

    @property
    def missing_texts(self):
        """What the page still needs before it may go online."""
        wanted = {
            _("one line in English"): self.tagline_en,
            _("presentation in English"): self.presentation_en,
            _("presentation in French"): self.presentation_fr,
        }
        return [label for label, text in wanted.items() if not text]

    @property
    def steps(self):
        """The opening, step by step: (label, day or None, days since the step before or None)."""
        moments = [
            (_("Application"), self.applied_at),
            (_("Opened by the agency"), self.opened_at),
            (_("Online"), self.online_at),
        ]
        found: list[tuple[Any, datetime | None, int | None]] = []
        before = None
        for label, at in moments:
            found.append((label, at, (at - before).days if at and before else None))
            before = at or before
        return found

    @property
    def waiting_days(self):
        """Days since the last step, for a shop that is not online yet."""
        return (timezone.now() - (self.opened_at or self.applied_at)).days


class Certificate(models.Model):
    """A certificate that the company declares: which, its number, its last day."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="certificates")
    certification = models.CharField(_("certification"), max_length=20, choices=Certification)
    number = models.CharField(_("number"), max_length=60, blank=True)
    ends_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate")
        ordering = ["certification"]
        constraints = [models.UniqueConstraint(fields=["shop", "certification"], name="certification_once_per_shop")]

    @property
    def is_valid(self):
        return self.ends_on is None or self.ends_on >= timezone.localdate()


class ShopRecipient(models.Model):
    """A person of the company who is told of each enquiry. The last one cannot be taken away (ledger NOTI-04)."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("person notified")
        constraints = [models.UniqueConstraint(fields=["shop", "user"], name="recipient_once_per_shop")]


class ShowroomSettings(models.Model):
    """The figures that the agency sets; one row."""

    target_shops = models.PositiveIntegerField(
        _("shops aimed at"), default=60, validators=[MinValueValidator(1)],
        help_text=_("An estimate shown beside the gauge, never a limit."),
    )  # fmt: skip
    unanswered_hours = models.PositiveSmallIntegerField(
        _("hours before an unanswered enquiry reaches the adviser"), default=24, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("settings of the showroom")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_showroom_settings")]
