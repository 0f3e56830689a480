"""model.keras → OpenVINO graph, once per PC: kept in the user's local cache and checked at every load."""

import contextlib
import hashlib
import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear import atomic_file, paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import MODEL_NAME
from bloodsmear.classifiers.engine import NetworkShape, shape_of
from bloodsmear.classifiers.folder_files import read_listed_graph
from bloodsmear.classifiers.openvino_engine import GRAPH_XML, Graph, openvino_version, read_graph
from bloodsmear.classifiers.scratch import scratch_folder
from bloodsmear.errors import ClassifierError
from bloodsmear.jobs import Cancel
from bloodsmear.json_file import decoder_of, read_json

# Raise it when bloodsmear-convert makes other graphs than before: every cached one is then made anew.
# 2 keeps channels first (channels_first.py).
CONVERTER_VERSION = 2
CONVERTER = "bloodsmear-convert"
# Measured: 3 s for either shipped classifier on a quiet PC; the rest is for a slow disk and a virus scanner.
_TIMEOUT_S = 300.0
_RECORD = "graph.json"
# How soon a request to stop is seen while the converter works.
_LOOK_EVERY_S = 0.2


class _GraphRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    xml_sha256: str
    bin_sha256: str


# Here, because two classifiers are opened at once.
decoder_of(_GraphRecord)


@dataclass(frozen=True, slots=True)
class GraphCache:
    """The folder of cached graphs; `converter` is the program that makes one. Several processes may share it."""

    place: Path
    converter: Path
    timeout_s: float = _TIMEOUT_S

    def graph_of(self, folder: Path, card: Card) -> Graph:
        """The graph of a classifier's folder: shipped with it, cached, or made now (some seconds).

        A damaged entry is made anew. ClassifierError when it can neither be read nor made.
        """
        shipped = read_listed_graph(folder, card)
        if shipped is not None:
            return shipped
        shape = shape_of(card)
        entry = self.place / _entry_name(card.model_sha256, shape)
        return _load_entry(entry) or self._make_entry(entry, folder / MODEL_NAME, shape)

    def note(self, name: str, content: bytes) -> None:
        """Keep a small note beside the graphs, if the cache can be written."""
        with contextlib.suppress(OSError):
            self.place.mkdir(parents=True, exist_ok=True)
            atomic_file.write(self.place / name, content)

    def has_note(self, name: str, content: bytes) -> bool:
        """Whether the note is there with just this content."""
        try:
            return (self.place / name).read_bytes() == content
        except OSError:
            return False

    def _make_entry(self, entry: Path, model: Path, shape: NetworkShape) -> Graph:
        try:
            self.place.mkdir(parents=True, exist_ok=True)
            with scratch_folder(self.place, ".making-") as scratch:
                made = scratch / entry.name
                made.mkdir()
                run_converter(self.converter, model, made, shape, self.timeout_s)
                graph = read_graph(made)
                record = _GraphRecord(*graph.file_sha256s)
                atomic_file.write(made / _RECORD, msgspec.json.encode(record))
                _put_in_place(made, entry, scratch / "damaged")
        except OSError as error:
            raise ClassifierError(
                f"The cache folder {self.place} cannot be written ({error.strerror}); make room, give permission or "
                "clear the cache."
            ) from error
        return graph


def user_graph_cache() -> GraphCache:
    """The graph cache of this user, with the converter beside this program."""
    return GraphCache(paths.graph_cache(), paths.program(CONVERTER))


def run_converter(
    converter: Path, model: Path, target: Path, shape: NetworkShape, timeout_s: float = _TIMEOUT_S
) -> None:
    """Run bloodsmear-convert: model.keras into graph.xml and graph.bin in `target`. ClassifierError.

    The graph is compiled and answers an image in a process that has limits, before any other program opens it.
    """
    words = _words(model, target, shape)
    for asked in ([], ["--try"]):
        run_program(converter, model, [*words, *asked], timeout_s)


def try_graph(converter: Path, folder: Path, shape: NetworkShape, timeout_s: float = _TIMEOUT_S) -> None:
    """Have the graph in `folder` compiled and answer an image in a process that has limits. ClassifierError."""
    xml = folder / GRAPH_XML
    run_program(converter, xml, [*_words(xml, folder, shape), "--try"], timeout_s)


def _words(model: Path, target: Path, shape: NetworkShape) -> list[str]:
    words = [str(model), str(target)]
    words += ["--size", f"{shape.width_px}x{shape.height_px}", "--labels", str(shape.label_count)]
    return words if shape.feature_layer is None else [*words, "--features", shape.feature_layer]


def run_program(
    converter: Path, model: Path, words: list[str], timeout_s: float, cancel: Cancel | None = None
) -> bytes:
    """Run bloodsmear-convert with `words` on the file `model`. ClassifierError with its own sentence; JobCancelled.

    Returns what it said on stdout. Its scratch files lie in the user's cache: it may be killed over gigabytes of them.
    """
    if not converter.is_file():
        raise ClassifierError(
            f"The program {converter}, which makes graphs, is missing; install Bloodsmear again."
        )
    place = paths.scratch()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with (
            scratch_folder(place, ".making-") as scratch,
            subprocess.Popen(
                [str(converter), *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))},
                # On Windows a console would flash up over the window.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            ) as process,
        ):
            answer, said = _wait_for(process, timeout_s, cancel or Cancel())
    except subprocess.TimeoutExpired as error:
        raise ClassifierError(
            f"{model} was not converted within {timeout_s:.0f} seconds; close other programs and try again."
        ) from error
    except OSError as error:
        raise ClassifierError(f"The program {converter} does not start ({error.strerror}).") from error
    if process.returncode != 0:
        raise ClassifierError(_complaint(model, process.returncode, said))
    return answer


def _wait_for(process: "subprocess.Popen[bytes]", timeout_s: float, cancel: Cancel) -> tuple[bytes, bytes]:
    """What the program said on stdout and stderr, once it has ended; TimeoutExpired or JobCancelled ends it."""
    until = time.monotonic() + timeout_s
    try:
        while True:
            cancel.checkpoint()
            try:
                return process.communicate(timeout=_LOOK_EVERY_S)
            except subprocess.TimeoutExpired:
                if time.monotonic() > until:
                    raise
    except BaseException:
        process.kill()
        raise


def _complaint(model: Path, code: int, stderr: bytes) -> str:
    # Its own refusal is one sentence; after a crash the last line of stderr is the best there is.
    lines = stderr.decode("utf-8", errors="replace").strip().splitlines()
    for line in lines:
        if line.startswith(f"{CONVERTER}: "):
            return line.removeprefix(f"{CONVERTER}: ")
    last = f": {lines[-1]}" if lines else ""
    return f"{model} could not be converted, {CONVERTER} ended with code {code}{last}"


def _entry_name(model_sha256: str, shape: NetworkShape) -> str:
    # The card's size and layer belong to the key: the same model with another card is another graph.
    size = [shape.height_px, shape.width_px, shape.label_count, shape.feature_layer]
    key = json.dumps([model_sha256, openvino_version(), CONVERTER_VERSION, size])
    return f"{model_sha256[:16]}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _load_entry(entry: Path) -> Graph | None:
    try:
        record = read_json(entry / _RECORD, _GraphRecord)
        graph = read_graph(entry)
    except (OSError, ValueError):
        return None
    fits = graph.file_sha256s == (record.xml_sha256, record.bin_sha256)
    return graph if fits else None


def _put_in_place(made: Path, entry: Path, aside: Path) -> None:
    # Two processes may come here at once: renaming a folder is atomic and fails where a filled one stands.
    with contextlib.suppress(OSError):
        made.rename(entry)
        return
    if _load_entry(entry) is not None:
        return
    # A damaged entry: moved away first, so that nobody meets it half removed.
    with contextlib.suppress(FileNotFoundError):
        entry.rename(aside)
    with contextlib.suppress(OSError):
        made.rename(entry)
