"""Puts the chosen membership on the user of the request, and speaks the person's language."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from pavillon.accounts.models import User

SESSION_KEY = "acting_membership"


class ActingMembership:
    """One query a request: the membership chosen in this session, if it is still current."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        chosen = request.session.get(SESSION_KEY)
        if chosen:
            found = user.memberships.current().select_related("organisation").filter(pk=chosen).first()
            if found:
                user.acting = found
        # Pages whose address names a language speak it; all others speak the person's own.
        if not any(request.path.startswith(f"/{code}/") for code, _name in settings.LANGUAGES):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with timezone.override(user.time_zone):
            return self.get_response(request)
