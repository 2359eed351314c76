"""Letters to companies that have no account yet."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from pavillon.activity.actions import record
from pavillon.crm.models import Lead
from pavillon.crm.queries.workload import present_settings


def send_diagnosis_letter(*, lead: Lead) -> None:
    """Send the self-service diagnosis to the address that a request gave (LEAD-02); raises what the mail server says.

    The letter's number is the request's: a job that is put back sends the same letter, which a mail server may drop.
    """
    if not lead.is_sent_to_diagnosis or not lead.contact_email:
        return
    language = lead.contact.language if lead.contact else "fr"
    link = settings.BASE_URL + present_settings().diagnosis_path.format(language=language)
    with translation.override(language):
        text = render_to_string("crm/letters/diagnosis.txt", {"lead": lead, "link": link}).strip()
    subject, _newline, body = text.partition("\n")
    number = f"<diagnosis-of-request-{lead.pk}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"
    letter = EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[lead.contact_email])
    letter.extra_headers["Message-ID"] = number
    letter.send()
    record("crm.diagnosis_offered", lead, by=None)
