"""The API's own addresses, outside the room's namespace because django-ninja finds itself by its own."""

from typing import Any

from django.urls import path

from pavillon.interchange.api import api

urlpatterns = [path("v1/", api.urls)]
for pattern in urlpatterns[0].url_patterns:
    # The API has its own door (key or session) and answers 401 itself; each endpoint names its permission.
    view: Any = pattern.callback
    view.login_required = False
    view.permission = "api"
