from django.urls import path

from pavillon.privacy.views import asking, choices, consents

app_name = "privacy"
urlpatterns = [
    path("cookies/", consents.cookies, name="cookies"),
    path("cookies/choose/", consents.choose_cookies, name="choose_cookies"),
    path("privacy/", consents.notice, name="notice"),
    path("consents/", choices.list_consents, name="list_consents"),
    path("consents/answer/", choices.answer_purposes, name="answer_purposes"),
    path("consents/change/", choices.change_choice, name="change_choice"),
    path("consents/questions/<int:question>/answer/", choices.answer_question, name="answer_question"),
    path("consents/export/", choices.export_consents, name="export_consents"),
    path("consents/<int:consent>/withdraw/", choices.withdraw_consent, name="withdraw_consent"),
    path("my-data/", asking.ask_right, name="ask_right"),
    path("my-data/asked/", asking.right_asked, name="right_asked"),
    path("my-data/<int:rightsrequest>/", asking.view_request, name="view_request"),
    path("my-data/<int:rightsrequest>/fetch/", asking.fetch_own_data, name="fetch_own_data"),
    path("my-data/confirm/<str:token>/", asking.confirm_request, name="confirm_request"),
    path("my-data/follow/<str:token>/", asking.follow_request, name="follow_request"),
    path("my-data/fetch/<str:token>/", asking.fetch_data, name="fetch_data"),
    path("choices/<str:token>/", choices.choices, name="choices"),
]
