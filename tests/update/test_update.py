"""`scaffold update` as its user runs it: what it changes, what it says, and how it ends."""

from __future__ import annotations

from tests.update.conftest import ANSWERS, LINES, Project

FIVE = LINES.replace("line 5\n", "line five\n")


def test_the_outcome_lies_staged_with_what_the_user_did(project: Project) -> None:
    project.commit({"main.txt": f"shop on 8080\n{LINES}mine\n", "own.txt": "own\n"})
    result = project.update()
    assert project.git("status", "--porcelain") == f"M  {ANSWERS}\nM  main.txt\nA  new.txt\nD  old.txt\n"
    assert project.read("main.txt") == f"shop on 8080\n{FIVE}mine\n"
    assert (result["old"], result["new"], result["outcome"]) == ("1.0.0", "1.1.0", "staged")
    assert result["new_answers"] == {"metrics": False}
    assert [section["text"] for section in result["changelog"]] == ["- What 1.1.0 brings."]
