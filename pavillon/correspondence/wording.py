"""Words of a mail as people read them: HTML as text, and what is new apart from the history below it. Pure."""

import re
from html.parser import HTMLParser

SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "table", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "pre", "hr"}
)
MOST_TEXT = 100_000
MOST_LINES = 3_000

# Where what others wrote before begins, as the mail programs of the team say it.
HISTORY = (
    re.compile(r"^\s*-{2,}\s*(original message|message d.origine|message original|forwarded message|message transféré"
               r"|message transmis|ursprüngliche nachricht)\s*-{2,}\s*$", re.IGNORECASE),
    re.compile(r"^\s*(le|on|am|el|il)\s.{6,200}\s(a écrit|wrote|schrieb|escribió|ha scritto)\s*:\s*$", re.IGNORECASE),
    re.compile(r"^_{20,}\s*$"),
)  # fmt: skip
HEADER = re.compile(r"^\s*\*?(de|from|von)\s*:\s*\*?\s*\S", re.IGNORECASE)
HEADERS_AFTER = re.compile(r"^\s*\*?(envoyé|sent|date|à|to|gesendet|an|cc|objet|subject|betreff)\s*:", re.IGNORECASE)
WRAPPED_END = re.compile(r"^.{0,120}\b(a écrit|wrote|schrieb|escribió|ha scritto)\s*:\s*$", re.IGNORECASE)
WRAPPED_BEGIN = re.compile(r"^\s*(le|on|am|el|il)\s.{4,160}$", re.IGNORECASE)


class _Text(HTMLParser):
    """Text alone: nothing of the markup is kept, nothing is fetched."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.size, self.silent = 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent and self.size < MOST_TEXT:
            words = re.sub(r"\s+", " ", data)
            self.parts.append(words)
            self.size += len(words)


def text_of_html(markup: str) -> str:
    """What a reader would see of an HTML mail, without its pictures."""
    reader = _Text()
    reader.feed(markup[: 10 * MOST_TEXT])
    reader.close()
    return tidy("".join(reader.parts))


def tidy(text: str) -> str:
    """Unix line ends, nothing unprintable, no more than one empty line in a row, cut at MOST_TEXT."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = "".join(sign for sign in text[:MOST_TEXT] if sign in "\n\t" or sign.isprintable())
    lines = [line.rstrip() for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def split_history(text: str) -> tuple[str, str]:
    """What was written now, and the quoted mails below it. A forwarded mail without a word of one's own is all new."""
    lines = text.split("\n")
    for number in range(min(len(lines), MOST_LINES)):
        if _begins_history(lines, number):
            new, history = "\n".join(lines[:number]).strip(), "\n".join(lines[number:]).strip()
            return (new, history) if new else (text, "")
    return text, ""


def _begins_history(lines: list[str], number: int) -> bool:
    line = lines[number]
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if any(mark.match(line[:300]) for mark in HISTORY):
        return True
    if HEADER.match(line) and HEADERS_AFTER.match(following):
        return True
    if WRAPPED_BEGIN.match(line[:300]) and WRAPPED_END.match(following[:300]):
        return True
    # All that is left is quoted.
    return line.startswith(">") and all(not rest.strip() or rest.startswith(">") for rest in lines[number:])
