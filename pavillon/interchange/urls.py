from django.urls import path

from pavillon.interchange.views import keys as views

app_name = "interchange"
urlpatterns = [
    path("keys/", views.keys, name="keys"),
    path("keys/new/", views.create_key, name="create_key"),
    path("keys/<int:key>/revoke/", views.revoke_key, name="revoke_key"),
    path("documentation/", views.documentation, name="documentation"),
    path("openapi.json", views.openapi, name="openapi"),
]
