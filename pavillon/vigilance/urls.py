from django.urls import path

from pavillon.vigilance.views import budgets, incidents, rules

app_name = "vigilance"
urlpatterns = [
    path("my-reading/", budgets.my_reading, name="my_reading"),
    path("my-reading/ask/", budgets.ask_extension, name="ask_extension"),
    path("incidents/", incidents.read_incidents, name="read_incidents"),
    path("incidents/<int:incident>/", incidents.read_incident, name="read_incident"),
    path("incidents/<int:incident>/look/", incidents.look_at_incident, name="look_at_incident"),
    path("incidents/<int:incident>/close/", incidents.close_incident, name="close_incident"),
    path("incidents/<int:incident>/lift/", incidents.lift_incident, name="lift_incident"),
    path("exemptions/", incidents.exempt_person, name="exempt_person"),
    path("exemptions/<int:exemption>/end/", incidents.end_exemption, name="end_exemption"),
    path("budgets/", budgets.read_limits, name="read_limits"),
    path("budgets/change/", budgets.change_limit, name="change_limit"),
    path("budgets/<int:readinglimit>/end/", budgets.end_limit, name="end_limit"),
    path("extensions/<int:extension>/", budgets.read_extension, name="read_extension"),
    path("extensions/<int:extension>/grant/", budgets.grant_extension, name="grant_extension"),
    path("extensions/<int:extension>/refuse/", budgets.refuse_extension, name="refuse_extension"),
    path("rules/", rules.read_rules, name="read_rules"),
    path("rules/create/", rules.create_rule, name="create_rule"),
    path("rules/<int:rule>/", rules.read_rule, name="read_rule"),
    path("rules/<int:rule>/change/", rules.change_rule, name="change_rule"),
    path("rules/<int:rule>/rehearse/", rules.rehearse_rule, name="rehearse_rule"),
    path("rehearsals/<int:rehearsal>/", rules.read_rehearsal, name="read_rehearsal"),
]
