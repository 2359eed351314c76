"""What the house tests share: the rooms and their floors, the pages, the text of the code."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ROOT / "pavillon"

# Pages that a library brings: they guard themselves, and only the composition root may mount them.
LIBRARIES = {
    "allauth": "sign-in, second factor, providers",
    "wagtail": "the editors' tool, with its own permissions",
    "ninja": "OpenAPI document and router; each operation asks the door itself (ui.endpoints)",
    "django": "language choice, static files",
}


@cache
def floors() -> dict[str, int]:
    """Each room's floor: 0 is the ground. Neighbours share a number."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return {
        room.strip(" ()"): floor
        for floor, layer in enumerate(reversed(contract["layers"]))
        for room in layer.split("|")
    }


def rooms() -> list[str]:
    """The rooms that are built, the ground floor first."""
    built = [name for name in floors() if (ROOMS / name / "__init__.py").exists()]
    return sorted(built, key=lambda name: floors()[name])


def room_of(thing: Any) -> str:
    """The room of a class or function of ours."""
    return thing.__module__.split(".")[1] if thing.__module__.startswith("pavillon.") else ""


def pages(resolver: Any = None, namespace: str = "", prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every page as (its name with namespace, its address, its view)."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = entry.name or getattr(entry.callback, "__name__", "")
            yield f"{namespace}:{name}" if namespace else name, address, entry.callback
        elif isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            yield from pages(entry, inner, address)


def library_of(view: Any) -> str:
    """The library that brought a page, "" for ours."""
    module = getattr(view, "view_class", view).__module__.split(".")[0]
    return module if module in LIBRARIES else ""


def own_pages() -> list[tuple[str, str, Any]]:
    return [page for page in pages() if not library_of(page[2])]


def sources(*names: str, tests: bool = False) -> list[Path]:
    """Python files of the rooms, migrations left out. `names` keeps files or packages of those names."""
    found = []
    for path, parts in _files():
        if "migrations" in parts or ("tests" in parts) != tests:
            continue
        if not names or (len(parts) > 1 and parts[1].removesuffix(".py") in names):
            found.append(path)
    return found


@cache
def _files() -> list[tuple[Path, tuple[str, ...]]]:
    return [(path, path.relative_to(ROOMS).parts) for path in sorted(ROOMS.rglob("*.py"))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def templates() -> list[Path]:
    return sorted(path for path in ROOMS.glob("*/templates/**/*") if path.suffix in {".html", ".txt", ".typ", ".xml"})


def template_name(path: Path) -> str:
    """As Django loads it: what follows the room's `templates` folder."""
    parts = path.relative_to(ROOMS).parts
    return "/".join(parts[parts.index("templates") + 1 :])


def room_of_path(path: Path) -> str:
    return path.relative_to(ROOMS).parts[0]


@cache
def public_actions() -> dict[str, tuple[Path, ast.FunctionDef]]:
    """Every action that another file may call: {"room.name": (file, function)}.

    In a package of actions those that its `__init__` exports; the others are its own business.
    """
    found = {}
    for path in sources("actions"):
        room, door = room_of_path(path), path.parent / "__init__.py"
        exported = _imported_names(door) if path.parent.name == "actions" else None
        for node in tree(path).body:
            is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if is_public and (exported is None or node.name in exported):
                found[f"{room}.{node.name}"] = (path, node)
    return found


def _imported_names(path: Path) -> set[str]:
    return {
        alias.asname or alias.name
        for node in tree(path).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
