"""How much memory and disk a process may take: a file that asks for more ends with an error, not with the PC.

On Windows by a job object. Its structures and numbers are those of Microsoft's winnt.h
(JOBOBJECT_EXTENDED_LIMIT_INFORMATION).
"""

import ctypes
import os
import sys
import threading
import time
from typing import Any

# JobObjectExtendedLimitInformation, and the flag that says which of its limits counts.
_EXTENDED_LIMITS = 9
_LIMIT_PROCESS_MEMORY = 0x100
_LOOK_EVERY_S = 0.05


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class IoCounters(ctypes.Structure):
    """IO_COUNTERS."""

    _fields_ = tuple(
        (name, ctypes.c_uint64)
        for name in (
            "ReadOperationCount",
            "WriteOperationCount",
            "OtherOperationCount",
            "ReadTransferCount",
            "WriteTransferCount",
            "OtherTransferCount",
        )
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", IoCounters),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def limit_memory(limit_bytes: int, refusal: str) -> None:
    """Let this process have `limit_bytes` of memory at most; more is refused with a MemoryError.

    On Linux of address space, on Windows of committed memory, by a job object. macOS keeps to no such limit: there the
    process watches itself and ends with `refusal` on stderr (`end_beyond`). Where Windows allows no job the process
    goes on without: there the declared sizes of a file are all that is looked at.
    """
    if sys.platform == "win32":
        limit_memory_by_job(ctypes.WinDLL("kernel32"), limit_bytes)
    elif sys.platform == "darwin":
        end_beyond(limit_bytes, refusal)
    else:
        import resource

        lowest = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = limit_bytes if lowest == resource.RLIM_INFINITY else min(limit_bytes, lowest)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, lowest))


def end_beyond(limit_bytes: int, refusal: str) -> None:
    """From now on end this process, with a line on stderr and exit status 2, once it takes more than `limit_bytes`.

    What is resident counts, as the system keeps it: at most a twentieth of a second's memory more than that is taken.
    """
    threading.Thread(target=_watch, args=(limit_bytes, refusal), name="memory-watch", daemon=True).start()


def _watch(limit_bytes: int, refusal: str) -> None:
    if sys.platform == "win32":
        return
    import resource

    def taken() -> int:
        # The most that was ever taken. macOS counts in bytes, Linux in kB.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    # A process may begin with what the one that started it had taken.
    most = max(limit_bytes, taken())
    while taken() <= most:
        time.sleep(_LOOK_EVERY_S)
    # Straight to the file: whatever the other threads hold, libraries among them, is not waited for.
    os.write(2, f"{refusal}\n".encode("utf-8", "backslashreplace"))
    os._exit(2)


def limit_files(limit_bytes: int) -> None:
    """Let this process write no file of more than `limit_bytes`: an OSError. Windows has no such limit."""
    if sys.platform != "win32":
        import resource

        lowest = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        wanted = limit_bytes if lowest == resource.RLIM_INFINITY else min(limit_bytes, lowest)
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted, lowest))


def limit_memory_by_job(kernel32: Any, limit_bytes: int) -> bool:
    """Put this process into a new job whose processes may commit `limit_bytes` each; False where Windows refuses.

    `kernel32` is that DLL by ctypes. Beyond the limit memory is refused as if the PC had no more. The job's handle is
    never closed, so it lasts as long as the process.
    """
    _declare(kernel32)
    job = kernel32.CreateJobObjectW(None, None)
    if not job:
        return False
    limits = ExtendedLimits()
    limits.BasicLimitInformation.LimitFlags = _LIMIT_PROCESS_MEMORY
    limits.ProcessMemoryLimit = limit_bytes
    size = ctypes.sizeof(limits)
    if not kernel32.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), size):
        return False
    return bool(kernel32.AssignProcessToJobObject(job, kernel32.GetCurrentProcess()))


def _declare(kernel32: Any) -> None:
    # Undeclared, ctypes hands on handles as 32-bit numbers and cuts them.
    handle, pointer, number = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
    kernel32.CreateJobObjectW.restype = handle
    kernel32.CreateJobObjectW.argtypes = (pointer, ctypes.c_wchar_p)
    kernel32.GetCurrentProcess.restype = handle
    kernel32.GetCurrentProcess.argtypes = ()
    kernel32.SetInformationJobObject.restype = number
    kernel32.SetInformationJobObject.argtypes = (handle, number, pointer, ctypes.c_uint32)
    kernel32.AssignProcessToJobObject.restype = number
    kernel32.AssignProcessToJobObject.argtypes = (handle, handle)
