"""The rule builder: a form that the server draws again after each gesture; it works without script.

Parts are named by their place: `r` is the whole rule, `r.0` its first part. A group sends `r.0.how`, a question
`r.0.field`, `r.0.op`, `r.0.value`… A button sends `gesture`: "add r", "group r", "remove r.0", "save" or "show".
"""

import re
from typing import Any

from django.http import HttpRequest, QueryDict

from pavillon.directory.criteria import EVERYTHING, Rule, WrongRule, read_address, read_rule, write_rule
from pavillon.directory.criteria.asking import asking_of, read_asked
from pavillon.directory.criteria.rules import DEEPEST
from pavillon.segments.queries import SUBJECTS

_PART = re.compile(r"^(r(?:\.\d{1,3}){1,7})\.(how|field)$")
HOWS = ("all", "any", "not")


class Builder:
    """One rule being written. `tree` is what its template draws, `rule` what can be asked of it so far."""

    def __init__(self, request: HttpRequest, subject: str, first: dict[str, Any]) -> None:
        self.subject, self.user = subject, request.user
        self.model = SUBJECTS[subject][0]
        self.is_posted = request.method == "POST"
        self.gesture = request.POST.get("gesture", "")
        self.errors: dict[str, str] = {}
        self.written = self._sent(request.POST) if self.is_posted else self._given(first)
        if self.is_posted:
            self._gesture()
        self.rule = self._readable(self.written)
        self.tree = self._draw(self.written, "r", 1)

    @property
    def is_sent(self) -> bool:
        """Whether the person wants to save, rather than go on writing."""
        return self.is_posted and self.gesture == "save"

    @property
    def is_right(self) -> bool:
        return not self.errors

    def _given(self, first: dict[str, Any]) -> dict[str, Any]:
        if "address" in first:
            rule, _wrong = read_address(QueryDict(first["address"]), self.model, self.user)
            first = write_rule(rule)
        if not set(first) & set(HOWS):
            first = {"all": [first] if first else []}
        how = next(iter(first))
        parts = first[how]
        return {"how": how, "parts": [self._opened(part) for part in (parts if isinstance(parts, list) else [parts])]}

    def _opened(self, part: dict[str, Any]) -> dict[str, Any]:
        return self._given(part) if set(part) & set(HOWS) else {"question": part}

    def _sent(self, data: QueryDict) -> dict[str, Any]:
        """The tree of a form that was sent."""
        tree: dict[str, Any] = {"how": self._how(data.get("r.how", "")), "parts": []}
        places = {match[1]: match[2] for name in data if (match := _PART.match(name))}
        known = {"r": tree}
        for place in sorted(places, key=lambda p: [int(n) for n in p.split(".")[1:]]):
            parent = known.get(place.rpartition(".")[0])
            if parent is None:
                continue
            if places[place] == "how":
                part: dict[str, Any] = {"how": self._how(data.get(f"{place}.how", "")), "parts": []}
                known[place] = part
            else:
                part = {"question": read_asked(data, f"{place}.")}
            part["place"] = place
            parent["parts"].append(part)
        return tree

    def _how(self, word: str) -> str:
        return word if word in HOWS else "all"

    def _gesture(self) -> None:
        word, _space, place = self.gesture.partition(" ")
        if word in ("add", "group"):
            group = self._group_at(self.written, place, "r")
            new = {"question": {"field": "", "op": ""}}
            if group is not None:
                group["parts"].append(new if word == "add" else {"how": "any", "parts": [new]})
        if word == "remove":
            self._remove(self.written, place)

    def _group_at(self, tree: dict[str, Any], place: str, here: str) -> dict[str, Any] | None:
        if place == tree.get("place", here):
            return tree
        inner = (self._group_at(part, place, "") for part in tree["parts"] if "parts" in part)
        return next((found for found in inner if found is not None), None)

    def _remove(self, tree: dict[str, Any], place: str) -> None:
        tree["parts"] = [part for part in tree["parts"] if part.get("place") != place]
        for part in tree["parts"]:
            if "parts" in part:
                self._remove(part, place)

    def _readable(self, tree: dict[str, Any]) -> Rule:
        """The rule without what is not finished; what is wrong is remembered for its line."""
        plain = self._plain(tree, "r")
        return read_rule(plain, self.model, self.user) if plain else EVERYTHING

    def _plain(self, tree: dict[str, Any], here: str) -> dict[str, Any] | None:
        parts = []
        for number, part in enumerate(tree["parts"]):
            place = f"{here}.{number}"
            if "parts" in part:
                inner = self._plain(part, place)
                parts += [inner] if inner else []
            elif part["question"].get("field") and part["question"].get("op"):
                try:
                    read_rule({"all": [part["question"]]}, self.model, self.user)
                    parts.append(part["question"])
                except WrongRule as error:
                    self.errors[place] = str(error)
        return {tree["how"]: parts} if parts else None

    def _draw(self, tree: dict[str, Any], place: str, depth: int) -> dict[str, Any]:
        parts = []
        for number, part in enumerate(tree["parts"]):
            here = f"{place}.{number}"
            if "parts" in part:
                parts.append(self._draw(part, here, depth + 1))
            else:
                asking = asking_of(
                    self.model, self.user, part["question"], prefix=f"{here}.", error=self.errors.get(here, "")
                )
                parts.append({"place": here, "asking": asking})
        return {"place": place, "how": tree["how"], "parts": parts, "may_nest": depth < DEEPEST - 1, "depth": depth}
