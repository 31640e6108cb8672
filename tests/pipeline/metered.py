"""Runs claimdiff with its code rewritten so that it counts its work: `python metered.py < texts.json`.

Two kinds of work are counted for each function. Steps are the calls and the lines that Python runs, with
every turn of a loop or a comprehension. Items are what Python's own C code goes through out of sight of
that: the list that `in` searches, the slice that is copied, what is sorted, joined, added up or searched by
a regular expression. Neither depends on how fast the machine is.

Reads a list of pairs of texts, and writes for each pair, in the same order, {"steps": {function: number},
"items": {function: number}}. All pairs are compared once before, so that nothing counts that is loaded once.
"""

from __future__ import annotations

import ast
import builtins
import importlib.abc
import importlib.machinery
import json
import operator
import re
import sys
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType, ModuleType
from typing import Any

PACKAGE = "claimdiff"
ITEMS: Counter[str] = Counter()
STEPS: Counter[str] = Counter()
ROWS: tuple[Any, ...] = (str, bytes, list, tuple, deque)
SETS: tuple[Any, ...] = (set, frozenset, dict, type({}.keys()))
EAGER = {"sorted", "min", "max", "sum", "list", "tuple", "set", "frozenset", "dict", "any", "all"}
METHODS = {
    "index", "count", "find", "rfind", "split", "splitlines", "replace", "join", "translate", "casefold",
    "lower", "upper", "strip", "encode", "copy", "insert", "remove", "reverse", "sort", "union",
    "intersection", "difference", "issubset", "isdisjoint", "search", "finditer", "findall", "sub",
}  # fmt: skip
BINARY = {ast.Add: "add", ast.BitOr: "or_", ast.BitAnd: "and_", ast.Sub: "sub"}


# --- what rewritten code calls --------------------------------------------------------------------


def within(where: str, item: Any, holder: Any) -> bool:
    if isinstance(holder, ROWS):
        ITEMS[where] += len(holder)
    return item in holder


def cut(where: str, made: Any) -> Any:
    if isinstance(made, ROWS):
        ITEMS[where] += len(made)
    return made


def binary(where: str, name: str, left: Any, right: Any) -> Any:
    made: Any = getattr(operator, name)(left, right)
    if isinstance(made, ROWS):
        ITEMS[where] += len(made)
    elif isinstance(left, SETS):
        ITEMS[where] += min(len(left), len(right)) if name == "and_" else len(left)
    return made


def eager(where: str, name: str, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    if given and isinstance(given[0], ROWS + SETS) and function is getattr(builtins, name):
        ITEMS[where] += len(given[0])
    return function(*given, **named)


def method(where: str, name: str, owner: Any, *given: Any, **named: Any) -> Any:
    result = getattr(owner, name)(*given, **named)
    if isinstance(owner, re.Pattern):
        ITEMS[where] += _searched(name, result, given)
    elif isinstance(owner, ROWS + SETS):
        ITEMS[where] += _read(name, owner, result, given)
    return result


def _searched(name: str, result: Any, given: Sequence[Any]) -> int:
    """How much of a text a pattern has looked at, at least."""
    text = given[1] if name == "sub" else given[0]
    start, stop = (*given[1:3], len(text))[:2] if name != "sub" and len(given) > 1 else (0, len(text))
    if name == "search" and result is not None:
        stop = result.end()
    return max(0, min(stop, len(text)) - start)


def _read(name: str, owner: Any, result: Any, given: Sequence[Any]) -> int:
    if name in ("find", "index"):
        start = given[1] if given[1:] else 0
        return int(result if result >= 0 else len(owner)) - int(start)
    if name == "join":
        return len(result)
    return len(owner)


# --- rewriting ------------------------------------------------------------------------------------


class Rewriter(ast.NodeTransformer):
    """Puts a call of this module in the place of what C does unseen."""

    def __init__(self, module: str) -> None:
        self.module, self.names = module.removeprefix(f"{PACKAGE}."), list[str]()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.names.append(node.name)
        node.body = [self.visit(own) for own in node.body]
        node.args.defaults = [self.visit(own) for own in node.args.defaults]
        self.names.pop()
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = node.value and self.visit(node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) > 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
            return node
        found = self._call("within", node, node.left, node.comparators[0])
        if isinstance(node.ops[0], ast.In):
            return found
        return ast.copy_location(ast.UnaryOp(ast.Not(), found), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        sliced = isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load)
        return self._call("cut", node, node) if sliced else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        name = BINARY.get(type(node.op))
        return self._call("binary", node, ast.Constant(name), node.left, node.right) if name else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        own = node.func
        if isinstance(own, ast.Name) and own.id in EAGER:
            return self._call("eager", node, ast.Constant(own.id), own, *node.args, named=node.keywords)
        if isinstance(own, ast.Attribute) and own.attr in METHODS:
            name = ast.Constant(own.attr)
            return self._call("method", node, name, own.value, *node.args, named=node.keywords)
        return node

    def _call(self, name: str, at: ast.expr, *given: ast.expr, named: Sequence[ast.keyword] = ()) -> ast.expr:
        where = ast.Constant(f"{self.module}.{self.names[-1] if self.names else ''}")
        meter = ast.Attribute(ast.Name("__meter__", ast.Load()), name, ast.Load())
        return ast.copy_location(ast.Call(meter, [where, *given], list(named)), at)


class Loader(importlib.machinery.SourceFileLoader):
    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        tree = ast.fix_missing_locations(Rewriter(self.name).visit(ast.parse(data)))
        return compile(tree, path, "exec", dont_inherit=True)

    def get_code(self, fullname: str) -> Any:
        """Never from the bytecode of the code as it was written, nor kept as such."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__meter__"] = sys.modules[__name__]
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname.split(".")[0] != PACKAGE:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec and spec.origin and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(fullname, spec.origin)
        return spec


# --- counting -------------------------------------------------------------------------------------


def count(do: Callable[[], object]) -> dict[str, dict[str, int]]:
    """The work of a call, by function."""
    ITEMS.clear()
    counted: dict[Any, list[int]] = {}

    counters: dict[Any, Any] = {}

    def entered(frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code not in counters:
            counters[code] = counter(code)
        if code in counted:
            counted[code][0] += 1
        return counters[code]

    def counter(code: Any) -> Any:
        if code.co_filename == __file__:
            return None  # the counting is no work
        steps = counted[code] = [0]

        def inside(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line":
                steps[0] += 1
            return inside

        return inside

    sys.settrace(entered)
    try:
        do()
    finally:
        sys.settrace(None)
    STEPS.clear()
    for code, steps in counted.items():
        STEPS[f"{_module(code.co_filename)}.{_function(code.co_qualname)}"] += steps[0]
    return {"steps": dict(STEPS), "items": dict(ITEMS)}


def _module(path: str) -> str:
    return ".".join(path.removesuffix(".py").split("/")[-2:]).removeprefix(f"{PACKAGE}.")


def _function(name: str) -> str:
    """The function that a comprehension or an inner function belongs to."""
    return name.split(".<locals>")[0]


def main() -> None:
    sys.meta_path.insert(0, Finder())
    import claimdiff
    from claimdiff.errors import NotComparableError

    def compare(source: str, derivative: str) -> None:
        with suppress(NotComparableError):  # which it has found out by comparing
            claimdiff.compare(source, derivative)

    pairs = json.load(sys.stdin)
    for pair in pairs:
        compare(*pair)
    json.dump([count(partial(compare, *pair)) for pair in pairs], sys.stdout)


if __name__ == "__main__":
    main()
