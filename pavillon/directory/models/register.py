"""The official register, kept beside the base, and the runs that brought it."""

from functools import cached_property

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import RegisterFileKind, RunState


class RegisterUnit(models.Model):
    """A legal unit of the SIRENE register as published, kept beside the shared base.

    Column names follow StockUniteLegale; the address is that of its head office (`RegisterEstablishment`).
    `diffusion` "P" is a partial diffusion: the person's name and address must never be shown.
    """

    siren = models.CharField(primary_key=True, max_length=9)
    legal_name = models.CharField(max_length=250)
    trade_name = models.CharField(max_length=250, blank=True)
    activity_code = models.CharField(max_length=6, blank=True)
    activity_code_2025 = models.CharField(max_length=6, blank=True)
    legal_category_code = models.CharField(max_length=4, blank=True)
    workforce_band_code = models.CharField(max_length=2, blank=True)
    size = models.CharField(max_length=3, blank=True)
    head_office_siret = models.CharField(max_length=14, blank=True)
    created_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    diffusion = models.CharField(max_length=1, default="O")
    is_synthetic = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    # What the file said last, in 64 bits: a row whose digest is unchanged is not written again.
    row_hash = models.BigIntegerField(null=True)
    # The run that wrote it last. No constraint: checking it row by row would cost as much as the row.
    run = models.ForeignKey(
        "directory.RegisterRun",
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("register entry")

    def __str__(self):
        return f"{self.siren} {self.public_name}"

    @property
    def is_public(self):
        return self.diffusion == "O"

    @property
    def shows_its_name(self):
        """A partial diffusion hides the name of a person; the name of a legal person stays public."""
        return self.is_public or self.legal_category_code[:1] not in ("", "1")

    @property
    def public_name(self):
        """What may be shown of its name."""
        if self.shows_its_name and self.legal_name:
            return self.legal_name
        return _("Company %(siren)s (name not published)") % {"siren": self.siren}

    @cached_property
    def head_office(self):
        """The establishment of its head office, None when the register does not have it."""
        offices = RegisterEstablishment.objects.of_unit(self.siren).filter(is_head_office=True)
        return offices.order_by("-is_active", "-siret").first()

    @property
    def address(self):
        return self.head_office.address if self.head_office else ""

    @property
    def public_address(self):
        return self.address if self.is_public else ""

    @property
    def postal_code(self):
        return self.head_office.postal_code if self.head_office else ""

    @property
    def commune_code(self):
        return self.head_office.commune_code if self.head_office else ""


class RegisterEstablishmentQuerySet(models.QuerySet):
    def of_unit(self, siren):
        """The establishments of a legal unit: their SIRET begin with its SIREN."""
        return self.filter(siret__gte=f"{siren}00000", siret__lte=f"{siren}99999")

    def of_units(self, sirens):
        """The establishments of many legal units, by SIRET. One statement; a list."""
        query = """
            SELECT e.* FROM unnest(%s::text[]) AS unit(siren) JOIN directory_registerestablishment e
            ON e.siret BETWEEN unit.siren || '00000' AND unit.siren || '99999' ORDER BY e.siret
        """
        return list(self.raw(query, [list(sirens)]))


class RegisterEstablishment(models.Model):
    """An establishment of the SIRENE register as published; its unit is named by the first nine digits of the SIRET.

    The address is empty where the diffusion of the establishment or of its unit is partial.
    """

    siret = models.CharField(primary_key=True, max_length=14)
    is_head_office = models.BooleanField(default=False)
    name = models.CharField(max_length=250, blank=True)
    activity_code = models.CharField(max_length=6, blank=True)
    activity_code_2025 = models.CharField(max_length=6, blank=True)
    workforce_band_code = models.CharField(max_length=2, blank=True)
    address = models.CharField(max_length=250, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    town = models.CharField(max_length=120, blank=True)
    created_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    closed_on = models.DateField(null=True)
    is_synthetic = models.BooleanField(default=False)
    row_hash = models.BigIntegerField(null=True)
    run = models.ForeignKey(
        "directory.RegisterRun",
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    objects = RegisterEstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("register establishment")

    def __str__(self):
        return self.siret

    @property
    def siren(self):
        return self.siret[:9]


class RegisterRunQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Where the base comes from is no secret within the team."""
        return self if user.is_team else self.none()

    def unfinished(self):
        return self.filter(state__in=RunState.under_way())


class RegisterRun(Dated):
    """One file of the register taken in, from its reading to the companies that follow it.

    ============  ==================================================================  ===============================
    state         meaning                                                             a killed run begins again at
    ============  ==================================================================  ===============================
    waiting       asked for; a worker will take it                                    the reading
    reading       the file is unpacked, read and checked: nothing is written yet      the reading
    comparing     what differs from the register is being found                       the reading
    writing       the differences are written, a batch and its place in one commit    the next batch
    following     companies of the base take what the register says of them           the next batch
    done          everything is in; `same` says that the file was known               –
    refused       the file is wrong; `message` says why; nothing was changed          –
    ============  ==================================================================  ===============================

    read = created + changed + closed + unchanged + rejected + passed.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=RegisterFileKind, blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=1000)
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    is_synthetic = models.BooleanField(default=False)
    is_forced = models.BooleanField(default=False)
    takes_good_rows = models.BooleanField(default=False)
    is_same_file = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=9, choices=RunState, default=RunState.WAITING)
    message = models.TextField(blank=True)
    read = models.PositiveIntegerField(_("rows read"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    closed = models.PositiveIntegerField(_("closed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    passed = models.PositiveIntegerField(_("passed over"), default=0)
    # Bytes of the file of differences whose rows are committed.
    written = models.PositiveBigIntegerField(default=0)
    # What the reader's digests are worth: another version of it may compute others.
    digest_probe = models.BigIntegerField(null=True)
    # The last company of the base that was looked at, and how many took something.
    followed_up_to = models.BigIntegerField(default=0)
    followed = models.PositiveIntegerField(_("companies that followed"), default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    rows_per_second = models.PositiveIntegerField(null=True)
    seconds_left = models.PositiveIntegerField(null=True)
    # When the names of its rows could be found (`RegisterName`).
    named_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = RegisterRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("register import")
        ordering = ["-pk"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("directory:register_run", args=[self.pk])

    @property
    def is_under_way(self):
        return self.state in RunState.under_way()

    @property
    def seconds(self):
        """How long it took, None while it runs."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at and self.started_at else None


class RegisterName(models.Model):
    """By which names a legal unit of the register is found: legal persons that are active, never a person's name.

    Beside `RegisterUnit`, not on it: pouring a file in would pay for the indexes. `actions.register_names` follows.
    """

    # The SIREN as a number: a third of its size.
    number = models.PositiveIntegerField(primary_key=True)
    # As names are compared (`directory.names.match_name`).
    name_key = models.CharField(max_length=250)
    trade_key = models.CharField(max_length=250, blank=True)

    class Meta:
        verbose_name = _("name in the register")
        indexes = [
            models.Index(fields=["name_key", "number"], name="register_name_begins"),
            # For who misspells it, when nothing begins so.
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="register_name_trgm"),
            models.Index(
                fields=["trade_key", "number"], name="register_trade_begins", condition=~models.Q(trade_key="")
            ),
        ]

    def __str__(self):
        return self.name_key

    @property
    def siren(self):
        return f"{self.number:09d}"
