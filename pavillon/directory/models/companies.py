"""Companies of the two families."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import ExportClass, Family, PriorityZone, Size, Status
from pavillon.directory.models.contacts import companies_reached
from pavillon.directory.models.sensitive import SensitiveMark
from pavillon.directory.models.sources import Source
from pavillon.directory.names import has_words, match_name
from pavillon.reference.models import Activity, Commune, Country, LegalCategory, Region, WorkforceBand

# Everybody of the team who may change a shared card; the privilege matrix narrows this further.
CARD_EDITORS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER, Role.SALES, Role.TELE_PROSPECTOR})
MERGERS = frozenset({Role.TEAM_MANAGER, Role.PLATFORM_ADMIN, Role.SHOWROOM_MANAGER})

# Columns that a company takes, when its own are empty, from one that is merged into it.
FILLED = (
    "activity",
    "legal_category",
    "workforce_band",
    "commune",
    "region",
    "sector",
    "turnover",
    "export_turnover",
    "legal_name",
    "size",
    "address",
    "postal_code",
    "town",
    "website",
    "domain",
    "export_class",
)


def meant_by(text, prefix=""):
    """SIREN or SIRET, any e-mail or phone of a company or of its people, or words of the name; nothing for mere signs.

    Accents, case and legal forms do not count and words may stand anywhere. When no name has them all, names that are
    alike are meant: one short statement finds out. `prefix` leads from the row being filtered to its company.
    """
    number = "".join(c for c in text if c.isdigit())
    is_number = bool(number) and not any(c.isalpha() for c in text)
    if "@" in text or (is_number and text.strip().startswith(("+", "0")) and len(number) >= 9):
        return Q(**{f"{prefix}pk__in": companies_reached(text)})
    if is_number:
        return Q(**{f"{prefix}siren__startswith": number[:9]})
    words = match_name(text).split()
    if not words:
        return Q(pk__in=())
    if Company.objects.filter(has_words("match_name", words)).order_by()[:1]:
        return has_words(f"{prefix}match_name", words)
    return Q(**{f"{prefix}match_name__trigram_word_similar": " ".join(words)})


class CompanyQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The card is public to the whole export team, but for a sensitive company; a company sees itself."""
        if user.is_team:
            opened = SensitiveMark.objects.open_to(user)
            return self.filter(Q(is_sensitive=False) | Q(pk__in=opened.values("company")))
        if user.is_company:
            return self.filter(organisation=user.organisation)
        return self.none()

    def exportable(self):
        """Without sensitive companies: they leave the base for nobody."""
        return self.filter(is_sensitive=False)

    def standing(self):
        """Without those merged into another."""
        return self.filter(merged_into__isnull=True)

    def matching(self, text):
        """Companies that a search box means (`meant_by`)."""
        return self.filter(meant_by(text))

    def in_place(self, place):
        """Those of a region ("r53") or of a department ("d29")."""
        kind, code = place[:1], place[1:]
        return self.filter(region=code) if kind == "r" else self.filter(commune__department=code)

    def in_section(self, section):
        """Those whose activity belongs to a section of the classification ("C": manufacturing)."""
        divisions = Activity.objects.filter(revision=2, level=2, parent_code=section).values("code")
        return (
            self.filter(activity__revision=2)
            .annotate(division=Left("activity__code", 2))
            .filter(division__in=divisions)
        )

    def with_facts(self):
        """With the rows that a line or a page of companies names."""
        return self.select_related(
            "activity", "legal_category", "workforce_band", "commune", "region", "country", "sector", "origin"
        )


class Company(Dated):
    """A company of one of the two families (ledger BASE-01). French ones are known by their SIREN."""

    family = models.CharField(_("family"), max_length=10, choices=Family, default=Family.FRENCH)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.PROSPECT, db_default=Status.PROSPECT
    )
    siren = models.CharField(_("SIREN"), max_length=9, null=True, blank=True, unique=True)
    # How a foreign group is known: its number in the register of its country, or its VAT number. Both without signs.
    national_number = models.CharField(_("national number"), max_length=40, blank=True, default="", db_default="")
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True, default="", db_default="")
    name = models.CharField(_("name"), max_length=250)
    legal_name = models.CharField(_("legal name"), max_length=250, blank=True)
    # Upper case, no accent, no legal form: what is compared when two records may be one company.
    match_name = models.CharField(max_length=250, blank=True, editable=False)
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("activity"))
    legal_category = models.ForeignKey(
        LegalCategory, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("legal category")
    )
    workforce_band = models.ForeignKey(
        WorkforceBand, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("headcount band")
    )
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    headcount_year = models.PositiveSmallIntegerField(_("year of the headcount"), null=True, blank=True)
    size = models.CharField(_("size"), max_length=3, choices=Size, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    commune = models.ForeignKey(Commune, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("commune"))
    town = models.CharField(_("town"), max_length=120, blank=True)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("region"))
    country = models.ForeignKey(Country, default="FR", on_delete=models.PROTECT, verbose_name=_("country"))
    website = models.URLField(_("website"), blank=True)
    # The website's domain, what an e-mail address is compared with.
    domain = models.CharField(_("website domain"), max_length=120, blank=True, editable=False)
    sector = models.ForeignKey(
        "reference.Sector", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("sector")
    )
    # Further ones: `sector` is the main one.
    other_sectors = models.ManyToManyField(
        "reference.Sector", blank=True, related_name="+", verbose_name=_("other sectors")
    )
    export_class = models.CharField(_("export class"), max_length=14, choices=ExportClass, blank=True)
    turnover = models.DecimalField(_("turnover (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    turnover_year = models.PositiveSmallIntegerField(_("year of the turnover"), null=True, blank=True)
    export_turnover = models.DecimalField(
        _("export turnover (€)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    export_turnover_year = models.PositiveSmallIntegerField(_("year of the export turnover"), null=True, blank=True)
    # What the team aims at with this company (ledger BASE-09), in euros and in numbers, for `objective_year`.
    turnover_objective = models.DecimalField(
        _("turnover objective (€)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    potential_turnover = models.DecimalField(
        _("potential turnover (€)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    margin = models.DecimalField(_("margin (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    new_client_objective = models.PositiveIntegerField(_("new-client objective"), null=True, blank=True)
    objective_year = models.PositiveSmallIntegerField(_("year of the objectives"), null=True, blank=True)
    priority_zones = ArrayField(
        models.CharField(max_length=3, choices=PriorityZone), verbose_name=_("priority zones"), blank=True,
        default=list, db_default=[],
    )  # fmt: skip
    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="company", editable=False
    )
    is_accompanied = models.BooleanField(_("accompanied by the agency"), default=False)
    # Whether a mark stands (`SensitiveMark`): kept here because every query of companies asks.
    is_sensitive = models.BooleanField(_("sensitive"), default=False, db_default=False, editable=False)
    # Whoever brought the record: the origin of every field that no `CompanyValue` tells otherwise.
    origin = models.ForeignKey(
        Source, null=True, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    sourced_on = models.DateField(null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["match_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="company_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(siren__isnull=True) | Q(siren__regex=r"^[0-9]{9}$"), name="siren_has_nine_digits"
            ),
            models.CheckConstraint(
                condition=Q(siren__isnull=True) | Q(family=Family.FRENCH), name="siren_is_of_a_french_company"
            ),
            # A merged record keeps its numbers; the one that stands takes them.
            models.UniqueConstraint(
                fields=["country", "national_number"],
                condition=~Q(national_number="") & Q(merged_into__isnull=True),
                name="national_number_once_per_country",
            ),
            models.UniqueConstraint(
                fields=["vat_number"],
                condition=~Q(vat_number="") & Q(merged_into__isnull=True),
                name="vat_number_once",
            ),
        ]
        indexes = [
            # The orders of the list: names as they are compared, all over and in a region.
            models.Index(fields=["region", "match_name", "id"], name="company_by_region"),
            models.Index(fields=["match_name", "id"], name="company_by_match_name"),
            # Those that stand, by number: rows of other tables are likened to all of them without opening the table.
            models.Index(
                fields=["id"], name="company_standing", include=["is_sensitive"], condition=Q(merged_into__isnull=True)
            ),
            GinIndex(fields=["match_name"], opclasses=["gin_trgm_ops"], name="company_match_name_trgm"),
            # A name is looked for where the company is before it is looked for everywhere.
            GinIndex(
                OpClass("commune", name="text_ops"),
                OpClass("match_name", name="gin_trgm_ops"),
                name="company_name_in_commune",
                condition=Q(merged_into__isnull=True),
            ),
            models.Index(fields=["domain"], condition=~Q(domain=""), name="company_by_domain"),
            models.Index(fields=["name", "id"], condition=Q(is_accompanied=True), name="company_accompanied"),
            models.Index(fields=["-changed_at", "-id"], name="company_by_change"),
            models.Index(fields=["turnover", "id"], name="company_by_turnover"),
            models.Index(fields=["country", "name", "id"], condition=~Q(country="FR"), name="company_abroad"),
            models.Index(
                fields=["potential_turnover", "id"],
                name="company_by_potential",
                condition=Q(potential_turnover__isnull=False),
            ),
            models.Index(fields=["name", "id"], condition=Q(status=Status.CLIENT), name="company_clients"),
            models.Index(fields=["headcount", "id"], name="company_by_headcount", condition=Q(headcount__isnull=False)),
            # What the criteria of lists ask: rare answers are found without reading the table.
            models.Index(fields=["created_at"], name="company_by_creation"),
            models.Index(fields=["postal_code"], name="company_by_postal_code"),
            models.Index(fields=["size"], name="company_not_small", condition=~Q(size=Size.PME)),
            models.Index(fields=["origin"], name="company_by_origin", condition=Q(origin__isnull=False)),
            models.Index(fields=["sourced_on"], name="company_by_source_day", condition=Q(sourced_on__isnull=False)),
            models.Index(fields=["vat_number"], name="company_by_vat", condition=~Q(vat_number="")),
            models.Index(fields=["national_number"], name="company_by_national", condition=~Q(national_number="")),
            models.Index(
                fields=["export_turnover"], name="company_by_exports", condition=Q(export_turnover__isnull=False)
            ),
            models.Index(
                fields=["turnover_objective"],
                name="company_by_objective",
                condition=Q(turnover_objective__isnull=False),
            ),
            models.Index(fields=["margin"], name="company_by_margin", condition=Q(margin__isnull=False)),
            models.Index(
                fields=["new_client_objective"],
                name="company_by_new_clients",
                condition=Q(new_client_objective__isnull=False),
            ),
            GinIndex(fields=["priority_zones"], name="company_in_zone", condition=~Q(priority_zones=[])),
            GinIndex(
                OpClass(Upper("website"), name="gin_trgm_ops"), name="company_website_trgm", condition=~Q(website="")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("directory:company", args=[self.pk])

    @property
    def place(self):
        """Town, and its country when it is abroad."""
        town = self.commune.name if self.commune else self.town
        return town if self.country_id == "FR" else ", ".join(part for part in (town, str(self.country)) if part)

    @property
    def is_merged(self):
        return self.merged_into_id is not None
