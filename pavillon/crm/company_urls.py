"""The company's pages; the room's urls hang them under /my/."""

from django.urls import path

from pavillon.crm.views import my_requests, support

urlpatterns = [
    path("requests/", my_requests.my_requests, name="my_requests"),
    path("requests/<int:lead>/message/", my_requests.add_message, name="add_message"),
    path("contacts/<int:dedicatedcontact>/", support.my_contact, name="my_contact"),
]
