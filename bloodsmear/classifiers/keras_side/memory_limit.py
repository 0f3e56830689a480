"""How much memory a process may take: a file that asks for more ends with an error, not with the PC."""

import sys


def limit_memory(limit_bytes: int) -> None:
    """Let this process have `limit_bytes` of address space at most; more is refused with a MemoryError.

    Not on Windows, where it takes a job object, which this does not make yet; and macOS does not keep to it. There the
    declared sizes of a file's arrays are all that is looked at.
    """
    if sys.platform == "win32":
        return
    import resource

    lowest = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = limit_bytes if lowest == resource.RLIM_INFINITY else min(limit_bytes, lowest)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, lowest))
