"""Where a run can die: every await of the program and every commit of its ledger, found in the source, not listed.

Modules are rewritten as they are imported: a hook before and after each await, each step of an `async with` or `async
for`, and each commit. A hook notes that it was passed, and kills its process where that was asked for.
"""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, ModuleType

from sqlalchemy.engine.default import DefaultDialect

_HOOK = "__fail_point__"
# What asks for approvals begins when results are written, and creates nothing.
_NOT_OF_A_RUN = ("batch.sandbox", "batch.cli", "batch.probe", "batch.approval", "batch.status")
_PASSES_ON = frozenset({"_writing", "_explained"})
_LEDGER = "batch.ledger.store"


@dataclass(slots=True)
class Fire:
    """What this process passes, and where it dies: at the `nth` time that it passes `target`."""

    found: set[str] = field(default_factory=set)
    calls_that_commit: set[str] = field(default_factory=set)
    passed: Counter[str] = field(default_factory=Counter)
    log: int | None = None
    target: str = ""
    nth: int = 0

    def hit(self, location: str) -> None:
        self.passed[location] += 1
        if self.log is not None:
            os.write(self.log, f"{location}\n".encode())
        if location == self.target and self.passed[location] == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, location: str, value: object) -> object:
        self.hit(f"{location} before")
        return value

    def after(self, location: str, value: object) -> object:
        self.hit(f"{location} after")
        return value

    def watch(self, location: str, entering: str, leaving: str) -> _Watch:
        return _Watch(self, f"{location} {entering}", f"{location} {leaving}")

    async def each(self, location: str, values: AsyncIterator[object]) -> AsyncIterator[object]:
        self.hit(f"{location} before")
        async for value in values:
            self.hit(f"{location} after")
            yield value


@dataclass(frozen=True, slots=True)
class _Watch:
    fire: Fire
    entering: str
    leaving: str

    async def __aenter__(self) -> None:
        self.fire.hit(self.entering)

    async def __aexit__(self, *_: object) -> None:
        self.fire.hit(self.leaving)


def light(fire: Fire) -> None:
    """Imports the whole program with hooks in it, in a process that has imported none of it yet."""
    assert not any(name.startswith("batch.") for name in sys.modules), "too late: the program is imported already"
    sys.meta_path.insert(0, _Finder(fire))
    _watch_commits(fire)
    import batch

    for module in pkgutil.walk_packages(batch.__path__, "batch."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    fire.calls_that_commit = _calls_that_commit()


class _Finder:
    def __init__(self, fire: Fire) -> None:
        self._fire = fire

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith("batch.") or name.startswith(_NOT_OF_A_RUN):
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(self._fire, name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, fire: Fire, name: str, path: str) -> None:
        super().__init__(name, path)
        self._fire = fire

    def get_code(self, fullname: str) -> CodeType:
        """Compiled anew each time: nothing of this may come into the byte code that others use."""
        path = self.get_filename(fullname)
        rewriter = _Rewriter(fullname)
        tree = ast.fix_missing_locations(rewriter.visit(ast.parse(self.get_data(path))))
        self._fire.found |= rewriter.found
        code: CodeType = compile(tree, path, "exec", dont_inherit=True)
        return code

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, _HOOK, self._fire)
        super().exec_module(module)


class _Rewriter(ast.NodeTransformer):
    """Puts the hooks in; `found` are the points of one module."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._functions: list[str] = []
        self.found: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._inside(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._inside(node)

    def _inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self._functions.append(node.name)
        self.generic_visit(node)
        self._functions.pop()
        return node

    def visit_Await(self, node: ast.Await) -> ast.AST:
        where = self._where(node, "before", "after")
        self.generic_visit(node)
        node.value = _call("before", where, node.value)
        return ast.copy_location(_call("after", where, node), node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        where = self._where(node, "before", "after")
        self.generic_visit(node)
        node.iter = _call("each", where, node.iter)
        return node

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        items: list[ast.withitem] = []
        for item in node.items:
            where = self._where(item.context_expr, "entering", "entered", "leaving", "left")
            items.append(ast.withitem(context_expr=_call("watch", where, *_texts("entering", "left"))))
            items.append(item)
            items.append(ast.withitem(context_expr=_call("watch", where, *_texts("entered", "leaving"))))
        self.generic_visit(node)
        node.items = items
        return node

    def _where(self, node: ast.expr | ast.stmt, *moments: str) -> str:
        where = f"{self._module}:{'.'.join(self._functions)}:{node.lineno}:{node.col_offset}"
        self.found |= {f"{where} {moment}" for moment in moments}
        return where


def _call(name: str, where: str, *values: ast.expr) -> ast.Call:
    hook = ast.Attribute(value=ast.Name(id=_HOOK, ctx=ast.Load()), attr=name, ctx=ast.Load())
    return ast.Call(func=hook, args=[ast.Constant(where), *values], keywords=[])


def _texts(*texts: str) -> list[ast.expr]:
    return [ast.Constant(text) for text in texts]


# Commits


def _watch_commits(fire: Fire) -> None:
    commit = DefaultDialect.do_commit

    def do_commit(self: DefaultDialect, connection: object) -> None:
        where = _committing(sys._getframe(1))
        fire.hit(f"{where} commit before")
        commit(self, connection)  # type: ignore[no-untyped-call]
        fire.hit(f"{where} commit after")

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


def _committing(frame: FrameType | None) -> str:
    """The ledger's method with its line, since one method may commit twice, and who called it."""
    method, caller = "", ""
    while frame is not None and not caller:
        module, function = frame.f_globals.get("__name__", ""), frame.f_code.co_name
        if module == _LEDGER and function not in _PASSES_ON:
            method = f"{function}:{frame.f_lineno}"
        elif method and module.startswith("batch."):
            caller = f"{module}:{function}"
        frame = frame.f_back
    return f"{caller} > {method}"


def _calls_that_commit() -> set[str]:
    """Every call, anywhere in what makes up a run, of a ledger's method that writes: `module:function > method`."""
    methods = _methods_that_commit(_parsed(_LEDGER))
    found: set[str] = set()
    for name in tuple(sys.modules):
        if name.startswith("batch.") and not name.startswith((*_NOT_OF_A_RUN, _LEDGER)):
            _Calls(name, methods, found).visit(_parsed(name))
    return found


def _parsed(module: str) -> ast.Module:
    return ast.parse(Path(str(sys.modules[module].__file__)).read_bytes())


def _methods_that_commit(tree: ast.Module) -> frozenset[str]:
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(inner, ast.Attribute) and inner.attr == "_writing" for inner in ast.walk(node))
    )


class _Calls(ast.NodeVisitor):
    def __init__(self, module: str, methods: frozenset[str], found: set[str]) -> None:
        self._module, self._methods, self._found = module, methods, found
        self._function = "<module>"

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outer, self._function = self._function, getattr(node, "name", "<lambda>")
            self.generic_visit(node)
            self._function = outer
            return
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and self._is_ledger(node.func):
            self._found.add(f"{self._module}:{self._function} > {node.func.attr}")
        self.generic_visit(node)

    def _is_ledger(self, called: ast.Attribute) -> bool:
        of = called.value
        name = of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
        return called.attr in self._methods and name.endswith("ledger")
