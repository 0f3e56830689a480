"""The zip that carries a classifier: what it holds, and the strangers' files that are refused."""

import io
import os
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.adding.archive import copy_classifier, pack_classifier, unpack_classifier
from bloodsmear.classifiers import zip_check
from bloodsmear.classifiers.folder_files import CLASSIFIER_FILES
from bloodsmear.classifiers.zip_check import check_model_archive
from bloodsmear.errors import ClassifierError

Write = Callable[[zipfile.ZipFile], None]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def zip_of(place: Path, write: Write, name: str = "given.zip") -> Path:
    with zipfile.ZipFile(place / name, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("card.json", "{}")
        write(packed)
    return place / name


def entry(name: str, mode: int = 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def write_twice(packed: zipfile.ZipFile) -> None:
    packed.writestr("evaluation.json", "{}")
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr("evaluation.json", "[]")


HOSTILE: dict[str, tuple[Write, str]] = {
    "a path that leads out": (
        lambda packed: packed.writestr("../../card.json", ""),
        "holds '../../card.json'",
    ),
    "an absolute path": (lambda packed: packed.writestr("/etc/card.json", ""), "holds '/etc/card.json'"),
    "a drive": (lambda packed: packed.writestr("C:\\model.keras", ""), "which is not a file of a classifier"),
    "a backslash": (
        lambda packed: packed.writestr("..\\model.keras", ""),
        "which is not a file of a classifier",
    ),
    "a folder": (lambda packed: packed.writestr("tiny/model.keras", ""), "holds 'tiny/model.keras'"),
    "a program": (lambda packed: packed.writestr("start.py", "import os"), "holds 'start.py'"),
    "another case": (lambda packed: packed.writestr("Model.Keras", ""), "holds 'Model.Keras'"),
    "a page that may hold a script": (
        lambda packed: packed.writestr("MODEL_CARD.html", ""),
        "MODEL_CARD.html",
    ),
    "an image": (lambda packed: packed.writestr("smear (1).jpg", ""), r"holds 'smear \(1\).jpg'"),
    "a file twice": (write_twice, "holds evaluation.json twice"),
    "a link": (
        lambda packed: packed.writestr(entry("model.keras", stat.S_IFLNK | 0o777), "/etc/passwd"),
        "holds model.keras as a link",
    ),
    "a device": (
        lambda packed: packed.writestr(entry("model.keras", stat.S_IFCHR | 0o644), ""),
        "as a link or folder, not as a file",
    ),
    "a bomb": (
        lambda packed: packed.writestr("graph.bin", bytes(20_000_000)),
        r"holds graph\.bin packed \d+ : 1",
    ),
    "another way of packing": (
        lambda packed: packed.writestr("graph.bin", b"x" * 100, zipfile.ZIP_LZMA),
        "packed in an unusual way",
    ),
    "a comment": (lambda packed: setattr(packed, "comment", b"PK\x05\x06 and more"), "has a comment"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_zip_that_holds_what_no_classifier_has_is_refused_and_nothing_is_unpacked(
    what: str, tmp_path: Path, target: Path
) -> None:
    write, sentence = HOSTILE[what]
    given = zip_of(tmp_path, write)
    with pytest.raises(ClassifierError, match=sentence):
        unpack_classifier(given, target)
    assert list(target.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given.zip", "target"]


def test_a_name_that_goes_on_after_a_zero_byte_is_refused(tmp_path: Path, target: Path) -> None:
    given = zip_of(tmp_path, lambda packed: packed.writestr("graph.binXevil.py", ""))
    given.write_bytes(given.read_bytes().replace(b"graph.binXevil", b"graph.bin\0evil"))
    with pytest.raises(ClassifierError, match="which is not a file of a classifier"):
        unpack_classifier(given, target)


def test_an_encrypted_file_is_refused(tmp_path: Path, target: Path) -> None:
    given = zip_of(tmp_path, lambda packed: None)
    content = bytearray(given.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    given.write_bytes(content)
    with pytest.raises(ClassifierError, match=r"card\.json encrypted"):
        unpack_classifier(given, target)


def test_more_bytes_than_a_classifier_has_are_refused(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_check, "_LARGEST_BYTES", 300_000)
    halves = {"graph.bin": os.urandom(149_000), "graph_int8.bin": os.urandom(149_000)}

    def write(packed: zipfile.ZipFile) -> None:
        for name, content in halves.items():
            packed.writestr(name, content)
        packed.writestr("evaluation.json", bytes(3000))

    with pytest.raises(ClassifierError, match=r"a classifier has .* GB at most"):
        unpack_classifier(zip_of(tmp_path, write), target)
    (target / "card.json").write_bytes(bytes(300_001))
    with pytest.raises(ClassifierError, match=r"a classifier has .* GB at most"):
        copy_classifier(target, tmp_path)


def test_a_text_that_would_fill_the_memory_is_refused(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_check, "_LARGEST_TEXT_BYTES", 1000)
    given = zip_of(tmp_path, lambda packed: packed.writestr("evaluation.json", os.urandom(1001)))
    with pytest.raises(
        ClassifierError, match=r"holds evaluation\.json of .* MB, which is too large for a text"
    ):
        unpack_classifier(given, target)
    assert list(target.iterdir()) == []


def test_a_file_that_is_longer_than_its_entry_says_is_not_unpacked_further(
    tmp_path: Path, target: Path
) -> None:
    given = zip_of(tmp_path, lambda packed: packed.writestr("graph.bin", bytes(5_000_000)))
    content = given.read_bytes()
    # In the directory, where the size is looked up: 5,000,000 bytes become 100.
    start = content.rindex(b"PK\x01\x02")
    lying = content[start : start + 24] + struct.pack("<L", 100) + content[start + 28 :]
    given.write_bytes(content[:start] + lying)
    with pytest.raises(ClassifierError, match="is damaged"):
        unpack_classifier(given, target)
    assert (target / "graph.bin").stat().st_size <= 100


def test_a_directory_of_thousands_of_files_is_refused_before_it_is_read(tmp_path: Path, target: Path) -> None:
    def write(packed: zipfile.ZipFile) -> None:
        for number in range(2000):
            packed.writestr(f"file {number}", "")

    with pytest.raises(ClassifierError, match="far more files than a classifier has"):
        unpack_classifier(zip_of(tmp_path, write), target)


def test_a_zip64_record_cannot_hide_a_large_directory(tmp_path: Path, target: Path) -> None:
    given = zip_of(tmp_path, lambda packed: None)
    content = given.read_bytes()
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    given.write_bytes(content[:-22] + locator + content[-22:])
    with pytest.raises(ClassifierError, match="far more files"):
        unpack_classifier(given, target)


def zip_that_begins_too_late(place: Path, member: str) -> Path:
    """zipfile looks for its file before the beginning of the zip."""
    file = place / "given.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(member, "{}")
    content = bytearray(file.read_bytes())
    begins = struct.unpack_from("<L", content, len(content) - 6)[0]
    struct.pack_into("<L", content, len(content) - 6, begins + 40)
    file.write_bytes(content)
    return file


def test_a_directory_that_says_it_begins_too_late_is_refused(tmp_path: Path, target: Path) -> None:
    with pytest.raises(ClassifierError, match=r"given.zip is damaged"):
        unpack_classifier(zip_that_begins_too_late(tmp_path, "card.json"), target)
    with pytest.raises(ClassifierError, match=r"given.zip is damaged"):
        check_model_archive(zip_that_begins_too_late(tmp_path, "config.json"))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9, 0.99])
def test_a_zip_that_is_cut_off_is_refused(share: float, tmp_path: Path, target: Path) -> None:
    given = zip_of(tmp_path, lambda packed: packed.writestr("graph.bin", os.urandom(5000)))
    content = given.read_bytes()
    given.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ClassifierError, match=r"is not a zip file|is damaged"):
        unpack_classifier(given, target)


def test_an_altered_zip_is_refused(tmp_path: Path, target: Path) -> None:
    given = zip_of(tmp_path, lambda packed: packed.writestr("graph.bin", b"weights" * 50, zipfile.ZIP_STORED))
    given.write_bytes(given.read_bytes().replace(b"weights", b"WEIGHTS"))
    with pytest.raises(ClassifierError, match="is damaged"):
        unpack_classifier(given, target)


def test_what_was_packed_is_unpacked_and_nothing_else_of_the_folder(tmp_path: Path, target: Path) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    wanted = {name: f"content of {name}".encode() for name in CLASSIFIER_FILES}
    others = {"smear (1).jpg": b"an image", "split.json": b"names", "page.html": b"thumbnails"}
    for name, content in {**wanted, **others}.items():
        (folder / name).write_bytes(content)
    pack_classifier(folder, tmp_path / "tiny.zip")
    unpack_classifier(tmp_path / "tiny.zip", target)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == wanted

    pack_classifier(folder, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "tiny.zip").read_bytes()


def test_of_a_folder_only_the_files_of_a_classifier_are_taken(tmp_path: Path, target: Path) -> None:
    folder = tmp_path / "tiny"
    (folder / "more").mkdir(parents=True)
    for name in ("card.json", "model.keras", ".DS_Store", "start.py"):
        (folder / name).write_bytes(b"x")
    copy_classifier(folder, target)
    assert sorted(path.name for path in target.iterdir()) == ["card.json", "model.keras"]


def test_a_link_in_a_folder_is_refused(
    tmp_path: Path, target: Path, make_link: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"private")
    make_link(folder / "evaluation.json", tmp_path / "secret")
    with pytest.raises(ClassifierError, match=r"evaluation\.json is not a plain file"):
        copy_classifier(folder, target)
    assert list(target.iterdir()) == []


def test_a_text_of_a_gigabyte_in_a_folder_is_refused(tmp_path: Path, target: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "model.keras").write_bytes(b"network")
    with (folder / "MODEL_CARD.md").open("wb") as file:
        file.truncate(1_000_000_000)
    with pytest.raises(
        ClassifierError, match=r"holds MODEL_CARD\.md of 1000 MB, which is too large for a text"
    ):
        copy_classifier(folder, target)
    assert list(target.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path, target: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mkfifo(folder / "card.json")
    with pytest.raises(ClassifierError, match=r"card\.json is not a plain file"):
        copy_classifier(folder, target)


def model_of(place: Path, **more: bytes) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            packed.writestr(name, b"{}")
        for name, part in more.items():
            packed.writestr(name.replace("_in_", "/"), part)
    path = place / "model.keras"
    path.write_bytes(content.getvalue())
    return path


def test_a_model_is_looked_at_before_keras_opens_it(tmp_path: Path) -> None:
    check_model_archive(model_of(tmp_path))
    with pytest.raises(ClassifierError, match=r"holds .assets/start\.py"):
        check_model_archive(model_of(tmp_path, **{"assets_in_start.py": b"import os"}))
    (tmp_path / "model.keras").write_bytes(b"no zip at all, but long enough to be looked at")
    with pytest.raises(ClassifierError, match=r"model\.keras is not a zip file"):
        check_model_archive(tmp_path / "model.keras")


def test_a_bomb_inside_the_model_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("model.weights.h5", bytes(20_000_000))
    (tmp_path / "model.keras").write_bytes(content.getvalue())
    with pytest.raises(ClassifierError, match=r"holds model\.weights\.h5 packed \d+ : 1"):
        check_model_archive(tmp_path / "model.keras")


_KILLED_WHILE_PACKING = """
import os, sys, zipfile
from pathlib import Path
from bloodsmear.adding.archive import pack_classifier
zipfile.ZipFile.writestr = lambda *_: os._exit(9)
pack_classifier(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_what_a_packing_that_was_killed_left_goes_with_the_next_one(tmp_path: Path, target: Path) -> None:
    (target / "card.json").write_text("{}", "utf-8")
    archive = tmp_path / "carried" / "ours.zip"
    archive.parent.mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_WHILE_PACKING, str(target), str(archive)], check=False
    )
    assert killed.returncode == 9
    assert not archive.exists()
    pack_classifier(target, archive)
    assert [one.name for one in archive.parent.iterdir()] == ["ours.zip"]
    assert archive.stat().st_mode & 0o600 == 0o600


def test_packing_leaves_other_programs_folders_in_the_users_folder_alone(
    tmp_path: Path, target: Path
) -> None:
    (target / "card.json").write_text("{}", "utf-8")
    theirs = [tmp_path / name for name in (".notes.tmp", ".exporting-photos", ".removed-old")]
    for folder in theirs:
        folder.mkdir()
        (folder / "kept.txt").write_text("theirs", "utf-8")
        os.utime(folder, (1_000_000_000, 1_000_000_000))
    pack_classifier(target, tmp_path / "ours.zip")
    assert all((folder / "kept.txt").is_file() for folder in theirs)
