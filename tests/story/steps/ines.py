"""Inès sells abroad: her shop, its first product, and the answer to its first buyer."""

import io
import re
import time

from PIL import Image
from playwright.sync_api import expect

from tests.story.people import WAIT, Person, shut

PRODUCT_EN = "Cartesian wrapping robot"
PRODUCT_FR = "Robot d’emballage cartésien"
COMPANY = "Mécanique Iroise"
ANSWER = "Good morning Tom, it runs on 220 V at 60 Hz. We can ship to Santos within eight weeks."
DESCRIPTION_EN = (
    "A cartesian robot that wraps 900 boxes an hour on three axes and changes format without tools. It is delivered "
    "assembled, tested on your own boxes, with its documentation in English and spare parts for two years."
)
DESCRIPTION_FR = (
    "Un robot cartésien qui emballe 900 cartons par heure sur trois axes et change de format sans outil. Il est livré "
    "monté, essayé sur vos propres cartons, avec sa documentation en français et deux ans de pièces détachées."
)


def apply_for_shop(ines: Person) -> None:
    page = ines.page
    ines.sign_in_as("ines")
    page.goto("/my/shop/")
    assert page.url.endswith("/my/shop/apply/"), page.url
    page.locator("textarea[name=motivation]").fill("Des robots d’emballage, pour le Brésil et le Mexique.")
    _send(ines, "main form.form")
    assert page.url.endswith("/my/shop/"), page.url


def open_shop(ines: Person) -> None:
    """The agency has accepted: she writes the page and puts it online."""
    page = ines.page
    page.goto("/my/shop/")
    with page.expect_navigation():
        page.locator("a[href$='/change/']").first.click()
    for name, words in {
        "tagline_en": "Machines that wrap, from Brest",
        "tagline_fr": "Des machines qui emballent, de Brest",
        "presentation_en": "We have built wrapping machines in Brest since 1978, for bakeries and laboratories.",
        "presentation_fr": "Nous construisons des machines d’emballage à Brest depuis 1978.",
    }.items():
        page.locator(f"[name={name}]").fill(words)
    _send(ines, "main form.form")
    _send(ines, "form[action$='/online/']")
    expect(page.locator("main a[href*='/showroom/shops/']")).not_to_have_count(0)


def write_product(ines: Person) -> None:
    """A guided form whose quality score and advice follow what she writes."""
    page = ines.page
    page.goto("/my/shop/products/create/")
    page.locator("input[name=kind][value=product]").check()
    page.locator("select[name=vertical]").select_option("industry-4-0")
    page.locator("input[name=name_en]").fill(PRODUCT_EN)
    page.locator("input[name=name_fr]").fill(PRODUCT_FR)
    _send(ines, "main form.form")
    before, advice = score(ines), page.locator("#quality li").count()
    assert advice >= 1, ines.text()
    for name, words in {
        "summary_en": "Wraps 900 boxes an hour and changes format without tools.",
        "summary_fr": "Emballe 900 cartons par heure et change de format sans outil.",
        "description_en": DESCRIPTION_EN,
        "description_fr": DESCRIPTION_FR,
        "price": "48500",
        "minimum_order": "1",
        "lead_time_days": "56",
    }.items():
        page.locator(f"[name={name}]").fill(words)
    # The score follows while she writes, before anything is saved.
    page.wait_for_function(
        "before => parseInt(document.querySelector('#quality strong').textContent) > before", arg=before
    )
    _send(ines, "main .maincol form.form")
    expect(page.locator("#quality")).to_contain_text("/100")
    assert score(ines) > before
    # Without a picture the agency does not read it: she is told so, and adds one.
    _send(ines, "form[action$='/submit/']")
    ines.reads("une image")
    add_picture(ines)
    _send(ines, "form[action$='/submit/']")
    ines.reads("À approuver")


def add_picture(ines: Person) -> None:
    drawing = io.BytesIO()
    Image.linear_gradient("L").resize((800, 600)).save(drawing, "PNG")
    page = ines.page
    form = page.locator("form[action$='/pictures/']")
    form.locator("input[type=file]").set_input_files(
        {"name": "robot.png", "mimeType": "image/png", "buffer": drawing.getvalue()}
    )
    form.locator("[name=alt_en]").fill("The wrapping robot in a bakery")
    form.locator("[name=alt_fr]").fill("Le robot d’emballage dans une biscuiterie")
    _send(ines, "form[action$='/pictures/']")
    # It loads late, when it is near: the page may be there before it.
    picture = page.locator("main figure img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")


def see_enquiry_arrive(ines: Person, buyer: str, since: float) -> float:
    """Her open list shows the buyer by itself; seconds since the question left."""
    ines.page.locator("#list tbody tr", has_text=buyer).wait_for(timeout=WAIT)
    return time.monotonic() - since


def be_told(ines: Person) -> None:
    """In the inbox, and by mail in her language; the inbox says that the mail went out."""
    ines.wait_for_letter(ines.house.people["ines"]["email"])
    window = ines.open_window()
    window.goto("/inbox/")
    expect(window.locator("main")).to_contain_text("envoyé")
    shut(window)


def answer_enquiry(ines: Person, buyer: str, question: str) -> None:
    """The request is in her inbox by itself, in the list and in full."""
    page = ines.page
    with page.expect_navigation():
        page.locator("#list tbody tr", has_text=buyer).locator("a.main").first.click()
    ines.reads(question, buyer, "Tom", "Brésil")
    page.locator("#answer textarea").fill(ANSWER)
    _send(ines, "#answer")
    ines.reads(ANSWER)


def share_thread(ines: Person) -> None:
    _send(ines, "form[action$='/share/']")


def score(ines: Person) -> int:
    found = re.search(r"(\d+)/100", ines.page.locator("#quality").inner_text())
    assert found
    return int(found.group(1))


def _send(person: Person, form: str) -> None:
    with person.page.expect_navigation():
        person.page.locator(form).first.locator("button.primary, button").first.click()
