"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "directory.audience_changed": _("Audience of a sensitive company changed"),
        "directory.call_windows_set": _("Hours to call set"),
        "directory.channel_added": _("Phone, address or profile added"),
        "directory.channel_changed": _("Phone, address or profile changed"),
        "directory.channel_removed": _("Phone, address or profile taken away"),
        "directory.companies_linked": _("Companies of a group linked"),
        "directory.companies_unlinked": _("Link of a group taken away"),
        "directory.company_flagged": _("Company flagged as sensitive"),
        "directory.conflict_resolved": _("Chosen between sources"),
        "directory.correction_accepted": _("Correction of the register accepted"),
        "directory.correction_asked": _("Correction of the register asked for"),
        "directory.correction_refused": _("Correction of the register refused"),
        "directory.establishment_added": _("Site added"),
        "directory.establishment_changed": _("Site changed"),
        "directory.establishment_removed": _("Site taken away"),
        "directory.establishments_kept": _("Sites taken from the register"),
        "directory.flag_lifted": _("Sensitive company opened again"),
        "directory.market_added": _("Market added"),
        "directory.market_changed": _("Market changed"),
        "directory.market_removed": _("Market taken away"),
        "directory.role_added": _("Role added"),
        "directory.role_changed": _("Role changed"),
        "directory.role_removed": _("Role taken away"),
        "directory.sensitive_company_read": _("Sensitive company read"),
        "directory.source_changed": _("Source changed"),
        "directory.source_created": _("Source added"),
        "directory.companies_merged": _("Companies merged"),
        "directory.company_changed": _("Card changed"),
        "directory.company_withdrawn": _("Company taken back with the file that brought it"),
        "directory.contact_withdrawn": _("Contact taken back with the file that brought it"),
        "directory.company_created": _("Company added to the base"),
        "directory.company_owned": _("Company tied to its account"),
        "directory.choices_sent": _("Link to the choices sent"),
        "directory.objection_noted": _("Objection kept"),
        "directory.contact_added": _("Contact added"),
        "directory.contact_changed": _("Contact changed"),
        "directory.contact_forgotten": _("Contact erased"),
        "directory.contacts_merged": _("Contacts merged"),
        "directory.late_rows_gathered": _("Late rows followed a merge"),
        "directory.merge_undone": _("Merge undone"),
        "directory.register_imported": _("Register imported"),
    }
)
