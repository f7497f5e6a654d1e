"""What a value of the config may be: how it is read, and what an editor is told of it.

Each reads what environment.py gives and holds a value ready for core/settings.py. The context of a validation
are the Names that filters may use.

To add a kind: an `Annotated` type here, with a title, which is what people call it; who reads its text is in
values.py.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from aggregator.config import values
from aggregator.config.positions import Plain
from aggregator.core.filters import NO_NAMES, Filter, parse_filter
from aggregator.errors import FilterError
from aggregator.model import DedupLevel, Edition, Group, LogFormat, LoginFor, LogLevel, Order

_T = TypeVar("_T")
_Choice = TypeVar("_Choice", DedupLevel, Edition, Group, LogFormat, LogLevel, LoginFor, Order)
SIZE = "size"
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")  # YAML 1.2.2 §10.3.2
_SWITCH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def _said(read: Callable[[str], _T]) -> Callable[[Any], _T]:
    """A validator that lets `read` judge text, and hands on the predicate of its ValueError."""

    def validate(value: object) -> _T:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "must be text")
        try:
            return read(str(value))
        except ValueError as error:
            context = {"message": str(error), "meant": getattr(error, "meant", None)}
            raise PydanticCustomError("predicate", "{message}", context) from error

    return validate


def _secret(read: Callable[[str], _T]) -> Callable[[Any], _T]:
    """The same for a value that no message may show: what `read` says is the whole of it."""

    def validate(value: object) -> _T:
        try:
            return _said(read)(value)
        except PydanticCustomError as error:
            raise PydanticCustomError("secret", "{message}", {"message": error.message()}) from error

    return validate


def _or_environ(pattern: str) -> str:
    return f"^(?:{pattern})$|\\$\\{{"


def _choice(kind: type[_Choice]) -> Callable[[Any], _Choice]:
    def read(text: str) -> _Choice:
        if text not in set(kind):
            meant = values.surely(text, kind)
            raise values.MisspeltError(f"is not one of: {', '.join(kind)}", meant)
        return kind(text)

    return _said(read)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, Plain) and _WHOLE.fullmatch(value) else value


def _number(value: object) -> object:
    return float(value) if isinstance(value, Plain) and _NUMBER.fullmatch(value) else value


def _switch(value: object) -> object:
    return _SWITCH.get(value, value) if isinstance(value, Plain) else value


def _section_of_switch(value: object) -> object:
    """`true` is a section with nothing in it, `false` is none."""
    said = _switch(value)
    if isinstance(said, bool):
        return {} if said else None
    if isinstance(said, str):
        message = "is not true, false, or a mapping with 'threshold'"
        raise PydanticCustomError("predicate", "{message}", {"message": message})
    return value


def _filter(value: object, info: ValidationInfo) -> Filter:
    if isinstance(value, dict):
        raise PydanticCustomError("filter_mapping", "must be a filter")
    if not isinstance(value, str):
        raise PydanticCustomError("filter_type", "must be a filter")
    try:
        return parse_filter(str(value), info.context or NO_NAMES)
    except FilterError as error:
        context = {"message": error.message, "column": error.column}
        raise PydanticCustomError("filter", "{message}", context) from error


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


_A_LOGIN = {"type": "string", "title": "user:password", "examples": ["reader:${MY_PASSWORD}"]}
_A_PROXY = {
    "type": "string",
    "title": "URL",
    "pattern": _or_environ("https?://.*"),
    "examples": ["http://proxy.example.org:3128"],
}
Text = Annotated[str, Field(min_length=1, title="text")]
Whole = Annotated[int, Field(ge=-1_000_000, le=1_000_000, title="number"), BeforeValidator(_whole)]
Count = Annotated[int, Field(ge=1, le=1_000_000, title="number"), BeforeValidator(_whole)]
Share = Annotated[float, Field(ge=0, le=1, title="number, 0 to 1"), BeforeValidator(_number)]
Switch = Annotated[bool, Field(title="switch"), BeforeValidator(_switch)]
SWITCH_OR_SECTION = BeforeValidator(_section_of_switch)
Duration = Annotated[
    timedelta,
    PlainValidator(_said(values.read_duration)),
    WithJsonSchema(
        {
            "type": "string",
            "title": "duration",
            "pattern": _or_environ(values.DURATION),
            "examples": ["30m"],
        }
    ),
]
Lasting = Annotated[Duration, Field(gt=timedelta())]
Size = Annotated[
    int,
    PlainValidator(_said(values.read_size)),
    WithJsonSchema(
        {
            "title": SIZE,
            "anyOf": [
                {"type": "string", "pattern": _or_environ(values.SIZE), "examples": ["10MB"]},
                {"type": "integer"},
            ],
        }
    ),
]
Url = Annotated[
    str,
    PlainValidator(_said(values.read_url)),
    WithJsonSchema(
        {
            "type": "string",
            "title": "URL",
            "pattern": _or_environ("https?://.*"),
            "examples": ["https://example.org/feed.xml"],
        }
    ),
]
_ONE_URL = {"type": "string", "pattern": _or_environ("https?://.*")}
Urls = Annotated[
    list[Url],
    BeforeValidator(_listed),
    WithJsonSchema(
        {"title": "URL, or list of URLs", "anyOf": [_ONE_URL, {"type": "array", "items": _ONE_URL}]}
    ),
]
PublicUrl = Annotated[
    str,
    PlainValidator(_said(values.read_public_url)),
    WithJsonSchema(
        {
            "type": "string",
            "title": "URL",
            "pattern": _or_environ("https?://.*"),
            "examples": ["https://news.example.org/"],
        }
    ),
]
Listen = Annotated[
    values.Listen,
    PlainValidator(_said(values.read_listen)),
    WithJsonSchema(
        {
            "type": "string",
            "title": "host:port",
            "examples": ["127.0.0.1:8080", "0.0.0.0:8080", "[::]:8080"],
        }
    ),
]
Networks = Annotated[
    list[Annotated[str, AfterValidator(_said(values.read_network))]],
    Field(title="list of names, addresses and networks"),
]
Proxies = Annotated[
    list[Annotated[str, AfterValidator(_said(values.read_addresses))]],
    Field(title="address or network, or list of those"),
    BeforeValidator(_listed),
]
FilterName = Annotated[
    str,
    AfterValidator(_said(values.read_filter_name)),
    WithJsonSchema({"type": "string", "pattern": f"^{values.FILTER_NAME}$"}),
]
TagName = Annotated[str, AfterValidator(_said(values.read_tag))]
Tags = Annotated[list[TagName], Field(title="list of tags")]
TagNames = Annotated[
    list[TagName],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "title": "tag, or list of tags",
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
            "examples": ["world", ["politics", "europe"]],
        }
    ),
]
Mapped = Annotated[dict[Text, TagNames], Field(title="category: tag, or list of tags")]
Texts = Annotated[
    list[Text],
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "title": "text, or list of texts",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        }
    ),
]
_NAME = {"type": "string", "title": "name", "pattern": f"^{values.OUTPUT_NAME}$"}
OutputName = Annotated[
    str,
    AfterValidator(_said(values.read_output_name)),
    WithJsonSchema(_NAME),
]
OutputNames = Annotated[
    list[OutputName],
    BeforeValidator(_listed),
    WithJsonSchema({"title": "name, or list of names", "anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]
HeaderName = Annotated[str, AfterValidator(_said(values.read_header_name))]
HeaderValue = Annotated[str, AfterValidator(_said(values.read_header_value))]
Headers = Annotated[dict[HeaderName, HeaderValue], Field(title="header: value")]
Login = Annotated[str, PlainValidator(_secret(values.read_login)), WithJsonSchema(_A_LOGIN)]
Token = Annotated[
    str,
    PlainValidator(_secret(values.read_token)),
    WithJsonSchema(
        {
            "type": "string",
            "title": "text",
            "pattern": _or_environ(values.UNGUESSABLE),
            "examples": ["${MY_TOKEN}"],
        }
    ),
]
NoticeAddress = Annotated[
    str,
    PlainValidator(_secret(values.read_notice_address)),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": _or_environ("[A-Za-z][A-Za-z0-9+.-]*://.+"),
            "examples": ["ntfy://my-topic"],
        }
    ),
]
NoticeAddresses = Annotated[list[NoticeAddress], Field(title="list of addresses")]
Proxy = Annotated[str, PlainValidator(_said(values.read_proxy)), WithJsonSchema(_A_PROXY)]
AgentName = Annotated[Text, AfterValidator(_said(values.read_header_value))]
Level = Annotated[
    DedupLevel,
    PlainValidator(_choice(DedupLevel)),
    WithJsonSchema({"type": "string", "enum": list(DedupLevel)}),
]
Grouping = Annotated[
    Group, PlainValidator(_choice(Group)), WithJsonSchema({"type": "string", "enum": list(Group)})
]
Ordering = Annotated[
    Order, PlainValidator(_choice(Order)), WithJsonSchema({"type": "string", "enum": list(Order)})
]
Guard = Annotated[
    LoginFor, PlainValidator(_choice(LoginFor)), WithJsonSchema({"type": "string", "enum": list(LoginFor)})
]
Rhythm = Annotated[
    Edition, PlainValidator(_choice(Edition)), WithJsonSchema({"type": "string", "enum": list(Edition)})
]
LogForm = Annotated[
    LogFormat, PlainValidator(_choice(LogFormat)), WithJsonSchema({"type": "string", "enum": list(LogFormat)})
]
Loudness = Annotated[
    LogLevel, PlainValidator(_choice(LogLevel)), WithJsonSchema({"type": "string", "enum": list(LogLevel)})
]
_ONE_FILTER = {"type": ["string", "number", "boolean"]}
Filters = Annotated[
    list[Annotated[Filter, PlainValidator(_filter)]],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "title": "filter, or list of filters",
            "anyOf": [_ONE_FILTER, {"type": "array", "items": _ONE_FILTER, "minItems": 1}],
            "examples": ["nato", '"live blog"', "title:election* -sport"],
        }
    ),
]
NamedFilters = Annotated[dict[FilterName, Filters], Field(title="name: filter, or list of filters")]
TagRules = Annotated[dict[TagName, Filters], Field(title="tag: filter, or list of filters")]
