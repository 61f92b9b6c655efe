"""Write the pages of docs that are made from the code: permissions, lifecycles and the data dictionary.

Run as ``python -m scripts.generate_docs`` whenever a test says that a page no longer tells what the code does.
"""

import importlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask

from accounts.rules import ROLE_PERMISSIONS, Permission, Role
from app import METADATA, create_app
from foundation import access, dictionary, outbox
from foundation.db import Base
from foundation.encryption import Sealed
from foundation.language import words_for
from foundation.lifecycle import Lifecycle
from foundation.settings import NAMES, Mode, Settings

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m scripts.generate_docs"
NOTE = f"<!-- Made from the code by `{COMMAND}`; edit the code and run it again. -->"


def main() -> None:
    """Write all pages."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in pages(make_app(Path(folder))).items():
            (ROOT / "docs" / name).write_text(text, encoding="utf-8")
            print(f"docs/{name}")


def make_app(folder: Path) -> Flask:
    """Make a portal that is looked at and never run."""
    settings = Settings(
        mode=Mode.TEST,
        instance=folder,
        secret_key="only for looking at the routes of a portal",  # noqa: S106 - this portal serves nobody.
        database_url="sqlite:///",
        base_url="",
        smtp_url="",
        mail_from="",
    )
    return create_app(settings)


def pages(app: Flask) -> dict[str, str]:
    """Make every page by its name in docs."""
    return {
        "permissions.md": permissions_page(app),
        "lifecycles.md": lifecycles_page(),
        "data-dictionary.md": dictionary_page(),
        "settings.md": settings_page(),
    }


def settings_page() -> str:
    """Tell every setting and what it means."""
    told = (
        "All settings come from the environment; the secrets may lie in `secrets.json` of the instance folder instead. "
        "A portal with an unsafe setting does not start and tells all its faults at once. In production a name that "
        "begins with `ALONGSIDE_` and does not stand here is refused, as it is most likely a slip."
    )
    rows = ([f"`{name}`", meaning] for name, meaning in NAMES.items())
    return "\n\n".join([NOTE, "# Settings", told, table(["Setting", "Meaning"], rows)]).strip() + "\n"


def permissions_page(app: Flask) -> str:
    """Tell what each role may do, and who may open each address."""
    roles = list(Role)
    told = (
        "A role gives its permissions in one scheme. Beyond the permission, a person sees only what `policy.py` of "
        "each package lets them see; everything else answers as if it did not exist."
    )
    rights = table(
        ["Permission", "Name in the code", *(words_for(role) for role in roles)],
        (
            [words_for(right), f"`{right}`", *("yes" if right in ROLE_PERMISSIONS[role] else "" for role in roles)]
            for right in Permission
        ),
    )
    return (
        "\n\n".join(
            [
                NOTE,
                "# Permissions",
                told,
                "## What each role may do",
                rights,
                "## Who may open each address",
                "`public` means anybody, `signed in` means everybody with a role.",
                table(["Address", "Method", "Endpoint", "Who", "Roles"], routes(app)),
            ]
        ).strip()
        + "\n"
    )


def routes(app: Flask) -> Iterator[list[str]]:
    """List every address with its access, in the order of the addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        declared = access.access_of(app.view_functions[rule.endpoint])
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        who = declared.describe() if declared is not None else "nobody"
        asked = set(declared.permissions) if declared is not None else set()
        roles = ", ".join(words_for(role) for role in Role if asked & ROLE_PERMISSIONS[role])
        yield [f"`{rule.rule}`", methods, f"`{rule.endpoint}`", who, roles]


def lifecycles() -> list[Lifecycle[Any]]:
    """Find every lifecycle of the house, by name."""
    modules = [outbox]
    for file in sorted([*ROOT.glob("*/rules.py"), *ROOT.glob("*/rules/*.py")]):
        parts = file.relative_to(ROOT).with_suffix("").parts
        modules.append(importlib.import_module(".".join(part for part in parts if part != "__init__")))
    found = {value.name: value for module in modules for value in vars(module).values() if isinstance(value, Lifecycle)}
    return [found[name] for name in sorted(found)]


def lifecycles_page() -> str:
    """Draw every lifecycle, and tell it as a table."""
    parts = [
        NOTE,
        "# Lifecycles",
        "The states that records can be in and the moves between them. A move that is not here cannot be made.",
    ]
    for lifecycle in lifecycles():
        parts += [f"## {lifecycle.name}", diagram(lifecycle), moves(lifecycle)]
    return "\n\n".join(parts) + "\n"


def diagram(lifecycle: Lifecycle[Any]) -> str:
    """Draw a lifecycle for Mermaid."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{words_for(state)}" as {state.name.lower()}' for state in lifecycle.moves]
    lines += [f"    [*] --> {lifecycle.start.name.lower()}"]
    for before, following in lifecycle.moves.items():
        lines += [f"    {before.name.lower()} --> {after.name.lower()}" for after in following]
        lines += [] if following else [f"    {before.name.lower()} --> [*]"]
    return "\n".join([*lines, "```"])


def moves(lifecycle: Lifecycle[Any]) -> str:
    """Tell a lifecycle as a table, its beginning first."""
    return table(
        ["From", "To"],
        (
            [words_for(before), ", ".join(words_for(after) for after in following) or "(the end)"]
            for before, following in lifecycle.moves.items()
        ),
    )


def dictionary_page() -> str:
    """Tell of every column what it holds, who may read it, how long it stays and whether the person gets a copy."""
    told = (
        "Level 0 is open to whoever may open the page, level 1 holds core documents, level 2 is for the mentor of the "
        "person and the coordinator alone. Columns of level 2 lie encrypted, or the last column of the table says why "
        "not. What is personal or special lies in the audit trail under a key of the person, and what is secret never."
    )
    parts = [NOTE, "# Data dictionary", told]
    rows: dict[str, list[list[str]]] = {}
    meanings = {mapper.local_table.name: mapper.class_.__doc__ or "" for mapper in _mappers()}
    for part_of, column, entry in dictionary.column_entries(METADATA):
        described = [] if entry is None else [entry.kind, str(int(entry.level)), entry.retention, entry.export]
        described.append(_lies(column))
        rows.setdefault(part_of.name, []).append([f"`{column.name}`", _kind_of(column), *described])
    for name, lines in rows.items():
        head = ["Column", "Type", "Holds", "Level", "Stays", "Copy for the person", "At rest"]
        parts += [f"## `{name}`", meanings[name].strip().splitlines()[0], table(head, lines)]
    return "\n\n".join(parts) + "\n"


def _mappers() -> Iterable[Any]:
    """List the classes behind the tables."""
    return Base.registry.mappers


def _kind_of(column: Any) -> str:  # noqa: ANN401 - a column of any type.
    """Name the type of a column in a word."""
    optional = ", may be empty" if column.nullable else ""
    kind = column.type.kind if isinstance(column.type, Sealed) else type(column.type)
    return f"{kind.__name__.lower()}{optional}"


def _lies(column: Any) -> str:  # noqa: ANN401 - a column of any type.
    """Tell how a column lies in the database."""
    why = dictionary.why_plain(column)
    return "encrypted" if isinstance(column.type, Sealed) else f"plain: {why}" if why else ""


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """Write a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    main()
