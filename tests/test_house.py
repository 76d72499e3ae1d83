"""The house's own rules, held by tests; what each protects is told in docs/decisions and docs/glossary.md."""

import ast
import re
import subprocess
import tomllib
from importlib.metadata import version
from itertools import pairwise

import pytest
from packaging.requirements import Requirement

from core.settings import Settings
from docs import reliability
from docs.generate import TARGET, group, settings_page
from flows import accreditation
from notifications.rendering import LETTERS, TEMPLATES
from regulation.definition import STAGES
from tests.reading import HOUSE, PACKAGES, Function, calls, functions, modules, name_of, templates, tree

LINES, FUNCTION_LINES, NESTING, TEMPLATE_LINES = 300, 40, 3, 150  # and five arguments: ruff holds that
NEST = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
EVERY_MODULE = pytest.mark.parametrize("path", modules(), ids=name_of)


# One writer, one way out


def test_only_the_database_module_commits():
    committing = {name_of(path) for path in modules() if any(calls(path, "commit"))}
    assert committing == {"core/db.py"}


@EVERY_MODULE
def test_imports_stand_at_the_top_and_none_is_smtplib(path):
    for function in functions(path):
        deferred = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert deferred == [], f"{function.name} imports inside"
    imported = {
        name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
    }
    assert "smtplib" not in imported


# Budgets


@EVERY_MODULE
def test_a_module_keeps_to_its_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES
    for function in functions(path):
        assert length(function) <= FUNCTION_LINES, function.name
        assert depth(function.body) <= NESTING, function.name


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_a_template_keeps_to_its_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= TEMPLATE_LINES


def length(function: Function) -> int:
    """Count the lines of a function without its docstring."""
    words = len((ast.get_docstring(function, clean=False) or "").splitlines())
    return (function.end_lineno or 0) - function.lineno + 1 - words


def depth(body: list[ast.stmt]) -> int:
    """Return how deep blocks are nested in each other; `elif` is no deeper than its `if`."""
    return max((below(node) for node in body), default=0)


def below(node: ast.stmt) -> int:
    """Return the depth of one statement."""
    if not isinstance(node, NEST):
        return 0
    branches = [handler.body for handler in getattr(node, "handlers", [])]
    branches += [case.body for case in getattr(node, "cases", [])]
    branches += [getattr(node, "body", []), getattr(node, "finalbody", [])]
    otherwise = getattr(node, "orelse", [])
    chained = isinstance(node, ast.If) and len(otherwise) == 1 and isinstance(otherwise[0], ast.If)
    return max(1 + max(map(depth, branches), default=0), depth(otherwise) + (0 if chained else 1))


# Docstrings


@pytest.mark.parametrize("path", modules("regulation", "casework", "tasks", "flows"), ids=name_of)
def test_everything_public_says_what_it_is(path):
    assert ast.get_docstring(tree(path))
    silent = [f.name for f in functions(path) if not f.name.startswith("_") and not ast.get_docstring(f)]
    assert silent == []


# What a newcomer forgets: a letter, a stage, a word, a setting


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_has_its_folder_and_both_languages(letter):
    assert {file.name for file in (TEMPLATES / letter).iterdir()} == {"zh.jinja", "en.jinja"}


def test_no_folder_is_left_of_a_letter_that_is_not_sent():
    assert {folder.name for folder in TEMPLATES.iterdir() if not folder.name.startswith("_")} == set(LETTERS)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.key)
def test_a_stage_is_titled_explained_and_ordered(stage):
    assert stage.title, "a stage has a Chinese title (tests/test_languages.py asks for the English)"
    assert stage.title in (HOUSE / "docs/glossary.md").read_text(encoding="utf-8"), "no line in docs/glossary.md"
    ordered = set(vars(accreditation)) | {"PUBLICATION"}  # publication is two steps, nobody's duty
    assert stage.key.replace("-", "_").upper() in ordered, "not settled in flows/accreditation.py"


def test_the_flow_settles_the_stages_in_the_order_of_the_regulation():
    written = sorted(calls(HOUSE / "flows/accreditation.py", "settle"), key=lambda call: call.lineno)
    settled = [ast.unparse(call.args[1]) for call in written]
    in_order = [s.key.replace("-", "_").upper() for s in STAGES if s.duty]
    before = settled.index("SITE_INSPECTION")  # where a call has the visit first; its usual place comes after
    assert settled[:before] + settled[before + 1 :] == in_order


WORDS = [
    "case",
    "application",
    "submission",
    "call",
    "stage",
    "round",
    "step",
    "assignment",
    "review",
    "decision",
    "outcome",
    "inspection",
    "finding",
    "publicity",
    "objection",
    "certificate",
    "plaque",
    "register",
    "entry",
    "journal",
    "letter",
    "message",
    "bell",
    "stalled",
    "deadline",
    "inbox",
    "queue",
    "archive",
    "state",
]


@pytest.mark.parametrize("word", WORDS)
def test_the_glossary_explains_the_words_of_the_house(word):
    glossary = (HOUSE / "docs/glossary.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| [^|]*\*\*{word}\*\*", glossary, re.MULTILINE), f"no line for {word}"


def test_every_setting_is_described():
    groups = [of for field in Settings.model_fields.values() if (of := group(field))]
    fields = [f for of in groups for f in of.model_fields.values()]
    fields += [f for f in Settings.model_fields.values() if not group(f)]
    assert [f for f in fields if not f.description] == []


def test_the_page_of_settings_is_fresh():
    assert TARGET.read_text(encoding="utf-8") == settings_page(), "run `make docs`"


def test_the_page_of_figures_is_fresh():
    assert reliability.TARGET.read_text(encoding="utf-8") == reliability.reliability_page(), "run `make docs`"


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(file.name[:4]) for file in sorted((HOUSE / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers
    assert all(after == before + 1 for before, after in pairwise([0, *numbers]))


@pytest.mark.parametrize("page", sorted([*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")]), ids=name_of)
def test_no_link_of_a_page_is_broken(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


# What is installed


PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (HOUSE / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]])
def test_the_lock_pins_what_the_project_asks_for(line):
    wanted = Requirement(line)
    pinned = re.search(rf"^{re.escape(wanted.name)}(?:\[[^\]]*\])?==([^ ;]+)", LOCK, re.MULTILINE | re.IGNORECASE)
    assert pinned, "run `make lock`"
    assert wanted.specifier.contains(pinned[1], prereleases=True), "run `make lock`"


def test_the_lock_says_nothing_of_where_packages_come_from():
    assert not re.search(r"://|file:|^-", LOCK, re.MULTILINE)


def test_every_package_is_shipped_and_checked():
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["only-include"]) == {*PACKAGES, "migrations", "app.py", "cli.py", "prefect.yaml"}
    assert "force-include" not in wheel, "an editable installation would run copies"
    assert set(PROJECT["tool"]["mypy"]["packages"]) == set(PACKAGES)


def test_the_deployments_name_the_prefect_that_is_installed():
    assert f"prefect-version: {version('prefect')}" in (HOUSE / "prefect.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["run", "demo", "test", "check", "format", "lock", "bench", "clean", "help"])
def test_make_knows_the_target(target):
    done = subprocess.run(["make", "-C", str(HOUSE), "-n", target], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_cleaning_leaves_peoples_data_alone():
    done = subprocess.run(["make", "-C", str(HOUSE), "-n", "clean"], capture_output=True, text=True, check=True)
    assert ".venv" in done.stdout
    assert ".jidi" not in done.stdout
