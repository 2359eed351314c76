"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "privacy.consent_given": _("Consent given"),
        "privacy.consent_refused": _("Consent refused"),
        "privacy.consent_withdrawn": _("Consent withdrawn"),
        "privacy.consent_asked": _("Consent asked for a recipient"),
        "privacy.choices_sent": _("Link to the choices sent"),
        "privacy.letter_written": _("Letter about personal data written"),
        "privacy.letter_sent": _("Letter about personal data sent"),
        "privacy.purpose_changed": _("Purpose changed"),
        "privacy.right_asked": _("Request about personal data received"),
        "privacy.right_opened": _("Request of a person opened"),
        "privacy.right_identities_chosen": _("Records of the person chosen"),
        "privacy.right_document_asked": _("Document asked for"),
        "privacy.right_identity_accepted": _("Identity shown by a document"),
        "privacy.right_extended": _("Delay of the request extended"),
        "privacy.right_answered": _("Request of a person answered"),
        "privacy.right_refused": _("Request of a person refused"),
        "privacy.right_lapsed": _("Request of a person lapsed"),
        "privacy.right_warned": _("Officers warned of the deadline"),
        "privacy.data_fetched": _("Personal data fetched by the person"),
        "privacy.rows_erased": _("Personal data erased"),
        "privacy.erasure_replayed": _("Erasure made again after a restore"),
        "privacy.retention_rule_made": _("Rule of retention made"),
        "privacy.retention_rule_changed": _("Rule of retention changed"),
        "privacy.retention_listed": _("Rows listed by a rule of retention"),
        "privacy.retention_noticed": _("People told before an erasure"),
        "privacy.retention_done": _("Rule of retention applied, certificate made"),
        "privacy.retention_stopped": _("List of retention stopped"),
        "privacy.processing_kept": _("Register of processing changed"),
        "privacy.processor_kept": _("Register of processors changed"),
        "privacy.point_made": _("Point of control added"),
        "privacy.point_changed": _("Point of control changed"),
        "privacy.breach_declared": _("Breach declared"),
        "privacy.breach_changed": _("Breach completed"),
        "privacy.authority_told": _("Authority told of a breach"),
        "privacy.people_told": _("People told of a breach"),
        "privacy.breach_closed": _("Breach closed"),
        "privacy.breach_warned": _("Officers warned of the 72 hours"),
        "privacy.restricted_class_made": _("Class of secret data added"),
        "privacy.clearance_granted": _("Clearance for secret data granted"),
        "privacy.clearance_ended": _("Clearance for secret data ended"),
        "privacy.purpose_published": _("Purpose published"),
    }
)
