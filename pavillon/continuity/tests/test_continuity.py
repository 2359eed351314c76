"""The platform's promises, measured: an outage is seen, a month is counted exactly, officers are told."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.actions import begin_factor_rule
from pavillon.accounts.tests import factories as accounts
from pavillon.activity.models import Entry, Notification
from pavillon.continuity import actions, demo, tasks
from pavillon.continuity.enums import CheckKind, Kind
from pavillon.continuity.models import Backup, Certificate, Check, Day, Maintenance, PlatformIncident, RestoreTest
from pavillon.continuity.queries import rates, self_tests
from pavillon.continuity.queries.evidence import criteria, functions
from pavillon.continuity.words import in_words
from pavillon.security.actions import seal_logs
from pavillon.ui import supported as browsers
from pavillon.vigilance.models import Rule

NOON = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
SITES = [
    {"code": "paris", "role": "primary", "town": "Paris", "country": "FR", "provider": "Hôte A", "backups": True,
     "is_demo": False, "is_european": True},
    {"code": "frankfurt", "role": "standby", "town": "Francfort", "country": "DE", "provider": "Hôte B",
     "backups": True, "is_demo": False, "is_european": True},
]  # fmt: skip


@pytest.fixture
def cast(db, settings, tmp_path):
    settings.DATA = tmp_path
    accounts.places()
    cast = accounts.cast()
    cast.security.language = "fr"
    cast.security.save()
    return cast


def answer(at, reason="", every=15):
    return {"at": at.isoformat(), "up": not reason, "reason": reason, "every": every}


def journal(tmp_path, name, *lines):
    path = tmp_path / "continuity" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def watched(start, *, up=0, down=0, then=0, reason="database"):
    """Answers every 15 s: so many seconds up, down, and up again."""
    total = range(0, up + down + then + 1, 15)
    return [answer(start + timedelta(seconds=s), reason if up <= s < up + down else "") for s in total]


def test_shares_are_cut_and_the_target_is_compared_exactly(settings):
    settings.AVAILABILITY_TARGET = "99.9"
    month = timedelta(days=30)
    assert rates.allowed_ms(month) == 2_592_000
    assert in_words(rates.allowed_ms(month)) == "43 min 12 s"
    ms = month // timedelta(milliseconds=1)
    almost = rates.Rate(ms, 100_000, 105, 0)
    assert almost.percent == Decimal("99.895")
    assert almost.keeps_target is False
    # One millisecond too much in 30 days is 99.899…: never 99.9.
    over = rates.Rate(ms, ms, 2_592_001, 0)
    assert over.percent == Decimal("99.899")
    assert over.keeps_target is False
    assert rates.Rate(ms, ms, 2_592_000, 0).keeps_target is False, "more than 99.9 % is promised"
    assert rates.Rate(ms, ms, 2_591_999, 0).keeps_target is True
    assert rates.Rate(ms, 0, 0, 0).percent is None
    # What lies ahead is no hole in what was observed.
    assert rates.Rate(ms, 0, 0, 0, ahead_ms=ms - 5).unobserved_ms == 5
    early = datetime(2026, 6, 14, 23, 0, tzinfo=UTC)  # one o'clock in Paris
    today = timezone.localdate(early)
    assert rates._ahead_ms(today, early) == 23 * 3_600_000
    assert rates._ahead_ms(today - timedelta(days=1), early) == 0
    # In Paris a day of March has 23 hours and one of October 25: a whole one is wholly observed, not more nor less.
    for on, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)):
        assert rates._days_ms(on, on) == hours * 3_600_000, on
        assert rates._ahead_ms(on, timezone.make_aware(datetime.combine(on, time.min))) == hours * 3_600_000, on
    assert rates._days_ms(date(2026, 10, 1), date(2026, 10, 31)) == (31 * 24 + 1) * 3_600_000
    assert [in_words(n) for n in (0, 400, 59_001, 3_600_001)] == ["0 s", "1 s", "1 min 0 s", "1 h 1 min"]


@pytest.mark.covers("SEC-02")
def test_an_outage_makes_the_rate_fall_and_opens_an_incident(cast, client, tmp_path):
    """The journal was written while the database was away; it is taken in when it is back."""
    begin = timezone.now() - timedelta(hours=3)
    journal(tmp_path, "probe-beside-20260101.jsonl", *watched(begin, up=600, down=300, then=600))
    # A power cut left half a line.
    (tmp_path / "continuity" / "probe-beside-20260102.jsonl").write_text('{"at": "20')
    assert actions.take_in_journal() == 101
    assert actions.take_in_journal() == 0, "no answer is counted twice"
    month = rates.rate_of_days(30)
    assert (month.observed_ms, month.down_ms) == (1_500_000, 300_000)
    assert month.percent == Decimal("80.000")
    assert month.keeps_target is False
    incident = PlatformIncident.objects.get()
    assert (incident.kind, incident.reason) == (Kind.OUTAGE, "la base de données était absente")
    assert incident.lasted == timedelta(seconds=300)
    assert Notification.objects.filter(recipient=cast.security, kind="continuity.incident").count() == 2
    assert set(Entry.objects.about(incident).values_list("verb", flat=True)) == {
        "continuity.incident_opened", "continuity.incident_closed",
    }  # fmt: skip
    client.force_login(cast.security)
    page = client.get(reverse("continuity:availability")).content.decode()
    assert "80 %" in page
    assert "5 min 0 s" in page
    assert "43 min 12 s" in page
    status = client.get("/fr/status/").content.decode()
    assert "80 %" in status
    # Longer than a month allows: the officers hear of the rate too, until the bad day has left the 30 days.
    later = begin + timedelta(minutes=30)
    actions.take_in_answers(probe="beside", answers=watched(later, down=2400))
    actions.watch_over()
    assert PlatformIncident.objects.open().filter(kind=Kind.RATE).exists()
    actions.watch_over(now=timezone.now() + timedelta(days=31))
    assert not PlatformIncident.objects.open().filter(kind=Kind.RATE).exists()


def test_gaps_are_not_observed_and_days_are_parted(cast):
    midnight = datetime(2026, 6, 15, 22, 0, tzinfo=UTC)  # in Paris
    # Not at a whole millisecond: nothing of a span is lost where midnight parts it.
    odd = timedelta(microseconds=777_777)
    before = [answer(midnight + odd - timedelta(seconds=s), "no_answer") for s in (30, 15)]
    after = [answer(midnight + odd + timedelta(seconds=s), "no_answer") for s in (0, 15)]
    actions.announce_work(
        starts_at=midnight - timedelta(seconds=10), ends_at=midnight + timedelta(seconds=5), what_fr="x", what_en="x",
        by=cast.admin,
    )  # fmt: skip
    back = answer(midnight + odd + timedelta(hours=2))
    actions.take_in_answers(probe="beside", answers=[*before, *after, back])
    first, second = Day.objects.order_by("on")
    assert (first.observed_ms, first.down_ms, first.planned_ms) == (29_223, 29_223, 10_000)
    # Two hours without an answer are neither up nor down.
    assert (second.observed_ms, second.down_ms, second.planned_ms) == (15_777, 15_777, 5_000)
    # One question without answer counts its seconds and is no incident.
    PlatformIncident.objects.all().delete()
    start = midnight + timedelta(hours=3)
    actions.take_in_answers(probe="beside", answers=watched(start, up=30, down=15, then=30))
    assert not PlatformIncident.objects.exists()


def backup_line(**other):
    at = timezone.now().isoformat()
    return {
        "reference": "a" * 32, "kind": "backup", "at": at, "name": "B1", "finished_at": at, "seconds": 3.5,
        "size": 12345, "digest": "d" * 64, "key": "k1", "keep_until": at, "sites": [
            {"code": site["code"], "town": site["town"], "country": site["country"]} for site in SITES
        ],
    } | other  # fmt: skip


def line_of_test(**other):
    return {
        "reference": "b" * 32, "kind": "restore_test", "at": timezone.now().isoformat(), "backup": "B1",
        "site": "frankfurt", "seconds": 41.25, "passed": True, "problem": "",
        "checks": [{"code": "rows", "is_good": True, "value": "81234"}],
    } | other  # fmt: skip


@pytest.mark.covers("TECH-08")
def test_backups_stand_in_two_places_and_officers_hear_when_they_are_late(cast, client, settings, tmp_path):
    settings.SITES = SITES
    actions.watch_over()
    opened = PlatformIncident.objects.open().values_list("kind", flat=True)
    assert set(opened) == {Kind.BACKUP, Kind.RESTORE_TEST}
    journal(tmp_path, "events.jsonl", backup_line(), line_of_test(), {**backup_line(), "reference": "c" * 32})
    call_command("take_in_journal")
    assert Backup.objects.get().digest == "d" * 64
    assert not PlatformIncident.objects.open().exists()
    client.force_login(cast.security)
    page = client.get(reverse("continuity:backups")).content.decode()
    assert "Paris (FR), Francfort (DE)" in page
    assert "41,25" in page
    assert "81" in page
    # Too old, and a failed test: both again.
    actions.watch_over(now=timezone.now() + timedelta(hours=27))
    assert PlatformIncident.objects.open().get().kind == Kind.BACKUP
    failed = line_of_test(reference="e" * 32, passed=False, at=(timezone.now() + timedelta(seconds=1)).isoformat())
    retired = {"reference": "f" * 32, "kind": "backup_retired", "at": timezone.now().isoformat(), "name": "B1"}
    moved = {"reference": "0" * 32, "kind": "taken_over", "at": timezone.now().isoformat(), "seconds": 0.4}
    actions.take_in_events(lines=[failed, retired | {"site": "paris"}, moved])
    actions.watch_over()
    assert PlatformIncident.objects.open().get().kind == Kind.RESTORE_TEST
    page = client.get(reverse("continuity:backups")).content.decode()
    assert "<s>Paris</s>" in page
    # The log of the database stopped coming.
    journal(tmp_path, "archive.json", {"at": "2026-01-01T00:00:00+00:00", "last": "", "waiting": 3, "problem": ""})
    tasks.watch_over(0)
    assert PlatformIncident.objects.open().filter(kind=Kind.ARCHIVE).exists()


@pytest.mark.covers("SEC-04")
def test_a_certificate_that_ends_is_told(cast, client):
    client.force_login(cast.security)
    today = timezone.localdate()
    said = {
        "standard": "iso_27018", "holder": "Hôte A", "scope": "Centre de Paris",
        "valid_from": today - timedelta(days=900), "valid_until": today + timedelta(days=200), "alert_days": 90,
        "number": "FR-1",
    }  # fmt: skip
    assert client.post(reverse("continuity:create_certificate"), said).status_code == 302
    kept = Certificate.objects.get()
    assert not PlatformIncident.objects.exists()
    wrong = client.post(kept.get_absolute_url(), said | {"valid_until": today - timedelta(days=901)})
    assert wrong.status_code == 422
    client.post(kept.get_absolute_url(), said | {"valid_until": today + timedelta(days=60)})
    opened = PlatformIncident.objects.open().get()
    assert (opened.subject, opened.reason) == (str(kept.pk), "ISO/IEC 27018")
    assert Notification.objects.filter(recipient=cast.security, kind="continuity.incident").exists()
    page = client.get(reverse("continuity:certificates")).content.decode()
    assert f"Encore {Certificate.objects.get().days_left} jours" in page
    client.post(reverse("continuity:remove_certificate", args=[kept.pk]))
    assert not PlatformIncident.objects.open().exists()
    assert "Centre de Paris" not in client.get(reverse("continuity:certificates")).content.decode()


@pytest.mark.covers("SEC-01", "SEC-18")
def test_the_four_criteria_are_measured(cast, client, settings, django_assert_max_num_queries):
    client.force_login(cast.security)
    with django_assert_max_num_queries(75):
        page = client.get(reverse("continuity:today")).content.decode()
    for name in ("Disponibilité", "Confidentialité", "Intégrité", "Traçabilité"):
        assert f">{name}</h2>" in page
    # Nothing was backed up, tested or verified on this installation, and the page says so.
    facts = {fact.label: fact for each in criteria() for fact in each.facts}
    assert facts["Dernière sauvegarde"].is_good is False
    assert facts["Épreuves d’accès réussies sur cette installation"].is_good is False
    assert facts["Clés des données des personnes"].is_good is True
    actions.note_check(kind=CheckKind.LOGS, seconds=1, results=[{"code": "lines", "is_good": True, "value": "7"}])
    facts = {fact.label: fact for each in criteria() for fact in each.facts}
    logs = next(value for label, value in facts.items() if label.startswith("Journaux vérifiés"))
    assert logs.is_good is True
    for name in ("Chiffrement", "Traçabilité", "Gestion renforcée des accès"):
        assert name in page
    # As in production: the second factor is demanded, the logs are sealed, the rules are at work.
    assert not all(each.is_on for each in functions())
    told = {fact.label: fact.value for fact in functions()[2].facts}
    assert told["second facteur exigé de l’équipe"] == "non", "a demonstration says that it does not ask"
    settings.REQUIRE_MFA = True
    told = {fact.label: fact.value for fact in functions()[2].facts}
    assert told["second facteur exigé de l’équipe"] == "oui, dès la prochaine connexion"
    begin_factor_rule()
    told = {fact.label: fact.value for fact in functions()[2].facts}
    assert told["second facteur exigé des responsables aussitôt, de toute l’équipe"].endswith("après 14 jours de délai")
    Authenticator.objects.create(user=cast.security, type=Authenticator.Type.TOTP, data={})
    seal_logs()
    Rule.objects.create(kind="bulk_searches", figures={}, is_on=True)
    assert all(each.is_on for each in functions())
    page = client.get(reverse("continuity:today")).content.decode()
    assert page.count("en service") >= 3
    assert "à l’arrêt" not in page
    client.force_login(cast.nour)
    assert client.get(reverse("continuity:today")).status_code == 403


@pytest.mark.covers("SEC-17")
def test_access_tests_run_on_the_installation_and_are_listed(cast, client, monkeypatch):
    client.force_login(cast.security)
    client.post(reverse("continuity:test_access"))
    check = Check.objects.get()
    results = {one["code"]: one for one in check.results}
    assert results["strangers"]["is_good"], results["strangers"]
    assert int(results["strangers"]["value"]) > 100
    assert results["logs_refuse"]["is_good"]
    assert int(results["logs_refuse"]["value"]) >= 2
    assert results["sealed_columns"]["is_good"]
    line = Entry.objects.about(check).get(verb="continuity.self_tested")
    assert (line.actor, line.channel) == (cast.security, "page")
    page = client.get(reverse("continuity:today")).content.decode()
    assert "Pages refusées à qui n’est pas connecté" in page
    # A test that fails is told as failed.
    monkeypatch.setattr(self_tests, "_strangers", lambda: self_tests._result("strangers", ["/desk/ 200"], 1))
    with pytest.raises(CommandError, match="access tests failed"):
        call_command("verify_access")
    assert not Check.objects.first().is_good
    tasks.test_access(0)
    assert Check.objects.count() == 3
    assert Entry.objects.about(Check.objects.first()).get().actor is None, "by night it is the platform's own"


def test_announced_work_is_on_the_status_page(cast, client, settings):
    settings.SITES = SITES
    client.force_login(cast.admin)
    begin = timezone.localtime() + timedelta(days=2)
    said = {"starts_at": begin, "ends_at": begin - timedelta(hours=1), "what_fr": "Déménagement", "what_en": "Moving"}
    assert client.post(reverse("continuity:announce_work"), said).status_code == 422
    client.post(reverse("continuity:announce_work"), said | {"ends_at": begin + timedelta(hours=1)})
    work = Maintenance.objects.get()
    assert "Déménagement" in client.get("/fr/status/").content.decode()
    assert "Moving" in client.get("/en/status/").content.decode()
    client.post(reverse("continuity:cancel_work", args=[work.pk]))
    assert "Déménagement" not in client.get("/fr/status/").content.decode()


@pytest.mark.covers("TECH-06")
def test_the_place_of_the_platform_is_public(cast, client, settings):
    empty = client.get("/fr/status/").content.decode()
    assert "n’a pas déclaré" in empty
    settings.SITES = SITES
    for page in ("/fr/status/", "/fr/privacy/", "/fr/about-the-data/"):
        shown = client.get(page).content.decode()
        assert "Paris (FR)" in shown, page
        assert "Francfort (DE)" in shown, page
    told = "Tout reste sur des serveurs"
    assert told in client.get("/fr/privacy/").content.decode()
    settings.SITES = [*SITES, {**SITES[0], "country": "US", "is_european": False}]
    assert told not in client.get("/fr/privacy/").content.decode(), "never said of a place outside"
    assert "hors de l" in client.get("/fr/status/").content.decode()


def test_the_demonstration_is_labelled(cast, client, tmp_path):
    world = {"users": {"nora": cast.security}}
    demo.seed(world)
    demo.seed(world)
    assert 'code = "frankfurt"' in (tmp_path / "sites.toml").read_text()
    assert all(model.objects.filter(is_demo=False).count() == 0 for model in (Backup, RestoreTest, Certificate, Day))
    rate = rates.rate_of_days(30)
    assert (rate.down_ms, rate.keeps_target, rate.is_demo) == (372_000, True, True)
    client.force_login(cast.security)
    for page in ("availability", "backups", "certificates", "today"):
        assert "démo" in client.get(reverse(f"continuity:{page}")).content.decode()


OLD = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0.1 Safari/537.36"
NEW = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 (KHTML, like Gecko) Version/18.1 Safari/605"


@pytest.mark.covers("TECH-04")
def test_browsers_stand_in_a_public_table_and_older_ones_are_told(cast, client):
    page = client.get("/en/browsers/", headers={"user-agent": NEW}).content.decode()
    for browser in browsers.browsers():
        assert browser.name in page
        assert f">{browser.since}</td>" in page
    word = "is older than those that these pages are made for"
    assert word not in page
    assert word in client.get("/en/status/", headers={"user-agent": OLD}).content.decode()
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0"
    told = {
        OLD: True, NEW: False, "": False, "curl/8": False, iphone.format("16_3"): True, iphone.format("17_5"): False,
        "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0": True,
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": False,
        "Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko": True,
    }  # fmt: skip
    assert {agent: browsers.is_too_old(agent) for agent in told} == told
    # The build of style sheets and scripts reads the same file.
    assert "browsers.json" in (browsers.FILE.parent / "build.mjs").read_text()
