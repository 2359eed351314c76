"""What a log keeps of a person opens with the key of that record only, and with none once it is destroyed."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from pavillon.accounts import actions as people
from pavillon.accounts.models import User
from pavillon.accounts.tests.factories import PASSWORD
from pavillon.activity.models import Entry
from pavillon.core.fields import seal
from pavillon.security import actions
from pavillon.security.models import RecordKey
from pavillon.security.queries import Erased, Unreadable, opener
from pavillon.security.record_keys import PREFIX, subject_of
from pavillon.security.tests import factories

pytestmark = pytest.mark.django_db


def test_seal_for_records_until_destroy_record_key():
    nora, helene = factories.nora(), factories.helene()
    column = type(helene)._meta.get_field("last_name")
    RecordKey.objects.all().delete()
    mine, hers, again = actions.seal_for_records(
        [(nora, seal(column, "Haddad")), (helene, seal(column, "Le Goff")), (helene, "Le Goff")]
    )
    assert mine.startswith(f"{PREFIX}{subject_of(nora)}|")
    assert "Goff" not in hers
    assert RecordKey.objects.count() == 2, "one key a record, made once"
    assert opener([mine, hers, again], by=nora)(column, hers) == "Le Goff"
    with pytest.raises(Unreadable):
        opener([mine, hers], by=nora)(column, mine.replace(subject_of(nora), subject_of(helene)))
    actions.destroy_record_key(subject_of(helene))
    with pytest.raises(Erased):
        opener([hers], by=nora)(column, hers)
    assert opener([mine], by=nora)(column, mine) == "Haddad"
    assert Entry.objects.filter(verb="security.record_key_destroyed", facts__subject=subject_of(helene)).exists()


def opened(entry, name, reader):
    """The old and the new value of a change, as somebody reads them who may open the trail."""
    pair, column = entry.changes[name], User._meta.get_field(name)
    return [opener(pair, by=reader)(column, value) if value else "" for value in pair]


def test_the_trail_opens_to_the_true_values_of_a_person(client):
    nora, helene = factories.nora(), factories.helene()
    people.change_user(user=helene, by=nora, phone="+33 1 99 00 00 03")
    entry = Entry.objects.get(verb="accounts.user_changed")
    assert "99 00" not in str(entry.changes), "sealed"
    assert opened(entry, "phone", nora) == ["", "+33 1 99 00 00 03"]
    before = helene.email
    helene.set_password(PASSWORD)
    helene.save()
    EmailAddress.objects.create(user=helene, email=before, primary=True, verified=True)
    client.post("/account/login/", {"login": before, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/email/", {"email": "helene.neuve@example.example", "action_add": ""})
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    client.post("/account/confirm-email/", {"code": code})
    entry = Entry.objects.get(verb="accounts.email_changed")
    assert "helene" not in str(entry.changes), "sealed"
    assert opened(entry, "email", nora) == [before, "helene.neuve@example.example"]


def test_a_refusal_is_found_by_the_auditor(client):
    """Somebody asked for a page that is not his: the officer reads who and what."""
    nora, helene = factories.nora(), factories.helene()
    client.force_login(helene)
    address = reverse("security:read_policy")
    assert client.get(address).status_code == 403
    client.force_login(nora)
    assert address in client.get(reverse("security:audit_person", args=[helene.pk])).text
    actions.note_refusal(user=helene, permission="x.do_it", path="/x/")
    assert Entry.objects.about(helene).filter(verb="security.access_refused").count() == 2


@pytest.mark.parametrize("typed", ["pr1:x|y", "pr1:accounts.user:z|y", "pr1:activity.entry:no-number|y"])
def test_a_text_that_looks_sealed_blinds_nobody(typed):
    nora = factories.nora()
    with pytest.raises(Unreadable):
        opener([typed], by=nora)(None, typed)
