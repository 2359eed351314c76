"""A mail as it came over the wire, taken apart within bounds. Pure: nothing here knows the database."""

import codecs
import datetime
import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from pavillon.correspondence.wording import split_history, text_of_html, tidy

# All headers of all parts together, one of them, and one of those that say what a part is: their parameters cost
# the square of their length.
MOST_HEADERS, MOST_HEADER, MOST_OF_CONTENT = 64 << 10, 8 << 10, 2 << 10
# They cost the square of their length too.
SLOW_CHARSETS = ("punycode", "idna")
MOST_PARTS = 100
MOST_ADDRESSES = 100
MOST_MENTIONED = 20
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
BREAKABLE = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, LookupError, RecursionError, AssertionError,
    OverflowError, MessageError,
)  # fmt: skip
# Of files that bear no name.
ENDINGS = {"message/rfc822": ".eml", "text/html": ".html", "application/pdf": ".pdf", "text/calendar": ".ics"}
DIGITS = re.compile(r"\bD-([0-9]{6,12})\b", re.IGNORECASE)


class Unreadable(Exception):
    """The message is none that can be taken apart, or is larger than what is."""


class _Bounded(Compat32):  # type: ignore[misc]
    """Refuses headers that are too long while they are read, before anything looks into one of them."""

    counted: list[int] | None = None

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        size = sum(map(len, sourcelines))
        assert self.counted is not None
        self.counted[0] += size
        is_content = sourcelines[0][:8].lower() == "content-"
        if size > (MOST_OF_CONTENT if is_content else MOST_HEADER) or self.counted[0] > MOST_HEADERS:
            raise ValueError("headers")
        name, value = super().header_source_parse(sourcelines)
        return name, value


@dataclass(frozen=True)
class Attachment:
    """A file of a mail, as it says it is."""

    name: str
    content: bytes


@dataclass
class Mail:
    """One mail. `sender` is the one address of its From; `words` what is new, `history` what it quotes.

    `results` are the headers Authentication-Results as they came: decoded, a sender's own words could end a comment.
    """

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
    calendar_name: str = ""
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
    message = message_from_bytes(content, policy=_Bounded(counted=[0]))  # type: ignore[call-arg]
    senders = _addresses(_raw(message, "from"))
    if len(senders) != 1:
        raise Unreadable("from")
    name, sender = senders[0]
    text, calendar, attachments = _contents(message)
    words, history = split_history(text)
    number = _first(message, "message-id").strip()
    return Mail(
        # Without a number of its own, what it says is its number.
        key=hashlib.sha256(number.encode(errors="replace") if number.strip("<> ") else content).hexdigest(),
        sender=sender,
        sender_name=name,
        recipients=_addresses([*_raw(message, "to"), *_raw(message, "cc")])[:MOST_ADDRESSES],
        subject=_line(_decoded(_first(message, "subject"))),
        sent_at=_moment(_first(message, "date")),
        words=words,
        history=history,
        is_automatic=_is_automatic(message),
        results=_raw(message, "authentication-results"),
        calendar=calendar.content,
        calendar_name=calendar.name,
        attachments=attachments,
    )


def _raw(message: Message, name: str) -> list[str]:
    """The headers of a name as they came, each on one line."""
    found = [str(value) for key, value in message.raw_items() if key.lower() == name]
    return [re.sub(r"[\r\n]+", "", each).encode(errors="surrogateescape").decode(errors="replace") for each in found]


def _first(message: Message, name: str) -> str:
    return next(iter(_raw(message, name)), "")


def _decoded(text: str) -> str:
    """The words of a header (RFC 2047), or as they came when they cannot be read."""
    try:
        return str(make_header(decode_header(text)))
    except (*BREAKABLE, UnicodeError):
        return text


def _line(text: Any) -> str:
    return "".join(sign for sign in " ".join(str(text).split()) if sign.isprintable())[:300]


def _addresses(headers: list[str]) -> list[tuple[str, str]]:
    """(name, address) of each address of some headers, once each, in small letters."""
    found: dict[str, str] = {}
    for name, address in getaddresses(headers):
        address = address.strip().lower()
        if ADDRESS.fullmatch(address) and address not in found:
            found[address] = _line(_decoded(name))[:120]
    return [(name, address) for address, name in found.items()]


def _moment(header: str) -> datetime.datetime | None:
    try:
        moment = parsedate_to_datetime(header) if header else None
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=datetime.UTC) if moment is not None and moment.tzinfo is None else moment


def _is_automatic(message: Message) -> bool:
    """What programs send (RFC 3834): answers in one's absence, bounces, lists. None of it is an exchange."""
    submitted = (_first(message, "auto-submitted") or "no").split(";")[0].strip().lower()
    bulk = _first(message, "precedence").strip().lower() in ("bulk", "list", "junk", "auto_reply")
    is_report = message.get_content_type() == "multipart/report"
    return submitted != "no" or bulk or is_report or message.get("list-id") is not None


def _contents(message: Message) -> tuple[str, Attachment, list[Attachment]]:
    """The text to read, the calendar message if there is one, and the files."""
    plain, markup, calendar, files = "", "", Attachment("", b""), []
    for number, part in enumerate(_parts(message)):
        kind = part.get_content_type()
        if part.is_multipart() and kind != "message/rfc822":
            continue
        name, is_file = _name(part, number), part.get_content_disposition() == "attachment" or part.get_filename()
        if kind == "text/calendar" and not calendar.content:
            calendar = Attachment(name, _payload(part).replace(b"\0", b""))
        elif kind == "message/rfc822":
            files.append(Attachment(name, part.as_bytes()))
        elif not is_file and kind == "text/plain":
            plain = plain or _text(part)
        elif not is_file and kind == "text/html":
            markup = markup or _text(part)
        elif content := _payload(part):
            files.append(Attachment(name, content))
    files = [file for file in files if not _is_same(file, calendar)]
    return tidy(plain) if plain.strip() else text_of_html(markup), calendar, files


def _is_same(file: Attachment, calendar: Attachment) -> bool:
    """An invitation often comes twice: in the mail, and as a file beside it."""
    return file.name.lower().endswith(".ics") and file.content.split() == calendar.content.split()


def _parts(message: Message) -> list[Message]:
    """The parts, a mail within the mail as one; too many raise ValueError."""
    found: list[Message] = []
    waiting: list[Any] = [message]
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        if len(found) > MOST_PARTS:
            raise ValueError("parts")
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            waiting[:0] = part.get_payload()
    return found


def _name(part: Message, number: int) -> str:
    ending = ENDINGS.get(part.get_content_type(), "")
    # A mail is no file of a folder: what would be a path is a name.
    given = re.sub(r"[/\\]", "_", _line(_decoded(part.get_filename() or "")))
    return given[-150:] or f"{number}{ending}"


def _payload(part: Message) -> bytes:
    content: Any = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    try:
        charset = codecs.lookup(part.get_content_charset() or "utf-8").name
        return _payload(part).decode("utf-8" if charset in SLOW_CHARSETS else charset, errors="replace")
    except LookupError:
        return _payload(part).decode("utf-8", errors="replace")
