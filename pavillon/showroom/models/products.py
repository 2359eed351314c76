"""Products and services, their pictures, the remarks of the agency, and the questions of each vertical."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.reference.models import Named
from pavillon.showroom.enums import (
    AttributeKind,
    Condition,
    Incoterm,
    ProductKind,
    ProductState,
    SaleUnit,
    Translation,
)
from pavillon.showroom.models.bilingual import in_reader_language, language_shown
from pavillon.showroom.models.shops import MONITORS, Shop


class ProductQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team sees every sheet; a company its own. Public pages show `on_show()`."""
        if user.role in MONITORS:
            return self
        if user.is_company:
            return self.filter(shop__company__organisation=user.organisation)
        return self.none()

    def on_show(self):
        """What everybody may see."""
        return self.filter(state=ProductState.PUBLISHED, shop__state="online")

    def to_review(self):
        """Sheets that wait for the agency: submitted ones, and published ones whose words changed since."""
        return self.filter(
            Q(state=ProductState.SUBMITTED) | Q(state=ProductState.PUBLISHED, to_check_since__isnull=False)
        )


class Product(Dated):
    """A product or a service on a company's shelf.

    =========  ====================================================  ============================================
    state      meaning                                               leaves by
    =========  ====================================================  ============================================
    draft      the company writes it                                 submit_product
    submitted  the agency reads it                                   approve_product, return_product
    returned   the agency made remarks, field by field               submit_product
    published  on show as soon as the shop is online                 withdraw_product
    withdrawn  taken off the shelf by the company or the agency      submit_product
    =========  ====================================================  ============================================

    A published sheet whose words or pictures change stays on show and is read again (`to_check_since`).
    """

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="products")
    kind = models.CharField(_("kind"), max_length=8, choices=ProductKind, default=ProductKind.PRODUCT)
    vertical = models.ForeignKey("reference.Vertical", on_delete=models.PROTECT, verbose_name=_("vertical"))
    state = models.CharField(_("state"), max_length=10, choices=ProductState, default=ProductState.DRAFT)

    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    summary_fr = models.CharField(_("in one sentence, in French"), max_length=240, blank=True)
    summary_en = models.CharField(_("in one sentence, in English"), max_length=240, blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    translation_fr = models.CharField(
        _("state of the French text"), max_length=8, choices=Translation, default=Translation.MISSING
    )
    translation_en = models.CharField(
        _("state of the English text"), max_length=8, choices=Translation, default=Translation.MISSING
    )

    # {code of a VerticalAttribute: value}
    attributes = models.JSONField(default=dict, blank=True)
    condition = models.CharField(_("condition"), max_length=8, choices=Condition, default=Condition.NEW)
    manufacture_year = models.PositiveSmallIntegerField(_("year of manufacture"), null=True, blank=True)
    operating_hours = models.PositiveIntegerField(_("hours of operation"), null=True, blank=True)
    price = models.DecimalField(
        _("price (€, without tax)"), max_digits=12, decimal_places=2, null=True, blank=True,
        help_text=_("Leave empty for “on request”."),
    )  # fmt: skip
    sale_unit = models.CharField(_("sold by"), max_length=8, choices=SaleUnit, default=SaleUnit.PIECE)
    minimum_order = models.PositiveIntegerField(_("least order"), null=True, blank=True)
    incoterm = models.CharField(_("incoterm"), max_length=3, choices=Incoterm, blank=True)
    customs_code = models.ForeignKey(
        "reference.ProductCode", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("customs code (HS)"),
    )  # fmt: skip
    lead_time_days = models.PositiveSmallIntegerField(_("lead time (days)"), null=True, blank=True)
    # Alpha-2 codes; empty means everywhere.
    available_in = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    services = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="serves", verbose_name=_("associated services")
    )

    quality = models.PositiveSmallIntegerField(_("quality"), default=0)
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    to_check_since = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(fields=["shop", "state"], name="product_by_shop"),
            models.Index(fields=["vertical", "state"], name="product_by_vertical"),
            models.Index(fields=["-published_at", "-id"], name="product_newest", condition=Q(state="published")),
            models.Index(fields=["submitted_at"], name="product_to_review", condition=Q(state="submitted")),
            models.Index(fields=["to_check_since"], name="product_to_check", condition=Q(to_check_since__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quality__lte=100), name="product_quality_is_a_percentage"),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gt=0), name="product_price_is_positive"),
            models.CheckConstraint(
                condition=Q(minimum_order__isnull=True) | Q(minimum_order__gt=0), name="product_order_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(condition="new") | (Q(kind="product") & Q(manufacture_year__isnull=False)),
                name="recycled_machine_tells_its_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (Q(published_at__isnull=False) & ~Q(name_en="")),
                name="published_product_has_an_english_name",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False), name="submitted_product_is_dated"
            ),
        ]

    def __str__(self):
        return self.name or str(_("Unnamed sheet"))

    def get_absolute_url(self):
        return reverse("showroom:product", args=[self.pk, self.slug])

    @property
    def slug(self):
        return slugify(self.name_en or self.name_fr)[:60] or "sheet"

    @property
    def name(self):
        return in_reader_language(self, "name")

    @property
    def summary(self):
        return in_reader_language(self, "summary")

    @property
    def description(self):
        return in_reader_language(self, "description")

    @property
    def description_language(self):
        return language_shown(self, "description")

    @property
    def name_language(self):
        return language_shown(self, "name")

    @property
    def is_published(self):
        return self.state == ProductState.PUBLISHED

    @property
    def is_service(self):
        return self.kind == ProductKind.SERVICE

    @property
    def is_recycled(self):
        return self.condition == Condition.RECYCLED

    @property
    def can_be_submitted(self):
        return self.state in (ProductState.DRAFT, ProductState.RETURNED, ProductState.WITHDRAWN)

    @property
    def missing_texts(self):
        """What a sheet needs before the agency reads it."""
        wanted = {
            _("name in English"): self.name_en,
            _("sentence in English"): self.summary_en,
            _("description in English"): self.description_en,
        }
        return [label for label, text in wanted.items() if not text.strip()]


class ProductLink(models.Model):
    """The same product on an external marketplace (ledger SHOW-01)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="links")
    marketplace = models.CharField(_("marketplace"), max_length=60)
    url = models.URLField(_("address"), max_length=400)

    class Meta:
        verbose_name = _("listing elsewhere")
        ordering = ["marketplace"]
        constraints = [models.UniqueConstraint(fields=["product", "url"], name="link_once_per_product")]

    def __str__(self):
        return self.marketplace


class PictureQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(product__in=Product.objects.seen_by(user))


class Picture(models.Model):
    """A picture of a sheet, checked by its content and drawn again by us: the original is never kept.

    `file` is WebP, at most 1600 pixels wide; `thumbnail` at most 480.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    file = models.FileField(upload_to="showroom/%Y/%m/")
    thumbnail = models.FileField(upload_to="showroom/%Y/%m/")
    alt_fr = models.CharField(_("what it shows, in French"), max_length=160)
    alt_en = models.CharField(_("what it shows, in English"), max_length=160)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt_fr="") & ~Q(alt_en=""), name="picture_says_what_it_shows")
        ]

    @property
    def alt(self):
        return in_reader_language(self, "alt")


class ProductRemark(models.Model):
    """What the agency asks to change in one field, until the company submits the sheet again."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=40)
    text = models.CharField(_("remark"), max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("remark")
        ordering = ["made_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]


class ProductImportQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(shop__company__organisation=user.organisation) if user.is_company else self.none()


class ProductImport(models.Model):
    """A spreadsheet of products, rehearsed first: its lines, what is wrong with each, and whether it was confirmed."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=120)
    # [{"line": 2, "values": {...}, "errors": ["..."]}, …]
    lines = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    created = models.PositiveIntegerField(default=0)

    objects = ProductImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of products")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | Q(created=0), name="unconfirmed_import_created_nothing"
            )
        ]

    @property
    def good_lines(self):
        return [line for line in self.lines if not line["errors"]]

    @property
    def bad_lines(self):
        return [line for line in self.lines if line["errors"]]


class VerticalAttribute(Named):
    """A question that the sheets of a vertical answer: power, payload, class of device…"""

    # Without a constraint in the database: the usual questions are known before the verticals are loaded.
    vertical = models.ForeignKey(
        "reference.Vertical", on_delete=models.PROTECT, related_name="attributes", db_constraint=False
    )
    code = models.SlugField()
    kind = models.CharField(_("answer"), max_length=8, choices=AttributeKind, default=AttributeKind.TEXT)
    unit = models.CharField(_("unit"), max_length=16, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_asked = models.BooleanField(_("asked"), default=True)

    class Meta:
        verbose_name = _("question of a vertical")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vertical", "code"], name="attribute_once_per_vertical"),
        ]
