"""Guards of pages: a view never sees an id, so it can forget neither what is seen nor what may be done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from pavillon.core.permissions import require, written_by
from pavillon.core.policy import may_write
from pavillon.core.reading import note_read

View = Callable[..., HttpResponse]
Finder = Callable[[Any, Any, Any, str], Any]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


_finder: list[Finder] = []


def find_with(finder: Finder) -> None:
    """Say who finds records; called once by `ui`."""
    _finder[:] = [finder]


def look(model: Any, user: Any, pk: Any, brings: str = "") -> Any:
    """The record that an address names, if this person sees it, with what its queryset `brings` ("with_facts")."""
    return _finder[0](model, user, pk, brings)


def requires(name: str, *, on: Any = None, how: str = "page", brings: str = "") -> Callable[[View], View]:
    """Guard a view with a permission. With `on` (a model), the view receives the object instead of its id.

    The URL's argument is named after the model (`<int:company>`). An unseen object is a 404, one that is seen but not
    to be acted on a 403. What would change it is refused to who may only read it on the privilege matrix, unless the
    permission `writes` something else. A GET that succeeds, or a form that comes back, is in the read log as `how`.
    `brings`: see `look`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            subject = None
            if on is not None:
                argument = on._meta.model_name
                # Panels that one request answers look once (`ui.loading`).
                subject = kwargs[argument] = getattr(request, "look", look)(on, request.user, kwargs[argument], brings)
                subject.shown_to = request.user.pk if request.method in SAFE_METHODS else 0  # see `sees`
            require(request.user, name, subject)
            changes = request.method not in SAFE_METHODS and written_by(name) is None
            if changes and subject is not None and not may_write(request.user, subject):
                raise PermissionDenied(name)
            response = view(request, **kwargs)
            is_shown = response.status_code == 422 or (response.status_code == 200 and not request.POST)
            if subject is not None and is_shown:
                note_read(request.user, subject, how=how)
            return response

        guarded.permission = name  # type: ignore[attr-defined]
        guarded.subject = on  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """Say aloud that everybody may see this page."""
    view.permission = "public"  # type: ignore[attr-defined]
    return login_not_required(view)
