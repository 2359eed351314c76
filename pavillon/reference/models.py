"""Reference data: facts of the outside world that ordinary users never change."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def alphabetical(*paths: str) -> list[Any]:
    """An `ordering` of names as a dictionary sorts them: Égypte with E, Œuvre as OEUVRE, whatever the case.

    The database compares letters by their number, where É comes after Z. For short tables: no index holds it. Long ones
    keep a column or an index of their own (`match_name` of companies, `person_name` of contacts).
    """
    return [*(Upper(models.Func(models.F(path), function="unaccent")) for path in paths), "pk"]


class Named(models.Model):
    """A code with a name in each interface language."""

    name_fr = models.CharField(_("name in French"), max_length=250)
    name_en = models.CharField(_("name in English"), max_length=250)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.name_fr if (get_language() or "fr").startswith("fr") else self.name_en


class DataSet(Named):
    """One loaded set: where it comes from, of which date, under which licence ("about the data")."""

    code = models.SlugField(primary_key=True)
    publisher = models.CharField(max_length=200)
    source = models.CharField(max_length=200, help_text="Package or official file, with its version.")
    version = models.CharField(max_length=60)
    licence = models.CharField(max_length=120)
    as_of = models.DateField(null=True)
    rows = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    is_synthetic = models.BooleanField(default=False)
    loaded_at = models.DateTimeField(auto_now=True)


class Country(Named):
    """ISO 3166-1 alpha-2; names from CLDR in every language that CLDR knows are computed, these two are stored."""

    code = models.CharField(primary_key=True, max_length=2)
    alpha3 = models.CharField(max_length=3, blank=True)
    numeric = models.CharField(max_length=3, blank=True)
    # Of its largest part: enough to tell how far two countries are apart.
    latitude = models.FloatField(null=True, help_text="Degrees, WGS84.")
    longitude = models.FloatField(null=True, help_text="Degrees, WGS84.")

    class Meta:
        verbose_name = _("country")
        ordering = alphabetical("name_fr")


# The Southern and Antarctic Lands and Clipperton: nobody lives there, no company has its seat there.
UNINHABITED = ("984", "989")


class RegionQuerySet(models.QuerySet):
    def inhabited(self):
        """Those that can be chosen: a region in which a company may be."""
        return self.exclude(code__in=UNINHABITED)


class Region(Named):
    """A French region, by INSEE code ("53" is Bretagne)."""

    code = models.CharField(primary_key=True, max_length=3)
    slug = models.SlugField(unique=True)
    zone = models.CharField(max_length=8, help_text="metro, drom or com")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        ordering = alphabetical("name_fr")


class Department(Named):
    code = models.CharField(primary_key=True, max_length=3)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("department")
        ordering = ["code"]


class Commune(models.Model):
    """A commune of today, by INSEE code."""

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    postal_codes = ArrayField(models.CharField(max_length=5), default=list)
    population = models.PositiveIntegerField(null=True)
    latitude = models.FloatField(null=True, help_text="Degrees, WGS84.")
    longitude = models.FloatField(null=True, help_text="Degrees, WGS84.")

    class Meta:
        verbose_name = _("commune")
        ordering = alphabetical("name")
        indexes = [
            GinIndex(fields=["postal_codes"], name="commune_by_postal_code"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="commune_by_name"),
        ]

    def __str__(self):
        return self.name


class Activity(Named):
    """NAF activity. `revision` is 2 (NAF rév. 2) or 2025; SIRENE carries a code of each."""

    code = models.CharField(max_length=6)
    revision = models.PositiveSmallIntegerField()
    parent_code = models.CharField(max_length=6, blank=True)
    level = models.PositiveSmallIntegerField(help_text="1 section … 5 sub-class")

    class Meta:
        verbose_name = _("activity")
        constraints = [models.UniqueConstraint(fields=["revision", "code"], name="activity_once_per_revision")]


class LegalCategory(Named):
    code = models.CharField(primary_key=True, max_length=4)

    class Meta:
        verbose_name = _("legal category")


class WorkforceBand(Named):
    """INSEE headcount band ("21" is 50 to 99 people)."""

    code = models.CharField(primary_key=True, max_length=2)
    minimum = models.PositiveIntegerField(null=True)
    maximum = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("workforce band")
        ordering = ["minimum"]


class Sector(Named):
    """One of the five filières that group the verticals (ledger CAT-03)."""

    slug = models.SlugField(primary_key=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("sector")
        ordering = ["order"]


class Vertical(Named):
    """A line of the showroom (ledger CAT-02); closed, never deleted."""

    slug = models.SlugField(primary_key=True)
    sectors = models.ManyToManyField(Sector, related_name="verticals")
    order = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("vertical")
        ordering = ["order"]


class ProductCode(Named):
    """A code of a product nomenclature (HS, CN, CPV), with the labels of its publisher."""

    scheme = models.CharField(max_length=8)
    code = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=12, blank=True)
    labels = models.JSONField(default=dict, help_text="{language: label}")

    class Meta:
        verbose_name = _("product code")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="product_code_once_per_scheme")]


class ListItem(Named):
    """A line of a short reference list of ledger annex F (prospect sources, channels, promotion formats…)."""

    list = models.SlugField()
    code = models.SlugField()
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["list", "order"]
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="list_item_once")]
