"""A private partner abroad: its own companies with deadlines and results; the agency sees how all advance."""

import datetime
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.tests import factories as people
from pavillon.activity.models import Entry, Notification
from pavillon.core import policy
from pavillon.crm import actions
from pavillon.crm.models import HandOver, Mission, MissionFile
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Consent, Question
from pavillon.reference.models import Country
from pavillon.security.actions import change_policy
from pavillon.security.models import Reading


@pytest.fixture
def transmitted(cast, sign_in):
    """Claire's company agreed, the partner accepted: its mission runs."""
    Command().handle(verbosity=0)
    country = Country.objects.get_or_create(code="DE", defaults={"name_fr": "Allemagne", "name_en": "Germany"})[0]
    request = taken(lead(cast.atelier, requested_by=cast.claire, message="Trouver un agent", country=country))
    data = {"email": cast.partner.email, "note": "Trois rendez-vous en Bavière."}
    hand_over = reverse("crm:hand_over_lead", args=[request.pk])
    sender = fresh(request.adviser)
    sign_in(sender).post(hand_over, data)
    question = Question.objects.get(answered_at__isnull=True)
    sign_in(cast.claire).post(reverse("privacy:answer_question", args=[question.pk]), {"answer": "yes"})
    assert sign_in(sender).post(hand_over, data).status_code == 302
    offer = HandOver.objects.get()
    assert sign_in(cast.partner).post(reverse("crm:accept_hand_over", args=[offer.pk])).status_code == 302
    return Mission.objects.get()


def stranger(name="Étranger"):
    """Somebody of another partner."""
    firm = people.actions.create_organisation(name=f"{name} Ltd", kind=Kind.PARTNER, level=Level.INTERNATIONAL, by=None)
    return people.person(name, firm, Role.PRIVATE_PARTNER)


@pytest.mark.covers("LEAD-06")
def test_a_partner_has_its_missions_and_the_agency_the_progress_by_country(
    cast, transmitted, sign_in, django_assert_max_num_queries
):
    """From the transfer to the judged result, with a proof; another partner finds nothing."""
    url, listed = transmitted.get_absolute_url(), reverse("crm:missions")
    assert (transmitted.partner, transmitted.adviser) == (cast.partner_firm, cast.partner)
    assert "Bavière" in transmitted.what
    other = stranger()
    client = sign_in(other)
    assert client.get(url).status_code == 404
    assert list(client.get(listed).context["listing"].rows) == []
    # The deadline is the sender's to say; a day before the start is refused.
    client, sender = sign_in(transmitted.sent_by), transmitted.sent_by
    change = reverse("crm:change_mission", args=[transmitted.pk])
    today = timezone.localdate()
    early = {"what": "Quatre rendez-vous", "due_on": (today - datetime.timedelta(days=2)).isoformat()}
    assert client.post(change, early).status_code == 422
    due = today + datetime.timedelta(days=60)
    assert client.post(change, {**early, "due_on": due.isoformat()}).status_code == 302
    # The partner reports: refused without an exchange of its own.
    client, report = sign_in(cast.partner), reverse("crm:report_mission", args=[transmitted.pk])
    assert "Quatre rendez-vous" in client.get(url).text
    assert client.post(change, early).status_code == 403
    assert sign_in(sender).post(report, {"result": "x", "meetings": 1}).status_code == 403
    answer = {"result": "Quatre distributeurs vus, deux demandent des échantillons.", "meetings": 4}
    client = sign_in(cast.partner)
    for days in (3, 0):
        # One of before the mission proves nothing.
        refused = client.post(report, answer)
        assert (refused.status_code, "proof" in refused.text) == (422, True), days
        actions.log_interaction(
            company=cast.atelier, lead=transmitted.lead, kind="meeting", summary="Munich", outcome="positive",
            happened_at=timezone.now() - datetime.timedelta(days=days), by=fresh(cast.partner),
        )  # fmt: skip
    assert client.post(report, answer).status_code == 302
    assert client.post(report, answer).status_code == 403, "once"
    assert Notification.objects.filter(recipient=sender, kind="crm.mission").exists()
    # The agency sees every partner by country, and judges.
    late = Mission.objects.create(
        lead=lead(cast.southern), partner=other.organisation, adviser=other, sent_by=cast.theo,
        started_on=today - datetime.timedelta(days=40), due_on=today - datetime.timedelta(days=10),
    )  # fmt: skip
    client = sign_in(cast.henri)
    client.get(listed)
    with django_assert_max_num_queries(24):
        progress = client.get(listed).context["progress"]
    assert {(line.partner, line.total, line.late, line.meetings) for line in progress} == {
        (cast.partner_firm.name, 1, 0, 4),
        (other.organisation.name, 1, 1, 0),
    }
    assert [row.pk for row in client.get(listed, {"state": "late"}).context["listing"].rows] == [late.pk]
    review = reverse("crm:review_mission", args=[transmitted.pk])
    assert client.post(review, {"quality": 9}).status_code == 422
    assert client.post(review, {"quality": 4, "quality_note": "Distributeurs sérieux."}).status_code == 302
    judged = next(line for line in client.get(listed).context["progress"] if line.partner == cast.partner_firm.name)
    assert (judged.reviewed, judged.quality, judged.country) == (1, 4.0, str(transmitted.country))
    assert "Distributeurs sérieux." in sign_in(cast.partner).get(url).text
    assert [row.pk for row in sign_in(cast.partner).get(listed).context["listing"].rows] == [transmitted.pk]
    verbs = Entry.objects.about(transmitted).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "crm.mission_opened", "crm.mission_changed", "crm.mission_reported", "crm.mission_reviewed",
    ]  # fmt: skip
    actions.forget_mission(transmitted)
    transmitted.refresh_from_db()
    assert (transmitted.what, transmitted.result, transmitted.quality_note) == ("", "", "")


@pytest.mark.covers("LEAD-06")
def test_the_partners_desk_shows_its_own_missions_and_what_was_thought_of_them(cast, transmitted, sign_in):
    """By deadline, with its result once it is told, and the agency's opinion; nobody else's stand there."""
    url, desk, today = reverse("crm:my_missions"), reverse("workspace:desk"), timezone.localdate()
    other = stranger()
    Mission.objects.create(
        lead=lead(cast.southern), partner=other.organisation, adviser=other, sent_by=cast.theo, due_on=today
    )
    assert url in sign_in(cast.partner).get(desk).text
    assert url not in sign_in(cast.nour).get(desk).text, "advisers have the list of all partners"
    assert sign_in(cast.nour).get(url).status_code == 403
    Mission.objects.filter(pk=transmitted.pk).update(
        started_on=today - datetime.timedelta(days=9), due_on=today - datetime.timedelta(days=1)
    )
    client = sign_in(cast.partner)
    page = client.get(url)
    assert page.context["missions"] == [transmitted]
    assert transmitted.get_absolute_url() in page.text
    assert cast.atelier.name in page.text
    assert "late" in page.text
    step = {"state": "reported", "reported_at": timezone.now(), "meetings": 2}
    judged = {"state": "reviewed", "quality": 4, "reviewed_at": timezone.now()}
    long_ago = {"reviewed_at": timezone.now() - datetime.timedelta(days=60)}
    for changed, shown in ((step, "Reported"), (judged, "Quality: 4 of 5"), (long_ago, "No company is transmitted")):
        Mission.objects.filter(pk=transmitted.pk).update(**changed)
        assert shown in client.get(url, headers={"HX-Request": "true"}).text, shown


@pytest.mark.covers("LEAD-06")
def test_documents_of_a_mission_pass_between_the_two_sides(
    cast, transmitted, sign_in, settings, tmp_path, django_capture_on_commit_callbacks
):
    """The brief goes out, the report comes in before the deadline, who reads is logged, nobody else finds them."""
    settings.MEDIA_ROOT = tmp_path
    sender, url = transmitted.sent_by, transmitted.get_absolute_url()
    add = reverse("crm:add_mission_file", args=[transmitted.pk])

    def sent(content=b"%PDF-1.4 secret words", name="rapport.pdf"):
        return SimpleUploadedFile(name, content, content_type="application/pdf")

    assert sign_in(sender).post(add, {"kind": "report", "file": sent()}).status_code == 422, "that is the partner's"
    assert sign_in(sender).post(add, {"kind": "brief", "file": sent(name="cahier.pdf")}).status_code == 302
    partner = sign_in(cast.partner)
    assert "cahier.pdf" in partner.get(url).text
    assert "file" in partner.post(add, {"kind": "report", "file": sent(b"MZ\0\0")}).context["form"].errors
    assert partner.post(add, {"kind": "report", "file": sent()}).status_code == 302
    report = MissionFile.objects.get(kind="report")
    stored = Path(report.file.path)
    assert b"secret words" not in stored.read_bytes(), "sealed on the disk"
    assert "rapport.pdf" not in str(Entry.objects.about(report).values()), "it may name people"
    assert Notification.objects.filter(recipient=sender, kind="crm.mission", body="").exists()
    shown = sign_in(sender).get(url)
    assert report.get_absolute_url() in shown.text
    assert "in time" in shown.text
    read = sign_in(sender).get(report.get_absolute_url())
    assert b"".join(read.streaming_content) == b"%PDF-1.4 secret words"
    assert read.headers["Content-Disposition"] == 'attachment; filename="rapport.pdf"'
    assert Reading.objects.filter(user=sender, how="document").exists()
    line = sign_in(cast.henri).get(reverse("crm:missions")).context["progress"][0]
    assert (line.delivered, line.in_time) == (1, 1)
    remove = reverse("crm:remove_mission_file", args=[report.pk])
    foreign = stranger()
    for person in (foreign, cast.claire, cast.theo):
        assert sign_in(person).get(report.get_absolute_url()).status_code in (403, 404), person
    assert sign_in(sender).post(remove).status_code == 403, "it is not his"
    # By the matrix a partner may be kept from documents.
    change_policy(
        role=Role.PRIVATE_PARTNER, model="crm.missionfile", field="file", level=policy.Level.FORBIDDEN, for_owner=True,
        reason="Essai", by=None,
    )  # fmt: skip
    assert sign_in(cast.partner).get(report.get_absolute_url()).status_code in (403, 404)
    assert "rapport.pdf" not in sign_in(cast.partner).get(url).text
    change_policy(
        role=Role.PRIVATE_PARTNER, model="crm.missionfile", field="file", level=policy.Level.WRITE, for_owner=True,
        reason="Essai", by=None,
    )  # fmt: skip

    # What comes late is late, also beside something handed in before; taken back, it is told.
    def figures():
        line = sign_in(cast.henri).get(reverse("crm:missions")).context["progress"][0]
        return line.delivered, line.in_time

    day = timezone.localdate() - datetime.timedelta(days=3)
    Mission.objects.filter(pk=transmitted.pk).update(due_on=day, started_on=day, delivered_on=day)
    MissionFile.objects.filter(pk=report.pk).update(added_at=timezone.now() - datetime.timedelta(days=3))
    assert figures() == (1, 1)
    partner = sign_in(cast.partner)
    partner.get(url)
    with CaptureQueriesContext(connection) as one:
        assert partner.get(url).text.count("/remove/") == 1
    assert partner.post(add, {"kind": "report", "file": sent(name="vrai.pdf")}).status_code == 302
    partner.get(url)
    with CaptureQueriesContext(connection) as two:
        assert partner.get(url).text.count("/remove/") == 2
    assert len(two) == len(one), "a document more costs no statement"
    assert figures() == (1, 0)
    assert "3 days late" in sign_in(sender).get(url).text
    true = MissionFile.objects.get(kind="report", added_at__gt=timezone.now() - datetime.timedelta(days=1))
    remove = reverse("crm:remove_mission_file", args=[true.pk])
    told = Notification.objects.filter(recipient=sender, kind="crm.mission").count()
    stored = Path(true.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        assert sign_in(cast.partner).post(remove).status_code == 302
    assert (stored.exists(), figures()) == (False, (1, 1))
    assert Notification.objects.filter(recipient=sender, kind="crm.mission").count() == told + 1
    # A file whose row was lost with a connection is put aside at night, and back when the row is there again.
    lost = default_storage.save("missions/2026/11/lost.bin", ContentFile(b"x"))
    old = (timezone.now() - datetime.timedelta(days=2)).timestamp()
    for name in (lost, report.file.name):
        os.utime(default_storage.path(name), (old, old))
    assert (actions.sweep_mission_files(), default_storage.exists(lost)) == (1, False)
    assert Path(report.file.path).exists(), "it has its row"
    row = transmitted.files.create(kind="evidence", name="b.pdf", size=1, file=lost, added_by=sender)
    assert (actions.sweep_mission_files(), default_storage.open(lost).read()) == (0, b"x")
    row.delete()
    # Once the result is told the report stays; emptied, the day it came is counted still, and no link leads nowhere.
    Mission.objects.filter(pk=transmitted.pk).update(state="reported", reported_at=timezone.now(), meetings=1)
    assert sign_in(cast.partner).post(reverse("crm:remove_mission_file", args=[report.pk])).status_code == 403
    with pytest.raises(actions.ReportStays):
        actions.remove_mission_file(file=report, by=cast.partner)
    stored = [Path(file.file.path) for file in MissionFile.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        for file in MissionFile.objects.all():
            actions.forget_mission_file(file)
            actions.forget_mission_file(file)
    assert ([path.exists() for path in stored], figures()) == ([False, False], (1, 1))
    assert sign_in(sender).get(report.get_absolute_url()).status_code in (403, 404)
    assert report.get_absolute_url() not in sign_in(sender).get(url).text


def test_a_consent_taken_back_stops_the_mission(cast, transmitted, sign_in):
    consent = Consent.objects.get(purpose="partner_sharing")
    sign_in(cast.claire).post(reverse("privacy:withdraw_consent", args=[consent.pk]))
    transmitted.refresh_from_db()
    assert transmitted.state == "stopped"
    assert sign_in(cast.partner).get(transmitted.get_absolute_url()).status_code == 404
    assert sign_in(transmitted.sent_by).get(transmitted.get_absolute_url()).status_code == 200
    with pytest.raises(actions.MissionMoved):
        actions.review_mission(mission=transmitted, quality=3, quality_note="", by=cast.henri)


def test_a_consent_taken_back_hides_what_is_over_too(cast, transmitted, sign_in):
    """A mission that was reported or judged names the company still."""
    Mission.objects.update(state="reported", reported_at=timezone.now(), meetings=1)
    assert sign_in(cast.partner).get(transmitted.get_absolute_url()).status_code == 200
    consent = Consent.objects.get(purpose="partner_sharing")
    sign_in(cast.claire).post(reverse("privacy:withdraw_consent", args=[consent.pk]))
    partner = sign_in(cast.partner)
    assert partner.get(transmitted.get_absolute_url()).status_code == 404
    assert list(partner.get(reverse("crm:missions")).context["listing"].rows) == []
    assert sign_in(transmitted.sent_by).get(transmitted.get_absolute_url()).status_code == 200


def test_by_the_matrix_a_partner_knows_the_companies_in_its_hands_only(cast, transmitted, sign_in):
    """As an agency begins: other companies are forbidden to private partners, their own ones are read."""
    for model in ("directory.company", "directory.contact"):
        for for_owner, level in ((False, policy.Level.FORBIDDEN), (True, policy.Level.READ)):
            change_policy(
                role=Role.PRIVATE_PARTNER, model=model, field=policy.WHOLE, level=level, for_owner=for_owner,
                reason="What was transmitted", by=None,
            )  # fmt: skip
    own, foreign = cast.atelier.get_absolute_url(), cast.southern.get_absolute_url()
    client = sign_in(cast.partner)
    assert [client.get(url).status_code for url in (own, foreign, transmitted.get_absolute_url())] == [200, 404, 200]
    for listed in (reverse("directory:companies"), reverse("crm:potentials")):
        assert cast.southern.name not in client.get(listed).text, listed
    consent = Consent.objects.get(purpose="partner_sharing")
    sign_in(cast.claire).post(reverse("privacy:withdraw_consent", args=[consent.pk]))
    assert sign_in(cast.partner).get(own).status_code == 404


def test_a_mission_ends_where_its_request_goes_elsewhere(cast, transmitted, sign_in):
    actions.assign_lead(lead=transmitted.lead, adviser=cast.nina, team=cast.chamber, by=cast.manager)
    transmitted.refresh_from_db()
    assert transmitted.state == "stopped"
    assert Mission.objects.count() == 1


def test_a_colleague_of_the_partner_goes_on_with_it(cast, transmitted):
    partner = transmitted.partner
    heidi = people.person("Heidi", partner, Role.PRIVATE_PARTNER)
    actions.assign_lead(lead=transmitted.lead, adviser=heidi, team=partner, by=cast.manager)
    transmitted.refresh_from_db()
    assert (transmitted.state, transmitted.adviser) == ("running", heidi)
    assert Entry.objects.about(transmitted).filter(verb="crm.mission_changed", changes__has_key="adviser_id").exists()


def test_a_deadline_is_reminded_once_and_told_once_when_late(transmitted):
    """The partner a week before, both sides when it has passed; another deadline is reminded again."""
    today = timezone.localdate()

    def due(days):
        Mission.objects.filter(pk=transmitted.pk).update(
            started_on=today - datetime.timedelta(days=30), due_on=today + datetime.timedelta(days=days)
        )

    def told(person):
        return Notification.objects.filter(recipient=person, kind="crm.mission").count()

    partner, sender = transmitted.adviser, transmitted.sent_by
    due(8)
    assert actions.remind_missions() == 0
    before = (told(partner), told(sender))
    due(7)
    assert (actions.remind_missions(), actions.remind_missions()) == (1, 0)
    assert (told(partner), told(sender)) == (before[0] + 1, before[1])
    due(-1)
    assert (actions.remind_missions(), actions.remind_missions()) == (1, 0)
    assert (told(partner), told(sender)) == (before[0] + 2, before[1] + 1)
    due(2)
    assert actions.remind_missions() == 1
    Mission.objects.filter(pk=transmitted.pk).update(state="stopped")
    due(-3)
    assert actions.remind_missions() == 0
    assert Entry.objects.filter(verb="crm.mission_reminded").count() == 3
