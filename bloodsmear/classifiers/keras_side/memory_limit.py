"""How much memory and disk a process may take: a file that asks for more ends with an error, not with the PC."""

import sys


def limit_memory(limit_bytes: int) -> None:
    """Let this process have `limit_bytes` of memory at most; more is refused with a MemoryError.

    On Linux of address space, on Windows of committed memory, by a job object. macOS does not keep to it, and where
    Windows allows no job the process goes on without: there the declared sizes of a file are all that is looked at.
    """
    if sys.platform == "win32":
        import ctypes

        from bloodsmear.classifiers.keras_side.windows_job import limit_memory_by_job

        limit_memory_by_job(ctypes.WinDLL("kernel32"), limit_bytes)
    else:
        import resource

        lowest = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = limit_bytes if lowest == resource.RLIM_INFINITY else min(limit_bytes, lowest)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, lowest))


def limit_files(limit_bytes: int) -> None:
    """Let this process write no file of more than `limit_bytes`: an OSError. Windows has no such limit."""
    if sys.platform != "win32":
        import resource

        lowest = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        wanted = limit_bytes if lowest == resource.RLIM_INFINITY else min(limit_bytes, lowest)
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted, lowest))
