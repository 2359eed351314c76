from django.urls import include, path

from pavillon.crm.views import companies, leads, routing

app_name = "crm"

urlpatterns = [
    path("leads/", leads.leads, name="leads"),
    path("leads/new/", leads.receive_lead, name="receive_lead"),
    path("leads/<int:lead>/", leads.lead, name="lead"),
    path("leads/<int:lead>/take-charge/", leads.take_charge, name="take_charge"),
    path("leads/<int:lead>/assign/", leads.assign_lead, name="assign_lead"),
    path("leads/<int:lead>/next-action/", leads.set_next_action, name="set_next_action"),
    path("leads/<int:lead>/log/", leads.log_on_lead, name="log_on_lead"),
    path("leads/<int:lead>/treat/", leads.treat_lead, name="treat_lead"),
    path("leads/<int:lead>/close/", leads.close_lead, name="close_lead"),
    path("leads/<int:lead>/refuse/", leads.refuse_lead, name="refuse_lead"),
    path("leads/<int:lead>/match/", leads.match_lead, name="match_lead"),
    path("leads/<int:lead>/hand-over/", leads.hand_over_lead, name="hand_over_lead"),
    path("leads/<int:lead>/write/", leads.write_to_company, name="write_to_company"),
    path("leads/<int:lead>/touch/", leads.add_touch, name="add_touch"),
    path("hand-overs/<int:handover>/accept/", leads.accept_hand_over, name="accept_hand_over"),
    path("hand-overs/<int:handover>/decline/", leads.decline_hand_over, name="decline_hand_over"),
    path("companies/<int:company>/timeline/", companies.view_timeline, name="view_timeline"),
    path("companies/<int:company>/timeline/lines/", companies.timeline_lines, name="timeline_lines"),
    path("companies/<int:company>/log/", companies.log_interaction, name="log_interaction"),
    path("companies/<int:company>/leads/", companies.company_leads, name="company_leads"),
    path("companies/<int:company>/referent/", companies.view_referent, name="view_referent"),
    path("companies/<int:company>/referent/set/", companies.set_referent, name="set_referent"),
    path("companies/<int:company>/referent/hand-over/", companies.hand_over_referent, name="hand_over_referent"),
    path("interactions/<int:interaction>/", companies.change_interaction, name="change_interaction"),
    path("interactions/<int:interaction>/finish/", companies.finish_next_action, name="finish_next_action"),
    path("routing/", routing.routing_rules, name="routing_rules"),
    path("routing/new/", routing.create_routing_rule, name="create_routing_rule"),
    path("routing/<int:routingrule>/", routing.change_routing_rule, name="change_routing_rule"),
    path("routing/<int:routingrule>/delete/", routing.delete_routing_rule, name="delete_routing_rule"),
    path("routing/simulation/", routing.simulate_routing, name="simulate_routing"),
    path("routing/settings/", routing.change_lead_settings, name="change_lead_settings"),
    path("routing/workload/", routing.view_workload, name="view_workload"),
    path("routing/workload/<int:user>/", routing.change_capacity, name="change_capacity"),
    path("routing/absences/new/", routing.plan_absence, name="plan_absence"),
    path("routing/absences/<int:absence>/cancel/", routing.cancel_absence, name="cancel_absence"),
    path("my/", include("pavillon.crm.company_urls")),
]
