"""Where values come from, and what each source said."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation
from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import LegalStatus, SourceKind, ValueState


class SourceQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team knows where its base comes from."""
        return self if user.is_team else self.none()


class Source(Dated):
    """A register, a partner's file, an adviser's word: whoever gives values to the base.

    `trust` goes from 0 to 100 and decides first when sources disagree (see `directory.precedence`).
    """

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    trust = models.PositiveSmallIntegerField(_("trust"), default=50, validators=[MaxValueValidator(100)])
    legal_status = models.CharField(
        _("legal status"), max_length=12, choices=LegalStatus, default=LegalStatus.AGREEMENT
    )
    legal_note = models.CharField(_("legal note"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        ordering = ["-trust", "name"]
        constraints = [models.CheckConstraint(condition=Q(trust__lte=100), name="trust_is_a_percentage")]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """Sources that are always there are named in the reader's language: their code is their kind."""
        return str(SourceKind(self.kind).label) if self.code == self.kind else self.name


class FieldValueQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Words of sources follow the card that they are about."""
        name = "company" if hasattr(self.model, "company") else "contact"
        owner = self.model._meta.get_field(name).related_model
        return self.filter(**{f"{name}__in": owner._default_manager.seen_by(user).values("pk")})

    def disputed(self):
        return self.filter(state=ValueState.DISPUTED)

    def locked(self):
        return self.filter(locked_by__isnull=False)

    def with_company(self):
        """With the rows that a line about a company's value names."""
        names = ("activity", "legal_category", "workforce_band", "commune", "region", "country", "sector")
        return self.select_related("source", "company", *(f"company__{name}" for name in names))

    def with_contact(self):
        """With the rows that a line about a person's value names."""
        return self.select_related("source", "contact__company")


class FieldValue(Dated):
    """What one source says of one field. A row stands only where the record's own origin is not the whole story.

    `field` is a group of columns that change together (`directory.precedence.GROUPS`: an address, a turnover and its
    year). `observed_on` is the day on which the source knew it, `confidence` a percentage.

    in_use → set_aside (a better value came) | disputed (a person must choose) → in_use, set_aside.
    """

    field = models.CharField(max_length=40)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    observed_on = models.DateField()
    confidence = models.PositiveSmallIntegerField(default=80)
    state = models.CharField(max_length=9, choices=ValueState, default=ValueState.IN_USE)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # An adviser's word: nothing but a person's choice takes it off the card.
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = FieldValueQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_disputed(self):
        return self.state == ValueState.DISPUTED

    @property
    def is_locked(self):
        return self.locked_by_id is not None


class CompanyValue(FieldValue):
    """What one source says of one field of a company."""

    company = models.ForeignKey(
        "directory.Company", on_delete=models.CASCADE, related_name="values_offered", db_index=False
    )
    # {column: stored value}, related rows by their key.
    value = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("value of a company")
        constraints = [
            models.UniqueConstraint(fields=["company", "field", "source"], name="company_value_once_per_source"),
            models.UniqueConstraint(
                fields=["company", "field"], condition=Q(state="in_use"), name="company_value_in_use_once"
            ),
        ]
        indexes = [
            models.Index(fields=["field", "company"], condition=Q(state="disputed"), name="company_value_disputed"),
            models.Index(fields=["source", "company"], name="company_value_by_source"),
        ]

    @property
    def record(self):
        return self.company


class ContactValue(FieldValue):
    """What one source says of one field of a person; the value is encrypted JSON."""

    contact = models.ForeignKey(
        "directory.Contact", on_delete=models.CASCADE, related_name="values_offered", db_index=False
    )
    sealed = EncryptedTextField()

    class Meta:
        verbose_name = _("value of a contact")
        constraints = [
            models.UniqueConstraint(fields=["contact", "field", "source"], name="contact_value_once_per_source"),
            models.UniqueConstraint(
                fields=["contact", "field"], condition=Q(state="in_use"), name="contact_value_in_use_once"
            ),
        ]
        indexes = [
            models.Index(fields=["field", "contact"], condition=Q(state="disputed"), name="contact_value_disputed"),
            models.Index(fields=["source", "contact"], name="contact_value_by_source"),
        ]

    @property
    def record(self):
        return self.contact


class SourceRecord(models.Model):
    """A record of a source that is this company or this person: how a partner's own number finds it again."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records", db_index=False)
    company = models.ForeignKey("directory.Company", null=True, on_delete=models.CASCADE, related_name="source_records")
    contact = models.ForeignKey("directory.Contact", null=True, on_delete=models.CASCADE, related_name="source_records")
    # The number or code under which the source knows it; "" when the source has none.
    key = models.CharField(max_length=120, blank=True)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()

    class Meta:
        verbose_name = _("record of a source")
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, contact__isnull=True)
                | Q(company__isnull=True, contact__isnull=False),
                name="source_record_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["source", "key"],
                condition=~Q(key="") & Q(company__isnull=False),
                name="source_knows_company_once",
            ),
            models.UniqueConstraint(
                fields=["source", "key"],
                condition=~Q(key="") & Q(contact__isnull=False),
                name="source_knows_contact_once",
            ),
        ]
