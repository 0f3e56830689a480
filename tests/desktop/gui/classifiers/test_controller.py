"""What the controller does with what the page asks for; the engine's work is played by functions."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.errors import ClassifierError
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.review.records import RefusedClassifier
from desktop.gui.classifiers import ClassifiersController, controller, jobs
from desktop.gui.classifiers.jobs import AskableNetwork, Done, Doubted
from desktop.gui.classifiers.listing import KnownClassifiers
from desktop.gui.classifiers.state import ListedClassifier, NetworkWish, OfferedClassifier, Taken

WISH = NetworkWish(Path("net.h5"), "net", "Net", ("benign", "pre_b"), "nearest", "1/255", "0")
OFFER = OfferedClassifier("unet-published", "U-Net (published)", (), "page")


@pytest.fixture
def on_this_pc(monkeypatch: pytest.MonkeyPatch) -> list[ListedClassifier]:
    """The list of classifiers, which a test may change."""
    listed = [ListedClassifier("vgg16", "VGG16", "shipped"), ListedClassifier("ours", "Ours", "own")]
    monkeypatch.setattr(
        controller, "read_classifiers", lambda _in_use: KnownClassifiers(tuple(listed), (OFFER,))
    )
    return listed


@pytest.fixture
def made(qtbot: QtBot, on_this_pc: list[ListedClassifier]) -> Iterator[ClassifiersController]:
    """A controller with vgg16 and ours in use, whose list was read."""
    made = ClassifiersController(("vgg16", "ours"))
    made.look_around()
    qtbot.waitUntil(lambda: made.state.listed is not None)
    yield made
    made.close()
    made.deleteLater()


def play(monkeypatch: pytest.MonkeyPatch, name: str, outcome: object) -> list[tuple[object, ...]]:
    """Let this job of the engine end so; returns what it is called with."""
    called: list[tuple[object, ...]] = []

    def job(*words: object) -> object:
        called.append(words)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(jobs, name, job)
    return called


def done(made: ClassifiersController, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: made.state.work is None, timeout=60_000)


def test_a_zip_is_added_at_once_and_a_network_file_is_asked_about(
    made: ClassifiersController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    called = play(monkeypatch, "add_exported", Done("new", "New was added."))
    made.add(Path("new.zip"))
    assert made.state.work is not None
    done(made, qtbot)
    assert called == [(Path("new.zip"), False)]
    assert made.state.said == "New was added."
    for name in ("net.h5", "NET.HDF5", "net.keras"):
        looked = play(
            monkeypatch, "look_at_network", AskableNetwork(Path(name), one_output=name == "net.keras")
        )
        made.add(Path(name))
        done(made, qtbot)
        assert looked == [(Path(name),)]
        assert made.state.to_describe == Path(name)
    assert made.state.one_output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "is a Git LFS pointer"),
        (b"\n<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page (HTML)"),
        (b"\x80\x04cos\nsystem\n", "is neither an .h5 nor a .keras file"),
    ],
)
def test_a_file_that_is_not_a_network_is_refused_before_anybody_is_asked_about_it(
    made: ClassifiersController, tmp_path: Path, content: bytes, said: str, qtbot: QtBot
) -> None:
    (tmp_path / "model.h5").write_bytes(content)
    made.add(tmp_path / "model.h5")
    done(made, qtbot)
    assert said in made.state.problem
    assert made.state.to_describe is None


def test_a_taken_id_is_replaced_only_when_the_reader_says_so(
    made: ClassifiersController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    play(monkeypatch, "add_exported", Taken("There is one.", Path("ours.zip")))
    made.add(Path("ours.zip"))
    done(made, qtbot)
    assert made.state.taken is not None
    called = play(monkeypatch, "add_exported", Done("ours", "Ours was added.", changed=True))
    # It is in use, so the window must read it anew.
    with qtbot.waitSignal(made.use_wanted) as wanted:
        made.replace_taken()
    assert called == [(Path("ours.zip"), True)]
    assert wanted.args == [("vgg16", "ours")]
    assert made.state.taken is None


def test_one_that_stays_is_left_alone(
    made: ClassifiersController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    called = play(monkeypatch, "add_network", Taken("There is one.", WISH))
    made.add(WISH)
    done(made, qtbot)
    made.keep_present()
    made.replace_taken()
    assert len(called) == 1
    assert made.state.taken is None


def test_a_doubted_order_is_offered_and_the_file_is_still_asked_about(
    made: ClassifiersController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    play(monkeypatch, "add_network", Doubted("Another order fits far better.", ("pre_b", "benign")))
    play(monkeypatch, "look_at_network", AskableNetwork(WISH.file, one_output=False))
    made.add(WISH.file)
    done(made, qtbot)
    made.add(WISH)
    done(made, qtbot)
    assert made.state.problem == "Another order fits far better."
    assert made.state.better_order == ("pre_b", "benign")
    assert made.state.to_describe == WISH.file


def test_steps_are_shown_and_stopping_changes_nothing(
    made: ClassifiersController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def slow(_offer: OfferedClassifier, _replace: bool, report: Report, cancel: Cancel) -> Done:
        report(Progress(10, 70, "Downloading"))
        while True:
            cancel.checkpoint()
            time.sleep(0.005)

    monkeypatch.setattr(jobs, "add_download", slow)
    made.add(OFFER)
    qtbot.waitUntil(lambda: made.state.work is not None and made.state.work.total == 70)
    assert made.state.work is not None
    assert made.state.work.text == "Downloading…"
    made.stop()
    done(made, qtbot)
    assert made.state.said == "Stopped; nothing was changed."


def test_one_thing_is_under_way_at_a_time(
    made: ClassifiersController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    verified = play(monkeypatch, "verify", Done("vgg16", "vgg16 is well."))
    removed = play(monkeypatch, "remove", Done("ours", "ours was removed."))
    made.verify("vgg16")
    made.remove("ours")
    made.add(Path("net.h5"))
    done(made, qtbot)
    assert len(verified) == 1
    assert removed == []
    assert made.state.to_describe is None
    # Its buttons are off meanwhile, but something may be dropped.
    assert made.state.problem.startswith("net.h5 was not added: one thing at a time.")


def test_one_that_fails_its_check_is_refused_until_it_passes(
    made: ClassifiersController, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def reason() -> str:
        return next(one.refused for one in made.state.listed or () if one.id == "ours")

    play(monkeypatch, "verify", ClassifierError("ours does not answer its golden test."))
    made.verify("ours")
    qtbot.waitUntil(lambda: bool(reason()))
    assert reason() == made.state.problem == "ours does not answer its golden test."
    play(monkeypatch, "verify", Done("ours", "ours is well."))
    with qtbot.waitSignal(made.use_wanted):
        made.verify("ours")
    qtbot.waitUntil(lambda: not reason())


def test_what_was_refused_at_the_start_is_listed_with_the_reason(
    made: ClassifiersController, qtbot: QtBot
) -> None:
    made.take_refused((RefusedClassifier("ours", "Its graph was altered."),))
    qtbot.waitUntil(lambda: any(one.refused == "Its graph was altered." for one in made.state.listed or ()))


@pytest.mark.parametrize(
    ("in_use", "left"), [(("vgg16", "ours"), ("vgg16",)), (("ours",), ("vgg16", "unet"))]
)
def test_a_removed_one_is_used_no_more_and_the_last_one_gives_way_to_the_default(
    in_use: tuple[str, ...],
    left: tuple[str, ...],
    made: ClassifiersController,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    made.use(in_use)
    play(monkeypatch, "remove", Done("ours", "ours was removed.", changed=True, gone=True))
    with qtbot.waitSignal(made.use_wanted) as wanted:
        made.remove("ours")
    assert wanted.args == [left]
    assert made.state.in_use == left


def test_using_none_or_the_same_asks_for_nothing(made: ClassifiersController, qtbot: QtBot) -> None:
    asked: list[tuple[str, ...]] = []
    made.use_wanted.connect(asked.append)
    made.use(())
    made.use(("vgg16", "ours"))
    assert asked == []
    made.use(("ours",))
    assert asked == [("ours",)]
