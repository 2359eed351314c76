"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.core.sentences import tell

tell(
    {
        "crm.absence_cancelled": _("Absence cancelled"),
        "crm.absence_planned": _("Absence planned"),
        "crm.capacity_changed": _("Workload limit changed"),
        "crm.contact_message_written": _("Message between a company and its contact"),
        "crm.dedicated_contact_changed": _("Function of a dedicated contact changed"),
        "crm.dedicated_contact_cut": _("Dedicated contact’s period shortened"),
        "crm.dedicated_contact_ended": _("End of a dedicated contact"),
        "crm.dedicated_contact_named": _("Dedicated contact named"),
        "crm.hand_over_accepted": _("Hand-over accepted"),
        "crm.hand_over_declined": _("Hand-over declined"),
        "crm.hand_over_proposed": _("Hand-over proposed"),
        "crm.hand_over_withdrawn": _("Hand-over withdrawn"),
        "crm.interaction_changed": _("Exchange corrected"),
        "crm.interaction_logged": _("Exchange logged"),
        "crm.lead_assigned": _("Request given to an adviser"),
        "crm.lead_closed": _("Request closed"),
        "crm.lead_escalated": _("Request escalated"),
        "crm.lead_handed_over": _("Request handed over"),
        "crm.lead_matched": _("Company of the request identified"),
        "crm.lead_message_added": _("Message added to the request"),
        "crm.lead_next_action_set": _("Next action promised"),
        "crm.lead_received": _("Request received"),
        "crm.lead_refused": _("Request refused"),
        "crm.lead_settings_changed": _("Settings of requests changed"),
        "crm.lead_taken": _("Request taken in charge"),
        "crm.lead_touch_added": _("Contact channel added"),
        "crm.lead_treated": _("Request treated"),
        "crm.next_action_finished": _("Next action done"),
        "crm.referent_cut": _("Referent’s period shortened"),
        "crm.referent_ended": _("End of a referent"),
        "crm.referent_set": _("Referent named"),
        "crm.routing_rule_changed": _("Routing rule changed"),
        "crm.routing_rule_created": _("Routing rule created"),
        "crm.routing_rule_deleted": _("Routing rule deleted"),
        "crm.potential_taken": _("Company of high potential given a referent"),
        "crm.profile_settings_changed": _("Thresholds of the classes changed"),
    }
)
