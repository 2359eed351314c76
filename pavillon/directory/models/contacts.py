"""People in companies."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.db.models.lookups import Contains, GreaterThanOrEqual, LessThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField, blind_index
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.channels import plain_phone, shown_phone
from pavillon.directory.models.sensitive import NotClosedTo, SensitiveMark
from pavillon.directory.models.sources import Source
from pavillon.directory.names import plain
from pavillon.directory.zones import time_there

# A switchboard's number may belong to many people; beyond this it tells nobody apart.
MOST_REACHED = 500


def person_name(first_part, second_part):
    """Two columns in capitals without accents or signs, as an index keeps them: "MOREL JEAN" of "Morel" and "Jean"."""
    return models.Func(
        first_part, second_part, function="directory_person_name", output_field=models.CharField(max_length=170)
    )


def family_begins(text):
    """Whose family name, or whole name family first, begins so: a range of the index of names."""
    return _person_begins("last_name", "first_name", text)


def first_begins(text):
    """Whose first name, or whole name as it is said, begins so."""
    return _person_begins("first_name", "last_name", text)


def _person_begins(first_part, second_part, text):
    name = person_name(first_part, second_part)
    end = text[:-1] + chr(ord(text[-1]) + 1)
    return Q(GreaterThanOrEqual(name, models.Value(text))) & Q(LessThan(name, models.Value(end)))


def person_meant_by(text):
    """Any e-mail or phone (whole, through its index), or names; nobody for mere signs.

    Names in any order, accents and case aside; each may be begun only. At most one short statement more.
    """
    if "@" in text or sum(c.isdigit() for c in text) >= 8:
        return Q(pk__in=people_reached(text))
    words = plain(text).split()
    if not words:
        return Q(pk__in=())
    if len(words) == 1:
        return family_begins(words[0]) | first_begins(words[0])
    named = Q()
    for place, word in enumerate(words):
        others = (f" {other}" for n, other in enumerate(words) if n != place)
        have = Q(*(Q(Contains(person_name("last_name", "first_name"), other)) for other in others))
        named |= family_begins(word) & have
    return named


def people_reached(text):
    """Keys of the people who have this e-mail or phone, preferred or not; one statement."""
    return _reached(text, "pk", "contact")


def companies_reached(text, *, own=False):
    """Keys of the companies that have this e-mail or phone, themselves or (not `own`) through their people."""
    return _reached(text, "", "company") if own else _reached(text, "company", "contact__company", "company")


def _reached(text, of_contact, *of_channel):
    value = text.strip().lower() if "@" in text else plain_phone(text)
    channels = Contact._meta.get_field("channels").related_model
    kept = channels._default_manager.filter(value_index=blind_index(channels, "value_index", value)).order_by()
    parts = [kept.filter(**{f"{name}__isnull": False}).values_list(name) for name in of_channel]
    if of_contact:
        column = "email_index" if "@" in value else "phone_index"
        own = Contact.objects.filter(**{column: blind_index(Contact, column, value)})
        parts.append(own.order_by().values_list(of_contact))
    return [key for (key,) in parts[0].union(*parts[1:])[:MOST_REACHED]]


class ContactQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The people of the companies that one sees; those of a sensitive company only for its audience."""
        if user.is_team:
            return self.filter(NotClosedTo("company", user))
        if user.is_company:
            return self.filter(company__organisation=user.organisation)
        return self.none()

    def exportable(self):
        """Without the people of sensitive companies: they leave the base for nobody."""
        return self.exclude(company__in=SensitiveMark.objects.standing().values("company"))

    def standing(self):
        """Without those merged into another."""
        return self.filter(merged_into__isnull=True)

    def with_search_name(self):
        """With `search_name`, by which lists order people: family name first, in capitals, without accents."""
        return self.annotate(search_name=person_name("last_name", "first_name"))

    def matching(self, text):
        """Contacts that a search box means (`person_meant_by`)."""
        return self.filter(person_meant_by(text))


class Contact(Dated):
    """A person in a company, who may or may not have an account.

    One person is one row, whatever the number of companies. `company`, `job_title` and `is_decision_maker` say what the
    main role says (`ContactRole`), `email` and `phone` what the preferred channels say (`Channel`): lists of millions
    of people read one table. Actions keep them equal; nobody else writes them.
    """

    company = models.ForeignKey(
        "directory.Company", on_delete=models.CASCADE, related_name="contacts", verbose_name=_("company")
    )
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
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris", db_default="Europe/Paris")
    # Whoever brought the record: the origin of every field that no `ContactValue` tells otherwise.
    origin = models.ForeignKey(
        Source, null=True, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    sourced_on = models.DateField(null=True, editable=False)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        ordering = [person_name("last_name", "first_name"), "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="contact_not_merged_into_itself"),
        ]
        indexes = [
            models.Index(person_name("last_name", "first_name"), "id", name="contact_by_name"),
            models.Index(person_name("first_name", "last_name"), name="contact_by_first_name"),
            models.Index(fields=["-changed_at", "-id"], name="contact_by_change"),
            # What the criteria of lists ask.
            models.Index(fields=["created_at"], name="contact_by_creation"),
            models.Index(fields=["company"], name="contact_who_decides", condition=Q(is_decision_maker=True)),
            models.Index(fields=["company"], name="contact_without_first_name", condition=Q(first_name="")),
            GinIndex(OpClass(Upper("job_title"), name="gin_trgm_ops"), name="contact_job_trgm"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()

    def get_absolute_url(self):
        return reverse("directory:contact", args=[self.pk])

    @property
    def shown_phone(self):
        return shown_phone(self.phone)

    @property
    def time_there(self):
        """The present moment on the person's clocks."""
        return time_there(self.time_zone)

    @property
    def hour_there(self):
        return f"{self.time_there:%H:%M}"

    @property
    def is_elsewhere(self):
        """Whether the person's clocks say another hour than the reader's."""
        return self.time_there.utcoffset() != timezone.localtime().utcoffset()

    @property
    def is_merged(self):
        return self.merged_into_id is not None


class ContactRoleQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """What a person does in the companies that one sees."""
        if user.is_team:
            return self.filter(NotClosedTo("company", user))
        if user.is_company:
            return self.filter(company__organisation=user.organisation)
        return self.none()

    def standing(self, on=None):
        """Those held on a day (today)."""
        on = on or timezone.localdate()
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        )


class ContactRole(models.Model):
    """What a person does in one company, from a day to a day. A person has one main role."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="roles", verbose_name=_("contact"))
    company = models.ForeignKey(
        "directory.Company", on_delete=models.CASCADE, related_name="roles", verbose_name=_("company")
    )
    function = models.CharField(_("function"), max_length=120, blank=True)
    is_decision_maker = models.BooleanField(_("decides"), default=False)
    is_main = models.BooleanField(_("main role"), default=False)
    starts_on = models.DateField(_("since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ContactRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        ordering = ["-is_main", "ends_on", "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_ends_after_it_starts",
            ),
            models.UniqueConstraint(fields=["contact"], condition=Q(is_main=True), name="one_main_role"),
        ]

    def __str__(self):
        return " · ".join(part for part in (self.function, str(self.company)) if part)

    @property
    def is_standing(self):
        today = timezone.localdate()
        return (self.starts_on is None or self.starts_on <= today) and (self.ends_on is None or self.ends_on >= today)

    @property
    def removal_url(self):
        return reverse("directory:remove_role", args=[self.pk])


class LoneCompany(models.Model):
    """A company that has no standing contact: what is absent has no row of its own to be found by.

    Kept by the database itself (triggers of the migration), in the transaction of whatever adds, moves, merges or
    removes a person. A plain number, not a relation: it is derived, and holds nothing back.
    """

    number = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = _("company without a contact")

    def __str__(self):
        return str(self.number)
