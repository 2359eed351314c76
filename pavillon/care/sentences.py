"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "care.company_assessed": _("Capacity and intentions of a company noted"),
        "care.criticism_corrected": _("Public criticism corrected"),
        "care.criticism_logged": _("Public criticism noted"),
        "care.offer_changed": _("Words of an offer changed"),
        "care.offer_drafted": _("Offer drafted by rules"),
        "care.offer_follow_up_planned": _("Follow-up of an offer planned"),
        "care.offer_line_accepted": _("Line of an offer accepted by the company"),
        "care.offer_line_added": _("Line added to an offer by the adviser"),
        "care.offer_line_changed": _("Words of a line of an offer changed"),
        "care.offer_line_declined": _("Line of an offer declined by the company"),
        "care.offer_line_ordered": _("Accepted line of an offer ordered"),
        "care.offer_line_removed": _("Line taken out of an offer by the adviser"),
        "care.offer_line_restored": _("Line put back into an offer"),
        "care.offer_proposed": _("Offer proposed to the company"),
        "care.offer_question_answered": _("Question about an offer answered"),
        "care.offer_question_asked": _("Question of the company about an offer"),
        "care.offer_rule_changed": _("Rule of offers changed"),
        "care.offer_rule_created": _("Rule of offers written"),
        "care.offer_rule_ended": _("Rule of offers ended"),
        "care.offer_withdrawn": _("Offer withdrawn"),
        "care.retention_asked": _("Task to keep the account given"),
        "care.risk_confirmed": _("One more ground for a risk"),
        "care.risk_ended": _("Risk of an account ended"),
        "care.risk_handed_on": _("Account at risk given to its referent"),
        "care.risk_raised": _("Account marked at risk"),
        "care.risk_rules_changed": _("Rules of risk changed"),
    }
)
