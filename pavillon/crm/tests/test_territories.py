"""A territory is drawn, split and merged with a preview; portfolios follow, coverage rises, all of it can be undone."""

import datetime
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.accounts.actions import end_membership
from pavillon.accounts.models import Membership, User
from pavillon.activity.models import Entry, Notification
from pavillon.core.wall import HOUSE, standing_as
from pavillon.crm import actions, tasks
from pavillon.crm.actions import territories
from pavillon.crm.enums import PortfolioChoice
from pavillon.crm.models import (
    CompanyProfile,
    PortfolioMove,
    Referent,
    Territory,
    TerritoryArea,
    TerritoryChange,
    TerritoryWork,
)
from pavillon.crm.queries.territory_plans import Asked, Handing, Passing
from pavillon.crm.queries.territory_undoing import undoing_of
from pavillon.crm.tests.factories import fresh
from pavillon.directory.actions import create_company, flag_company
from pavillon.reference.models import Commune, Department
from pavillon.security.models import PolicyCell
from tests.remembered import remembered

LEAP = datetime.timedelta(days=30)


@remembered
def ground():
    """Two departments of four communes each; a town with two postal codes. Five companies in each commune."""
    from pavillon.crm.tests.factories import stage

    cast = stage()
    Department.objects.create(code="22", name_fr="Côtes-d’Armor", name_en="Côtes-d’Armor", region=cast.bretagne)
    Commune.objects.filter(pk="29232").update(latitude=48.0, longitude=-4.1)
    made = [cast.quimper]
    for n, (code, department) in enumerate(
        [(c, c[:2]) for c in ("29001", "29002", "29003", "22001", "22002", "22003")]
    ):
        made.append(
            Commune.objects.create(
                code=code, name=f"Bourg {code}", department_id=department, region=cast.bretagne,
                postal_codes=[f"{department}{n}00", *([f"{department}{n}50"] if code == "22003" else [])],
                latitude=48.0 + n / 20, longitude=-4.5 + n / 3,
            )
        )  # fmt: skip
    companies = []
    for commune in made:
        for n in range(5):
            company = create_company(
                name=f"Maison {commune.code} {n}", by=None, region=cast.bretagne, commune=commune,
                postal_code=commune.postal_codes[n % len(commune.postal_codes)],
            )  # fmt: skip
            companies.append(company)
    CompanyProfile.objects.all().delete()
    CompanyProfile.objects.bulk_create(
        CompanyProfile(
            company=company, export_class="potential" if n % 5 else "not_exporter", export_rule="score",
            lifecycle="prospect", value="low", relationship="occasional", score=20 * (n % 5),
            computed_at=timezone.now(),
        )
        for n, company in enumerate(companies)
    )  # fmt: skip
    cast.companies = companies
    return cast


@pytest.fixture
def cast(db):
    return ground()


def follow(cast, adviser, companies, since=LEAP):
    for company in companies:
        actions.set_referent(
            company=company, adviser=adviser, organisation=cast.chamber, by=cast.manager,
            starts_on=timezone.localdate() - since,
        )  # fmt: skip


def draw(client, cast, name, adviser, **places):
    """Draw a territory through its page, after the preview."""
    data = {"name": name, "adviser": adviser.pk, "portfolio": "none", "day": timezone.localdate().isoformat(), **places}
    return through_preview(client, reverse("crm:create_territory"), data)


def through_preview(client, url, data):
    shown = client.post(url, data)
    assert shown.status_code == 200, shown.context["form"].errors
    assert "plan" in shown.context
    before = TerritoryChange.objects.count()
    assert client.post(url, {**data, "seen": "another"}).status_code == 422
    assert TerritoryChange.objects.count() == before
    done = client.post(url, {**data, "seen": shown.context["plan"].fingerprint})
    assert done.status_code == 302, done.context["form"].errors
    return shown, TerritoryChange.objects.get(pk=int(done.url.rstrip("/").rsplit("/", 1)[1]))


def referent_of(company):
    row = Referent.objects.current().filter(company=company).first()
    return row.adviser if row else None


@pytest.mark.covers("LEAD-10")
def test_a_territory_is_split_in_two_and_put_back(cast, sign_in, django_assert_max_num_queries):
    """Map and portfolios follow, the report shows a denser coverage, and one click undoes it all."""
    client, url = sign_in(cast.manager), reverse("crm:territories")
    assert "No territory is drawn here yet" in client.get(url).text
    follow(cast, cast.nour, cast.companies)
    _shown, drawn = draw(client, cast, "Ouest", cast.nour, departments=["22", "29"])
    whole = Territory.objects.get()
    page = client.get(url)
    line = page.context["balance"].lines[0]
    assert (line.figures.companies, line.figures.accounts, line.figures.followed) == (36, 35, 35)
    assert '<svg class="plot map areas"' in page.text
    assert whole.get_absolute_url() in page.text
    # A preview writes nothing; the halves are alike.
    split = reverse("crm:split_territory", args=[whole.pk])
    day = timezone.localdate().isoformat()
    data = {"how": "accounts", "name": "Ouest, terre", "adviser": cast.nina.pk, "portfolio": "own", "day": day}
    with django_assert_max_num_queries(45):
        shown = client.post(split, {**data, "reason": "Une couverture plus dense"})
    plan = shown.context["plan"]
    assert (plan.passed, plan.gained, plan.left_out, Territory.objects.count()) == (20, 0, 0, 1)
    assert sorted(one.after.accounts for one in shown.context["lines"]) == [15, 20]
    shown, change = through_preview(client, split, {**data, "reason": "Une couverture plus dense"})
    # The map, the portfolios and the report have moved.
    page = client.get(url)
    assert [one.holder.name for one in page.context["balance"].lines] == ["Ouest", "Ouest, terre"]
    assert page.text.count('<path class="place t') == 2
    assert {person: list(map(referent_of, cast.companies)).count(person) for person in (cast.nour, cast.nina)} == {
        cast.nour: 15, cast.nina: 20,
    }  # fmt: skip
    report = client.get(reverse("crm:territory_changes")).context["listing"].rows
    assert [row.deed for row in report] == ["split", "created"]
    assert report[0].after["density"] > report[0].before["density"] == 28.57
    assert report[0].after["accounts_per_adviser"] < report[0].before["accounts_per_adviser"]
    # Those who gain and lose are told once; the company that has an account is told by the job.
    assert Notification.objects.filter(recipient=cast.nina, kind="crm.referent_changed").count() == 1
    assert Entry.objects.filter(verb="crm.referent_set", facts__before=cast.nour.pk).count() == 20
    told = actions.tell_companies_of_change(change=change)
    assert told == change.moves.filter(company__organisation__isnull=False).count()
    assert actions.tell_companies_of_change(change=change) == 0, "a job that begins anew tells nobody twice"
    # One company passes on to somebody else: undoing puts the others back, and says so.
    gone = change.moves.order_by("pk").last().company
    Referent.objects.filter(company=gone, adviser=cast.nina).update(ends_on=timezone.localdate())
    page = client.get(change.get_absolute_url())
    assert (len(page.context["back"].moves), len(page.context["back"].moves_gone)) == (19, 1)
    undo = reverse("crm:undo_territory_change", args=[change.pk])
    assert sign_in(cast.nour).post(undo).status_code == 403
    assert sign_in(cast.manager).post(undo).status_code == 302
    assert [one.name for one in Territory.objects.in_force()] == ["Ouest"]
    assert [referent_of(one) for one in cast.companies].count(cast.nour) == 34
    former = Referent.objects.filter(company=cast.companies[0])
    assert [(row.adviser, row.ends_on) for row in former] == [(cast.nour, None)]
    assert TerritoryArea.objects.standing().filter(territory=whole).count() == 7
    assert client.post(undo).status_code == 403
    assert drawn.deed == "created"


def test_an_undone_split_of_last_month_leaves_its_days_behind(cast, sign_in):
    """Who answered for a month did answer: he ends yesterday, and the former one begins again."""
    client = sign_in(cast.manager)
    follow(cast, cast.nour, cast.companies[:10], since=LEAP * 3)
    draw(client, cast, "Ouest", cast.nour, departments=["29"])
    whole = Territory.objects.get()
    data = {"how": "chosen", "communes": "quimper", "name": "Quimper", "adviser": cast.nina.pk, "portfolio": "own"}
    data["day"] = timezone.localdate().isoformat()
    _shown, change = through_preview(client, reverse("crm:split_territory", args=[whole.pk]), data)
    move = change.moves.first()
    Referent.objects.filter(pk__in=change.moves.values("before")).update(ends_on=timezone.localdate() - LEAP)
    start = timezone.localdate() - LEAP + datetime.timedelta(days=1)
    Referent.objects.filter(pk__in=change.moves.values("after")).update(starts_on=start)
    TerritoryChange.objects.filter(pk=change.pk).update(starts_on=start)
    undone = actions.undo_territory_change(change=TerritoryChange.objects.get(pk=change.pk), by=fresh(cast.manager))
    rows = Referent.objects.filter(company=move.company).order_by("starts_on")
    assert [row.adviser for row in rows] == [cast.nour, cast.nina, cast.nour]
    assert rows[1].ends_on == timezone.localdate() - datetime.timedelta(days=1)
    assert (undone.moves.count(), undone.moves.first().to_adviser) == (5, cast.nour)
    with pytest.raises(actions.AlreadyUndone):
        actions.undo_territory_change(change=TerritoryChange.objects.get(pk=change.pk), by=fresh(cast.manager))


def _move_back(change, days):
    """A change as if it had been made some days ago."""
    start = timezone.localdate() - datetime.timedelta(days=days)
    Referent.objects.filter(pk__in=change.moves.values("before")).update(ends_on=start - datetime.timedelta(days=1))
    Referent.objects.filter(pk__in=change.moves.values("after")).update(starts_on=start)
    moment = timezone.now() - datetime.timedelta(days=days)
    TerritoryChange.objects.filter(pk=change.pk).update(starts_on=start, decided_at=moment)


def _hand_over(cast, giver, to):
    asked = Asked(Handing(to, giver, timezone.localdate(), PortfolioChoice.OWN))
    return actions.reassign_portfolio(
        organisation=cast.chamber, region=cast.bretagne, asked=asked, reason="", by=fresh(cast.manager)
    )


@pytest.mark.covers("LEAD-10")
@pytest.mark.parametrize("days", [0, 10])
def test_changes_of_other_months_are_undone_one_after_the_other(cast, days):
    """Whom an undoing named again, today or some days ago, stands for the one whom the change before had named."""
    companies = cast.companies[:3]
    follow(cast, cast.nour, companies, since=LEAP * 3)
    first = _hand_over(cast, cast.nour, cast.nina)
    _move_back(first, 60)
    second = _hand_over(cast, cast.nina, cast.manager)
    _move_back(second, 30)
    undone = actions.undo_territory_change(change=second, by=fresh(cast.manager))
    assert [referent_of(one) for one in companies] == [cast.nina] * 3
    _move_back(undone, days)
    # One company has gone its own way since.
    Referent.objects.current().filter(company=companies[2]).update(adviser=cast.manager)
    back = undoing_of(TerritoryChange.objects.get(pk=first.pk))
    assert ([move.company for move in back.moves], len(back.moves_gone)) == (companies[:2], 1)
    actions.undo_territory_change(change=first, by=fresh(cast.manager))
    assert [referent_of(one) for one in companies] == [cast.nour, cast.nour, cast.manager]
    rows = Referent.objects.filter(company=companies[0]).order_by("starts_on")
    between = [cast.nina] if days else []
    assert [row.adviser for row in rows] == [cast.nour, cast.nina, cast.manager, *between, cast.nour]
    assert [row.ends_on is None for row in rows] == [False] * (len(rows) - 1) + [True]


@pytest.mark.covers("LEAD-10")
def test_a_change_of_many_companies_is_written_by_a_worker_whole_or_not_at_all(cast, sign_in, monkeypatch):
    """The page shows how far it is, others are told to wait, the end is told; an undoing goes the same way."""
    monkeypatch.setattr("pavillon.crm.views.territory_deeds.AT_ONCE", 3)
    client = sign_in(cast.manager)
    follow(cast, cast.nour, cast.companies[:5])
    url = reverse("crm:reassign_portfolio")
    data = {"giver": cast.nour.pk, "to": cast.nina.pk, "portfolio": "own", "day": timezone.localdate().isoformat()}

    def ask():
        shown = client.post(url, data)
        # How many pass is counted here, whatever the browser says.
        return client.post(url, {**data, "seen": shown.context["plan"].fingerprint, "companies": 1}).url

    def run():
        (job,) = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(
            task_name="crm.run_territory_work", status="todo"
        )
        tasks.run_territory_work(**job.args)
        # As a worker that is put to it again after a crash.
        tasks.run_territory_work(**job.args)
        type(job).objects.filter(pk=job.pk).update(status="succeeded")
        return TerritoryWork.objects.latest("pk")

    page = ask()
    waiting = client.get(page)
    assert "every 2s" in waiting.text
    assert "Companies that pass: 5." in waiting.text
    assert page in client.get(reverse("crm:territories")).text
    drawn = {"name": "x", "adviser": cast.nina.pk, "portfolio": "none", "departments": ["29"], "day": data["day"]}
    seen = client.post(reverse("crm:create_territory"), drawn).context["plan"].fingerprint
    refused = client.post(reverse("crm:create_territory"), {**drawn, "seen": seen})
    assert refused.status_code == 422
    assert "is changing these territories: 5 companies pass" in refused.text
    assert referent_of(cast.companies[0]) == cast.nour, "nothing is written yet"
    work = run()
    assert (work.state, work.percent, work.change.moves.count()) == ("done", 100, 5)
    assert [referent_of(one) for one in cast.companies[:5]] == [cast.nina] * 5
    assert work.change.get_absolute_url() in client.get(page).text
    assert Notification.objects.filter(recipient=cast.manager, kind="crm.territory_work").exists()
    undo = client.post(reverse("crm:undo_territory_change", args=[work.change.pk]))
    assert "works/" in undo.url
    work = run()
    assert (work.state, work.change.undoes_id is not None) == ("done", True)
    assert referent_of(cast.companies[0]) == cast.nour
    # Somebody hands one company over meanwhile: it is no longer what was previewed.
    page = ask()
    actions.hand_over_referent(
        company=cast.companies[0], adviser=cast.nina, organisation=cast.chamber, by=cast.manager,
        starts_on=timezone.localdate(), reason="",
    )  # fmt: skip
    changes = TerritoryChange.objects.count()
    work = run()
    assert (work.state, work.change, TerritoryChange.objects.count()) == ("failed", None, changes)
    failed = client.get(page).text
    assert "nothing was written" in failed
    assert "moved since the preview" in failed
    # What nobody foresaw, and a job that is gone, keep nobody waiting either.
    page, moves = ask(), PortfolioMove.objects.count()

    def breaks(*args, **kwargs):
        raise OSError("no room left")

    monkeypatch.setattr("pavillon.crm.actions.territories.tell_portfolios", breaks)
    with pytest.raises(OSError, match="no room left"):
        run()
    monkeypatch.undo()
    monkeypatch.setattr("pavillon.crm.views.territory_deeds.AT_ONCE", 3)
    assert "Something unexpected stopped it" in client.get(page).text
    assert (TerritoryChange.objects.count(), PortfolioMove.objects.count()) == (changes, moves)
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name="crm.run_territory_work")
    jobs.filter(status="todo").update(status="failed")
    page = ask()
    assert actions.end_abandoned_territory_works() == 0, "its job waits"
    jobs.filter(status="todo").update(status="failed")
    tasks.end_abandoned_territory_works(timestamp=0)
    assert "nothing was written" in client.get(page).text
    # Asked for at midnight in one language, written the day after by a worker that speaks another.
    page = ask()
    work, day = TerritoryWork.objects.latest("pk"), timezone.localdate() - datetime.timedelta(days=1)
    asked_at = work.asked_at - datetime.timedelta(days=1)
    TerritoryWork.objects.filter(pk=work.pk).update(
        asked_at=asked_at, seen="", posted={**work.posted, "day": [day.isoformat()]}
    )
    with translation.override("fr"):
        work = run()
    assert (work.state, work.problem, work.change.starts_on) == ("done", "", day)
    page = client.post(reverse("crm:undo_territory_change", args=[work.change.pk])).url
    # The role is taken back on the day it was given: the change is not written in it.
    Membership.objects.filter(pk=cast.manager.acting.pk).update(starts_on=timezone.localdate())
    end_membership(membership=cast.manager.acting, by=cast.henri)
    with translation.override("fr"):
        work = run()
    assert (work.state, work.acting) == ("failed", None)
    assert "has ended: ask again" in work.problem
    client = sign_in(cast.henri)
    assert client.post(reverse("crm:reassign_portfolio"), data).status_code in (200, 422), "nobody waits"
    assert sign_in(cast.partner).get(page).status_code in (403, 404)


@pytest.mark.covers("LEAD-10")
def test_the_page_of_a_large_change_says_from_whom_to_whom(cast, sign_in, monkeypatch, django_assert_max_num_queries):
    """While it waits as it was previewed, then as it was done; so an undoing; and only what the reader may see."""
    monkeypatch.setattr("pavillon.crm.views.territory_deeds.AT_ONCE", 3)
    follow(cast, cast.nour, cast.companies[:5])
    flag_company(company=cast.companies[0], reason="x", state_service="SISSE", state_contact="x", by=cast.henri)
    client = sign_in(cast.manager)
    draw(client, cast, "Ouest", cast.nour, departments=["22", "29"])
    url, today = reverse("crm:change_territory", args=[Territory.objects.get().pk]), timezone.localdate().isoformat()
    data = {"name": "Ouest", "adviser": cast.nina.pk, "portfolio": "free", "day": today}
    plan = client.post(url, data).context["plan"]
    free = plan.gained
    assert (plan.passed, free > 5) == (5, True)
    page = client.post(url, {**data, "seen": plan.fingerprint}).url

    def told(page, user=cast.manager):
        answer = sign_in(user).get(page)
        lines = [(one.giver, one.to, one.companies) for one in answer.context["passages"].lines]
        shown = [int(n) for n in re.findall(r'data-passage="(\d+)"', answer.text)]
        assert shown[: len(lines)] == [n for _giver, _to, n in lines]
        return lines, answer.context["passages"].others, answer.context["passages"].unseen

    def run():
        jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(status="todo")
        (job,) = jobs.filter(task_name="crm.run_territory_work")
        tasks.run_territory_work(**job.args)
        jobs.filter(pk=job.pk).update(status="succeeded")
        return TerritoryWork.objects.latest("pk")

    there = [(None, cast.nina, free), (cast.nour, cast.nina, 4)]
    assert told(page) == (there, 0, 1)
    assert told(page, cast.henri) == ([(None, cast.nina, free), (cast.nour, cast.nina, 5)], 0, 0)
    text = sign_in(cast.manager).get(page).text
    assert "From whom to whom" in text
    assert "1 more company, which you may not see, is not counted here." in text
    with django_assert_max_num_queries(12):
        client.get(page)
    piece = client.get(page, headers={"hx-request": "true"}).text
    assert ("Companies that pass" in piece, "data-passage" in piece) == (True, False), (
        "what is fetched again counts nothing"
    )
    work = run()
    assert (work.state, told(page)) == ("done", (there, 0, 1))
    page = client.post(reverse("crm:undo_territory_change", args=[work.change.pk])).url
    back = [(cast.nina, None, free), (cast.nina, cast.nour, 4)]
    assert told(page) == (back, 0, 1)
    # The smallest of many pairs are counted together.
    monkeypatch.setattr("pavillon.crm.queries.territory_passages.MOST", 1)
    assert told(page) == (back[:1], 4, 1)
    assert run().state == "done"
    assert told(page) == (back[:1], 4, 1)
    TerritoryWork.objects.update(state="failed")
    assert told(page) == ([], 0, 0), "nothing passed"


@pytest.mark.django_db(transaction=True)
def test_a_run_put_back_beside_a_living_one_waits_and_leaves_its_end_alone(client, monkeypatch):
    """How far it is shows, in companies, while it is written; what the second run finds is done, and stays so."""
    cast, told = ground(), []
    monkeypatch.setattr(territories, "BATCH", 2)
    tell = territories.tell_progress
    monkeypatch.setattr(territories, "tell_progress", lambda *far: (told.append(far), tell(*far)))
    follow(cast, cast.nour, cast.companies[:5])
    asked = Asked(Handing(cast.nina, cast.nour, timezone.localdate(), PortfolioChoice.OWN))
    place = {"organisation": cast.chamber, "region": cast.bretagne}
    work = actions.ask_territory_change(**place, ask="reassign", companies=5, by=fresh(cast.manager))
    written, go_on = threading.Event(), threading.Event()

    def apply(work, by):
        change = actions.reassign_portfolio(**place, asked=asked, reason="", by=by)
        written.set()
        assert go_on.wait(60)
        return change

    def run():
        try:
            with standing_as(HOUSE):
                actions.run_territory_work(work=TerritoryWork.objects.get(pk=work.pk), apply=apply)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        try:
            runs = [workers.submit(run)]
            assert written.wait(60) or runs[0].result(0)
            client.force_login(fresh(cast.manager))
            page = client.get(work.get_absolute_url(), headers={"hx-request": "true"})
            assert (page.context["work"].state, page.context["work"].percent) == ("running", 90)
            assert "Companies written: 5 of 5." in page.text
            assert told == [(10,), (40, 2), (70, 4), (85, 5), (90, 5)]
            runs.append(workers.submit(run))
            until = time.monotonic() + 60
            while not _somebody_waits() and time.monotonic() < until:
                time.sleep(0.02)
        finally:
            go_on.set()
        for one in runs:
            one.result(60)
    work.refresh_from_db()
    assert (work.state, work.problem, work.change.moves.count()) == ("done", "", 5)
    nobody = territories.pass_companies(work.change, [Passing(cast.companies[0].pk, None, None)], None, "", None)
    assert nobody == 0, "companies of nobody's are not told as written"
    assert Notification.objects.filter(recipient=cast.manager, kind="crm.territory_work").count() == 1


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()


def test_places_are_held_once_and_shared_by_postal_code_and_sector(cast, sign_in):
    """The database refuses what two territories of an organisation would hold; finer parts stand side by side."""
    client = sign_in(cast.manager)
    draw(client, cast, "Finistère", cast.nour, departments=["29"])
    west = Territory.objects.get()
    area = west.areas.first()
    clash = {"territory": west, "organisation": cast.chamber, "opened_by": area.opened_by, "commune": area.commune}
    with pytest.raises(IntegrityError), transaction.atomic():
        TerritoryArea.objects.create(**clash, postal_code="29000", sector="agri")
    TerritoryArea.objects.create(**{**clash, "organisation": cast.other}, postal_code="")
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()
    TerritoryArea.objects.filter(organisation=cast.other).delete()
    # A town is shared by its postal codes, and a department by its sectors.
    draw(client, cast, "Armor 1", cast.nina, postal_codes="22550")
    assert list(Territory.objects.get(name="Armor 1").areas.values_list("commune", "postal_code")) == [
        ("22003", "22550")
    ]
    draw(client, cast, "Armor agri", cast.nina, departments=["22", "29"], sectors=["agri"])
    agri = Territory.objects.get(name="Armor agri").areas
    assert set(agri.values_list("commune", "postal_code", "sector")) == {
        ("22001", "", "agri"), ("22002", "", "agri"), ("22003", "22500", "agri"),
    }  # fmt: skip
    # A commune that two share bears the colours of both, and is named.
    overview = client.get(reverse("crm:territories")).text
    assert "Bourg 22003 (" in overview
    assert overview.count("<pattern") == 1
    # What nobody holds is told; what is chosen wrongly too.
    assert client.get(reverse("crm:territories")).context["balance"].outside.companies > 0
    url = reverse("crm:create_territory")
    data = {"name": "x", "adviser": cast.nina.pk, "portfolio": "none", "day": timezone.localdate().isoformat()}
    for wrong, said in (
        ({"communes": "Atlantide"}, "“Atlantide”: no commune of Brittany"),
        ({"postal_codes": "29x"}, "“29x” is no beginning"),
        ({}, "Choose departments"),
        ({"departments": ["29"]}, "Nothing would move"),
        ({"communes": "22001", "name": "Armor 1", "seen": "x"}, "Places or portfolios moved"),
    ):
        answer = client.post(url, {**data, **wrong})
        assert answer.status_code == 422
        assert said in answer.text


def test_territories_merge_and_change_hands(cast, sign_in):
    """Places move, two become one, another adviser takes over, a name is given once; the agency looks on."""
    client, today = sign_in(cast.manager), timezone.localdate()
    follow(cast, cast.nour, cast.companies[:20])
    draw(client, cast, "Finistère", cast.nour, departments=["29"])
    draw(client, cast, "Armor", cast.nina, departments=["22"])
    west, north = Territory.objects.get(name="Finistère"), Territory.objects.get(name="Armor")
    soon = (today + datetime.timedelta(days=7)).isoformat()
    data = {"other": north.pk, "communes": "29001", "portfolio": "own", "day": soon}
    _shown, moved = through_preview(client, reverse("crm:move_territory_areas", args=[west.pk]), data)
    assert (moved.moves.count(), north.areas.standing().count()) == (5, 4)
    assert Referent.objects.filter(starts_on=today + datetime.timedelta(days=7), adviser=cast.nina).count() == 5
    # A name that stands already is refused; another adviser takes the portfolio, without what is planned already.
    change = reverse("crm:change_territory", args=[west.pk])
    taken = {"name": "Armor", "adviser": cast.nour.pk, "portfolio": "own", "day": today.isoformat()}
    shown = client.post(change, taken)
    assert client.post(change, {**taken, "seen": shown.context["plan"].fingerprint}).status_code == 422
    taken |= {"name": "Cornouaille", "adviser": cast.nina.pk}
    _shown, changed = through_preview(client, change, taken)
    west.refresh_from_db()
    assert (west.name, west.adviser, changed.moves.count()) == ("Cornouaille", cast.nina, 15)
    # Merged, and everything put back, the latest first.
    merged = reverse("crm:merge_territories", args=[west.pk])
    _shown, merging = through_preview(client, merged, {"other": north.pk, "portfolio": "none", "day": soon})
    assert [one.name for one in Territory.objects.in_force()] == ["Cornouaille"]
    assert client.post(reverse("crm:split_territory", args=[north.pk]), {}).status_code == 403
    for each in (merging, changed, moved):
        assert client.post(reverse("crm:undo_territory_change", args=[each.pk])).status_code == 302
    west.refresh_from_db()
    assert (west.name, west.adviser) == ("Finistère", cast.nour)
    assert {one.name: one.areas.standing().count() for one in Territory.objects.in_force()} == {
        "Finistère": 4, "Armor": 3,
    }  # fmt: skip
    assert Referent.objects.filter(ends_on=None).count() == 20
    assert {referent_of(one) for one in cast.companies[:20]} == {cast.nour}
    _shown, retired = through_preview(
        client, reverse("crm:retire_territory", args=[north.pk]), {"reason": "Trop petit"}
    )
    assert (retired.deed, Territory.objects.in_force().count()) == ("retired", 1)
    # Others look and may not touch; a partner abroad sees none.
    client = sign_in(cast.theo)
    assert client.get(west.get_absolute_url()).status_code == 200
    assert client.get(change).status_code == 403
    assert sign_in(cast.partner).get(west.get_absolute_url()).status_code == 404


def test_what_ended_takes_nothing_back_and_who_left_receives_nothing(cast, sign_in):
    """Undoing an old split leaves places where they are when their former territory is no more."""
    client = sign_in(cast.manager)
    follow(cast, cast.nina, cast.companies[:10])
    draw(client, cast, "Ouest", cast.nour, departments=["29"])
    draw(client, cast, "Nord", cast.nina, departments=["22"])
    west, north = Territory.objects.get(name="Ouest"), Territory.objects.get(name="Nord")
    data = {"how": "chosen", "communes": "quimper", "name": "Quimper", "adviser": cast.nina.pk, "portfolio": "own"}
    data["day"] = timezone.localdate().isoformat()
    _shown, split = through_preview(client, reverse("crm:split_territory", args=[west.pk]), data)
    # Nour leaves: her territory receives no portfolio, and says what to do.
    User.objects.filter(pk=cast.nour.pk).update(is_active=False)
    merge = {"other": north.pk, "portfolio": "own", "day": data["day"]}
    refused = client.post(reverse("crm:merge_territories", args=[west.pk]), merge)
    assert (refused.status_code, "no longer works here" in refused.text) == (422, True)
    moved = {**merge, "other": west.pk, "departments": ["22"]}
    refused = client.post(reverse("crm:move_territory_areas", args=[north.pk]), moved)
    assert (refused.status_code, "no longer works here" in refused.text) == (422, True)
    through_preview(client, reverse("crm:merge_territories", args=[north.pk]), {**merge, "other": west.pk})
    assert client.post(reverse("crm:undo_territory_change", args=[split.pk])).status_code == 302
    assert {one.name for one in Territory.objects.in_force()} == {"Nord", "Quimper"}
    assert not TerritoryArea.objects.standing().filter(territory__ended_by__isnull=False).exists()


def test_a_portfolio_is_handed_over_at_once(cast, sign_in):
    """All of it or what lies somewhere; potentials without anybody join a new territory; what moved is asked anew."""
    client, today = sign_in(cast.manager), timezone.localdate().isoformat()
    follow(cast, cast.nour, cast.companies[:10])
    url = reverse("crm:reassign_portfolio")
    data = {"giver": cast.nour.pk, "to": cast.nina.pk, "communes": "Quimper", "day": today, "reason": "Départ"}
    shown, change = through_preview(client, url, data)
    assert (shown.context["plan"].passed, change.moves.count()) == (5, 5)
    assert client.post(url, {**data, "to": cast.nour.pk}).status_code == 422
    # Of an adviser who left nothing is undone: his companies would be told that he is their referent.
    User.objects.filter(pk=cast.nour.pk).update(is_active=False)
    assert (len(undoing_of(change).moves), len(undoing_of(change).moves_gone)) == (0, 5)
    User.objects.filter(pk=cast.nour.pk).update(is_active=True)
    assert len(undoing_of(change).moves) == 5
    assert client.post(url, data).status_code == 422
    # Between the preview and the click somebody names a referent: nothing is written.
    whole = {"giver": cast.nour.pk, "to": cast.nina.pk, "day": today}
    seen = client.post(url, whole).context["plan"].fingerprint
    follow(cast, cast.nour, [cast.companies[20]])
    again = client.post(url, {**whole, "seen": seen})
    assert (again.status_code, PortfolioMove.objects.count()) == (422, 5)
    assert "read it again before you apply it" in again.text
    # A national organisation says where; an address that names no region shows the usual one.
    client = sign_in(cast.henri)
    assert client.get(url, {"region": "76"}).context["region"] == cast.occitanie
    assert client.get(url, {"region": "nulle part"}).context["region"] == cast.bretagne
    client = sign_in(cast.manager)
    # Potentials that nobody follows: those of the threshold and above.
    _shown, drawn = draw(client, cast, "Armor", cast.nina, departments=["22"], portfolio="free")
    assert drawn.moves.count() == 6
    assert {move.from_adviser for move in drawn.moves.all()} == {None}
    # The companies of a territory, and the territory of a company.
    made = Territory.objects.get()
    page = client.get(reverse("crm:territory_companies", args=[made.pk]), {"followed": "yes"})
    assert [row.profile.score for row in page.context["listing"].rows][:2] == [80, 80]
    postal, sheet = page.context["listing"].rows[0].postal_code, {"format": "csv", "followed": "yes"}
    assert all(postal in client.get(page.request["PATH_INFO"], asked).text for asked in ({}, sheet))
    cell = PolicyCell.objects.create(role="team_manager", model="directory.company", field="address", level=0)
    assert not any(postal in client.get(page.request["PATH_INFO"], asked).text for asked in ({}, sheet))
    cell.delete()
    # Who has nobody yet is proposed to the territory's adviser.
    alone = cast.companies[-5]
    assert referent_of(alone) is None
    form = client.get(reverse("crm:set_referent", args=[alone.pk])).context["form"]
    assert form.fields["member"].initial == cast.nina.acting.pk
    # The list of companies, segments and exports know territories too.
    listed = client.get(reverse("directory:companies"), {"territory.in": made.pk})
    assert len(listed.context["listing"].rows) == 15
    assert "Maison 29001 0" in client.get(reverse("directory:companies"), {"territory.not_in": made.pk}).text
    assert made.name in client.get(reverse("crm:view_referent", args=[cast.companies[-1].pk])).text
