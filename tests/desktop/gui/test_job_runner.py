"""The lanes: answers on the window's thread, the latest request wins, nothing slow before something quick."""

import threading
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.errors import StudyError
from bloodsmear.jobs import Cancel, Progress, Report
from desktop.gui.job_runner import Job, JobFunction, JobRunner, Lane

LANES = (
    Lane("keeping", finishes_at_closing=True),
    Lane("latest", order="latest_only"),
    Lane("newest", order="newest_first", keep=3),
    Lane("queue"),
)


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner(LANES)
    yield runner
    assert runner.close()


def noting(into: list[int], number: int) -> JobFunction:
    return lambda _report, _cancel: into.append(number)


def test_the_outcome_arrives_on_the_windows_thread(runner: JobRunner, qtbot: QtBot) -> None:
    arrived: list[threading.Thread] = []
    job = runner.job(lambda report, cancel: threading.current_thread())
    job.finished.connect(lambda _outcome: arrived.append(threading.current_thread()))
    with qtbot.waitSignal(job.finished) as answer:
        runner.start("queue", job)
    assert arrived == [threading.main_thread()]
    assert answer.args[0] is not threading.main_thread()


def test_a_refusal_arrives_as_its_own_sentence(runner: JobRunner, qtbot: QtBot) -> None:
    def refuse(report: Report, cancel: Cancel) -> None:
        raise StudyError("The study is open elsewhere; close it there.")

    job = runner.job(refuse)
    with qtbot.waitSignal(job.failed) as answer:
        runner.start("queue", job)
    assert answer.args == ["The study is open elsewhere; close it there."]


def test_an_unforeseen_error_becomes_a_sentence_without_its_details(
    runner: JobRunner, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(report: Report, cancel: Cancel) -> None:
        raise KeyError("/home/someone/Ivanov/a.jpg")

    job = runner.job(break_down)
    with qtbot.waitSignal(job.failed) as answer:
        runner.start("queue", job)
    assert "KeyError" in answer.args[0]
    assert "Ivanov" not in answer.args[0]
    assert "unexpected KeyError" in caplog.text


def test_parts_and_progress_arrive_in_order_before_the_outcome(runner: JobRunner, qtbot: QtBot) -> None:
    seen: list[object] = []

    def count(report: Report, cancel: Cancel) -> str:
        job.post(1)
        job.post(2)
        report(Progress(2, 2))
        return "end"

    job: Job = runner.job(count)
    job.part.connect(seen.append)
    job.progressed.connect(seen.append)
    job.finished.connect(seen.append)
    with qtbot.waitSignal(job.finished):
        runner.start("queue", job)
    assert seen == [1, 2, Progress(2, 2), "end"]


def test_progress_is_thinned_out_but_its_last_step_always_comes(runner: JobRunner, qtbot: QtBot) -> None:
    seen: list[int] = []

    def count(report: Report, cancel: Cancel) -> None:
        for done in range(1, 1001):
            report(Progress(done, 1000))

    job = runner.job(count)
    job.progressed.connect(lambda progress: seen.append(progress.done))
    with qtbot.waitSignal(job.finished):
        runner.start("queue", job)
    assert seen[-1] == 1000
    assert len(seen) < 200


def test_a_later_request_stops_the_running_one_and_drops_the_waiting_one(
    runner: JobRunner, qtbot: QtBot
) -> None:
    begun = threading.Event()
    said: list[object] = []

    def wait_until_stopped(report: Report, cancel: Cancel) -> str:
        begun.set()
        while not cancel.requested:
            time.sleep(0.001)
        return "superseded"

    jobs = [
        runner.job(wait_until_stopped),
        runner.job(lambda r, c: "dropped"),
        runner.job(lambda r, c: "latest"),
    ]
    for job in jobs:
        job.finished.connect(said.append)
    stopped: list[int] = []
    jobs[0].stopped.connect(lambda: stopped.append(0))
    jobs[1].stopped.connect(lambda: stopped.append(1))
    with qtbot.waitSignal(jobs[2].finished):
        runner.start("latest", jobs[0])
        assert begun.wait(30)
        runner.start("latest", jobs[1])
        runner.start("latest", jobs[2])
    qtbot.waitUntil(lambda: sorted(stopped) == [0, 1])
    assert said == ["latest"]


def test_what_a_stopped_job_had_finished_still_arrives(runner: JobRunner, qtbot: QtBot) -> None:
    begun, asked = threading.Event(), threading.Event()
    seen: list[object] = []

    def finish_one_more(report: Report, cancel: Cancel) -> None:
        begun.set()
        asked.wait(30)
        job.post("finished before the checkpoint")
        cancel.checkpoint()

    job: Job = runner.job(finish_one_more)
    job.part.connect(seen.append)
    with qtbot.waitSignal(job.stopped):
        runner.start("queue", job)
        assert begun.wait(30)
        runner.cancel("queue")
        asked.set()
    assert seen == ["finished before the checkpoint"]


def test_a_superseded_job_is_not_heard_any_more(runner: JobRunner, qtbot: QtBot) -> None:
    begun, asked = threading.Event(), threading.Event()
    seen: list[object] = []

    def go_on(report: Report, cancel: Cancel) -> str:
        begun.set()
        asked.wait(30)
        job.post("late")
        return "late, too"

    job: Job = runner.job(go_on)
    job.part.connect(seen.append)
    job.finished.connect(seen.append)
    with qtbot.waitSignal(job.stopped):
        runner.start("queue", job)
        assert begun.wait(30)
        runner.supersede("queue")
        asked.set()
    assert seen == []


def test_an_outcome_that_is_already_on_its_way_is_superseded_as_well(runner: JobRunner, qtbot: QtBot) -> None:
    done = threading.Event()
    seen: list[object] = []
    old, new = runner.job(lambda r, c: done.set()), runner.job(lambda r, c: "new")
    old.finished.connect(seen.append)
    new.finished.connect(seen.append)
    runner.start("latest", old)
    assert done.wait(30)
    time.sleep(0.05)
    with qtbot.waitSignal(new.finished):
        runner.start("latest", new)
    assert seen == ["new"]


def test_a_slow_lane_does_not_hold_up_another(runner: JobRunner, qtbot: QtBot) -> None:
    release = threading.Event()
    slow, quick = runner.job(lambda r, c: release.wait(30)), runner.job(lambda r, c: "quick")
    runner.start("latest", slow)
    with qtbot.waitSignal(quick.finished):
        runner.start("queue", quick)
    with qtbot.waitSignal(slow.finished):
        release.set()


def test_the_newest_of_many_requests_runs_first_and_the_oldest_are_dropped(
    runner: JobRunner, qtbot: QtBot
) -> None:
    begun, release = threading.Event(), threading.Event()
    order: list[int] = []

    def hold_the_lane(report: Report, cancel: Cancel) -> None:
        begun.set()
        release.wait(30)

    runner.start("newest", runner.job(hold_the_lane))
    assert begun.wait(30)
    jobs = [runner.job(noting(order, number)) for number in range(5)]
    for job in jobs:
        runner.start("newest", job)
    with qtbot.waitSignal(jobs[2].finished):
        release.set()
    assert order == [4, 3, 2]


def test_closing_stops_what_can_be_stopped(qtbot: QtBot) -> None:
    runner = JobRunner(LANES)
    begun = threading.Event()

    def wait_until_stopped(report: Report, cancel: Cancel) -> None:
        begun.set()
        while True:
            cancel.checkpoint()
            time.sleep(0.001)

    runner.start("queue", runner.job(wait_until_stopped))
    assert begun.wait(30)
    assert runner.close(wait_ms=2000)


def test_closing_does_not_wait_for_what_cannot_be_stopped(qtbot: QtBot) -> None:
    runner, release, begun = JobRunner(LANES), threading.Event(), threading.Event()

    def ignore_the_request(report: Report, cancel: Cancel) -> None:
        begun.set()
        release.wait(30)

    runner.start("queue", runner.job(ignore_the_request))
    assert begun.wait(30)
    before = time.monotonic()
    assert not runner.close(wait_ms=100)
    assert time.monotonic() - before < 10
    release.set()
    qtbot.waitUntil(runner.close)


def test_closing_a_second_time_waits_no_longer_than_the_first_time_could(qtbot: QtBot) -> None:
    runner, release, begun = JobRunner(LANES), threading.Event(), threading.Event()

    def ignore_the_request(report: Report, cancel: Cancel) -> None:
        begun.set()
        release.wait(30)

    runner.start("queue", runner.job(ignore_the_request))
    assert begun.wait(30)
    assert not runner.close(wait_ms=100)
    before = time.monotonic()
    assert not runner.close(wait_ms=20_000)
    assert time.monotonic() - before < 10
    release.set()
    qtbot.waitUntil(runner.close)


def test_work_that_must_be_kept_is_carried_out_at_closing(qtbot: QtBot) -> None:
    runner = JobRunner(LANES)
    kept: list[int] = []
    for number in range(3):
        runner.start("keeping", runner.job(noting(kept, number)))
    assert runner.close(wait_ms=2000)
    assert kept == [0, 1, 2]


def test_nothing_starts_after_closing(qtbot: QtBot) -> None:
    runner = JobRunner(LANES)
    begun: list[str] = []
    runner.close()
    runner.start("queue", runner.job(lambda r, c: begun.append("begun")))
    qtbot.wait(20)
    assert begun == []
