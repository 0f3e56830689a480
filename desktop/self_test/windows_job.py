"""A Windows job object that counts the processes in it. Used on Windows only; tests give another kernel32.

The structure and numbers are those of Microsoft's winnt.h (JOBOBJECT_BASIC_ACCOUNTING_INFORMATION).
"""

import ctypes
from typing import Any

_BASIC_ACCOUNTING = 1
_PROCESS_SET_QUOTA_AND_TERMINATE = 0x0100 | 0x0001
_ENDED_BY_US = 1


class BasicAccounting(ctypes.Structure):
    """JOBOBJECT_BASIC_ACCOUNTING_INFORMATION."""

    _fields_ = (
        ("TotalUserTime", ctypes.c_int64),
        ("TotalKernelTime", ctypes.c_int64),
        ("ThisPeriodTotalUserTime", ctypes.c_int64),
        ("ThisPeriodTotalKernelTime", ctypes.c_int64),
        ("TotalPageFaultCount", ctypes.c_uint32),
        ("TotalProcesses", ctypes.c_uint32),
        ("ActiveProcesses", ctypes.c_uint32),
        ("TotalTerminatedProcesses", ctypes.c_uint32),
    )


class CountingJob:
    """A job with one process; those that it starts join by themselves. `kernel32` is that DLL by ctypes."""

    def __init__(self, kernel32: Any, process_id: int) -> None:
        _declare(kernel32)
        self._kernel32 = kernel32
        self._job = kernel32.CreateJobObjectW(None, None)
        process = kernel32.OpenProcess(_PROCESS_SET_QUOTA_AND_TERMINATE, False, process_id)
        if process:
            kernel32.AssignProcessToJobObject(self._job, process)
            kernel32.CloseHandle(process)

    def active_processes(self) -> int:
        """How many processes of the job run."""
        counts = BasicAccounting()
        self._kernel32.QueryInformationJobObject(
            self._job, _BASIC_ACCOUNTING, ctypes.byref(counts), ctypes.sizeof(counts), None
        )
        return int(counts.ActiveProcesses)

    def end_all(self) -> None:
        """End whatever runs in the job, and let go of it."""
        self._kernel32.TerminateJobObject(self._job, _ENDED_BY_US)
        self._kernel32.CloseHandle(self._job)


def _declare(kernel32: Any) -> None:
    # Undeclared, ctypes hands on handles as 32-bit numbers and cuts them.
    handle, pointer, number, flags = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32
    kernel32.CreateJobObjectW.restype = handle
    kernel32.CreateJobObjectW.argtypes = (pointer, ctypes.c_wchar_p)
    kernel32.OpenProcess.restype = handle
    kernel32.OpenProcess.argtypes = (flags, number, flags)
    kernel32.AssignProcessToJobObject.argtypes = (handle, handle)
    kernel32.QueryInformationJobObject.argtypes = (handle, number, pointer, flags, pointer)
    kernel32.TerminateJobObject.argtypes = (handle, flags)
    kernel32.CloseHandle.argtypes = (handle,)
