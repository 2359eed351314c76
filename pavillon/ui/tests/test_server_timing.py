"""With PAVILLON_TIMING=1 every answer says what it cost; without it, nothing is measured."""

import re

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from pavillon.ui.middleware import ServerTiming


def page(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 2")
    return HttpResponse("fine")


def test_total_database_and_statements_are_told(db, settings):
    settings.TIMING = True
    told = ServerTiming(page)(RequestFactory().get("/"))["Server-Timing"]
    found = re.fullmatch(r'total;dur=([\d.]+), db;dur=([\d.]+);desc="2 statements", sql;dur=2', told)
    assert found, told
    assert float(found[1]) >= float(found[2]) > 0


def test_nothing_is_measured_unless_asked(settings):
    settings.TIMING = False
    with pytest.raises(MiddlewareNotUsed):
        ServerTiming(page)
