"""What a request finds out about who asks comes with his session (`accounts.entering`)."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from pavillon.accounts import entering
from pavillon.accounts.models import Membership, User
from pavillon.accounts.standing import standing_of
from pavillon.core.policy import Level, policy_of
from pavillon.security.models import PolicyCell
from tests.world import make_world


@pytest.mark.django_db
def test_a_session_brings_its_person_and_nobody_else(client, django_assert_num_queries):
    world = make_world()
    user = world["crm.lead"].adviser
    PolicyCell.objects.create(role=user.role, model="accounts.user", field="phone", level=Level.READ)
    client.force_login(user)
    key = client.session.session_key
    # Whom no list of open sessions knows is asked for alone.
    assert entering.enter(key).person is None
    assert client.get("/inbox/unread/").wsgi_request.user == user
    known = UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", user_agent="")
    found, alone = entering.enter(key).person, User.objects.get(pk=user.pk)
    assert standing_of(found).key == standing_of(alone).key
    assert standing_of(found).values == standing_of(alone).values
    assert policy_of(found).cells == policy_of(alone).cells == {("accounts.user", "phone"): Level.READ}
    assert (found.has_factor, found.acting.user, found.acting.organisation) == (False, found, alone.organisation)
    with django_assert_num_queries(2):  # the session and all that comes with it, what the page asks
        assert client.get("/inbox/unread/").wsgi_request.user == user
    # What no session is ever called is none.
    known_cookie, client.cookies["sessionid"] = client.cookies["sessionid"].value, "a\0bcdefghijklm"
    assert client.get("/inbox/unread/").status_code == 302
    client.cookies["sessionid"] = known_cookie
    # The signed session has the last word.
    UserSession.objects.filter(pk=known.pk).update(user=world["nora"])
    assert entering.enter(key).person == world["nora"]
    assert client.get("/inbox/unread/").wsgi_request.user == user
    Membership.objects.filter(user=world["nora"]).update(starts_on=timezone.localdate() + timedelta(1), ends_on=None)
    assert entering.enter(key).person.roles_today == []
    Session.objects.filter(session_key=key).update(expire_date=timezone.now())
    assert entering.enter(key).data is None
    assert client.get("/inbox/unread/").status_code == 302
