"""Answers are data, never code: what is accepted stands in every file as it was given; the rest is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import dockerfile
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scaffold.dockerfile.variables import expand
from scaffold.engines.command_line import CommandLineEngine
from scaffold.errors import InputError
from scaffold.render import Questionnaire
from tests.blueprints.template import Template

JOINERS = "\u200c\u200d"
# What one of the formats, or Jinja, would take for more than text.
TROUBLE = [
    *(
        '"',
        "'",
        "`",
        "\\",
        '\\"',
        "\\n",
        "\\u0041",
        "$",
        "$HOME",
        "${PATH}",
        "$(id)",
        "#",
        "@",
        "!",
        "|",
        "=",
        ">",
    ),
    *(
        "{{",
        "}}",
        "{{ 7*7 }}",
        "{%",
        "%}",
        "{#",
        "#}",
        "%s",
        "*/",
        "//",
        "<!--",
        "-->",
        "<b>",
        "&amp;",
        "]]>",
        "~~",
    ),
    *("---", "***", "[x](y)", "![x](y)", "&a", "*a", "yes", "null", "0x1", "1e3", "+"),
    *(" #", ": ", "- ", "1. ", "1) ", "? ", "é", "日本", "א", "😀", "👩\u200d💻", "می\u200cخواهم", "\u0301"),
]
NASTY = [
    'Sells "things" \\ & {{ 7*7 }} $HOME ${PATH} `id` $(id) %s 😀',
    "\\",
    '"',
    "'",
    "$",
    "#!/bin/sh",
    "- a\\",
    "1. <b>[x](y)</b> &amp; ~~no~~ *no* _no_ | $x$",
    "> {% raw %}{# #}{% endraw %}",
    "*/ // --> ]]> \\n \\u2028 \\x41",
    "yes",
    "null",
    "می\u200cخواهم 👩\u200d💻",
    "=",
    "{}",
]

characters = st.characters(exclude_categories=["C", "Z"])
pieces = st.one_of(st.sampled_from(TROUBLE), st.text(characters, max_size=8), st.just(" "))


def lines(limit: int) -> st.SearchStrategy[str]:
    """Generate lines of printable text that can be answers."""
    joined = st.lists(pieces, min_size=1, max_size=12).map("".join).map(str.strip)
    return joined.filter(lambda text: 1 <= len(text) <= limit and is_printable(text))


def is_printable(text: str) -> bool:
    """Tell, by Unicode's categories and not by Python's method, whether text is a printable line."""
    return all(character in " " + JOINERS or unicodedata.category(character)[0] not in "CZ" for character in text)


names = st.from_regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
slow = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(name=names, port=st.integers(1024, 65535), description=lines(200), owner=lines(100))
@example(name="a" * 63, port=1024, description=NASTY[0], owner=NASTY[0])
@example(name="no", port=65535, description=NASTY[5], owner=NASTY[1])
@example(name="v0", port=8080, description=NASTY[2], owner=NASTY[2])
@example(name="con", port=8080, description=NASTY[3], owner=NASTY[3])
@example(name="null", port=8080, description=NASTY[7], owner="\\")
def test_accepted_answers_stand_in_every_file_as_given(
    template: Template, name: str, port: int, description: str, owner: str
) -> None:
    project = template.render(
        project_name=name, port=port, description=description, owner=owner, license="MIT", base="scratch"
    )
    text = (project / "Dockerfile").read_text()
    found = labels(text)
    assert found.pop("source").startswith("https://example.com/")
    assert found == {
        "title": name,
        "description": description,
        "authors": owner,
        "licenses": "MIT",
        "version": "",
        "revision": "",
    }
    assert [
        list(command.value) for command in dockerfile.parse_string(text) if command.cmd.lower() == "expose"
    ] == [[str(port)]]
    compose = yaml.safe_load((project / "compose.yaml").read_text())
    assert (compose["name"], compose["services"]["app"]["environment"]["PORT"]) == (name, str(port))
    assert first_paragraph(project / "README.md") == description
    assert f"Copyright (c) {owner}\n" in (project / "LICENSE").read_text()


@pytest.mark.parametrize("description", NASTY)
def test_markdown_shows_the_line_as_it_is(template: Template, description: str) -> None:
    assert first_paragraph(template.render(description=description) / "README.md") == description


def test_an_engine_reads_the_labels_as_given(
    template: Template, engine: CommandLineEngine, tmp_path: Path
) -> None:
    """One image with a label for each line: the engine itself is the judge of the quoting."""
    quoted = [
        re.search(
            r"image\.description=(\".*\") \\$",
            (template.render(description=line) / "Dockerfile").read_text(),
            re.MULTILINE,
        )
        for line in NASTY
    ]
    found = "".join(f"LABEL line{index}={match[1]}\n" for index, match in enumerate(quoted) if match)
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{found}")
    image = f"container-scaffold-test-labels:{uuid4()}"
    engine.call("build", "--tag", image, str(tmp_path))
    try:
        read = engine.labels(image)
        assert [read[f"line{index}"] for index in range(len(NASTY))] == NASTY
    finally:
        engine.remove_image(image)


@given(text=st.text())
@settings(deadline=None)
def test_a_name_is_a_label_of_dns_or_refused(template: Template, text: str) -> None:
    label = re.fullmatch(r"[a-z][a-z0-9-]{0,62}", text) and not text.endswith("-")
    assert accepts(template.questions, "project_name", text) == bool(label)


@pytest.mark.parametrize(
    "text", ["", "A", "1a", "-a", "a-", "a_b", "a.b", "a b", "a\n", "é", "a" * 64, "{{ 1 }}"]
)
def test_refused_names(template: Template, text: str) -> None:
    assert not accepts(template.questions, "project_name", text)


@given(port=st.integers(-(10**6), 10**6))
def test_a_port_is_one_that_a_user_can_listen_on_or_refused(template: Template, port: int) -> None:
    assert accepts(template.questions, "port", port) == (1024 <= port <= 65535)


@pytest.mark.parametrize(
    "text", ["", "http", "80.5", "0x1f90", "8080;id", "1024\n1025", "{{ 8080 }}", True, None]
)
def test_refused_ports(template: Template, text: Any) -> None:
    assert not accepts(template.questions, "port", text)


@pytest.mark.parametrize("question", ["description", "owner"])
@given(text=st.text())
@settings(deadline=None)
def test_a_line_is_printable_or_refused(template: Template, question: str, text: str) -> None:
    limit = {"description": 200, "owner": 100}[question]
    fits = 1 <= len(text) <= limit and text == text.strip() and is_printable(text)
    assert accepts(template.questions, question, text) == fits


@pytest.mark.parametrize("question", ["description", "owner"])
@pytest.mark.parametrize(
    "text",
    ["", " ", "a ", " a", "a\nb", "a\rb", "a\tb", "a\0b", "a\x1b[31m", "a\x7f", "a\x85b", "a\u2028b", "a\u2029b",
     "a\u202eb", "a\u2066b", "a\ufeffb", "a\u00adb", "a\ud800b", "a\ue000b", "a\u00a0b", "x" * 201],
)  # fmt: skip
def test_refused_lines(template: Template, question: str, text: str) -> None:
    assert not accepts(template.questions, question, text)


@pytest.mark.parametrize(
    ("question", "value"), [("base", "debian"), ("base", "Alpine"), ("license", "GPL"), ("ci", "gitlab")]
)
def test_refused_choices(template: Template, question: str, value: str) -> None:
    assert not accepts(template.questions, question, value)


def accepts(questions: Questionnaire, question: str, value: Any) -> bool:
    """Tell whether an answer is accepted; a refusal has to be one line that names the question."""
    try:
        answer = questions.accept(question, value, {"project_name": "hello"})
    except InputError as error:
        refusal = error.message
    else:
        assert answer == value
        return True
    assert re.fullmatch(rf"{question}: .+", refusal)
    return False


def labels(text: str) -> dict[str, str]:
    """Return the labels without their common prefix, with unset build arguments as ""."""
    (label,) = (command for command in dockerfile.parse_string(text) if command.cmd.lower() == "label")
    pairs = zip(label.value[::2], label.value[1::2], strict=True)
    return {key.removeprefix("org.opencontainers.image."): expand(value, {}) for key, value in pairs}


def first_paragraph(readme: Path) -> str:
    """Return the text of the first paragraph as CommonMark and GitHub's tables and strikethrough read it."""
    parser = MarkdownIt("gfm-like", {"linkify": False})
    tokens = parser.parse(readme.read_text())
    start = next(index for index, token in enumerate(tokens) if token.type == "heading_close") + 1
    paragraph, inline = tokens[start : start + 2]
    children: Iterable[Any] = inline.children or ()
    assert (paragraph.type, {child.type for child in children}) == ("paragraph_open", {"text"})
    return "".join(child.content for child in children)
