"""What to tell the reader when the training program ended without saying why."""

from bloodsmear.jobs.training_messages import Failed
from desktop.gui.training_controller.training_process import ProcessEnd

_LONGEST_LAST_WORDS = 200
# Killed by the system: on Linux and macOS by signal 9, which is what it does when memory runs out.
_KILLED = -9
_SHORT_OF_MEMORY = ("MemoryError", "out of memory", "OutOfMemory", "ResourceExhausted", "std::bad_alloc")
_OTHER_VERSION = ("invalid choice", "unrecognized arguments", "the following arguments are required")


def failure_for_end(end: ProcessEnd) -> Failed:
    """What happened, in the last words of the program where it has any, and what to do."""
    last = end.last_lines[-1][:_LONGEST_LAST_WORDS].rstrip(".") if end.last_lines else ""
    everything = " ".join(end.last_lines)
    if end.code is None:
        return Failed(
            f"The training program did not start: {last}. Install Bloodsmear again, or choose another Python "
            "that has Bloodsmear in it."
        )
    if "No module named" in last:
        return Failed(
            f"The chosen Python cannot train: {last}. Install Bloodsmear with its extra “train” there, or go back to "
            "Bloodsmear's own program."
        )
    if any(words in everything for words in _OTHER_VERSION):
        return Failed(
            "The training program is of another version than this window. Install the same version of Bloodsmear there."
        )
    if end.code == _KILLED or any(words in everything for words in _SHORT_OF_MEMORY):
        return Failed("The training program was ended, most likely because the memory ran out.", "memory")
    said = f": {last}" if last else ""
    return Failed(f"The training program ended unexpectedly (code {end.code}){said}.")
