from django.urls import path

from pavillon.continuity.views import everybody

app_name = "continuity_public"
urlpatterns = [
    path("browsers/", everybody.browsers, name="browsers"),
    path("status/", everybody.status, name="status"),
]
