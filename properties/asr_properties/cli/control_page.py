"""The page of the control path, from its declarations: methods, faults, and outcomes that can be chosen."""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.vocabulary import Fault
from asr_properties.cli.servable import RECORDED
from asr_properties.reference import CHOICES
from asr_properties.server.control_methods import ITEM, OF_AN_ITEM, OF_THE_SERVER, ControlMethod
from asr_properties.server.http_faults import KINDS, HttpFault

_HEAD = """# The control path of `serve`

Beside the ARM API, `serve` lets you move what no API can: time, the machines' power and writes, faults, and outcomes
that the documentation leaves open. `serve` prints its address with the token that it asks for, in the header
`X-Control-Token` or as `token` in the query. `GET /control` answers with all of this as an OpenAPI document; parameters
are in the body as JSON, of a GET in the query. [Test your own tooling against it](test-your-tooling.md) shows it at
work.

An answer is `{"result": ...}`, or `{"error": {"code": n, "message": "..."}}` with status 409 where it is refused, else
400; a wrong name is answered with the right ones. Jobs go by the names that ARM shows. Time is one for all that a vault
has. This page is generated; `make reports` writes it.
"""


def page() -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *_methods(), *_faults(), *_choices()])


def _methods() -> Iterator[str]:
    yield "## Of the server, after `/control`\n"
    yield from _table(OF_THE_SERVER)
    yield f"## Of an item, after `/control` and its address in the ARM API\n\nThe address is `{ITEM}`.\n"
    yield from _table(OF_AN_ITEM)


def _table(methods: tuple[ControlMethod, ...]) -> Iterator[str]:
    yield "| | parameters | |\n|---|---|---|"
    for method in methods:
        named = f"{method.verb} /{method.name}" if method.name else method.verb
        parameters = ", ".join(f"`{name}`" for name in method.parameters.model_fields)
        yield f"| `{named}` | {parameters} | {_cell(method.summary)} |"
    yield ""


def _faults() -> Iterator[str]:
    yield "## Faults of the machine and its site (`inject`, `clear`)\n"
    yield ", ".join(f"`{fault}`" for fault in Fault) + ".\n"
    yield "## Faults of the way (`http_faults`)\n"
    yield "| kind | what happens |\n|---|---|"
    yield from (f"| `{kind}` | {_cell(what)} |" for kind, what in KINDS.items())
    yield "\n| parameter | default | |\n|---|---|---|"
    for name, field in HttpFault.model_fields.items():
        if name != "kind":
            default = "null" if field.default is None else field.default
            yield f"| `{name}` | {default} | {_cell(field.description or '')} |"
    yield ""


def _choices() -> Iterator[str]:
    yield "## Outcomes that can be chosen (`choose`, `serve --choice NAME=OPTION`)\n"
    yield (
        "The first option is served unless somebody says otherwise, at every call; where another one was recorded, that"
        "\none is (marked). `drawn` draws one at each call; `serve --seed N` draws all that no `--choice` names.\n"
    )
    yield "| choice | options |\n|---|---|"
    for name, options in CHOICES.items():
        shown = (
            f"`{option}`{' (recorded)' if RECORDED.get(name) == option else ''}" for option in dict.fromkeys(options)
        )
        yield f"| `{name}` | {', '.join(shown)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
