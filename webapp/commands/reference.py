"""docs/commands.md and static/pwa/commands/catalog.js, written from the registry so that neither can lie."""

import ast
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

from msgspec import inspect as shapes

from webapp.commands.permission import ROLES
from webapp.commands.registry import COMMANDS, Entry
from webapp.foundation.refusal import Quarantine, Refusal

VISIT = {"opens": "opens one", "needs": "works on one", "none": "about none"}
INTRODUCTION = """# Commands

Written by `flask docs` from `webapp/commands/registry.py`. A `?` marks what may be left out; lengths are in characters,
money in fen. Besides its own refusals every command knows `role.not_yours` and `visit.unknown`.
"""
KNOWN = {"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": "id", "^[0-9a-f]{64}$": "hash"}


def write(root: Path) -> None:
    """Writes both files."""
    for path, text in _files().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def stale(root: Path) -> list[str]:
    """Names of the files that no longer say what the registry says."""
    return [path for path, text in _files().items()
            if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text]


def arguments(entry: Entry) -> dict[str, str]:
    """Argument name -> shape: `id`, `text 1..300`, `int 0..10000`, `a|b`, `[id] ..40`; a `?` at the end: may be left out."""
    return {field.encode_name: _shape(field.type) + ("" if field.required else "?") for field in _fields(entry.command)}


def refusals(act: Callable[..., Any]) -> dict[str, str]:
    """Code -> Chinese sentence of every refusal that the act or a domain function it calls may raise."""
    return dict(sorted(_refusals(act, set())))


def _files() -> dict[str, str]:
    return {"docs/commands.md": _page(), "static/pwa/commands/catalog.js": _catalog()}


def _page() -> str:
    parts = [INTRODUCTION]
    for name, entry in COMMANDS.items():
        who = "、".join(f"{ROLES.get(role, role)} `{role}`" for role in _roles(entry))
        said = " ".join((inspect.getdoc(entry.act) or "").split())
        rights = f"Who: {who} · visit: {VISIT[entry.visit]} · since {entry.since}"
        parts.append("\n\n".join(part for part in (f"## {name} {entry.zh}", said, rights) if part) + "\n")
        if made := arguments(entry):
            rows = [f"| `{arg}` | {_cell(shape)} |" for arg, shape in made.items()]
            parts.append("\n".join(["| argument | shape |", "|---|---|", *rows]) + "\n")
        if no := refusals(entry.act):
            parts.append("\n".join(f"- `{code}` {sentence}" for code, sentence in no.items()) + "\n")
    return "\n".join(parts)


def _catalog() -> str:
    lines = ["// Written by `flask docs` from webapp/commands/registry.py: every command, its arguments, who may, since when.",
             "// Shapes are those of docs/commands.md.", "export const COMMANDS = {"]
    for name, entry in COMMANDS.items():
        facts = {"visit": entry.visit, "since": entry.since, "roles": _roles(entry), "args": arguments(entry)}
        lines.append(f"  '{name}': {json.dumps(facts, ensure_ascii=False, separators=(',', ':'))},")
    return "\n".join([*lines, "}", ""])


def _roles(entry: Entry) -> list[str]:
    return sorted(entry.roles) if len(entry.roles) < len(ROLES) else ["any staff"]


def _cell(shape: str) -> str:
    return f"`{shape}`".replace("|", "\\|")


def _fields(struct: Any) -> tuple[shapes.Field, ...]:
    info = shapes.type_info(struct)
    assert isinstance(info, shapes.StructType)
    return info.fields


def _shape(kind: shapes.Type) -> str:
    match kind:
        case shapes.UnionType(types):
            return _shape(next(inner for inner in types if not isinstance(inner, shapes.NoneType)))
        case shapes.Metadata(inner):
            return _shape(inner)
        case shapes.LiteralType(values):
            return "|".join(str(value) for value in sorted(values, key=str))
        case shapes.StrType():
            return _text(kind)
        case shapes.IntType():
            return "int" + _range(kind.ge, kind.le)
        case shapes.BoolType():
            return "bool"
        case shapes.DateTimeType():
            return "moment"
        case shapes.VarTupleType() | shapes.ListType():
            return f"[{_shape(kind.item_type)}]" + _range(kind.min_length, kind.max_length)
        case shapes.TupleType():
            return f"[{','.join(_shape(inner) for inner in kind.item_types)}]"
        case shapes.StructType():
            return "{" + ",".join(f"{f.encode_name}:{_shape(f.type)}{'' if f.required else '?'}" for f in kind.fields) + "}"
        case _:
            return "object"


def _text(kind: shapes.StrType) -> str:
    if kind.pattern:
        return KNOWN.get(kind.pattern) or f"text {kind.pattern}"
    return "text" + _range(kind.min_length, kind.max_length)


def _range(least: Any, most: Any) -> str:
    return "" if least is None and most is None else f" {'' if least is None else least}..{'' if most is None else most}"


def _refusals(act: Callable[..., Any], seen: set[Any]) -> Iterator[tuple[str, str]]:
    act = inspect.unwrap(act)
    if act in seen or not isinstance(act, FunctionType) or not act.__module__.startswith("webapp.domain"):
        return
    seen.add(act)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(act)))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        called = act.__globals__.get(node.func.id)
        if called in (Refusal, Quarantine):
            yield _said(node)
        elif isinstance(called, FunctionType):
            yield from _refusals(called, seen)


def _said(node: ast.Call) -> tuple[str, str]:
    words = [next((part.value for part in ast.walk(arg) if isinstance(part, ast.Constant) and isinstance(part.value, str)), "")
             for arg in node.args[:2]]
    return words[0], words[1] if len(words) > 1 else ""


