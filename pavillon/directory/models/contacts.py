"""People in companies."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField, blind_index
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.channels import plain_phone, shown_phone
from pavillon.directory.models.sensitive import SensitiveMark
from pavillon.directory.models.sources import Source
from pavillon.directory.zones import time_there


def person_name(first_part, second_part):
    """Two columns in capitals without accents or signs, as an index keeps them: "MOREL JEAN" of "Morel" and "Jean"."""
    return models.Func(
        first_part, second_part, function="directory_person_name", output_field=models.CharField(max_length=170)
    )


class ContactQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The people of the companies that one sees; those of a sensitive company only for its audience."""
        if user.is_team:
            closed = SensitiveMark.objects.closed_to(user)
            return self.exclude(company__in=closed.values("company"))
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
        ordering = ["last_name", "first_name"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="contact_not_merged_into_itself"),
        ]
        indexes = [
            models.Index(person_name("last_name", "first_name"), "id", name="contact_by_name"),
            models.Index(person_name("first_name", "last_name"), name="contact_by_first_name"),
            models.Index(fields=["-changed_at", "-id"], name="contact_by_change"),
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
            return self.exclude(company__in=SensitiveMark.objects.closed_to(user).values("company"))
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
