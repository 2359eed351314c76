"""The little of WebDAV and CalDAV (RFC 4918, RFC 4791) that one calendar needs: requests read, answers written."""

import datetime
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from defusedxml.ElementTree import fromstring

DAV, CAL, SERVER = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
for _prefix, _space in (("d", DAV), ("c", CAL), ("cs", SERVER)):
    ET.register_namespace(_prefix, _space)

METHODS = ("OPTIONS", "GET", "HEAD", "PUT", "DELETE", "PROPFIND", "REPORT")
MOST_BYTES = 1_000_000


class BadRequest(Exception):
    """The body is no request that RFC 4918 or RFC 4791 knows."""


class UnknownFilter(Exception):
    """A filter that is not understood must be refused, not ignored (RFC 4791, 7.8)."""


def d(name: str) -> str:
    return f"{{{DAV}}}{name}"


def c(name: str) -> str:
    return f"{{{CAL}}}{name}"


@dataclass
class Query:
    """A REPORT: which properties, of which resources, in which stretch of time."""

    names: list[str]
    hrefs: list[str] | None = None
    uids: list[str] | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    expand: tuple[datetime.datetime, datetime.datetime] | None = None
    wants_events: bool = True


@dataclass
class Answer:
    """The properties of one resource: `found` is {name: element}; `status` alone when it is not there."""

    href: str
    found: dict[str, ET.Element] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    status: str = ""


def _parsed(body: bytes) -> ET.Element:
    try:
        return fromstring(body, forbid_dtd=True)
    except Exception as error:  # broken, or an attack that defusedxml refuses: one answer for both
        raise BadRequest(str(error)) from error


def read_propfind(body: bytes) -> list[str] | None:
    """The names of the properties that are asked for, None for all."""
    if not body.strip():
        return None
    root = _parsed(body)
    if root.tag != d("propfind"):
        raise BadRequest(root.tag)
    asked = root.find(d("prop"))
    return None if asked is None else [each.tag for each in asked]


def read_report(body: bytes) -> Query:
    """Raises BadRequest for other reports, UnknownFilter for conditions that are not understood."""
    root = _parsed(body)
    if root.tag not in (c("calendar-query"), c("calendar-multiget")):
        raise BadRequest(root.tag)
    asked = root.find(d("prop"))
    query = Query([each.tag for each in asked] if asked is not None else [d("getetag")])
    data = root.find(f"{d('prop')}/{c('calendar-data')}/{c('expand')}")
    if data is not None:
        query.expand = (_moment(data.get("start", "")), _moment(data.get("end", "")))
    if root.tag == c("calendar-multiget"):
        query.hrefs = [each.text or "" for each in root.findall(d("href"))]
        return query
    _read_filter(root, query)
    return query


def _read_filter(root: ET.Element, query: Query) -> None:
    for component in root.findall(f"{c('filter')}/{c('comp-filter')}"):
        if component.get("name") != "VCALENDAR":
            raise UnknownFilter(str(component.get("name")))
        for inner in component:
            if inner.tag != c("comp-filter"):
                raise UnknownFilter(inner.tag)
            if inner.get("name") != "VEVENT":
                query.wants_events = False
                continue
            for condition in inner:
                _read_condition(condition, query)


def _read_condition(condition: ET.Element, query: Query) -> None:
    """A stretch of time, or the name of an event."""
    if condition.tag == c("time-range"):
        start, end = condition.get("start"), condition.get("end")
        query.since = _moment(start) if start else None
        query.until = _moment(end) if end else None
        return
    text = condition.find(c("text-match"))
    negated = text is not None and text.get("negate-condition") == "yes"
    if condition.tag != c("prop-filter") or condition.get("name") != "UID" or text is None or negated:
        raise UnknownFilter(condition.get("name") or condition.tag)
    query.uids = [text.text or ""]


def _moment(text: str) -> datetime.datetime:
    try:
        return datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise BadRequest(text) from error


def element(tag: str, /, *children: ET.Element, text: str = "", **attributes: str) -> ET.Element:
    made = ET.Element(tag, attributes)
    made.text = text or None
    made.extend(children)
    return made


def href(path: str) -> ET.Element:
    return element(d("href"), text=path)


Property = Callable[[], ET.Element]


def chosen(where: str, known: dict[str, Property], names: list[str] | None) -> Answer:
    """Of the properties that a resource knows, those that are asked for, and the names of the others."""
    wanted = list(known) if names is None else names
    return Answer(
        where, {name: known[name]() for name in wanted if name in known}, [name for name in wanted if name not in known]
    )


def multistatus(answers: Iterable[Answer]) -> bytes:
    root = ET.Element(d("multistatus"))
    for answer in answers:
        response = ET.SubElement(root, d("response"))
        response.append(href(answer.href))
        if answer.status:
            response.append(element(d("status"), text=f"HTTP/1.1 {answer.status}"))
            continue
        groups = (("200 OK", list(answer.found.values())), ("404 Not Found", [ET.Element(n) for n in answer.missing]))
        for status, properties in groups:
            if properties or (status == "200 OK" and not answer.missing):
                stat = ET.SubElement(response, d("propstat"))
                stat.append(element(d("prop"), *properties))
                stat.append(element(d("status"), text=f"HTTP/1.1 {status}"))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def error(name: str) -> bytes:
    """The condition that was not met (RFC 4918, 16)."""
    return bytes(ET.tostring(element(d("error"), ET.Element(name)), encoding="utf-8", xml_declaration=True))
