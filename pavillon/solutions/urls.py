from django.urls import path

from pavillon.solutions.views import accounts, catalogue, diagnosis

app_name = "solutions"
urlpatterns = [
    path("diagnosis/", diagnosis.diagnosis, name="diagnosis"),
    path("diagnosis/start/", diagnosis.start_diagnosis, name="start_diagnosis"),
    path("diagnosis/<str:token>/", diagnosis.resume_diagnosis, name="resume_diagnosis"),
    path("diagnosis/<str:token>/question/<slug:code>/", diagnosis.answer_question, name="answer_question"),
    path("diagnosis/<str:token>/result/", diagnosis.read_result, name="read_result"),
    path("diagnosis/<str:token>/result.pdf", diagnosis.download_result, name="download_result"),
    path("diagnosis/<str:token>/steps/<int:step>/tick/", diagnosis.tick_step, name="tick_step"),
    path("first-steps/", diagnosis.first_steps, name="first_steps"),
    path("solutions/", catalogue.catalogue, name="catalogue"),
    path("solutions/<slug:slug>/", catalogue.read_solution, name="read_solution"),
    path("providers/", catalogue.providers, name="providers"),
    path("open-account/", accounts.open_account, name="open_account"),
    path("open-account/find/", accounts.find_own_company, name="find_own_company"),
    path("open-account/done/", accounts.account_opened, name="account_opened"),
    path("open-account/<str:siren>/", accounts.open_account_person, name="open_account_person"),
]
