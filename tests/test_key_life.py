"""The life of the keys through the key-holders' page: renewed, revoked, rebuilt; in this process and in another one."""

import io
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as accounts
from pavillon.core.encryption import LOCKED, DataLocked, cipher
from pavillon.core.fields import blind_index
from pavillon.directory.actions import add_contact, create_company
from pavillon.directory.models import Contact
from pavillon.security import actions
from pavillon.security.enums import HELD, Purpose, Source, Step
from pavillon.security.keys import keyring
from pavillon.security.master import source
from pavillon.security.models import DataKey, KeyProposal, KeyUse, KeyWatch, RecoveryShare
from pavillon.security.tests.factories import make_user
from pavillon.security.tests.key_service import ROOT, running

E_MAIL = "yann@atelier.example"
PAGE = "security:read_keys"


@pytest.fixture
def own_file(tmp_path, settings):
    """Keys of this test's own, in files."""
    settings.MASTER_KEY_FILE = tmp_path / "keys" / "master.key"
    settings.LOCAL_KEY_FILE = tmp_path / "keys" / "local.key"
    DataKey.objects.all().delete()
    keyring.forget()
    return tmp_path


@pytest.fixture
def holders():
    return [make_user(name, Role.KEY_HOLDER) for name in ("Pierre", "Salome", "Ursule")]


@pytest.fixture
def contact():
    accounts.places()
    cast = accounts.cast()
    company = create_company(name="Atelier Kermarrec", by=cast.nour)
    card = {"first_name": "Yann", "last_name": "Prigent", "email": E_MAIL, "phone": "+33298861234"}
    return add_contact(company=company, by=cast.nour, **card), cast.nour


def post(client, by, name, *args, **sent):
    client.force_login(by)
    return client.post(reverse(f"security:{name}", args=args), sent, follow=True)


def decide(client, people, step, **sent):
    """One holder proposes, another confirms."""
    answer = post(client, people[0], "propose_key_step", step, reason="Essai", **sent)
    assert answer.redirect_chain, answer.content.decode()
    return post(client, people[1], "confirm_key_step", KeyProposal.objects.waiting().get().pk)


def collected(client, holders):
    """Each holder's words, as his page shows them once."""
    found = []
    for share in RecoveryShare.objects.exclude(words="").select_related("holder"):
        page = post(client, share.holder, "collect_share", share.pk).content.decode()
        found.append(" ".join(re.findall(r"<code>([a-z]+)</code></li>", page)))
        assert '<ol class="secret" translate="no">' in page, "no translator of a browser changes the words"
        again = post(client, share.holder, "collect_share", share.pk).content.decode()
        assert "</code></li>" not in again
    return found


@contextmanager
def another_process(service):
    where = service.coordinates()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PAVILLON_TEMPLATE_DB": connection.settings_dict["NAME"],
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.second_process", *where.values()],
        env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    )  # fmt: skip

    def ask(what="e-mail"):
        process.stdin.write(what + "\n")
        return process.stdout.readline().strip()

    try:
        yield ask
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


def within(seconds, ask, wanted):
    """Ask until the answer is the wanted one: what is heard by a notice takes a moment."""
    until = time.monotonic() + seconds
    while (found := ask()) != wanted and time.monotonic() < until:
        time.sleep(0.05)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("SEC-06", "SEC-08")
def test_the_agency_alone_holds_the_keys(client, own_file, settings, contact, holders):
    """Keys at a service: renewed, all is readable; revoked by two, nothing is, nor can the operator restore it.

    In this process and in another one. Enough shares of the holders bring it back; the page shows the whole life.
    """
    person, adviser = contact
    with running(own_file / "service") as service:
        settings.KEY_SOURCE, settings.KEY_SERVICE = "service", service.coordinates()
        DataKey.objects.filter(purpose__in=HELD).delete()
        keyring.forget()
        Contact.objects.filter(pk=person.pk).update(email=E_MAIL, phone="")
        with another_process(service) as other:
            assert other() == E_MAIL
            # Renewed from the page: nothing is rewritten, all is readable, here and there, at once.
            stored = raw_email(person)
            assert (
                "The keys are renewed"
                in post(client, holders[0], "rotate_keys", reason="Chaque année").content.decode()
            )
            assert raw_email(person) == stored
            assert within(60, other, E_MAIL) == E_MAIL
            assert Contact.objects.get().email == E_MAIL
            assert {key.generation for key in DataKey.objects.in_use().values()} == {2}
            assert service.key().facts().versions == 2
            # A recovery secret: two of three holders.
            decide(client, holders, "split", threshold=2, holders=[person.pk for person in holders])
            shares = collected(client, holders)
            assert len(shares) == 3
            everything = backup()
            # Revoked by two holders: at once in this process, within seconds in the other.
            done = post(client, holders[0], "propose_key_step", "revoke", reason="Fin du contrat")
            assert Contact.objects.get().email == E_MAIL
            refused = post(client, holders[0], "confirm_key_step", KeyProposal.objects.waiting().get().pk)
            assert (done.status_code, refused.status_code) == (200, 403)
            post(client, holders[1], "confirm_key_step", KeyProposal.objects.waiting().get().pk)
            assert within(60, other, "locked") == "locked"
            with pytest.raises(DataLocked):
                cipher().encrypt(b"x", "a.b")
            client.force_login(adviser)
            page = client.get(reverse("directory:contact", args=[person.pk]))
            assert E_MAIL not in page.content.decode()
            # The operator restarts, puts the backup of the table back, makes the service a new key with the platform's
            # certificate: it opens nothing.
            restore(everything)
            assert other("forget") == "locked"
            service.key().replace()
            keyring.forget()
            assert other("forget") == "locked"
            assert Contact.objects.get().email == LOCKED
            assert E_MAIL not in "".join(path.read_text() for path in service.store.iterdir())
            # The holders meet: one share is not enough, two are.
            DataKey.objects.filter(purpose__in=HELD).update(revoked_at="2026-11-22T12:00Z")
            typo = post(client, holders[0], "rebuild_keys", reason="Retour", share_1=shares[0], share_2=shares[0])
            assert typo.status_code == 422
            post(client, holders[0], "rebuild_keys", reason="Retour", share_1=shares[2].upper(), share_2=shares[0])
            assert Contact.objects.get().email == E_MAIL
            assert within(60, other, E_MAIL) == E_MAIL
            actions.supervise_keys()
            page = page_of(client, holders[2])
            told = [
                "Data key generated", "Data key rotated", "Recovery secret split", "Share of the recovery secret",
                "A second key-holder confirmed", "Keys revoked", "Keys rebuilt", "The holder of the master key answers",
            ]  # fmt: skip
            for words in told:
                assert words in page
    call_command("verify_trail", verbosity=0, stdout=io.StringIO())


def page_of(client, by):
    client.force_login(by)
    return client.get(reverse(PAGE)).content.decode()


def raw_email(person):
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM directory_contact WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def backup():
    return list(DataKey.objects.values_list("pk", "wrapped"))


def restore(rows):
    """What a backup of the database brings back."""
    for pk, wrapped in rows:
        DataKey.objects.filter(pk=pk).update(wrapped=wrapped, revoked_at=None)
    keyring.forget()


@pytest.mark.django_db(transaction=True)
def test_locked_data(client, own_file, contact, holders, settings):
    """Lists go on without the sealed fields; what needs one says that the data are locked; nothing is overwritten."""
    person, adviser = contact
    stored = raw_email(person)
    kept = settings.MASTER_KEY_FILE.read_bytes()
    settings.MASTER_KEY_FILE.unlink()
    keyring.forget()
    client.force_login(adviser)
    page = client.get(reverse("directory:contacts"))
    assert page.status_code == 200
    assert "Prigent" in page.content.decode()
    assert E_MAIL not in page.content.decode()
    found = Contact.objects.get()
    assert found.email == LOCKED
    for use in (found.email.lower, found.email.encode, lambda: blind_index(Contact, "email_index", E_MAIL)):
        with pytest.raises(DataLocked):
            use()
    # Saved with its other columns, a row keeps what is locked: the sealed value and its digest, as they are.
    digest = found.email_index
    found.save()
    assert (raw_email(person), Contact.objects.get().email_index) == (stored, digest)
    change = reverse("directory:change_contact", args=[person.pk])
    assert client.get(change).status_code == 503
    refused = client.post(
        change, {"first_name": "Yann", "last_name": "Prigent", "email": "", "phone": "", "language": "fr"}
    )
    assert refused.status_code == 503, refused.content.decode()
    added = client.post(
        reverse("directory:add_contact", args=[found.company_id]),
        {"first_name": "Anne", "last_name": "Riou", "email": "anne@atelier.example", "language": "fr"},
    )
    assert added.status_code == 503
    assert "The data are locked" in added.content.decode()
    assert added.headers["Retry-After"]
    assert raw_email(person) == stored
    with pytest.raises(CommandError, match="locked"):
        call_command("keys", "state", stdout=io.StringIO())
    assert "does not answer" in page_of(client, holders[0])
    # The log and the entrance do not depend on it, and it all comes back with the key.
    assert cipher().decrypt(cipher().encrypt(b"x", "a.b", for_entrance=True), "a.b", for_entrance=True) == b"x"
    settings.MASTER_KEY_FILE.write_bytes(kept)
    settings.MASTER_KEY_FILE.chmod(0o600)
    assert Contact.objects.get().email == E_MAIL
    # What a page showed while data were locked is never stored as if somebody had written it.
    found.email = LOCKED
    with pytest.raises(DataLocked):
        found.save()
    assert not KeyWatch.objects.get(source=Source.FILE).answers
    actions.supervise_keys()
    assert KeyWatch.objects.get(source=Source.FILE).answers


@pytest.mark.django_db(transaction=True)
def test_keys_of_before_the_two_groups(own_file):
    """An installation of before: logs signed under the master key go on under the platform's own, unbroken."""
    from pavillon.security.keys import is_signed, sign
    from pavillon.security.keysets import new_keyset, primitive_of, wrap

    source().create()
    old = new_keyset(Purpose.LOG)
    line = primitive_of(old, Purpose.LOG).compute_mac(b"line")
    DataKey.objects.create(purpose=Purpose.LOG, generation=1, wrapped=wrap(old, "log", 1, source().wrapping()))
    assert is_signed(line, b"line")
    assert is_signed(sign(b"next"), b"next")
    key = DataKey.objects.in_use()[Purpose.LOG]
    assert (key.generation, key.source) == (2, Source.LOCAL)
    source().revoke()
    keyring.forget()
    assert is_signed(line, b"line")
    assert not is_signed(line, b"other")


@pytest.mark.django_db(transaction=True)
def test_move_split_rebuild_by_command(own_file, tmp_path, settings, monkeypatch, capsys):
    """`pavillon keys`: from the file to the service, shares on paper, revoked, rebuilt in a file."""
    sealed = cipher().encrypt(b"kept", "a.b")
    with running(tmp_path / "service") as service:
        settings.KEY_SERVICE = service.coordinates()
        call_command("keys", "move", "service", "--reason", "sole holder")
        settings.MASTER_KEY_FILE.unlink()
        keyring.forget()
        assert cipher().decrypt(sealed, "a.b") == b"kept"
        with pytest.raises(CommandError, match="already"):
            call_command("keys", "move", "service", "--reason", "again")
        call_command("keys", "rotate", "--reason", "yearly")
        call_command("keys", "rotate", "--only", "files", "--reason", "yearly")
        out = tmp_path / "shares"
        call_command("keys", "split", "--needed", "2", "--shares", "3", "--out", str(out), "--reason", "ceremony")
        with pytest.raises(CommandError, match="not empty"):
            call_command("keys", "split", "--needed", "2", "--shares", "3", "--out", str(out), "--reason", "again")
        # A generation made after the ceremony opens by its shares too.
        call_command("keys", "rotate", "--reason", "a new colleague")
        newer = cipher().encrypt(b"newer", "a.b")
        call_command("keys", "state")
        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(CommandError, match="not revoked"):
            call_command("keys", "rebuild", "--reason", "x")
        assert service.run("revoke", "--yes").returncode == 0
    first, second = make_user("Pierre", Role.KEY_HOLDER), make_user("Salome", Role.KEY_HOLDER)
    # The service is gone altogether: the holders revoke all the same.
    proposal = actions.propose_key_step(step=Step.REVOKE, reason="lost", by=first)
    with pytest.raises(actions.AlreadyProposed):
        actions.propose_key_step(step=Step.REVOKE, reason="lost", by=second)
    with pytest.raises(actions.NotTwo):
        actions.confirm_key_step(proposal=proposal, by=first)
    actions.withdraw_key_step(proposal=proposal, by=second)
    with pytest.raises(actions.NotWaiting):
        actions.confirm_key_step(proposal=proposal, by=second)
    actions.confirm_key_step(proposal=actions.propose_key_step(step=Step.REVOKE, reason="lost", by=first), by=second)
    with pytest.raises(DataLocked, match="revoked"):
        cipher().decrypt(sealed, "a.b")
    words = [" ".join(re.findall(r"[a-z]+", path.read_text().split("\n\n")[1])) for path in sorted(out.iterdir())]
    typed = iter([words[2] + "\n", words[0] + "\n"])
    monkeypatch.setattr(
        "sys.stdin", type("Typed", (), {"isatty": lambda _: False, "readline": lambda _: next(typed)})()
    )
    call_command("keys", "rebuild", "--to", "file", "--reason", "the holders met")
    assert (cipher().decrypt(sealed, "a.b"), cipher().decrypt(newer, "a.b")) == (b"kept", b"newer")
    assert "generation" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_memory_holds_a_key_for_its_life_only(own_file, settings):
    """An opened key is asked for again at half its life, kept through a short absence, and dropped at its end."""
    settings.KEY_LIFETIME_SECONDS = 100
    keyring.ring(Purpose.VALUES)
    sealed = cipher().encrypt(b"x", "a.b")
    settings.MASTER_KEY_FILE.rename(own_file / "away")

    def age(seconds):
        for purpose, ring in list(keyring._rings.items()):
            older = {**ring.__dict__, "opened_at": ring.opened_at - seconds, "checked_at": float("-inf")}
            keyring._rings[purpose] = type(ring)(**older)

    settings.KEY_RECHECK_SECONDS = 60
    age(60)
    assert cipher().decrypt(sealed, "a.b") == b"x"
    age(60)
    with pytest.raises(DataLocked):
        cipher().decrypt(sealed, "a.b")
    assert Purpose.VALUES not in keyring._rings
    (own_file / "away").rename(settings.MASTER_KEY_FILE)
    assert cipher().decrypt(sealed, "a.b") == b"x"
    age(101)
    keyring.drop_old()
    assert not {*HELD} & {*keyring._rings}
    keyring.ring(Purpose.VALUES)
    keyring.note_uses()
    use = KeyUse.objects.get(purpose=Purpose.VALUES)
    assert use.opened >= 3
    assert use.used >= 4
    KeyUse.objects.update(hour="2026-11-21T10:00Z")
    actions.supervise_keys()
    assert set(KeyUse.objects.values_list("told_at", flat=True)) != {None}


@pytest.mark.parametrize(("role", "reads", "acts"), [
    (Role.KEY_HOLDER, 200, 200), (Role.SECURITY_OFFICER, 200, 403), (Role.PLATFORM_ADMIN, 403, 403),
    (Role.OPERATOR, 403, 403),
])  # fmt: skip
def test_who_enters_the_key_holders_page(db, client, role, reads, acts):
    client.force_login(make_user("Someone", role))
    assert client.get(reverse(PAGE)).status_code == reads
    for name, words in [("propose_key_step", ["split"]), ("propose_key_step", ["revoke"]), ("rebuild_keys", [])]:
        assert client.get(reverse(f"security:{name}", args=words)).status_code == acts
    assert client.post(reverse("security:rotate_keys"), {"reason": ""}).status_code == (302 if acts == 200 else 403)


def test_a_share_is_its_holder_s_alone(db, client, holders):
    actions.propose_key_step(
        step=Step.SPLIT, reason="x", by=holders[0], details={"threshold": 2, "holders": [p.pk for p in holders]}
    )
    post(client, holders[1], "confirm_key_step", KeyProposal.objects.get().pk)
    first, second, _third = RecoveryShare.objects.order_by("number")
    client.force_login(second.holder)
    assert client.get(reverse("security:collect_share", args=[first.pk])).status_code == 404
    assert (
        "<li>" not in client.get(reverse("security:collect_share", args=[second.pk])).content.decode().split("<main")[1]
    )
