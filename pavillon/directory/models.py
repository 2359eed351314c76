"""The shared base: companies and the people in them, whoever brought them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core.fields import BlindIndexField, EncryptedTextField, blind_index
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.channels import plain_phone, shown_phone
from pavillon.directory.enums import ExportClass, Family, Size
from pavillon.directory.names import match_name
from pavillon.reference.models import Activity, Commune, Country, LegalCategory, Region, WorkforceBand


class CompanyQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The card is public to the whole export team; a company sees itself."""
        if user.is_team:
            return self
        if user.is_company:
            return self.filter(organisation=user.organisation)
        return self.none()

    def standing(self):
        """Without those merged into another."""
        return self.filter(merged_into__isnull=True)

    def matching(self, text):
        """Companies that a search box means: SIREN or SIRET, e-mail or phone of a contact, or words of the name.

        Accents, case and legal forms do not count; words may stand anywhere, the last one may be begun only, and a
        mistyped name is found by its likeness.
        """
        number = "".join(c for c in text if c.isdigit())
        if "@" in text:
            people = Contact.objects.filter(email_index=blind_index(Contact, "email_index", text))
            return self.filter(pk__in=people.values("company"))
        if number and not any(c.isalpha() for c in text):
            if text.strip().startswith(("+", "0")) and len(number) >= 9:
                people = Contact.objects.filter(phone_index=blind_index(Contact, "phone_index", plain_phone(text)))
                return self.filter(pk__in=people.values("company"))
            return self.filter(siren__startswith=number[:9])
        words = match_name(text).split()
        every = Q(*(Q(match_name__contains=word) for word in words))
        return self.filter(every | Q(match_name__trigram_word_similar=" ".join(words))) if words else self

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
            "activity", "legal_category", "workforce_band", "commune", "region", "country", "sector"
        )


class Company(Dated):
    """A company of one of the two families (ledger BASE-01). French ones are known by their SIREN."""

    family = models.CharField(_("family"), max_length=10, choices=Family, default=Family.FRENCH)
    siren = models.CharField(_("SIREN"), max_length=9, null=True, blank=True, unique=True)
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
    export_class = models.CharField(_("export class"), max_length=14, choices=ExportClass, blank=True)
    turnover = models.DecimalField(_("turnover (€)"), max_digits=14, decimal_places=2, null=True, blank=True)
    export_turnover = models.DecimalField(
        _("export turnover (€)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="company", editable=False
    )
    is_accompanied = models.BooleanField(_("accompanied by the agency"), default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="company_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(siren__isnull=True) | Q(siren__regex=r"^[0-9]{9}$"), name="siren_has_nine_digits"
            ),
        ]
        indexes = [
            models.Index(fields=["region", "name"], name="company_by_region"),
            models.Index(fields=["name", "id"], name="company_by_name"),
            models.Index(fields=["match_name", "commune"], name="company_by_match_name"),
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


class ContactQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.is_team:
            return self
        if user.is_company:
            return self.filter(company__organisation=user.organisation)
        return self.none()

    def matching(self, text):
        """Contacts by e-mail or phone (whole, through their index), or by the beginning of their words."""
        if "@" in text:
            return self.filter(email_index=blind_index(Contact, "email_index", text))
        if sum(c.isdigit() for c in text) >= 8:
            return self.filter(phone_index=blind_index(Contact, "phone_index", plain_phone(text)))
        found = self
        for word in text.split():
            found = found.filter(Q(last_name__istartswith=word) | Q(first_name__istartswith=word))
        return found


class Contact(Dated):
    """A person in a company, who may or may not have an account."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("company"))
    user = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts", editable=False
    )
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    email = EncryptedTextField(_("e-mail"), blank=True)
    email_index = BlindIndexField(of="email")
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = BlindIndexField(of="phone")
    language = models.CharField(_("language"), max_length=5, default="fr")
    is_decision_maker = models.BooleanField(_("decides"), default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        ordering = ["last_name", "first_name"]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()

    def get_absolute_url(self):
        return reverse("directory:contact", args=[self.pk])

    @property
    def shown_phone(self):
        return shown_phone(self.phone)


class RegisterUnit(models.Model):
    """A legal unit of the SIRENE register as published, kept beside the shared base.

    Column names follow StockUniteLegale; address and activity come from the head office's establishment.
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
    address = models.CharField(max_length=250, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    commune_code = models.CharField(max_length=5, blank=True)
    created_on = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    diffusion = models.CharField(max_length=1, default="O")
    is_synthetic = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    # What the two files said last: a row whose digest is unchanged is not written again.
    row_hash = models.BinaryField(max_length=16, null=True)
    office_hash = models.BinaryField(max_length=16, null=True)

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

    @property
    def public_address(self):
        return self.address if self.is_public else ""


# Everybody of the team who may change a shared card; the privilege matrix narrows this further.
CARD_EDITORS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER, Role.SALES, Role.TELE_PROSPECTOR})

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
