"""The public pages: one national portal, a page per region that inherits from it, articles."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from pavillon.reference.models import Region
from pavillon.website.blocks import NATIONAL_PIECES, REGIONAL_PIECES
from pavillon.website.composing import compose

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write # and six hexadecimal digits, as in #14508c."))


class PublicPage(Page):
    """What every public page shows: its own content and what it inherits, also in the editor's preview."""

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | compose(self, request)

    @property
    def site_region(self):
        """The region whose colours and name the page wears; None on the national site."""
        return None


class NationalPage(PublicPage):
    """The portal of the whole country, one per language. What it says is what regions show until they say otherwise."""

    hero_eyebrow = models.CharField(_("above the title"), max_length=80, blank=True)
    hero_title = models.CharField(_("large title"), max_length=120)
    hero_lead = models.TextField(_("introduction"), max_length=400)
    body = StreamField(NATIONAL_PIECES, blank=True, verbose_name=_("pieces"))

    template = "website/site_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["website.RegionIndexPage", "website.ArticleIndexPage"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_eyebrow"), FieldPanel("hero_title"), FieldPanel("hero_lead")],
            heading=_("Top of the page"),
        ),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("national page")


class RegionIndexPage(PublicPage):
    """The list of regions: the parent of their pages."""

    template = "website/regions.html"
    parent_page_types = ["website.NationalPage"]
    subpage_types = ["website.RegionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of regions")


class RegionPage(PublicPage):
    """The site of a region. Whatever is left empty comes from the national page."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    brand = models.CharField(_("main colour"), max_length=7, default="#14508c", validators=[COLOUR])
    accent = models.CharField(_("second colour"), max_length=7, default="#c8442f", validators=[COLOUR])
    logo_text = models.CharField(_("name beside the sign"), max_length=40, blank=True)
    logo_words = models.CharField(_("line under the name"), max_length=60, blank=True)
    hero_eyebrow = models.CharField(_("above the title"), max_length=80, blank=True)
    hero_title = models.CharField(_("large title"), max_length=120, blank=True)
    hero_lead = models.TextField(_("introduction"), max_length=400, blank=True)
    body = StreamField(REGIONAL_PIECES, blank=True, verbose_name=_("pieces"))
    inherits_articles = models.BooleanField(_("show national articles too"), default=True)

    template = "website/site_page.html"
    parent_page_types = ["website.RegionIndexPage"]
    subpage_types = ["website.ArticlePage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("region"),
        MultiFieldPanel(
            [FieldPanel("brand"), FieldPanel("accent"), FieldPanel("logo_text"), FieldPanel("logo_words")],
            heading=_("Colours and name"),
        ),
        MultiFieldPanel(
            [FieldPanel("hero_eyebrow"), FieldPanel("hero_title"), FieldPanel("hero_lead")],
            heading=_("Top of the page"),
            help_text=_("Left empty: as on the national page."),
        ),
        FieldPanel("body", help_text=_("Left empty: all the pieces of the national page.")),
        FieldPanel("inherits_articles"),
    ]

    class Meta:
        verbose_name = _("page of a region")

    @property
    def site_region(self):
        return self.region


class ArticleIndexPage(PublicPage):
    """The national articles."""

    template = "website/articles.html"
    parent_page_types = ["website.NationalPage"]
    subpage_types = ["website.ArticlePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of articles")


class ArticlePage(PublicPage):
    """An article, national or of one region. A regional one may replace a national one in its region."""

    published_on = models.DateField(_("date"), default=timezone.localdate)
    summary = models.CharField(_("in one sentence"), max_length=240)
    body = RichTextField(_("text"), features=["bold", "italic", "link", "ol", "ul", "h2", "h3"])
    replaces = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("replaces the article"),
    )

    template = "website/article.html"
    parent_page_types = ["website.ArticleIndexPage", "website.RegionPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("published_on"),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("replaces", help_text=_("In this region only; other regions keep the national article.")),
    ]

    class Meta:
        verbose_name = _("article")

    @property
    def own_region_page(self):
        """The page of the region that wrote it, None for a national article."""
        return RegionPage.objects.ancestor_of(self).select_related("region").first()
