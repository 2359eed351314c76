"""People and what the service can do, as SCIM 2.0 writes them (RFC 7643), and changes as it sends them (RFC 7644)."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from pavillon.accounts.enums import PLATFORM_ROLES, ROLES_OF_KIND, Kind, Role
from pavillon.accounts.models import Organisation, User
from pavillon.core.policy import readable
from pavillon.interchange.queries import Standing, standings

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
MOST = 200
LANGUAGES = dict(settings.LANGUAGES)


class Refused(Exception):
    """A call that cannot be answered as it was sent: the status, SCIM's word for it, and what to do."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind


def address(path: str) -> str:
    return f"{settings.BASE_URL}/scim/v2/{path}"


def picture(user: User, organisation: Organisation, reader: User, standing: Standing | None = None) -> dict[str, Any]:
    """A person as the caller may see him: his own organisation's roles, fields by the privilege matrix."""
    standing = standing or standings([user], organisation)[user.pk]
    seen = readable(reader, user, ["email", "phone"])
    if "email" not in seen:
        raise Refused(403, "The privilege matrix hides addresses from the role of this key.")
    told: dict[str, Any] = {
        "schemas": [USER],
        "id": str(user.pk),
        "userName": user.email,
        "name": {"givenName": user.first_name, "familyName": user.last_name, "formatted": user.full_name},
        "displayName": user.full_name,
        "emails": [{"value": user.email, "type": "work", "primary": True}],
        "preferredLanguage": user.language,
        "active": user.is_active and bool(standing.roles),
        "roles": [{"value": role.role, "display": str(role.get_role_display())} for role in standing.roles],
    }
    if standing.external_id:
        told["externalId"] = standing.external_id
    if user.phone and "phone" in seen:
        told["phoneNumbers"] = [{"value": user.phone, "type": "work"}]
    told["meta"] = {
        "resourceType": "User",
        "created": user.joined_at.isoformat(),
        "location": address(f"Users/{user.pk}"),
        "version": version_of(told),
    }
    return told


def version_of(told: dict[str, Any]) -> str:
    """A weak ETag: equal as long as nothing that the caller sees changed."""
    said = {name: value for name, value in told.items() if name != "meta"}
    # Names of roles follow the reader's language, not the person.
    said["roles"] = [role["value"] for role in told["roles"]]
    return f'W/"{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:20]}"'


@dataclass
class Wish:
    """What a call asks of a person, None or empty where it says nothing."""

    user_name: str = ""
    active: bool | None = None
    card: dict[str, str] = field(default_factory=dict)
    role: str = ""
    external_id: str | None = None


def _is_line(text: str) -> bool:
    """Without signs that steer (a line's end, a zero) and halves of signs: no table and no letter takes them."""
    return not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)


def _text(value: Any, name: str, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or not _is_line(value):
        raise Refused(400, f"{name}: a text of at most {most} characters on one line.", "invalidValue")
    return value.strip()


def _truth(value: Any) -> bool:
    """Some systems send the words instead of the values."""
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise Refused(400, "active: true or false.", "invalidValue")
    return value


def _first(values: Any, name: str) -> Any:
    """The primary value of a list of values, else the first; None for an empty list."""
    if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
        raise Refused(400, f"{name}: a list of objects with `value`.", "invalidValue")
    chosen = next((each for each in values if each.get("primary")), values[0] if values else {})
    return chosen.get("value")


def _role(value: Any, organisation: Organisation) -> str:
    allowed = ROLES_OF_KIND[Kind(organisation.kind)] - PLATFORM_ROLES - {Role.ORGANISATION_ADMIN}
    if not isinstance(value, str) or value not in allowed:
        raise Refused(400, f"roles: one of {', '.join(sorted(allowed))}.", "invalidValue")
    return str(value)


def wish_of(told: Any, organisation: Organisation) -> Wish:
    """What attributes of a person ask for; those that are not kept here are left aside, as SCIM allows."""
    if not isinstance(told, dict):
        raise Refused(400, "A JSON object is expected.", "invalidSyntax")
    said = {str(name).lower(): value for name, value in told.items()}
    wish = Wish()
    if "username" in said:
        wish.user_name = _text(said["username"], "userName", 254).lower()
        try:
            validate_email(wish.user_name)
        except ValidationError:
            raise Refused(400, "userName: an e-mail address; people sign in with it.", "invalidValue") from None
    if "active" in said:
        wish.active = _truth(said["active"])
    name = said.get("name") or {}
    if not isinstance(name, dict):
        raise Refused(400, "name: an object with givenName and familyName.", "invalidValue")
    for theirs, ours in (("givenname", "first_name"), ("familyname", "last_name")):
        value = {str(key).lower(): each for key, each in name.items()}.get(theirs)
        if value is not None:
            wish.card[ours] = _text(value, f"name.{theirs}", 80)
    if said.get("preferredlanguage"):
        language = _text(said["preferredlanguage"], "preferredLanguage", 35).partition("-")[0].lower()
        wish.card["language"] = language if language in LANGUAGES else settings.LANGUAGE_CODE
    if "phonenumbers" in said:
        wish.card["phone"] = _text(_first(said["phonenumbers"], "phoneNumbers") or "", "phoneNumbers", 24)
    if said.get("roles"):
        wish.role = _role(_first(said["roles"], "roles"), organisation)
    if "externalid" in said:
        wish.external_id = _text(said["externalid"] or "", "externalId", 200)
    return wish


# Where a change may lead (`path` of an operation), as attributes of a whole person.
_PATHS: dict[str, Any] = {
    "active": lambda value: {"active": value},
    "username": lambda value: {"userName": value},
    "externalid": lambda value: {"externalId": value},
    "displayname": lambda value: {},
    "name": lambda value: {"name": value},
    "name.formatted": lambda value: {},
    "name.givenname": lambda value: {"name": {"givenName": value}},
    "name.familyname": lambda value: {"name": {"familyName": value}},
    "preferredlanguage": lambda value: {"preferredLanguage": value},
    "roles": lambda value: {"roles": value if isinstance(value, list) else [value]},
    "phonenumbers": lambda value: {"phoneNumbers": value},
    "phonenumbers.value": lambda value: {"phoneNumbers": [{"value": value}]},
    "emails": lambda value: {"userName": _first(value, "emails")},
    "emails.value": lambda value: {"userName": value},
}
_EMPTY = {"externalid": "", "phonenumbers": [], "phonenumbers.value": ""}


def patched(body: Any) -> dict[str, Any]:
    """The attributes that a PATCH changes. Raises Refused for what cannot be understood: half a change is none."""
    schemas_told = body.get("schemas") if isinstance(body, dict) else None
    if not isinstance(schemas_told, list) or PATCH not in schemas_told:
        raise Refused(400, f"schemas must hold {PATCH}.", "invalidSyntax")
    operations = body.get("Operations") or body.get("operations")
    if not isinstance(operations, list) or not operations:
        raise Refused(400, "Operations: a list with at least one operation.", "invalidSyntax")
    changed: dict[str, Any] = {}
    for operation in operations:
        if not isinstance(operation, dict):
            raise Refused(400, "Each operation is an object.", "invalidSyntax")
        for name, value in _operation(operation).items():
            changed[name] = {**changed.get(name, {}), **value} if name == "name" and isinstance(value, dict) else value
    return changed


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    what, path = str(operation.get("op", "")).lower(), operation.get("path")
    if what not in ("add", "replace", "remove"):
        raise Refused(400, "op: add, replace or remove.", "invalidSyntax")
    if not path:
        if what == "remove":
            raise Refused(400, "remove needs a path.", "noTarget")
        value = operation.get("value")
        if not isinstance(value, dict):
            raise Refused(400, "Without a path the value is an object of attributes.", "invalidValue")
        changed: dict[str, Any] = {}
        for name, each in value.items():
            changed |= _at(str(name), each) if _place(str(name)) in _PATHS else {}
        return changed
    if what != "remove":
        return _at(str(path), operation.get("value"))
    place = _place(str(path))
    if place not in _EMPTY:
        raise Refused(400, f"{path}: it cannot be removed.", "mutability")
    return _at(str(path), _EMPTY[place])


def _place(path: str) -> str:
    """The attribute that a path leads to, without the choice among values (`emails[type eq "work"].value`)."""
    return re.sub(r"\[[^\]]*\]", "", path.removeprefix(f"{USER}:")).lower()


def _at(path: str, value: Any) -> dict[str, Any]:
    place = _place(path)
    if place in ("id", "meta", "schemas", "groups"):
        raise Refused(400, f"{path}: it is ours to write.", "mutability")
    if place not in _PATHS:
        raise Refused(400, f"{path}: no attribute of people here.", "invalidPath")
    told: dict[str, Any] = _PATHS[place](value)
    return told


_FILTER = re.compile(r'^\s*(?:urn:[\w:.]+:)?([\w.]+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*$', re.IGNORECASE)


def read_filter(text: str) -> tuple[str, Any]:
    """(attribute in lower case, value) of a filter `attribute eq "value"`; ("", None) for none. Raises Refused."""
    if not text:
        return "", None
    found = _FILTER.match(text)
    name = found[1].lower() if found else ""
    if found is None or name not in ("username", "externalid", "id", "emails.value", "emails"):
        raise Refused(400, 'Filters: userName, externalId, emails.value or id, with eq ("…").', "invalidFilter")
    try:
        value = json.loads(found[2])
    except ValueError:
        raise Refused(400, "The value of the filter is no JSON text.", "invalidFilter") from None
    if not _is_line(str(value)):
        raise Refused(400, "The value of the filter holds a sign that cannot be printed.", "invalidFilter")
    return name, value


def _attribute(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    told = {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": "",
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }
    return told | more


def schemas() -> list[dict[str, Any]]:
    value = _attribute("value")
    return [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": USER,
            "name": "User",
            "description": "Somebody with a role in the organisation of the key",
            "attributes": [
                _attribute("userName", required=True, uniqueness="server", mutability="immutable"),
                _attribute("externalId", caseExact=True),
                _attribute("name", "complex", subAttributes=[_attribute("givenName"), _attribute("familyName")]),
                _attribute("displayName", mutability="readOnly"),
                _attribute("emails", "complex", multiValued=True, mutability="readOnly", subAttributes=[value]),
                _attribute("phoneNumbers", "complex", multiValued=True, subAttributes=[value]),
                _attribute("preferredLanguage"),
                _attribute("active", "boolean"),
                _attribute("roles", "complex", multiValued=True, subAttributes=[value]),
            ],
            "meta": {"resourceType": "Schema", "location": address(f"Schemas/{USER}")},
        }
    ]


def resource_types() -> list[dict[str, Any]]:
    return [
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "schema": USER,
            "meta": {"resourceType": "ResourceType", "location": address("ResourceTypes/User")},
        }
    ]


def provider_config() -> dict[str, Any]:
    """What this service does of the standard."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "API key",
                "description": "Authorization: Bearer pav_… with the scope `people`",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": address("ServiceProviderConfig")},
    }


def listed(resources: list[dict[str, Any]], total: int, start: int = 1) -> dict[str, Any]:
    return {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }
