"""What is hidden is counted exactly, where dive's score is kind or strict."""

from __future__ import annotations

from pathlib import Path

from scaffold.image import read
from scaffold.verify.opened import ImageSubject
from scaffold.verify.opened.waste import efficiency, hidden_files
from tests.image.archives import Member, hardlink, saved, tar


def subject(path: Path, *layers: list[Member], base_layers: int = 0) -> ImageSubject:
    return ImageSubject(read(saved(path, *(tar(*members) for members in layers))), None, base_layers)


def hidden(opened: ImageSubject) -> list[tuple[str, int]]:
    return [(file.path, file.size) for file in hidden_files(opened)]


BIG, SMALL = Member("a", b"x" * 900), Member("a", b"x" * 100)


def test_a_file_that_is_written_again_hides_the_first(tmp_path: Path) -> None:
    opened = subject(tmp_path, [SMALL], [BIG])
    assert hidden(opened) == [("/a", 100)]
    assert efficiency(opened.image.layers).score == 0.1
    assert efficiency(opened.image.layers).wasted == 1000


def test_a_deleted_folder_hides_all_in_it(tmp_path: Path) -> None:
    opened = subject(tmp_path, [Member("d/", mode=0o755), Member("d/a", b"x" * 500)], [Member(".wh.d")])
    assert hidden(opened) == [("/d/a", 500)]
    assert efficiency(opened.image.layers).score == 1


def test_what_a_hard_link_keeps_is_not_hidden(tmp_path: Path) -> None:
    assert hidden(subject(tmp_path, [BIG, hardlink("b", "a")], [Member(".wh.a")])) == []


def test_what_the_base_hides_of_itself_is_not_counted(tmp_path: Path) -> None:
    layers = [BIG], [SMALL], [Member("b", b"x")]
    assert hidden(subject(tmp_path, *layers)) == [("/a", 900)]
    assert hidden(subject(tmp_path, *layers, base_layers=2)) == []


def test_what_a_layer_hides_of_the_base_is_counted(tmp_path: Path) -> None:
    assert hidden(subject(tmp_path, [BIG], [Member(".wh.a")], base_layers=1)) == [("/a", 900)]


def test_the_largest_comes_first_and_empty_files_not_at_all(tmp_path: Path) -> None:
    members = [Member("d/a", b"x"), Member("d/b", b"xx"), Member("d/c"), Member("d/d", b"x")]
    assert hidden(subject(tmp_path, members, [Member(".wh.d")])) == [("/d/b", 2), ("/d/a", 1), ("/d/d", 1)]


def test_an_empty_image_wastes_nothing(tmp_path: Path) -> None:
    assert efficiency(subject(tmp_path).image.layers).score == 1
