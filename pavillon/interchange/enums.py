from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a key may do; what it sees and changes within is its membership's business.

    Reading a room does not open its writing: that is a scope of its own.
    """

    DIRECTORY = "directory", _("Companies and contacts")
    INTAKE = "intake", _("Read the reports of files")
    CRM = "crm", _("Requests and interactions")
    SHOWROOM = "showroom", _("Shops, products and enquiries")
    DIRECTORY_WRITE = "directory:write", _("Add, change, merge and remove companies, contacts and parts of cards")
    INTAKE_WRITE = "intake:write", _("Bring files and signals")
    PEOPLE = "people", _("Open and close the accounts of one’s own organisation (SCIM)")
