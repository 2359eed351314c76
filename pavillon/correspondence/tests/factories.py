"""The rows that tests of this room stand on, and mails as programs write them."""

from email.message import EmailMessage

from pavillon.correspondence import actions
from pavillon.correspondence.actions.receiving import Arrival
from pavillon.correspondence.queries.addresses import place_of
from pavillon.crm.tests import factories as crm
from pavillon.crm.tests.factories import fresh
from pavillon.directory.actions import add_contact
from tests.remembered import remembered

DOMAIN = "copies.pavillon.example"
INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Calendar//EN
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20270101T080000Z
SEQUENCE:{sequence}
DTSTART:{start}
DTEND:{end}
SUMMARY:{title}
ORGANIZER:mailto:{organizer}
ATTENDEE{params}:mailto:{guest}
END:VEVENT
END:VCALENDAR
"""


@remembered
def stage():
    """The cast of `crm`; Alan works at the Atelier, Vera at the Verreries."""
    cast = crm.stage()
    cast.alan = contact(cast.atelier, "Alan", "alan@ponant.example")
    cast.vera = contact(cast.southern, "Vera", "vera@verreries.example")
    return cast


def contact(company, name, email):
    return add_contact(company=company, first_name=name, last_name="Test", email=email, by=None)


def copy_of(user):
    """Somebody's own address, made."""
    return actions.renew_copy_address(by=fresh(user))


def calendar(method="REQUEST", **more):
    """An event as a calendar sends it."""
    said = {
        "uid": "meeting-1@calendar.example", "sequence": 0, "title": "Point export", "organizer": "a@b.example",
        "guest": "c@d.example", "params": "", "start": "20271201T090000Z", "end": "20271201T100000Z", **more,
    }  # fmt: skip
    return INVITATION.format(method=method, **said).replace("\n", "\r\n")


def mail(sender, to="alan@ponant.example", *, subject="Votre offre", text="Bonjour,\nVoici notre offre.", **more):
    """A mail; `number` is its Message-ID, `event` a calendar, `files` are {name: content}, `headers` others."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Message-ID"] = f"<{more.get('number', subject)}@example.example>".replace(" ", "-")
    for name, value in more.get("headers", {}).items():
        letter[name] = value
    letter.set_content(text)
    if markup := more.get("markup"):
        letter.add_alternative(markup, subtype="html")
    if event := more.get("event"):
        letter.add_alternative(event.encode(), "text", "calendar", params={"method": more.get("method", "REQUEST")})
    for name, content in more.get("files", {}).items():
        letter.add_attachment(content, "application", "octet-stream", filename=name)
    return letter


def arrived(user, letter, *addresses):
    """A mail that its owner copied, without the wire."""
    places = tuple(place_of(each, user.email) for each in addresses or [copy_of(user).address])
    return actions.receive_mail(content=bytes(letter), arrival=Arrival(user.email, places, is_local=True))
