"""Translations without the gettext programs: compile the catalogues, and find labels nobody translated."""

import ast
import gettext
import re
import tomllib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po

from launch.errors import LaunchError
from launch.folders import ROOT

ROOMS = ROOT / "pavillon"
LANGUAGE = "fr"

# (context, text): what gettext looks a translation up by.
Key = tuple[str, str]
# French signs that a space stands before or after: no line is broken there. And the apostrophe between two letters.
SPACE_BEFORE = re.compile(r"(?<=\S) (?=[:;?!»](?:\s|$|[.,)]))")
SPACE_AFTER = re.compile(r"(?<=«) ")
APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
# A label in the source: its key, its plural or "", its line.
Label = tuple[Key, str, int]

# The arguments that hold the context, the text and the plural, by the name of the call.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
TEMPLATE_CALL = re.compile(rf"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.S)
# Attributes of components hold expressions that Django's own extraction does not see.
ATTRIBUTE_CALL = re.compile(r"\b_\(\s*((?:'[^'\n]*')|(?:\"[^\"\n]*\"))\s*\)")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|(?<!\{)\{(\w*)\}")


@dataclass
class Room:
    """The labels one room uses (key to the first place of use and the plural) and the ones it translates."""

    name: str
    used: dict[Key, tuple[str, str]] = field(default_factory=dict)
    catalog: Catalog | None = None

    def place_in_source(self, key: Key) -> tuple[str, int]:
        path, line = self.used[key][0].rsplit(":", 1)
        return path, int(line)

    def translated(self) -> dict[Key, list[str]]:
        """The texts of each entry of the room's catalogue, one or one per plural form."""
        entries: dict[Key, list[str]] = {}
        for message in self.catalog or ():
            if message.id:
                first = message.id if isinstance(message.id, str) else message.id[0]
                texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
                entries[message.context or "", first] = texts
        return entries


def catalogues(language: str = LANGUAGE) -> Iterator[Path]:
    """The .po files of all rooms."""
    yield from sorted(ROOMS.glob(f"*/locale/{language}/LC_MESSAGES/django.po"))


def read_catalogue(path: Path) -> Catalog:
    """Raises LaunchError with the line when the file cannot be read."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=LANGUAGE, domain="django", abort_invalid=True)
    except Exception as error:  # babel raises several kinds, all of which mean the same to the reader
        raise LaunchError(
            f"{path.relative_to(ROOT)} is not a valid catalogue: {error}", "correct that line."
        ) from error


def typeset(text: str) -> str:
    """French as it is printed: spaces that do not break around « » and before : ; ? !, and the curved apostrophe.

    Done once for all when catalogues are compiled, so that a translator types what his keyboard has.
    """
    for pattern, sign in ((SPACE_BEFORE, "\u00a0"), (SPACE_AFTER, "\u00a0"), (APOSTROPHE, "’")):
        text = pattern.sub(sign, text)
    return text


def compile_messages() -> int:
    """Write the .mo file of each catalogue that is newer than it; returns how many were written."""
    written = 0
    rules = Path(__file__).stat().st_mtime_ns
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > max(source.stat().st_mtime_ns, rules):
            continue
        catalog = read_catalogue(source)
        for message in catalog:
            if message.id:
                one = message.string
                message.string = typeset(one) if isinstance(one, str) else tuple(map(typeset, one or ()))
        draft = target.with_suffix(".draft")
        with draft.open("wb") as file:
            write_mo(file, catalog)
        draft.replace(target)
        written += 1
    return written


def read_rooms() -> list[Room]:
    return [read_room(folder) for folder in sorted(ROOMS.iterdir()) if (folder / "__init__.py").exists()]


def floors() -> dict[str, int]:
    """Each room's floor, 0 the ground, as the import contract of pyproject.toml stacks them."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return {
        room.strip(" ()"): floor
        for floor, layer in enumerate(reversed(contract["layers"]))
        for room in layer.split("|")
    }


def find_missing(rooms: list[Room]) -> dict[str, list[Key]]:
    """By room, the labels that no catalogue of its own, of a room below or of Django translates, in source order.

    A room above or beside may be taken away, and its words with it: they cannot be borrowed.
    """
    level = floors()
    known = {room.name: room.translated() for room in rooms}
    missing = {}
    for room in rooms:
        below = [other.name for other in rooms if other is room or level.get(other.name, 0) < level.get(room.name, 0)]
        missing[room.name] = [
            key
            for key in sorted(room.used, key=room.place_in_source)
            if not any(all(known[name].get(key, [""])) for name in below) and not _is_djangos(key)
        ]
    return missing


def find_clashes(rooms: list[Room]) -> list[str]:
    """Labels to which two rooms give different French: on a page the upper room would speak for both."""
    given: dict[Key, dict[tuple[str, ...], list[str]]] = {}
    for room in rooms:
        for key, texts in room.translated().items():
            if all(texts):
                given.setdefault(key, {}).setdefault(tuple(texts), []).append(room.name)
    return [
        f"{_show(key)} is translated differently; give it a context: "
        + "; ".join(f"{texts[0]!r} in {', '.join(names)}" for texts, names in each.items())
        for key, each in sorted(given.items())
        if len(each) > 1
    ]


def missing_entries(name: str) -> str:
    """The entries a room's catalogue lacks, ready to be translated and pasted into its django.po."""
    rooms = read_rooms()
    room = next((room for room in rooms if room.name == name), None)
    if room is None:
        raise LaunchError(f"There is no room called {name}.", f"choose from {', '.join(r.name for r in rooms)}.")
    elsewhere: dict[Key, list[str]] = {}
    for other in rooms:
        elsewhere |= {key: texts for key, texts in other.translated().items() if all(texts)}
    entries = []
    for key in find_missing(rooms)[name]:
        context, text = key
        plural = room.used[key][1]
        # What a room that cannot be borrowed from says, as a proposal.
        texts = elsewhere.get(key, [])
        lines = [f"msgctxt {normalize(context)}"] if context else []
        lines.append(f"msgid {normalize(text)}")
        if plural:
            texts = texts if len(texts) == 2 else ["", ""]
            lines += [f"msgid_plural {normalize(plural)}"]
            lines += [f"msgstr[{number}] {normalize(said)}" for number, said in enumerate(texts)]
        else:
            lines.append(f"msgstr {normalize(texts[0] if texts else '')}")
        entries.append("\n".join(lines))
    return "\n\n".join(entries)


def find_problems(only: Sequence[str] = ()) -> list[str]:
    """Labels without a translation, with two, translations nobody uses, and translations that would fail.

    A label is translated by its room's own catalogue, by that of a room below, or by Django itself.
    `only`: names of rooms; all when empty.
    """
    rooms = read_rooms()
    missing = find_missing(rooms)
    used_anywhere = {key for room in rooms for key in room.used}
    problems = [] if only else find_clashes(rooms)
    for room in rooms:
        if only and room.name not in only:
            continue
        problems += [f"{room.used[key][0]}: not translated: {_show(key)}" for key in missing[room.name]]
        for key, texts in sorted(room.translated().items()):
            if key not in used_anywhere:
                problems.append(f"pavillon/{room.name}/locale: no longer used: {_show(key)}")
            for text in texts:
                if text and _placeholders(text) - _placeholders(key[1]):
                    problems.append(
                        f"pavillon/{room.name}/locale: unknown placeholder in the translation of {_show(key)}"
                    )
        for message in room.catalog or ():
            if message.id and message.fuzzy:
                problems.append(f"pavillon/{room.name}/locale: fuzzy: {message.id}")
    return problems


def read_room(folder: Path) -> Room:
    """The labels in a room's Python files and templates, and its catalogue."""
    room = Room(folder.name)
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(folder).parts):
            _collect(room, path, _python_labels(path))
    for path in sorted((folder / "templates").rglob("*.*")):
        if path.suffix in {".html", ".txt", ".xml"}:
            _collect(room, path, _template_labels(path))
    source = folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
    if source.exists():
        room.catalog = read_catalogue(source)
    return room


def _collect(room: Room, path: Path, labels: Iterable[Label]) -> None:
    for key, plural, line in labels:
        if key[1]:
            room.used.setdefault(key, (f"{path.relative_to(ROOT)}:{line}", plural))


def _python_labels(path: Path) -> Iterator[Label]:
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in CALLS:
            texts = [value.value if isinstance(value, ast.Constant) else None for value in node.args]
            yield from _labels_of_call(name, texts, node.lineno)


def _template_labels(path: Path) -> Iterator[Label]:
    from django.utils.translation.template import templatize

    source = path.read_text()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flat = templatize(source, str(path))
    for match in TEMPLATE_CALL.finditer(flat):
        texts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, match[2], re.S)]
        yield from _labels_of_call(match[1], texts, flat[: match.start()].count("\n") + 1)
    for match in ATTRIBUTE_CALL.finditer(source):
        yield ("", ast.literal_eval(match[1])), "", source[: match.start()].count("\n") + 1


def _labels_of_call(name: str, texts: Sequence[object], line: int) -> Iterator[Label]:
    context_at, text_at, plural_at = CALLS[name]
    if len(texts) > text_at and isinstance(texts[text_at], str):
        context = texts[context_at] if context_at is not None else ""
        plural = texts[plural_at] if plural_at is not None and len(texts) > plural_at else ""
        yield (str(context), str(texts[text_at])), str(plural), line


def _placeholders(text: str) -> set[str]:
    return {named or braced for named, braced in PLACEHOLDER.findall(text)}


_django: list[gettext.NullTranslations] = []


def _is_djangos(key: Key) -> bool:
    """Whether Django's own catalogue translates the label."""
    if not _django:
        import django

        folder = Path(django.__file__).parent / "conf" / "locale"
        _django.append(gettext.translation("django", str(folder), languages=[LANGUAGE], fallback=True))
    context, text = key
    catalog: dict[object, str] = getattr(_django[0], "_catalog", {})
    name = f"{context}\x04{text}" if context else text
    return bool(catalog.get(name) or catalog.get((name, 0)))


def _show(key: Key) -> str:
    context, text = key
    return f"{text!r}" + (f" (context {context!r})" if context else "")
