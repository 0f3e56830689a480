"""What is asked of Windows, with a kernel32 that writes it down."""

import ctypes
from types import SimpleNamespace
from typing import Any

from desktop.self_test.windows_job import BasicAccounting, CountingJob

PROCESS, JOB, HANDLE = 4711, 11, 12


class Kernel32:
    """Answers as Windows does, for a job with some processes."""

    def __init__(self, active: int, opens: bool = True) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self._active = active
        answers = {
            "CreateJobObjectW": JOB,
            "OpenProcess": HANDLE if opens else 0,
            "AssignProcessToJobObject": 1,
            "TerminateJobObject": 1,
            "CloseHandle": 1,
        }
        for name, answer in answers.items():
            setattr(self, name, self._function(name, answer))
        self.QueryInformationJobObject = self._query

    def _function(self, name: str, answer: int) -> Any:
        def call(*arguments: Any) -> int:
            self.asked.append((name, *arguments))
            return answer

        return _Callable(call)

    @property
    def _query(self) -> Any:
        def call(_job: int, _kind: int, counts: Any, size: int, _returned: None) -> int:
            assert size == ctypes.sizeof(BasicAccounting)
            counts._obj.ActiveProcesses = self._active
            return 1

        return _Callable(call)


class _Callable(SimpleNamespace):
    """A function of a DLL: it can be called, and takes restype and argtypes."""

    def __init__(self, call: Any) -> None:
        super().__init__()
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)


def test_the_process_is_put_into_the_job_and_its_handle_given_back() -> None:
    kernel32 = Kernel32(active=1)
    CountingJob(kernel32, PROCESS)
    assert ("AssignProcessToJobObject", JOB, HANDLE) in kernel32.asked
    assert kernel32.asked[-1] == ("CloseHandle", HANDLE)


def test_a_process_that_has_ended_already_is_put_nowhere() -> None:
    kernel32 = Kernel32(active=0, opens=False)
    CountingJob(kernel32, PROCESS)
    assert "AssignProcessToJobObject" not in [name for name, *_ in kernel32.asked]


def test_windows_says_how_many_processes_run() -> None:
    assert CountingJob(Kernel32(active=3), PROCESS).active_processes() == 3


def test_whatever_runs_is_ended() -> None:
    kernel32 = Kernel32(active=1)
    CountingJob(kernel32, PROCESS).end_all()
    assert kernel32.asked[-2:] == [("TerminateJobObject", JOB, 1), ("CloseHandle", JOB)]
