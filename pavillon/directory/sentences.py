"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.core.sentences import tell

tell(
    {
        "directory.companies_merged": _("Companies merged"),
        "directory.company_changed": _("Card changed"),
        "directory.company_withdrawn": _("Company taken back with the file that brought it"),
        "directory.contact_withdrawn": _("Contact taken back with the file that brought it"),
        "directory.company_created": _("Company added to the base"),
        "directory.company_owned": _("Company tied to its account"),
        "directory.contact_added": _("Contact added"),
        "directory.contact_changed": _("Contact changed"),
        "directory.contact_forgotten": _("Contact erased"),
        "directory.contacts_merged": _("Contacts merged"),
        "directory.late_rows_gathered": _("Late rows followed a merge"),
        "directory.merge_undone": _("Merge undone"),
        "directory.register_imported": _("Register imported"),
    }
)
