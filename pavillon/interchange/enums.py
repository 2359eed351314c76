from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a key may read; what it sees within is its membership's business."""

    DIRECTORY = "directory", _("Companies and contacts")
    INTAKE = "intake", _("Bring files and read their reports")
    CRM = "crm", _("Requests and interactions")
    SHOWROOM = "showroom", _("Shops, products and enquiries")
