"""The log takes typed events and nothing else."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from myna_app import log
from myna_app.errors import CardError, Problem

MARKED = "架空　一郎 600412"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "data" / "events.log"
    log.open_log(file)
    yield file
    log.close_log()


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_an_event_is_one_line_with_its_values(file: Path) -> None:
    log.write(log.Started(log.CodeName("0.1.0")))
    log.write(log.ProblemTold(Problem.CARD_REMOVED, log.name_of(CardError), status_word=0x6A82))
    first, second = lines(file)
    assert (first["event"], first["version"]) == ("Started", "0.1.0")
    assert (second["problem"], second["cause"], second["status_word"]) == (
        "CARD_REMOVED",
        "myna_app.errors.CardError",
        0x6A82,
    )


@pytest.mark.parametrize("value", [MARKED, b"bytes", (MARKED,), [1], {"a": 1}])
def test_no_event_can_hold_a_text_or_bytes(value: object) -> None:
    with pytest.raises(TypeError) as caught:
        log.VisitEnded(value, 4)  # type: ignore[arg-type] # the type checker objects first
    assert MARKED not in str(caught.value)


def test_an_event_of_another_module_is_held_to_the_same() -> None:
    @dataclass(frozen=True, slots=True)
    class Own(log.Event):
        name: str

    with pytest.raises(TypeError):
        Own(MARKED)


def test_a_crash_tells_where_and_what_kind_but_not_its_words(file: Path) -> None:
    def read_card() -> None:
        raise ValueError(MARKED)

    try:
        read_card()
    except ValueError as error:
        log.write(log.crash(error))
    (line,) = lines(file)
    assert line["kind"] == "builtins.ValueError"
    assert "read_card" in str(line["where"])
    assert MARKED not in file.read_text(encoding="utf-8")


def test_what_libraries_log_does_not_get_in(file: Path) -> None:
    for name in ("urllib3.connectionpool", "keyring.backend", "root"):
        logging.getLogger(name).warning(MARKED)
    log.write(log.Stopped())
    assert len(lines(file)) == 1


def test_a_log_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should be")
    log.open_log(tmp_path / "data" / "events.log")
    log.write(log.Stopped())


def test_the_file_rotates(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_LARGEST", 2_000)
    log.open_log(file)
    for _ in range(100):
        log.write(log.VisitEnded(812, 4))
    assert {path.name for path in file.parent.iterdir()} == {"events.log", *(f"events.log.{n}" for n in (1, 2, 3))}
