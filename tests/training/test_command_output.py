"""How a command speaks to a person and to a program."""

import subprocess
import sys
from pathlib import Path

import pytest

from bloodsmear.jobs import Progress
from bloodsmear.jobs.training_messages import EpochDone, Failed, Finished, Note, StepsDone, decode_message
from training.command_output import MessageSpeaker, TextSpeaker


def test_to_a_program_every_message_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = MessageSpeaker()
    speaker.report(Progress(1, 9, "reading images"))
    speaker.say(Failed("The disk is full."))
    lines = capsys.readouterr().out.splitlines()
    assert [decode_message(line) for line in lines] == [
        Note("reading images", 1, 9),
        Failed("The disk is full."),
    ]


def test_to_a_person_an_epoch_is_a_sentence_and_its_steps_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = TextSpeaker()
    speaker.say(StepsDone(1, 5, 60, None))
    speaker.say(EpochDone(1, 3, 0.5, 0.75, 0.4, 0.8, best=True, seconds_left=None))
    assert capsys.readouterr().out == (
        "1/3 loss 0.500, accuracy 75.0%, validation loss 0.400, validation accuracy 80.0%, the best so far\n"
    )


def test_to_a_person_one_in_five_hundred_images_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = TextSpeaker()
    for done in range(1, 1202):
        speaker.report(Progress(done, 1201, "reading images"))
    assert capsys.readouterr().out.splitlines() == [
        "500/1201 reading images",
        "1000/1201 reading images",
        "1201/1201 reading images",
    ]


def test_an_error_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = TextSpeaker()
    speaker.say(Finished("Done."))
    speaker.say(Failed("The disk is full."))
    speaker.say(Failed("Too little memory.", "memory", "Give --batch 16."))
    said = capsys.readouterr()
    assert (said.out, said.err) == ("Done.\n", "The disk is full.\nToo little memory. Give --batch 16.\n")


def test_a_folders_name_repaints_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = TextSpeaker()
    speaker.report(Progress(1, 1, "reading \x1b[2J\u202egpj.exe"))
    speaker.say(Failed("The folder a\x9bb is empty.\nTry another."))
    said = capsys.readouterr()
    assert said.out == "1/1 reading \\x1b[2J\\u202egpj.exe\n"
    assert said.err == "The folder a\\x9bb is empty.\nTry another.\n"


def test_when_the_window_is_gone_the_program_stops_in_order_and_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    command = [sys.executable, "-m", "training.program", "--messages", "check", str(tmp_path / "images")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        said = program.stderr.read().decode()
        assert program.wait(60) == 130
    assert said == ""
