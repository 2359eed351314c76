"""Answers to conflicts; the other error pages are Django's own, with our templates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def conflict(request: HttpRequest, reason: str = "") -> HttpResponse:
    """409: the record changed meanwhile. `reason` names what changed, in the reader's language."""
    return render(request, "409.html", {"reason": reason}, status=409)
