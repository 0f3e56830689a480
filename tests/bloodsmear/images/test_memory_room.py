"""Large images take turns in the PC's memory, whoever decodes them."""

import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_image, decoding
from bloodsmear.images.memory_room import FREE_BYTES, ROOM_BYTES, MemoryRoom

LARGE = 2 * ROOM_BYTES // 3
# Holds the room, says so, and waits to be killed.
HOLDER = """
import sys, time
from pathlib import Path
from bloodsmear.images.memory_room import ROOM_BYTES, MemoryRoom
with MemoryRoom(Path(sys.argv[1])).held(ROOM_BYTES):
    print("held", flush=True)
    time.sleep(600)
"""


def test_small_images_never_wait(tmp_path: Path) -> None:
    with MemoryRoom(tmp_path).held(ROOM_BYTES), MemoryRoom(tmp_path).held(FREE_BYTES):
        pass


def test_two_that_fit_do_not_wait_and_more_than_all_is_all(tmp_path: Path) -> None:
    room = MemoryRoom(tmp_path)
    with room.held(ROOM_BYTES // 2), room.held(ROOM_BYTES // 2):
        pass
    with room.held(100 * ROOM_BYTES):
        pass


def test_threads_that_do_not_fit_together_take_turns(tmp_path: Path) -> None:
    inside, most = [0], [0]
    guard = threading.Lock()

    def decode() -> None:
        for _ in range(3):
            with MemoryRoom(tmp_path).held(LARGE):
                with guard:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                threading.Event().wait(0.01)
                with guard:
                    inside[0] -= 1

    threads = [threading.Thread(target=decode) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]


def test_another_process_is_waited_for_and_a_killed_one_is_not(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    entered = threading.Event()

    def wait_for_it() -> None:
        with MemoryRoom(tmp_path).held(LARGE):
            entered.set()

    waiting = threading.Thread(target=wait_for_it)
    waiting.start()
    assert not entered.wait(0.3)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    waiting.join()

    assert entered.is_set()


def test_a_program_that_hangs_is_waited_for_so_long_and_no_longer(tmp_path: Path) -> None:
    with MemoryRoom(tmp_path).held(ROOM_BYTES), MemoryRoom(tmp_path, longest_wait_s=0.05).held(LARGE):
        pass


def test_where_nothing_can_be_locked_the_process_still_takes_turns(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file where a folder should be")
    inside, most = [0], [0]

    def decode() -> None:
        with MemoryRoom(tmp_path / "cache").held(LARGE):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.02)
            inside[0] -= 1

    threads = [threading.Thread(target=decode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]


def test_what_is_worked_on_in_bands_is_as_if_done_at_once(tmp_path: Path) -> None:
    samples = np.random.default_rng(2).integers(0, 65536, (601, 40, 4), np.uint16)
    (tmp_path / "deep.png").write_bytes(cv2.imencode(".png", samples)[1].tobytes())
    eight = (samples.astype(np.int64) * 510 + 65535) // (2 * 65535)
    alpha = eight[..., 3:]
    expected = (eight[..., 2::-1] * alpha + 255 * (255 - alpha) + 127) // 255

    assert np.array_equal(decode_image(tmp_path / "deep.png").pixels, expected)


def test_a_large_image_is_decoded_as_ever_and_its_room_is_free_afterwards(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (40, 3000, 3), np.uint8)
    large = np.vstack([pixels] * 100)
    (tmp_path / "large.bmp").write_bytes(cv2.imencode(".bmp", large[:, :, ::-1])[1].tobytes())
    for _ in range(2):
        with decoding(tmp_path / "large.bmp") as decoded:
            assert np.array_equal(decoded.pixels, large)
        assert np.array_equal(decode_image(tmp_path / "large.bmp").pixels, large)
    with pytest.raises(ImageError, match="no longer there"), decoding(tmp_path / "gone.png"):
        pass
