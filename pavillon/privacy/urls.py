from django.urls import path

from pavillon.privacy import views

app_name = "privacy"
urlpatterns = [
    path("cookies/", views.cookies, name="cookies"),
    path("cookies/choose/", views.choose_cookies, name="choose_cookies"),
    path("privacy/", views.notice, name="notice"),
    path("consents/", views.list_consents, name="list_consents"),
    path("consents/answer/", views.answer_purposes, name="answer_purposes"),
    path("consents/export/", views.export_consents, name="export_consents"),
    path("consents/<int:consent>/withdraw/", views.withdraw_consent, name="withdraw_consent"),
]
