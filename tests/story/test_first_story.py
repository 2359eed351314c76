"""The first story of the platform, each step through the door its person would use, in several browsers at once."""

from collections.abc import Callable

import pytest

from tests.story.house import House
from tests.story.people import WAIT, Person
from tests.story.steps import agency as agency_steps
from tests.story.steps import claire as claire_steps
from tests.story.steps import helene as helene_steps
from tests.story.steps import ines as ines_steps
from tests.story.steps import tom as tom_steps

MESSAGE = "Un distributeur japonais nous a écrit : que lui répondre ?"


@pytest.mark.browser
@pytest.mark.covers("DIAG-01", "DIAG-08", "BASE-03", "BASE-12", "LEAD-09", "GDPR-01", "SHOW-08", "LINK-05")
@pytest.mark.covers("NOTI-01", "MONI-01")
def test_first_story(house: House, arrive: Callable[..., Person], capsys: pytest.CaptureFixture[str]) -> None:
    """Eight people, one day. Waiting times are printed, and only absurd ones fail."""
    claire, helene, gael, ines, alice, nora = (arrive() for _ in range(6))
    tom = arrive(width=390, language="pt-BR")
    waits: dict[str, float] = {}

    # 1. Claire takes the diagnosis, opens an account.
    claire_steps.refuse_cookies(claire)
    result = claire_steps.take_diagnosis(claire)
    claire_steps.open_account(claire, result)

    # 2 and 3. Her request is routed to Hélène, whose desk and whose colleague Alice's dashboard are open.
    helene_steps.watch_desk(helene)
    agency_steps.watch_dashboard(alice)
    before = agency_steps.figures(alice.page)
    subject, asked_at = claire_steps.ask_to_be_contacted(claire, MESSAGE)
    waits["request to desk"] = helene_steps.see_request_arrive(helene, subject, asked_at)
    agency_steps.see_figure_move(alice, "leads", before["leads"])
    helene_steps.be_told(helene, subject)
    claire_steps.read_my_requests(claire, subject, "Hélène Le Goff", "CCI Bretagne", "La suite", "au plus tard")
    lead = helene_steps.open_request(helene, subject)
    helene.reads(MESSAGE)
    helene_steps.take_charge(helene)
    agency_steps.see_figure_move(alice, "taken", before["taken"])
    helene_steps.log_call(helene)
    company = helene_steps.read_timeline(helene)
    claire_steps.read_my_requests(claire, helene_steps.NEXT_ACTION, "Hélène Le Goff")
    claire.does_not_read(helene_steps.PRIVATE_WORDS)
    gael.sign_in_as("gael")
    helene_steps.does_not_find(gael, company, lead)

    # 4. Inès opens her shop; the agency accepts it, then its first product.
    ines_steps.apply_for_shop(ines)
    agency_steps.accept_shop(alice, ines_steps.COMPANY)
    ines_steps.open_shop(ines)
    ines_steps.write_product(ines)
    agency_steps.approve_product(alice, ines_steps.PRODUCT_FR, ines_steps.COMPANY)
    ines.page.goto("/my/shop/enquiries/")
    ines.listens()

    # 5. Tom finds the product on his phone, registers and asks.
    tom_steps.find_product(tom, ines_steps.PRODUCT_EN)
    tom_steps.read_product(tom, ines_steps.PRODUCT_EN)
    agency_steps.see_figure_move(alice, "views", before["views"])
    tom_steps.ask_and_register(tom)
    sent_at = tom_steps.confirm(tom)

    # 6. Inès is told at once and answers; Hélène sees that, not what, until Inès shares it.
    waits["question to seller"] = ines_steps.see_enquiry_arrive(ines, tom_steps.COMPANY, sent_at)
    agency_steps.see_figure_move(alice, "enquiries", before["enquiries"])
    ines_steps.be_told(ines)
    ines_steps.answer_enquiry(ines, tom_steps.COMPANY, tom_steps.QUESTION)
    tom_steps.read_answer(tom, ines_steps.ANSWER)
    helene_steps.follow_enquiry(helene, ines_steps.COMPANY, tom_steps.QUESTION, is_shared=False)
    ines_steps.share_thread(ines)
    helene_steps.follow_enquiry(helene, ines_steps.COMPANY, tom_steps.QUESTION, is_shared=True)

    # 7. Alice's figures have moved and are those of the lists behind them; the report says the same three times.
    agency_steps.figures_equal_lists(alice, ines_steps.COMPANY)
    agency_steps.read_monthly_report(alice, ines_steps.COMPANY)

    # 8. Nora sees that Hélène read Claire's record.
    agency_steps.find_who_read(nora, "Biscuiterie de l’Aulne", "Hélène Le Goff")
    house.verify()

    for person in (claire, helene, gael, ines, alice, nora, tom):
        assert not person.complaints
    with capsys.disabled():
        print("".join(f"\n{name}: {seconds:.2f} s" for name, seconds in waits.items()), end=" ")
    assert all(seconds < WAIT / 1000 for seconds in waits.values()), waits
