"""The addresses of SCIM, as its standard names them."""

from django.urls import path

from pavillon.interchange.views import scim

urlpatterns = [
    path("ServiceProviderConfig", scim.scim_config, name="scim_config"),
    path("ResourceTypes", scim.scim_resource_types, name="scim_resource_types"),
    path("ResourceTypes/<str:name>", scim.scim_resource_types, name="scim_resource_type"),
    path("Schemas", scim.scim_schemas, name="scim_schemas"),
    path("Schemas/<str:name>", scim.scim_schemas, name="scim_schema"),
    path("Users", scim.scim_users, name="scim_users"),
    path("Users/<int:user>", scim.scim_user, name="scim_user"),
    path("<path:rest>", scim.scim_nothing, name="scim_nothing"),
]
