"""A mail as it came over the wire, taken apart within bounds. Pure: nothing here knows the database."""

import datetime
import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from pavillon.correspondence.wording import split_history, text_of_html, tidy

MOST_HEADERS = 64 << 10
MOST_PARTS = 100
MOST_ADDRESSES = 100
MOST_MENTIONED = 20
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
BREAKABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, LookupError, RecursionError, AssertionError)
# Of files that bear no name.
ENDINGS = {"message/rfc822": ".eml", "text/html": ".html", "application/pdf": ".pdf"}
DIGITS = re.compile(r"\bD-([0-9]{6,12})\b", re.IGNORECASE)


class Unreadable(Exception):
    """The message is none that can be taken apart, or is larger than what is."""


@dataclass(frozen=True)
class Attachment:
    """A file of a mail, as it says it is."""

    name: str
    content: bytes


@dataclass
class Mail:
    """One mail. `sender` is the one address of its From; `words` what is new, `history` what it quotes."""

    key: str
    sender: str
    sender_name: str
    recipients: list[tuple[str, str]]
    subject: str
    sent_at: datetime.datetime | None
    words: str
    history: str
    is_automatic: bool
    results: list[str]
    calendar: bytes = b""
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def mentioned(self) -> list[str]:
        """Addresses that the text names, the quoted history included: where a forwarded mail came from."""
        named = dict.fromkeys(found.lower().strip(".") for found in ADDRESS.findall(f"{self.words}\n{self.history}"))
        known = {self.sender, *(address for _name, address in self.recipients)}
        return [address for address in named if address not in known][:MOST_MENTIONED]

    @property
    def requests(self) -> list[int]:
        """The numbers of requests that the subject names ("D-000123")."""
        return [int(number) for number in dict.fromkeys(DIGITS.findall(self.subject))][:5]


def read_mail(content: bytes) -> Mail:
    """Raises Unreadable."""
    head = min((at for at in (content.find(b"\r\n\r\n"), content.find(b"\n\n")) if at >= 0), default=len(content))
    if head > MOST_HEADERS:
        raise Unreadable("headers")
    try:
        return _read(content)
    except BREAKABLE as error:
        raise Unreadable(type(error).__name__) from error


def _read(content: bytes) -> Mail:
    message: Any = message_from_bytes(content, policy=policy.default)
    senders = _addresses(message.get_all("from", []))
    if len(senders) != 1:
        raise Unreadable("from")
    name, sender = senders[0]
    text, calendar, attachments = _contents(message)
    words, history = split_history(text)
    number = str(message.get("message-id", "")).strip().encode(errors="replace") or content
    return Mail(
        key=hashlib.sha256(number).hexdigest(),
        sender=sender,
        sender_name=name,
        recipients=_addresses([*message.get_all("to", []), *message.get_all("cc", [])])[:MOST_ADDRESSES],
        subject=_line(message.get("subject", "")),
        sent_at=_moment(message.get("date")),
        words=words,
        history=history,
        is_automatic=_is_automatic(message),
        results=[str(each) for each in message.get_all("authentication-results", [])],
        calendar=calendar,
        attachments=attachments,
    )


def _line(text: Any) -> str:
    return "".join(sign for sign in " ".join(str(text).split()) if sign.isprintable())[:300]


def _addresses(headers: list[Any]) -> list[tuple[str, str]]:
    """(name, address) of each address of some headers, once each, in small letters."""
    found: dict[str, str] = {}
    for name, address in getaddresses([str(each) for each in headers]):
        address = address.strip().lower()
        if ADDRESS.fullmatch(address) and address not in found:
            found[address] = _line(name)[:120]
    return [(name, address) for address, name in found.items()]


def _moment(header: Any) -> datetime.datetime | None:
    try:
        moment = parsedate_to_datetime(str(header)) if header else None
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=datetime.UTC) if moment is not None and moment.tzinfo is None else moment


def _is_automatic(message: EmailMessage) -> bool:
    """What programs send (RFC 3834): answers in one's absence, bounces, lists. None of it is an exchange."""
    submitted = str(message.get("auto-submitted", "no")).split(";")[0].strip().lower()
    bulk = str(message.get("precedence", "")).strip().lower() in ("bulk", "list", "junk", "auto_reply")
    is_report = message.get_content_type() == "multipart/report"
    return submitted != "no" or bulk or is_report or message.get("list-id") is not None


def _contents(message: EmailMessage) -> tuple[str, bytes, list[Attachment]]:
    """The text to read, the calendar message if there is one, and the files."""
    plain, markup, calendar, files = "", "", b"", []
    for number, part in enumerate(_parts(message)):
        kind = part.get_content_type()
        if part.is_multipart() and kind != "message/rfc822":
            continue
        name, is_file = _name(part, number), part.get_content_disposition() == "attachment" or part.get_filename()
        if kind == "text/calendar" and not calendar:
            calendar = _payload(part)
        elif kind == "message/rfc822":
            files.append(Attachment(name, part.as_bytes()))
        elif not is_file and kind == "text/plain":
            plain = plain or _text(part)
        elif not is_file and kind == "text/html":
            markup = markup or _text(part)
        elif content := _payload(part):
            files.append(Attachment(name, content))
    # An invitation often comes twice: in the mail, and as a file beside it.
    files = [file for file in files if not (calendar and file.name.lower().endswith(".ics"))]
    return tidy(plain) if plain.strip() else text_of_html(markup), calendar, files


def _parts(message: EmailMessage) -> list[EmailMessage]:
    """The parts, a mail within the mail as one; too many raise ValueError."""
    found: list[EmailMessage] = []
    waiting: list[Any] = [message]
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        if len(found) > MOST_PARTS:
            raise ValueError("parts")
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            waiting[:0] = part.get_payload()
    return found


def _name(part: EmailMessage, number: int) -> str:
    ending = ENDINGS.get(part.get_content_type(), "")
    # A mail is no file of a folder: what would be a path is a name.
    given = re.sub(r"[/\\]", "_", _line(part.get_filename() or ""))
    return given[-150:] or f"{number}{ending}"


def _payload(part: EmailMessage) -> bytes:
    content: Any = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: EmailMessage) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        return _payload(part).decode(charset, errors="replace")
    except LookupError:
        return _payload(part).decode("utf-8", errors="replace")
