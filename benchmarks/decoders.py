"""Whether files become the pixels that an independent decoder gives them, how long it takes, and what damage does.

.venv/bin/python benchmarks/decoders.py [--folder FOLDER] [--size 1024x768] [--damages 20000]
                                        [--only KIND …] [--damages-only] [--results FILE] [--processes 2]

Prints three tables. Kinds made here: the largest difference to the independent decoder (1 is rounding), or `refused`,
and milliseconds an image beside the decoder of before (simplejpeg for JPEG, else OpenCV). Files of FOLDER, if one is
named: equal, refused (with the reasons), different. Damages of each compressed kind (flipped bits, cuts, zeroed
blocks), as rows of docs/adr/0026: how many were refused, and in brackets different pictures with status ok; the rest
had no effect. Exit status 1, with a line that says why: a difference, a refused kind, a JPEG that takes over a quarter
(and 0.3 ms) longer than simplejpeg alone, or a different picture where the format can tell.

With --results each kind's damages are kept in a file as soon as they are counted, and a later run goes on from there.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from PIL import Image, ImageCms, ImageOps

with contextlib.suppress(ValueError):  # a process that Windows starts for the pool has the path without it
    sys.path.remove(str(Path(__file__).resolve().parent))

from benchmarks.decoder_damages import Plan, damage_kinds
from benchmarks.decoder_kinds import KINDS, Pixels, smear
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes, decode_image
from bloodsmear.images.scan import Scan

ANYWHERE = Path("anywhere")
ROUNDS = 9
# simplejpeg alone is compared with, which looks for no zeroes and reads no header: both take less than a quarter. What
# does not grow with the picture (the header, two sums of the bytes) is as long as all of a small one.
SLOWER, ALWAYS_MS = 1.25, 0.3


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Pixels, times and damages of every kind of image file.")
    parser.add_argument("--folder", type=Path, help="files to compare besides")
    parser.add_argument("--damages", type=int, default=20_000, help="of each compressed kind")
    parser.add_argument("--size", default="1024x768", help="of the picture that is timed")
    names = [kind.name for kind in KINDS]
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, metavar="KIND", help="of the kinds"
    )
    parser.add_argument("--damages-only", action="store_true", help="no pixels, no times")
    parser.add_argument("--results", type=Path, help="keeps the damages that were counted, for the next run")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="that damage files at once"
    )
    parsed = parser.parse_args(words)
    width, height = (int(side) for side in parsed.size.split("x"))
    faults = []
    if not parsed.damages_only:
        faults += _compare_kinds(smear(width, height), parsed.only)
    if parsed.folder is not None:
        faults += _compare_folder(parsed.folder)
    if parsed.damages:
        faults += damage_kinds(Plan(parsed.only, parsed.damages, parsed.results, parsed.processes))
    print("\n" + "\n".join(faults or ["every file is equal or refused"]))
    return 1 if faults else 0


def _compare_kinds(pixels: Pixels, names: Sequence[str]) -> list[str]:
    print("kind                  difference      now     before")
    faults = []
    for kind in (kind for kind in KINDS if kind.timed and kind.name in names):
        content = kind.make(pixels)
        expected = pixels if kind.lossless else independent(content)
        try:
            difference = int(np.abs(decode_bytes(content, ANYWHERE).pixels.astype(int) - expected).max())
        except ImageError as error:
            print(f"{kind.name:20}  refused: {error.reason}")
            faults.append(f"fault: {kind.name} is refused")
            continue
        now = _ms(lambda content: decode_bytes(content, ANYWHERE), content)
        of_jpeg = kind.name in ("jpeg", "jpeg progressive")
        before = _ms(simplejpeg.decode_jpeg if of_jpeg else by_opencv, content)
        print(f"{kind.name:20}  {difference:10}  {now:5.1f} ms  {before:6.1f} ms")
        if difference > 1:
            faults.append(f"fault: {kind.name} differs by {difference}")
        if kind.name == "jpeg" and now > SLOWER * before + ALWAYS_MS:
            faults.append(f"fault: {kind.name} takes {now / before:.2f} times as long as simplejpeg alone")
    return faults


def _ms(decode: Callable[[bytes], object], content: bytes) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        decode(content)
        best = min(best, time.perf_counter() - started)
    return 1000 * best


def by_opencv(content: bytes) -> object:
    """What the program did with all but JPEG; None where OpenCV refuses."""
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    return None if decoded is None else cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)


def independent(content: bytes) -> Pixels:
    """Pillow's pixels, upright, in sRGB and on white. Raises OSError."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        wanted = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(image, io.BytesIO(profile), wanted, outputMode="RGB")
        image = image if turned is None else turned
    if "A" in image.getbands() or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, rgba)
    return np.asarray(image.convert("RGB"))


def _compare_folder(folder: Path) -> list[str]:
    counts, reasons, different = Counter[str](), Counter[str](), list[str]()
    for found in Scan([folder]):
        try:
            pixels = decode_image(found.path, asked=found.asked).pixels.astype(int)
        except ImageError as error:
            counts["refused"] += 1
            reasons[error.reason] += 1
            continue
        try:
            expected = independent(found.path.read_bytes()) if found.page == 0 else None
        except (OSError, SyntaxError, ValueError, ImageCms.PyCMSError):
            expected = None
        if expected is None:
            counts["no other decoder"] += 1
        elif expected.shape == pixels.shape and np.abs(pixels - expected).max() <= 1:
            counts["equal"] += 1
        else:
            counts["different"] += 1
            different.append(found.image)
    print(f"\n{folder}: {dict(counts)}")
    for reason, number in reasons.most_common():
        print(f"{number:6}  {reason}")
    return [f"fault: {image} is different" for image in different[:20]]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
