from django.urls import path

from pavillon.security import views

app_name = "security"
urlpatterns = [
    path("privileges/", views.read_policy, name="read_policy"),
    path("privileges/change/", views.change_policy, name="change_policy"),
    path("privileges/preview/", views.preview_policy, name="preview_policy"),
    path("privileges/export/", views.export_policy, name="export_policy"),
    path("keys/", views.read_keys, name="read_keys"),
    path("keys/rotate/", views.rotate_keys, name="rotate_keys"),
    path("keys/propose/<slug:step>/", views.propose_key_step, name="propose_key_step"),
    path("keys/proposals/<int:keyproposal>/confirm/", views.confirm_key_step, name="confirm_key_step"),
    path("keys/proposals/<int:keyproposal>/withdraw/", views.withdraw_key_step, name="withdraw_key_step"),
    path("keys/shares/<int:recoveryshare>/", views.collect_share, name="collect_share"),
    path("keys/rebuild/", views.rebuild_keys, name="rebuild_keys"),
    path("audit/", views.find_record, name="find_record"),
    path("audit/people/<int:user>/", views.audit_person, name="audit_person"),
    path("audit/directory.company/<int:record>/panel/", views.company_panel, name="company_panel"),
    path("audit/<str:model>/<str:record>/", views.audit_record, name="audit_record"),
    path("audit/<str:model>/<str:record>/export/", views.export_audit, name="export_audit"),
]
