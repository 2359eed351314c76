"""People in companies."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField, blind_index
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.channels import plain_phone, shown_phone


class ContactQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.is_team:
            return self
        if user.is_company:
            return self.filter(company__organisation=user.organisation)
        return self.none()

    def standing(self):
        """Without those merged into another."""
        return self.filter(merged_into__isnull=True)

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

    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        ordering = ["last_name", "first_name"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="contact_not_merged_into_itself"),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()

    def get_absolute_url(self):
        return reverse("directory:contact", args=[self.pk])

    @property
    def shown_phone(self):
        return shown_phone(self.phone)

    @property
    def is_merged(self):
        return self.merged_into_id is not None
