"""Whether an answer of the API is what the API's document says of it."""

import json
from functools import cache
from typing import Any

from pavillon.interchange.api import api

API = "/api/v1/"


@cache
def document() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix=API))


@cache
def _shapes(method: str, path: str) -> dict[str, dict[str, Any]]:
    """{status or "default": {content type: what reads it}} of one operation."""
    # Each process of a run collects this file, and few need the library.
    import jsonschema_rs

    told = document()["paths"][path][method.lower()]["responses"]
    return {
        str(status): {
            kind: jsonschema_rs.validator_for(content["schema"])
            for kind, content in answer.get("content", {}).items()
            if "schema" in content
        }
        for status, answer in told.items()
    }


def unfit(method: str, path: str, response: Any) -> str:
    """What is wrong with an answer to an operation (`path` as the document writes it); "" when nothing is."""
    shapes = _shapes(method, path)
    if not response.content:
        return "" if response.status_code in (204, 405) else f"{response.status_code} says nothing"
    status = str(response.status_code)
    if status < "300" and status not in shapes:
        return f"{status} is not in the document"
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    known = shapes.get(status) or shapes.get("default", {})
    if kind not in known:
        return f"{status} as {kind or 'nothing'} is not in the document"
    for error in known[kind].iter_errors(json.loads(response.content)):
        return f"{status} at {'/'.join(map(str, error.instance_path)) or 'the top'}: {error.message[:160]}"
    return ""


def undocumented() -> list[str]:
    """Operations whose good answer has no shape in the document."""
    return [
        f"{method.upper()} {path}"
        for path, methods in document()["paths"].items()
        for method in methods
        if not any(status != "default" and kinds for status, kinds in _shapes(method.upper(), path).items())
    ]
