from django.urls import path

from pavillon.solutions.views import accounts, catalogue, diagnosis

app_name = "solutions_team"
urlpatterns = [
    path("accounts/", accounts.company_accounts, name="company_accounts"),
    path("companies/<int:company>/newcomers/", accounts.newcomers, name="newcomers"),
    path("companies/<int:company>/newcomers/confirm/", accounts.confirm_entry, name="confirm_entry"),
    path("diagnoses/<int:diagnosis>/", diagnosis.read_diagnosis, name="read_diagnosis"),
    path("solutions/proposals/", catalogue.proposals, name="proposals"),
    path("solutions/proposals/new/", catalogue.propose_solution, name="propose_solution"),
    path("solutions/proposals/<int:solution>/", catalogue.proposal, name="proposal"),
    path("solutions/proposals/<int:solution>/change/", catalogue.change_solution, name="change_solution"),
    path("solutions/proposals/<int:solution>/approve/", catalogue.approve_solution, name="approve_solution"),
    path("solutions/proposals/<int:solution>/refuse/", catalogue.refuse_solution, name="refuse_solution"),
    path("solutions/proposals/<int:solution>/withdraw/", catalogue.withdraw_solution, name="withdraw_solution"),
]
