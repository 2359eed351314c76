from django.db import models
from django.utils.translation import gettext_lazy as _


class Datum(models.TextChoices):
    """What a site may ask about a person, by the name of its scope in OpenID Connect."""

    PROFILE = "profile", _("First and last name")
    EMAIL = "email", _("E-mail address")
    COMPANY = "company", _("Company, SIREN and role")
