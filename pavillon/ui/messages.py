"""Messages of a full page, with a way back when the action can be undone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest


def say(request: HttpRequest, text: Any, *, undo: str = "") -> None:
    """Tell that something was done. `undo` is the address (POST) that takes it back."""
    messages.success(request, text, extra_tags=f"undo={undo}" if undo else "")
