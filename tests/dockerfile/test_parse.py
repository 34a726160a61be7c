"""What the reader says and the oracle cannot: comments, directives, stages, errors, newer grammar."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.dockerfile import Assignment, Comment, Directive, DockerfileError, Heredoc, decode, parse, read


def test_comments_belong_to_the_instruction_below_them() -> None:
    parsed = parse("# escape=\\\n# top\n\nFROM a\n\n  # one\n#\n# two\nRUN b \\\n  # inside\n  c\n# end\n")
    first, second = parsed.instructions
    assert first.comments == (Comment("top", 2),)
    assert second.comments == (Comment("one", 6), Comment("", 7), Comment("two", 8))
    assert second.inner_comments == (Comment("inside", 10),)
    assert [comment.line for comment in parsed.comments] == [2, 6, 7, 8, 10, 12]


def test_directives_are_read_at_the_top_only() -> None:
    parsed = parse("# Syntax = docker/dockerfile:1\n#check=skip=all\n# escape=`\nFROM a `\n AS b\n# escape=\\\n")
    assert parsed.directives == (
        Directive("syntax", "docker/dockerfile:1", 1),
        Directive("check", "skip=all", 2),
        Directive("escape", "`", 3),
    )
    assert parsed.escape == "`"
    assert parsed.stages[0].name == "b"


def test_an_unknown_directive_ends_them() -> None:
    assert parse("# other=1\n# escape=`\nFROM a\n").directives == ()


def test_raw_text_holds_the_lines_and_their_heredocs() -> None:
    parsed = parse("FROM a\r\nRUN one \\\r\n  <<EOF\r\nbody\r\nEOF\r\n")
    assert parsed.instructions[1].raw == "RUN one \\\n  <<EOF\nbody\nEOF"


def test_blank_lines_inside_an_instruction_are_known() -> None:
    assert parse("FROM a\nRUN b \\\n\n  # c\n \n  d\n").instructions[1].blank_lines == (3, 5)


@pytest.mark.parametrize(
    ("mark", "expand", "chomp"),
    [
        ("<<E", True, False),
        ("<<'E'", False, False),
        ('<<-"E"', False, True),
        ("<<-E", True, True),
        ("<< E", True, False),
    ],
)
def test_heredocs_say_whether_they_expand_and_chomp(mark: str, expand: bool, chomp: bool) -> None:
    (heredoc,) = parse(f"FROM a\nRUN {mark}\n\tx\nE\n").instructions[1].heredocs
    assert heredoc == Heredoc("E", expand=expand, chomp=chomp, content="\tx\n")
    assert heredoc.text == ("x\n" if chomp else "\tx\n")


def test_onbuild_holds_an_instruction_with_flags_and_heredocs() -> None:
    (_, onbuild) = parse("FROM a\nONBUILD COPY --from=b <<X y /z/\nx\nX\n").instructions
    inner = onbuild.trigger
    assert inner is not None
    assert (inner.keyword, inner.flag("from"), inner.sources, inner.destination) == (
        "COPY",
        "b",
        ("y",),
        "/z/",
    )
    assert (onbuild.start_line, onbuild.end_line, inner.heredocs[0].content) == (2, 4, "x\n")


def test_text_after_a_json_list_makes_it_shell_form() -> None:
    run = parse('FROM a\nRUN ["a"] b\n').instructions[1]
    assert (run.json, run.arguments) == (False, ('["a"] b',))


def test_assignments_keep_quotes_and_know_their_form() -> None:
    _, env, legacy, arg = parse('FROM a\nENV a="b c" d=e\nENV f  g h\nARG i j=k\n').instructions
    assert env.assignments == (Assignment("a", '"b c"'), Assignment("d", "e"))
    assert (legacy.assignments, legacy.legacy, env.legacy) == ((Assignment("f", "g h"),), True, False)
    assert arg.assignments == (Assignment("i", None), Assignment("j", "k"))


def test_mounts_are_read_as_options() -> None:
    run = parse("FROM a\nRUN --mount=type=cache,target=/x,readonly --mount=type=secret,ID=y b\n").instructions[1]
    assert run.mounts == (
        {"type": "cache", "target": "/x", "readonly": ""},
        {"type": "secret", "id": "y"},
    )


STAGES = """\
ARG VERSION=3.23
ARG IMAGE=alpine:${VERSION}
FROM ${IMAGE} AS base
FROM --platform=$BUILDPLATFORM Base AS build
ARG VERSION
RUN a
FROM build
FROM other:${UNSET}
"""


def test_stages_know_what_they_start_from() -> None:
    parsed = parse(STAGES)
    base, build, third, last = parsed.stages
    assert (base.image, base.base, base.index) == ("alpine:3.23", "${IMAGE}", 0)
    assert (build.platform, build.line, parsed.parent(build)) == ("$BUILDPLATFORM", 4, base)
    assert parsed.lineage(third) == (third, build, base)
    assert parsed.root_image(third) == "alpine:3.23"
    assert (parsed.parent(last), last.image) == (None, "other:${UNSET}")
    assert [each.keyword for each in build.of("RUN")] == ["RUN"]
    assert len(parsed.global_arguments) == 2
    assert parsed.declared_arguments() == {"VERSION", "IMAGE"}


def test_a_stage_is_found_by_name_or_number_among_the_earlier_ones() -> None:
    parsed = parse(STAGES)
    assert parsed.find_stage("BUILD", 2) is parsed.stages[1]
    assert parsed.find_stage("build", 1) is None
    assert parsed.find_stage("0", 1, by_number=True) is parsed.stages[0]
    assert parsed.find_stage("0", 1) is None
    assert parsed.find_stage("3", 3, by_number=True) is None


def test_a_later_stage_of_the_same_name_wins() -> None:
    parsed = parse("FROM a AS x\nFROM b AS x\nFROM x\n")
    assert parsed.parent(parsed.stages[2]) is parsed.stages[1]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no instructions"),
        ("ARG a\n", 1, "no FROM"),
        ("RUN a\nFROM b\n", 1, "RUN stands before the first FROM"),
        ("FROM a\nRUM b\n", 2, "RUM is no instruction"),
        ("FROM a b\n", 1, "FROM takes an image"),
        ("FROM a AS 1x\n", 1, "cannot name a stage"),
        ("FROM a\n\nFROM b IS c\n", 3, "FROM takes an image"),
        ("FROM ${a\n", 1, "lacks its '}'"),
        ("FROM a\nUSER\n", 2, "USER has no arguments"),
        ("FROM a\nCOPY b\n", 2, "a source and a destination"),
        ("FROM a\nSHELL sh -c\n", 2, "JSON list only"),
        ("FROM a\nHEALTHCHECK curl b\n", 2, "neither CMD nor NONE"),
        ("FROM a\nHEALTHCHECK CMD\n", 2, "has no command"),
        ("FROM a\nONBUILD FROM b\n", 2, "cannot hold back FROM"),
        ("FROM a\nENV b=c d\n", 2, "'d' without a '='"),
        ("FROM a\nENV \\\n\n", 2, "ENV has no arguments"),
        ("FROM a\n\\\n", 2, "holds no instruction"),
        ("FROM a\nRUN x \\\n  <<EOF\nb\n", 2, "'EOF' does not end"),
        ("# escape=`\n# ESCAPE=`\nFROM a\n", 2, "given twice"),
        ('FROM a\nCMD ["a", 1]\n', 2, "nothing but strings"),
    ],
)
def test_what_no_builder_reads_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DockerfileError) as caught:
        parse(text, "web.Dockerfile")
    assert caught.value.message.startswith(f"web.Dockerfile:{line}: ")
    assert words in caught.value.message


def test_a_misspelt_instruction_gets_a_hint() -> None:
    with pytest.raises(DockerfileError) as caught:
        parse("FROM a\nENTRPOINT b\n")
    assert caught.value.hint == "did you mean ENTRYPOINT?"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [(b"FROM a\nRUN \xff\n", 2, "0xff is not UTF-8"), (b"\xff\xfeF\x00", 1, "UTF-16")],
)
def test_only_utf_8_is_read(data: bytes, line: int, words: str) -> None:
    with pytest.raises(DockerfileError, match=words) as caught:
        decode(data)
    assert caught.value.line == line


def test_a_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "web.Dockerfile"
    path.write_bytes(b"\xef\xbb\xbfFROM a\r\n")
    assert (read(path).name, read(path).stages[0].image) == ("web.Dockerfile", "a")
