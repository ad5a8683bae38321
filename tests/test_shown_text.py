"""A net under `visible`: no call that shows text may be given text that has not gone through it.

What the net cannot see through is listed in `LOOKED_AT` with its reason; the list holds no entry
that is not needed.
"""

import ast
import functools
import re
from pathlib import Path

import pytest

import lyricist

PACKAGE = Path(lyricist.__file__).parent
FILES = sorted(p for p in PACKAGE.rglob("*.py") if p.parts[len(PACKAGE.parts)] in ("app", "cli"))

# Calls whose first argument is shown, by the last part of their name.
SHOWS_FIRST = {
    "Static", "Label", "Option", "Button", "Checkbox", "Text", "Content", "echo", "click.confirm",
    "click.prompt", "update", "write",  "notify", "print", "secho",
}  # fmt: skip
SHOWN_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "title", "sub_title"}
SAFE_CALLS = {"visible", "visible_lines", "drawn_line", "drawn_part", "dumps", "len", "clock"}
# These return a part of what they are given.
CUTS = {"cut_to_cells", "_fitted"}
# Of these every argument is shown.
BUILDS = {"Content", "Content.styled", "Content.assemble", "Text"}
NUMBER = re.compile(r"[<>=^]?[+ ]?\d*,?(?:\.\d+)?[dfeg%]|,|\.\d+%")

OURS = "words that stand in our own files"
SHOWN = "made with `visible` where it comes from"
NUMBERS = "numbers and our own words"
NOT_SHOWN = "nothing that is shown"
# By file: what is shown there, and why that is safe.
LOOKED_AT = {
    "app/screens/compare.py": {"f'{role}: '": OURS},
    "app/screens/dialogs.py": {"label": OURS},
    "app/screens/difference.py": {"label": OURS},
    "app/screens/help.py": {
        "description": OURS,
        "f'{name:20}' if has_room else ''": OURS,
        "remark": OURS,
    },
    "app/screens/locks.py": {"problem": OURS},
    "app/screens/model_dialogs.py": {"('  ' * depth + visible(key)).ljust(_KEY_WIDTH)": SHOWN},
    "app/screens/path_dialogs.py": {"select": OURS, "self._title": OURS},
    "app/screens/reference.py": {"text": OURS},
    "app/screens/rewrite.py": {"found.lines": NOT_SHOWN},
    "app/screens/rhymes.py": {
        "f'Enter puts it in · Tab next group · Esc{other}'": SHOWN,
        "title": OURS,
    },
    "app/widgets/corpus_report.py": {"forecast.sentence()": NUMBERS, "line": SHOWN},
    "app/widgets/model_pane.py": {
        "beside": SHOWN,
        "cut_to_cells(_no_candidates(state), width)": SHOWN,
        "cut_to_cells(text, width)": SHOWN,
        "(' · ', _MUTED)": OURS,
        "(COPY_MARK, '$text-warning')": OURS,
        "(head, _MUTED)": NUMBERS,
        "f'{head} '": NUMBERS,
        "f'{label:13}'": OURS,
        "keys": OURS,
        "label": SHOWN,
        "left": SHOWN,
        "line": NUMBERS,
        "right": SHOWN,
        "right[number] if number < len(right) else ''": SHOWN,
        "shown": SHOWN,
        "status": OURS,
    },
    "app/widgets/model_table.py": {"cell": SHOWN, "heading": OURS},
    "app/widgets/perplexity_chart.py": {"*pieces": NUMBERS},
    "app/widgets/sample_log.py": {
        "_on_one_line(sample.prefix)": SHOWN,
        "_on_one_line(sample.text)": SHOWN,
    },
    "app/widgets/song_row.py": {"row.text": SHOWN},
    "app/widgets/status_bar.py": {"left": SHOWN},
    "app/widgets/train_form_view.py": {
        "_ABOUT.get(str(event.value), '')": OURS,
        "self._label": OURS,
    },
    "app/widgets/train_progress.py": {
        "' · '.join(parts)": NUMBERS,
        "f'{run.status} · {clock(seconds)}'": NUMBERS,
        "run.message": SHOWN,
        "text": SHOWN,
    },
    "cli/bench.py": {"head": OURS, "json.dumps(figure) if as_json else row(figure)": NUMBERS},
    "cli/complete.py": {
        "f'lyricist: {number}: {one.copied} as in the training text'": NUMBERS,
    },
    "cli/continuations.py": {
        "((one.text, one) for one in candidates if one.text not in copied)": NOT_SHOWN,
    },
    "cli/completion.py": {
        "complete(root, {}, 'lyricist', '_LYRICIST_COMPLETE').source()": OURS,
    },
    "cli/evaluate.py": {"f'{label:<20}{value}'": NUMBERS},
    "cli/train.py": {"to_line(event)": "JSON, which escapes what is not ASCII"},
}


@functools.cache
def content_functions():
    """Names of our functions that return a `Content`."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in FILES)
    functions = (n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    return {f.name for f in functions if f.returns and ast.unparse(f.returns) == "Content"}


def is_safe(node, known=frozenset()):
    """Whether a text can hold nothing but what we wrote, or has gone through `visible`."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(is_safe(value, known) for value in node.values)
    if isinstance(node, ast.FormattedValue):
        spec = node.format_spec
        parts = spec.values if spec is not None else []
        only = parts[0].value if len(parts) == 1 and isinstance(parts[0], ast.Constant) else ""
        return NUMBER.fullmatch(only) is not None or is_safe(node.value, known)
    if isinstance(node, ast.IfExp):
        return is_safe(node.body, known) and is_safe(node.orelse, known)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return is_safe(node.left, known)
    if isinstance(node, ast.BinOp):
        return is_safe(node.left, known) and is_safe(node.right, known)
    if isinstance(node, ast.BoolOp):
        return all(is_safe(value, known) for value in node.values)
    if isinstance(node, ast.Name):
        return node.id in known or node.id.isupper()
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        last = name.rpartition(".")[2]
        if last == "join" and isinstance(node.args[0], ast.GeneratorExp):
            return is_safe(node.args[0].elt, known)
        if last in CUTS:
            return is_safe(node.args[0], known)
        # What these are given or made of is looked at by itself.
        return name in BUILDS or last in SAFE_CALLS or last in content_functions()
    return False


def safe_names(function):
    """Names that a function gives nothing but safe texts to."""
    given = {}
    for node in ast.walk(function):
        targets = []
        if isinstance(node, ast.Assign):
            targets = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr) and node.value:
            targets = [(node.target, node.value)]
        for target, value in targets:
            if isinstance(target, ast.Name):
                given.setdefault(target.id, []).append(value)
            elif isinstance(target, ast.Tuple):
                parts = value.elts if isinstance(value, ast.Tuple) else [None] * len(target.elts)
                for part, one in zip(target.elts, parts, strict=True):
                    if isinstance(part, ast.Name):
                        given.setdefault(part.id, []).append(one)
    arguments = [a for a in function.args.args if a.annotation]
    known = {a.arg for a in arguments if ast.unparse(a.annotation) in ("Content", "int")}
    for _ in given:
        known |= {
            n for n, vs in given.items() if all(v is not None and is_safe(v, known) for v in vs)
        }
    return known


def own_nodes(function):
    """Yield the nodes of a function without those of functions inside it."""
    todo = list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            todo.extend(ast.iter_child_nodes(node))


def shown_texts(tree):
    """Yield every expression that is shown, and the names that are safe where it stands."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        known = safe_names(function)
        for node in own_nodes(function):
            if isinstance(node, ast.Call):
                whole = ast.unparse(node.func)
                name = whole.rpartition(".")[2]
                if whole in BUILDS:
                    shown = node.args if name == "assemble" else node.args[:1]
                    yield from ((argument, known) for argument in shown)
                elif (name in SHOWS_FIRST or whole in SHOWS_FIRST) and node.args:
                    yield node.args[0], known
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Attribute) and target.attr in SHOWN_ATTRIBUTES:
                        yield node.value, known


@functools.cache
def unsafe():
    found = set()
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node, known in shown_texts(tree):
            if not is_safe(node, known):
                found.add((str(path.relative_to(PACKAGE)), ast.unparse(node)))
    return found


def test_what_is_shown_went_through_visible_or_was_looked_at():
    known = {(file, text) for file, texts in LOOKED_AT.items() for text in texts}
    assert unsafe() - known == set(), "show it with `visible`, or say here why it is safe"
    assert known - unsafe() == set(), "no longer needed"


def calls(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_text_is_read_as_markup(path):
    for call in calls(path):
        name = ast.unparse(call.func)
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        assert not name.endswith(("from_markup", "Markdown", "RichLog", "render_markup")), name
        markup = given.get("markup")
        assert markup is None or ast.unparse(markup) == "False", ast.unparse(call)
        if name.endswith(".notify"):
            assert markup is not None, ast.unparse(call)
        if name in ("Static", "Label"):
            first = call.args[0] if call.args else None
            shows_text = first is not None and not isinstance(first, ast.Constant)
            is_content = isinstance(first, ast.Call) and ast.unparse(first.func).startswith(
                "Content"
            )
            assert not shows_text or is_content or markup is not None, ast.unparse(call)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_what_can_be_typed_into_shows_what_it_holds(path):
    inputs = [call for call in calls(path) if ast.unparse(call.func) in ("Input", "TextArea")]
    assert not inputs, "a PlainInput or a SongArea draws control characters as symbols"


def test_the_net_catches_what_it_is_for():
    caught = """
def f(self, name):
    self.notify(name, markup=False)
    self.notify(f"{name} is there", markup=False)
    Static(self.name)
    shown = name
    click.echo(shown)
    dialog.border_title = name
    Content.styled(name, "bold")
"""
    let_through = """
def f(self, name, count: int):
    shown = visible(name)
    self.notify(f"{shown}: {count:,} of {visible(name)}", markup=False)
    Static("as we wrote it")
    click.echo(json.dumps(name))
    Content.assemble(Content.styled(shown, "bold"), " · ", shown if count else "-")
"""
    assert [is_safe(*found) for found in shown_texts(ast.parse(caught))] == [False] * 6
    assert all(is_safe(*found) for found in shown_texts(ast.parse(let_through)))
