"""A working week of four advisers, each through the pages one needs most, and each before the doors of the others."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.story.house import House
from tests.story.people import WAIT, Person
from tests.story.steps import week_abroad as abroad
from tests.story.steps import week_helene as helene_steps
from tests.story.steps import week_karim as karim_steps

LOANS = "Financer un stock de semoirs au Canada : par où commencer ?"
GERMANY = "Trouver des importateurs dans le nord de l’Allemagne."


@pytest.mark.browser
@pytest.mark.covers("LEAD-05", "LEAD-06", "LEAD-07")
def test_working_week(house: House, arrive: Callable[..., Person]) -> None:
    """The days are said by the dates that people enter, so that any day of the year will do."""
    today = date.today()
    monday = today + timedelta(days=21 - today.weekday())
    tomorrow = helene_steps.next_working_day(today)
    helene, karim, marc = (arrive() for _ in range(3))
    yuki = arrive(language="en-GB")
    lars = arrive(language="en-GB", width=390)
    for person, persona in ((helene, "helene"), (karim, "karim"), (yuki, "yuki"), (lars, "lars"), (marc, "marc")):
        person.sign_in_as(persona)
    emails = {persona: house.people[persona]["email"] for persona in ("karim", "yuki", "lars")}

    # Monday. Hélène's hours for a week to come; a company asks; she calls, and promises.
    helene_steps.apply_typical_week(helene, monday)
    ask(marc, LOANS)
    loan = helene_steps.find_request(helene)
    helene_steps.take_charge(helene, loan)
    expect(helene.page.locator("main")).to_contain_text(LOANS)
    company = str(helene.page.locator(".record .subline a").first.get_attribute("href"))
    helene_steps.log_call_by_keyboard(helene)
    helene_steps.promise(helene, tomorrow)
    private = helene_steps.keep_private_hour(helene, tomorrow)

    # Tuesday. A colleague of the bank declines, then accepts; a visit completes the checklist; the board; the evening.
    helene_steps.hand_over(helene, loan, email=emails["karim"], note="Le stock est le nœud.")
    karim_steps.decline(karim)
    helene_steps.read_refusal(helene)
    helene_steps.hand_over(helene, loan, email=emails["karim"], note="En février, donc ?")
    karim_steps.accept(karim)
    before = helene_steps.qualified(helene)
    assert helene_steps.missing_points(helene, company) == 1
    helene_steps.visit(helene, company, today)
    assert helene_steps.missing_points(helene, company) == 0
    ask(marc, GERMANY)
    germany = helene_steps.find_request(helene)
    helene_steps.move_on_board(helene, germany)
    helene_steps.plan_tomorrow(helene)

    # Wednesday. Karim takes a potential, reads a timeline, sells a service; the company says what it is worth.
    karim_steps.take_potential(karim)
    karim_steps.read_timeline(karim, company)
    karim_steps.note_for_the_bank(karim, company)
    order = karim_steps.order(karim, loan)
    karim_steps.deliver(karim, order, today)
    karim_steps.answer_survey(marc)
    karim_steps.read_verdict(karim, order)

    # Thursday. The foreign office takes over, and hands over to a partner as soon as the company agrees.
    helene_steps.hand_over(helene, germany, email=emails["yuki"], note="À toi l’Allemagne.", need=abroad.EXPECTED)
    abroad.accept(yuki, "yuki")
    running = abroad.running_missions(yuki, "Handelsbrücke")
    abroad.propose_to_partner(yuki, germany, emails["lars"])
    yuki.expects(422)
    assert lars.context.request.get(germany).status == 404, "before the company agreed"
    abroad.agree(marc)
    abroad.propose_to_partner(yuki, germany, emails["lars"])
    abroad.accept(lars, "lars")
    assert abroad.running_missions(yuki, "Handelsbrücke") == running + 1
    mission = abroad.set_deadline(yuki, today + timedelta(days=30))

    # Friday. The partner reports with a proof, she judges; the indicators of both networks have moved.
    abroad.report(lars, mission)
    abroad.judge(yuki, mission)
    lars.page.goto(mission)
    expect(lars.page.locator("main")).to_contain_text(abroad.JUDGED)
    see_indicators_move(helene, before)

    # Each before the doors of the others.
    hours = {person: helene_steps.keep_private_hour(person, tomorrow) for person in (karim, yuki, lars)}
    hours[helene] = private
    for person in hours:
        others = [address for owner, address in hours.items() if owner is not person]
        stays_shut(person, [*others, *([loan, order, "/companies/1/"] if person is lars else [])])
        secrets = {helene: [karim_steps.BANK_NOTE], karim: [helene_steps.PRIVATE_WORDS]}
        both = [karim_steps.BANK_NOTE, helene_steps.PRIVATE_WORDS, karim_steps.VERDICT]
        finds_nothing(person, company, secrets.get(person, both if person is lars else both[:2]))
    for address in ("/companies/", "/potentials/", f"/search/?q={karim_steps.TAKEN.split()[0]}"):
        assert karim_steps.TAKEN not in lars.context.request.get(address).text(), address
    for person in (helene, karim, yuki, lars, marc):
        assert not person.complaints, person.complaints


def ask(marc: Person, message: str) -> None:
    """The company asks from its own space, and reads who answers."""
    marc.page.goto("/my/contact/")
    marc.page.locator("textarea[name=message]").fill(message)
    marc.send(marc.page.locator("main form[method=post] button.primary"))
    expect(marc.page.locator("main")).to_contain_text("Hélène Le Goff")


def see_indicators_move(helene: Person, before: dict[str, int]) -> None:
    """The count of qualified companies is written by a job: it is looked at until both networks have one more."""
    page = helene.page
    for _ in range(WAIT // 500):
        now = helene_steps.qualified(helene)
        if all(now[network] > before[network] for network in before):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{before} is still {now}\n{helene.house.words()}")


def stays_shut(person: Person, addresses: list[str]) -> None:
    """Somebody else's private page does not open by its address."""
    for address in addresses:
        status = person.context.request.get(address).status
        assert status in (403, 404), f"{address}: {status}"


def finds_nothing(person: Person, company: str, secrets: list[str]) -> None:
    """Neither lists, nor the search, nor the timeline, nor the agenda of a team tell what others keep to themselves."""
    looked = ("/leads/?whose=all", "/missions/", "/services/", "/agenda/team/", f"{company}timeline/lines/")
    for address in (*looked, *(f"/search/?q={secret.split()[0]}" for secret in secrets)):
        words = person.context.request.get(address).text()
        for secret in secrets:
            assert secret not in words, f"{address} tells {secret}"
