"""The incidents of the demonstration are labelled, seeded once, and harm nobody."""

from django.test import Client
from django.urls import reverse

from pavillon.accounts.models import User
from pavillon.vigilance import demo
from pavillon.vigilance.models import Extension, Incident


def test_demo_incidents_are_labelled_and_suspend_nobody(cast):
    people = ["gael", "lars", "olivier", "karim", "bruno", "yuki", "alice"]
    world = {"users": {"nora": cast.security} | dict.fromkeys(people, cast.nour)}
    for _time in range(2):
        demo.seed(world)
    assert Incident.objects.count() == len(demo.INCIDENTS) == Incident.objects.filter(is_demo=True).count()
    assert Extension.objects.count() == 1
    assert not User.objects.suspended().exists()
    officer = Client()
    officer.force_login(cast.security)
    page = officer.get(reverse("vigilance:read_incidents")).content.decode()
    assert page.count("Demo</span>") == len(demo.INCIDENTS)
    assert "VN" in page
