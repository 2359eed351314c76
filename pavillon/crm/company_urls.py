"""The company's pages; the room's urls hang them under /my/."""

from django.urls import path

from pavillon.crm.views import my_requests

urlpatterns = [
    path("requests/", my_requests.my_requests, name="my_requests"),
    path("requests/<int:lead>/message/", my_requests.add_message, name="add_message"),
]
