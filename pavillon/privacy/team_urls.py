"""The data-protection officer's pages, without a language in their address."""

from django.urls import path

from pavillon.privacy.views import purposes, registers, retention, rights, secrecy

app_name = "privacy_team"
urlpatterns = [
    path("clearances/", secrecy.clearances, name="clearances"),
    path("clearances/grant/", secrecy.grant_clearance, name="grant_clearance"),
    path("clearances/<int:clearance>/end/", secrecy.end_clearance, name="end_clearance"),
    path("", registers.overview, name="overview"),
    path("processing/", registers.processings, name="processings"),
    path("processing/create/", registers.create_processing, name="create_processing"),
    path("processing/<int:processing>/change/", registers.change_processing, name="change_processing"),
    path("processors/", registers.processors, name="processors"),
    path("processors/create/", registers.create_processor, name="create_processor"),
    path("processors/<int:processor>/change/", registers.change_processor, name="change_processor"),
    path("breaches/", registers.breaches, name="breaches"),
    path("breaches/declare/", registers.declare_breach, name="declare_breach"),
    path("breaches/<int:breach>/", registers.breach, name="breach"),
    path("breaches/<int:breach>/change/", registers.change_breach, name="change_breach"),
    path("breaches/<int:breach>/authority/", registers.tell_authority, name="tell_authority"),
    path("breaches/<int:breach>/people/", registers.tell_people, name="tell_people"),
    path("breaches/<int:breach>/close/", registers.close_breach, name="close_breach"),
    path("points/", registers.control_points, name="control_points"),
    path("points/<int:controlpoint>/change/", registers.change_point, name="change_point"),
    path("retention/", retention.retention_rules, name="retention_rules"),
    path("retention/<int:retentionrule>/", retention.retention_rule, name="retention_rule"),
    path("retention/<int:retentionrule>/change/", retention.change_retention_rule, name="change_retention_rule"),
    path("retention/<int:retentionrule>/list/", retention.list_rows, name="list_rows"),
    path("retention/runs/<int:retentionrun>/", retention.retention_run, name="retention_run"),
    path("retention/runs/<int:retentionrun>/stop/", retention.stop_run, name="stop_run"),
    path("retention/runs/<int:retentionrun>/certificate/", retention.certificate, name="certificate"),
    path("requests/", rights.rights_requests, name="rights_requests"),
    path("requests/enter/", rights.enter_request, name="enter_request"),
    path("requests/<int:rightsrequest>/", rights.rights_request, name="rights_request"),
    path("requests/<int:rightsrequest>/identities/", rights.choose_identities, name="choose_identities"),
    path("requests/<int:rightsrequest>/document/", rights.ask_document, name="ask_document"),
    path("requests/<int:rightsrequest>/identity/", rights.accept_identity, name="accept_identity"),
    path("requests/<int:rightsrequest>/extend/", rights.extend_request, name="extend_request"),
    path("requests/<int:rightsrequest>/refuse/", rights.refuse_request, name="refuse_request"),
    path("requests/<int:rightsrequest>/answer/", rights.answer_request, name="answer_request"),
    path("erasures/", rights.erasures, name="erasures"),
    path("purposes/", purposes.purposes, name="purposes"),
    path("purposes/<slug:purpose>/", purposes.purpose, name="purpose"),
    path("purposes/<slug:purpose>/reword/", purposes.reword_purpose, name="reword_purpose"),
    path("purposes/<slug:purpose>/proofs/", purposes.export_proofs, name="export_proofs"),
]
