"""Addresses without a language: the editor, documents, style sheets, files for robots."""

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtail_admin_urls

from pavillon.website import views

_own = [
    path("theme/<slug:colours>.css", views.theme, name="theme"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
]
urlpatterns = [
    path("", include((_own, "website"))),
    # Before Wagtail's own, which knows neither the suspension of an account nor the second factor.
    path("cms/login/", views.sign_in_to_edit, name="sign_in_to_edit"),
    path("cms/", include(wagtail_admin_urls)),
    # Wagtail asks for this name.
    re_path(r"^documents/(?P<document_id>\d+)/(?P<filename>.*)$", views.document, name="wagtaildocs_serve"),
]
