from django.urls import path

from pavillon.solutions.views import company

app_name = "solutions_company"
urlpatterns = [
    path("", company.company_home, name="company_home"),
    path("path/", company.my_path, name="my_path"),
    path("diagnosis/", company.my_diagnoses, name="my_diagnoses"),
    path("contact/", company.ask_contact, name="ask_contact"),
    path("contact/<int:lead>/sent/", company.contact_asked, name="contact_asked"),
    path("joining/", company.join_requests, name="join_requests"),
    path("joining/<int:joinrequest>/decide/", company.decide_join_request, name="decide_join_request"),
]
