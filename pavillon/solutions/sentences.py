"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "solutions.company_account_opened": _("Company account opened"),
        "solutions.contact_asked": _("Asked to be contacted"),
        "solutions.diagnosis_claimed": _("Diagnosis attached to the company"),
        "solutions.diagnosis_finished": _("Diagnosis finished"),
        "solutions.diagnosis_started": _("Diagnosis started"),
        "solutions.join_decided": _("Request to join decided"),
        "solutions.join_requested": _("Asked to join the company"),
        "solutions.questionnaire_loaded": _("Questionnaire loaded"),
        "solutions.region_site_closed": _("Regional site closed"),
        "solutions.region_site_opened": _("Regional site opened"),
        "solutions.solution_loaded": _("Solution loaded"),
        "solutions.solution_proposed": _("Solution proposed"),
        "solutions.solution_published": _("Solution published"),
        "solutions.solution_refused": _("Solution refused"),
        "solutions.solution_withdrawn": _("Solution withdrawn"),
        "solutions.step_ticked": _("Step of the path ticked"),
        "solutions.step_unticked": _("Step of the path unticked"),
    }
)
