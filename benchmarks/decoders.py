"""Whether files become the pixels that an independent decoder gives them, how long it takes, and what damage does.

.venv/bin/python benchmarks/decoders.py [--folder FOLDER] [--damages 20000] [--size 1024x768]

Prints three tables. Kinds made here: the largest difference to the independent decoder (1 is rounding), or `refused`,
and milliseconds an image beside the decoder of before (simplejpeg for JPEG, else OpenCV). Files of FOLDER, if one is
named: equal, refused (with the reasons), different. Damages of each compressed kind (flipped bits, cuts, zeroed
blocks): refused, without effect, and a different picture with status ok. Exit status 1, with a line that says why: a
difference, a refused kind, a JPEG that takes over a quarter (and 0.3 ms) longer than simplejpeg alone, or a different
picture where the format can tell.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import simplejpeg
import tifffile
from PIL import Image, ImageCms, ImageOps

sys.path.remove(str(Path(__file__).resolve().parent))

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodeLimits, decode_bytes, decode_image
from bloodsmear.images.scan import Scan

Pixels = npt.NDArray[np.uint8]
ANYWHERE = Path("anywhere")
ROUNDS = 9
# simplejpeg alone is compared with, which looks for no zeroes and reads no header: both take less than a quarter. What
# does not grow with the picture (the header, two sums of the bytes) is as long as all of a small one.
SLOWER, ALWAYS_MS = 1.25, 0.3


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what makes it, whether its pixels are those saved (else Pillow's or tifffile's), its damages.

    `tells`: which damages its data cannot hide. Zeroes and cuts no compressed kind may hide but the ones said.
    """

    name: str
    make: Callable[[Pixels], bytes]
    lossless: bool = True
    tells: tuple[str, ...] = ()


def by_pillow(file_format: str, **options: Any) -> Callable[[Pixels], bytes]:
    """A maker by Pillow."""

    def make(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, file_format, **options)
        return buffer.getvalue()

    return make


def by_tifffile(**options: Any) -> Callable[[Pixels], bytes]:
    """A maker by tifffile."""

    def make(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, pixels, photometric="rgb", **options)
        return buffer.getvalue()

    return make


ALL, LOST = ("flips", "cuts", "zeroes"), ("cuts", "zeroes")
KINDS = (
    Kind("jpeg", by_pillow("JPEG", quality=92), lossless=False, tells=LOST),
    Kind("jpeg progressive", by_pillow("JPEG", quality=92, progressive=True), lossless=False, tells=LOST),
    Kind("png", by_pillow("PNG"), tells=ALL),
    Kind("bmp", by_pillow("BMP")),
    Kind("webp", by_pillow("WEBP", quality=90), lossless=False, tells=LOST),
    Kind("webp lossless", by_pillow("WEBP", lossless=True), tells=LOST),
    Kind("jpeg 2000", by_pillow("JPEG2000"), tells=LOST),
    Kind("avif", by_pillow("AVIF"), lossless=False, tells=LOST),
    Kind("tiff", by_tifffile(rowsperstrip=64)),
    Kind("tiff lzw", by_tifffile(compression="lzw", rowsperstrip=64), tells=LOST),
    Kind("tiff lzw predicted", by_tifffile(compression="lzw", predictor=True, rowsperstrip=64), tells=LOST),
    Kind("tiff deflate", by_tifffile(compression="zlib", predictor=True, rowsperstrip=64), tells=ALL),
    Kind("tiff packbits", by_tifffile(compression="packbits", rowsperstrip=64), tells=LOST),
    Kind("tiff zstd", by_tifffile(compression="zstd", tile=(64, 64)), tells=LOST),
    Kind("tiff lzma", by_tifffile(compression="lzma", rowsperstrip=64), tells=ALL),
    Kind("tiff lerc", by_tifffile(compression="lerc", rowsperstrip=64), tells=ALL),
    Kind("tiff jpeg", by_tifffile(compression="jpeg", tile=(64, 64)), lossless=False, tells=LOST),
    Kind("tiff jpeg 2000", by_tifffile(compression="jpeg2000", tile=(64, 64)), tells=LOST),
    Kind(
        "tiff webp",
        by_tifffile(compression="webp", compressionargs={"lossless": True}, tile=(64, 64)),
        tells=LOST,
    ),
)


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Pixels, times and damages of every kind of image file.")
    parser.add_argument("--folder", type=Path, help="files to compare besides")
    parser.add_argument("--damages", type=int, default=20_000, help="of each compressed kind")
    parser.add_argument("--size", default="1024x768", help="of the picture that is timed")
    parsed = parser.parse_args(words)
    width, height = (int(side) for side in parsed.size.split("x"))
    faults = _compare_kinds(smear(width, height))
    if parsed.folder is not None:
        faults += _compare_folder(parsed.folder)
    faults += _damage_kinds(smear(160, 128), parsed.damages)
    print("\n" + "\n".join(faults or ["every file is equal or refused"]))
    return 1 if faults else 0


def smear(width: int, height: int) -> Pixels:
    """Soft noise: as hard to compress as a smear."""
    noise = np.random.default_rng(8).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _compare_kinds(pixels: Pixels) -> list[str]:
    print("kind                  difference      now     before")
    faults = []
    for kind in KINDS:
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


def _damage_kinds(pixels: Pixels, wanted: int) -> list[str]:
    print("\nkind                  damage   refused   no effect   different with status ok")
    faults = []
    for kind in KINDS:
        if not kind.tells:
            continue
        content, random = kind.make(pixels), np.random.default_rng(11)
        whole = decode_bytes(content, ANYWHERE).pixels
        for damage in ALL:
            outcome = Counter(
                _outcome(_damaged(content, damage, random), whole) for _ in range(-(-wanted // len(ALL)))
            )
            hidden = outcome["different"]
            told = "" if damage in kind.tells else "   (the format cannot tell)"
            print(
                f"{kind.name:20}  {damage:7}  {outcome['refused']:7}  {outcome['equal']:9}  {hidden:9}{told}",
                flush=True,
            )
            if hidden and damage in kind.tells:
                faults.append(
                    f"fault: {hidden} pictures after {damage} in {kind.name} are different with status ok"
                )
    return faults


def _damaged(content: bytes, damage: str, random: np.random.Generator) -> bytes:
    """In the second half of the file, where none of these kinds has its header."""
    if damage == "cuts":
        return content[: int(random.integers(len(content) // 2, len(content) - 1))]
    if damage == "zeroes":
        length = min(int(random.integers(300, 2048)), len(content) // 4)
        at = int(random.integers(len(content) // 2, len(content) - length))
        return content[:at] + bytes(length) + content[at + length :]
    changed = bytearray(content)
    for place in random.integers(len(content) // 2, len(content), int(random.integers(1, 9))):
        changed[place] ^= 1 << int(random.integers(0, 8))
    return bytes(changed)


def _outcome(content: bytes, whole: Pixels) -> str:
    try:
        pixels = decode_bytes(content, ANYWHERE, DecodeLimits(pixels=1_000_000)).pixels
    except ImageError:
        return "refused"
    return "equal" if pixels.shape == whole.shape and (pixels == whole).all() else "different"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
