"""Which actions a test really sets in motion: read from the code, without running it.

A test reaches an action when it calls it, by way of functions of test files as well; when it posts to a named page (or
an address) whose view calls it; or when something that it reaches in one of these ways calls it: another action, a
task, a command, a listener of what was announced.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.urls import Resolver404, resolve

from tests.house import ROOMS, ROOT, own_pages, sources, tree

# Where a journey may lead on. The demonstration calls nearly everything and asserts nothing.
LEADS_ON = {"actions", "tasks", "listeners", "views", "endpoints", "management", "tests", "vault", "adapters"}


class Place(NamedTuple):
    """A function of a module."""

    module: str
    name: str


Function = ast.FunctionDef | ast.AsyncFunctionDef


def module_of(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def files() -> dict[str, Path]:
    """Our modules by their name, those of the tests too."""
    found = [*sources(), *sources(tests=True), *(ROOT / "tests").rglob("*.py"), *(ROOMS.parent / "config").glob("*.py")]
    return {module_of(path): path for path in found}


@cache
def imported(module: str) -> dict[str, Place]:
    """What the names of a module stand for: a module ("" as name) or something in it, wherever it is imported."""
    names: dict[str, Place] = {}
    for node in ast.walk(tree(files()[module])):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names[alias.asname or alias.name] = (
                    Place(whole, "") if whole in files() else Place(node.module, alias.name)
                )
    return names


@cache
def functions(module: str) -> dict[str, list[ast.AST]]:
    """The functions and classes of a module by their name."""
    found: dict[str, list[ast.AST]] = {}
    for node in tree(files()[module]).body:
        if isinstance(node, Function | ast.ClassDef):
            found.setdefault(node.name, []).append(node)
    return found


def home(place: Place) -> Place | None:
    """Where something is defined: `__init__` files hand on. None for what is not a function of ours."""
    for _step in range(5):
        if place.module not in files():
            return None
        if place.name in functions(place.module):
            return place
        place = imported(place.module).get(place.name, Place("", ""))
    return None


@cache
def listeners() -> dict[str, list[Place]]:
    """Who listens to an event, by its name."""
    found: dict[str, list[Place]] = {}
    for path in sources("listeners"):
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef):
                for word in (n.id for d in node.decorator_list for n in ast.walk(d) if isinstance(n, ast.Name)):
                    found.setdefault(word, []).append(Place(module_of(path), node.name))
    return found


@cache
def views() -> dict[str, Place]:
    """The view behind each name of a page."""
    import inspect

    found = {}
    for name, _address, view in own_pages():
        plain = inspect.unwrap(view)
        if inspect.isfunction(plain):
            found[name] = Place(plain.__module__, plain.__name__)
    return found


@cache
def commands() -> dict[str, Place]:
    return {path.stem: Place(module_of(path), "Command") for path in ROOMS.glob("*/management/commands/*.py")}


@cache
def jobs() -> dict[str, Place]:
    """The function behind the name of each job: `@app.task(name="mail.send")`."""
    found = {}
    for path in sources("tasks"):
        for node in tree(path).body:
            for decorator in node.decorator_list if isinstance(node, Function) else ():
                for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
                    if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                        found[keyword.value.value] = Place(module_of(path), node.name)
    return found


def named(text: str, beginnings: set[str], words: set[str]) -> Iterator[Place]:
    """What a string of the code leads to: a page by its name or address, a command, a job."""
    for known in (views(), commands(), jobs()):
        if text in known:
            yield known[text]
    for beginning in beginnings:  # f"crm:{deed}", and its deeds as a list of words
        if text in words and beginning + text in views():
            yield views()[beginning + text]
    if text.startswith("/"):
        try:
            found = resolve(text.partition("?")[0])
        except (Resolver404, ValueError):
            return
        if found.view_name in views():
            yield views()[found.view_name]


def leads_to(place: Place) -> Iterator[Place]:
    """What a function calls or names."""
    names = imported(place.module)
    for node in functions(place.module)[place.name]:
        nodes = list(ast.walk(node))
        texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        starts = {
            n.values[0].value
            for n in nodes
            if isinstance(n, ast.JoinedStr) and n.values and isinstance(n.values[0], ast.Constant)
        }
        beginnings = {start for start in starts if start.endswith(":")}
        for text in texts:
            yield from named(text, beginnings, texts)
        for each in nodes:
            if isinstance(each, ast.Name):
                if each.id in functions(place.module):
                    yield Place(place.module, each.id)
                elif each.id in names:
                    yield names[each.id]
                yield from listeners().get(each.id, ())
            elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in names:
                owner = names[each.value.id]
                if not owner.name:
                    yield Place(owner.module, each.attr)
            elif isinstance(each, ast.arg) and "tests" in place.module:
                yield from fixtures(each.arg, place.module)  # a test asks for a fixture by the name of an argument


@cache
def fixtures(name: str, module: str) -> tuple[Place, ...]:
    """Fixtures of that name in the test file, in its conftest or in the one of the whole."""
    near = [module, module.rpartition(".")[0] + ".conftest", "tests.conftest"]
    return tuple(Place(each, name) for each in near if each in files() and name in functions(each))


def may_lead_on(place: Place) -> bool:
    parts = place.module.split(".")
    if parts[0] == "tests" or "tests" in parts:
        return True
    return parts[0] == "pavillon" and len(parts) > 2 and parts[2] in LEADS_ON


@cache
def reached() -> frozenset[Place]:
    """Every function that some test function leads to."""
    waiting = [
        Place(module, name)
        for module in files()
        if "tests" in module.split(".")
        for name in functions(module)
        if name.startswith("test_")
    ]
    done = set(waiting)
    while waiting:
        for found in leads_to(waiting.pop()):
            place = home(found)
            if place is not None and place not in done and may_lead_on(place):
                done.add(place)
                waiting.append(place)
    return frozenset(done)
