"""How soon requests are taken in charge: one page with everybody, each team, region and adviser."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.models import Lead
from pavillon.crm.tests.factories import fresh, lead

HOUR = datetime.timedelta(hours=1)


@pytest.mark.covers("LEAD-08")
def test_the_delay_and_the_rate_move_when_a_request_is_taken(cast, sign_in, django_assert_max_num_queries):
    """Per team, region and adviser, on the page of the team and on the region's dashboard."""
    first, second, third = (lead(cast.atelier) for _ in range(3))
    lead(cast.southern)
    client, url = sign_in(cast.manager), reverse("crm:view_delays")
    client.get(url)
    with django_assert_max_num_queries(20):
        before = client.get(url).context["delays"]
    assert (before.whole.received, before.whole.taken, before.whole.median_text) == (3, 0, "–"), "of her region only"
    nour = fresh(cast.nour)
    for request in (first, second):
        Lead.objects.filter(pk=request.pk).update(adviser=nour)
        assert client.post(reverse("crm:take_charge", args=[request.pk])).status_code == 302
    Lead.objects.filter(pk=first.pk).update(take_charge_minutes=30, adviser=nour)
    Lead.objects.filter(pk=second.pk).update(take_charge_minutes=90, adviser=nour, escalations=1)
    Lead.objects.filter(pk=third.pk).update(due_at=timezone.now() - HOUR)
    page = client.get(url)
    after = page.context["delays"]
    assert "the network of the role that this adviser uses at sign-in today" in page.text
    assert (after.whole.taken, after.whole.rate, after.whole.in_time) == (2, 67, 1)
    assert (after.whole.median_text, after.whole.waiting, after.whole.late) == ("1 h 00", 1, 1)
    networks = {line.name: line for line in after.by_network}
    assert (networks["CI"].taken, networks["CI"].median, networks["CAI"].received) == (2, 60, 0)
    for count in ("received", "taken", "in_time", "waiting", "late"):
        assert sum(getattr(line, count) for line in after.by_network) == getattr(after.whole, count), count
    assert [line.name for line in after.by_team] == [cast.chamber.name]
    assert [line.received for line in after.by_region] == [3]
    his = next(line for line in after.by_adviser if line.name == str(cast.nour))
    assert (his.taken, his.median) == (2, 60)
    board = client.get(reverse("reporting:region_dashboard"), headers={"HX-Request": "true"}).text
    assert 'data-median="60"' in board
    # The national level reads every region in the same statement; a period without requests says so.
    national = sign_in(cast.henri).get(url).context["delays"]
    assert sorted(line.received for line in national.by_region) == [1, 3]
    empty = sign_in(cast.henri).get(url, {"since": "2001-01-01", "until": "2001-12-31"})
    assert empty.context["delays"].whole.received == 0
    for odd in ({"until": "9999-12-31"}, {"since": "0001-01-01"}):
        assert sign_in(cast.henri).get(url, odd).context["form"].errors
    assert sign_in(cast.claire).get(url).status_code == 403
    actions.take_charge(lead=third, by=fresh(cast.nina))
    assert sign_in(cast.official).get(url).context["delays"].whole.rate == 100
