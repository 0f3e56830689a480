"""The converter's memory: the watch of macOS, forced on here, and the job object of Windows.

That is given a kernel32 that only writes down its calls. It never ran on Windows: what is held here are the structure,
the numbers and the order of the calls.
"""

import ctypes
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from bloodsmear.classifiers.keras_side.memory_limit import ExtendedLimits, limit_memory_by_job

# A handle that doesn't fit into 32 bits, and the one that stands for the process itself.
JOB, THIS_PROCESS = 0x1_0000_0044, 0xFFFF_FFFF_FFFF_FFFF


class Function:
    """A function of a DLL: it can be called, and its types can be declared."""

    restype: Any = None
    argtypes: tuple[Any, ...] = ()

    def __init__(self, answer: Callable[..., int]) -> None:
        self._answer = answer

    def __call__(self, *given: Any) -> int:
        return self._answer(*given)


class FakeKernel32:
    """Answers as Windows does; the function named by `failing` fails."""

    def __init__(self, failing: str = "") -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.limits: ExtendedLimits | None = None
        self.CreateJobObjectW = self._function("CreateJobObjectW", JOB, failing)
        self.SetInformationJobObject = self._function("SetInformationJobObject", 1, failing)
        self.GetCurrentProcess = self._function("GetCurrentProcess", THIS_PROCESS, failing)
        self.AssignProcessToJobObject = self._function("AssignProcessToJobObject", 1, failing)

    def _function(self, name: str, answer: int, failing: str) -> Function:
        def call(*given: Any) -> int:
            self.calls.append((name, *given))
            if name == "SetInformationJobObject":
                self.limits = given[2]._obj
            return 0 if name == failing else answer

        return Function(call)


def test_the_process_is_put_into_a_job_with_the_limit() -> None:
    kernel32 = FakeKernel32()
    assert limit_memory_by_job(kernel32, 12_000_000_000)
    names = [call[0] for call in kernel32.calls]
    assert names == [
        "CreateJobObjectW", "SetInformationJobObject", "GetCurrentProcess", "AssignProcessToJobObject",
    ]  # fmt: skip
    kind, _, size = kernel32.calls[1][2:]
    assert (kind, size) == (9, ctypes.sizeof(ExtendedLimits))
    assert kernel32.calls[-1][1:] == (JOB, THIS_PROCESS)
    assert kernel32.limits is not None
    assert kernel32.limits.ProcessMemoryLimit == 12_000_000_000
    assert kernel32.limits.BasicLimitInformation.LimitFlags == 0x100


def test_handles_are_declared_as_wide_as_pointers() -> None:
    kernel32 = FakeKernel32()
    limit_memory_by_job(kernel32, 1)
    assert kernel32.CreateJobObjectW.restype is ctypes.c_void_p
    assert kernel32.GetCurrentProcess.restype is ctypes.c_void_p
    assert kernel32.AssignProcessToJobObject.argtypes == (ctypes.c_void_p, ctypes.c_void_p)


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of a 64-bit system")
def test_the_structure_is_as_large_as_windows_expects() -> None:
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112


@pytest.mark.parametrize(
    "failing", ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"]
)
def test_what_windows_refuses_is_said(failing: str) -> None:
    assert not limit_memory_by_job(FakeKernel32(failing), 1)


_HUNGRY = """
import resource, sys
from bloodsmear.classifiers.keras_side.memory_limit import end_beyond

began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
end_beyond(began + 200_000_000, "it asks for too much")
held = []
for _ in range(int(sys.argv[1])):
    held.append(b"x" * 20_000_000)
    sum(range(200_000))
print("done")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts in kB, as Linux does")
@pytest.mark.parametrize(("pieces", "code", "said", "complaint"), [
    (2, 0, "done\n", ""),
    (200, 2, "", "it asks for too much\n"),
])  # fmt: skip
def test_a_process_that_takes_too_much_ends_itself_with_its_sentence(
    pieces: int, code: int, said: str, complaint: str
) -> None:
    """4 GB in 200 pieces; a process that is well goes on as if nobody watched."""
    ended = subprocess.run(
        [sys.executable, "-c", _HUNGRY, str(pieces)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, said, complaint)
