from django.urls import path

from pavillon.feedback import views

app_name = "feedback"
urlpatterns = [
    path("feedback/", views.my_feedback, name="my_feedback"),
    path("feedback/send/", views.send_feedback, name="send_feedback"),
    path("feedback/triage/", views.triage_feedback, name="triage_feedback"),
    path("feedback/satisfaction/", views.view_satisfaction, name="view_satisfaction"),
    path("feedback/decisions/", views.view_decisions, name="view_decisions"),
    path("feedback/decisions/<int:decision>/support/", views.support_decision, name="support_decision"),
    path("feedback/<int:feedback>/", views.view_feedback, name="view_feedback"),
    path("feedback/<int:feedback>/decide/", views.decide_feedback, name="decide_feedback"),
    path("feedback/<int:feedback>/join/", views.join_feedback, name="join_feedback"),
    path("feedback/<int:feedback>/part/", views.part_feedback, name="part_feedback"),
    path("feedback/<int:feedback>/publish/", views.publish_decision, name="publish_decision"),
]
