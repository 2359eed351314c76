"""Addresses with a language. The pages of Wagtail come last: they answer everything."""

from django.urls import include, path, re_path
from wagtail.urls import serve_pattern

from pavillon.website import views

_own = [
    path("contact/", views.leave_message, name="leave_message"),
    path("contact/sent/", views.message_left, name="message_left"),
    path("regions/", views.regions, name="regions"),
]
urlpatterns = [
    path("", include((_own, "website_pages"))),
    re_path(serve_pattern, views.page, name="wagtail_serve"),
]
