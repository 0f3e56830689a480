"""A study: one SQLite file with the images reviewed together and what every classifier said about them."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bloodsmear import __version__
from bloodsmear.errors import EmptyStudyError, NoStudyError, StudyError
from bloodsmear.images.natural_order import natural_key
from bloodsmear.images.scale import SetScale, with_scale, without_scale
from bloodsmear.review.records import ClassifierMark, ImageRecord, ListedImage
from bloodsmear.storage import content_sums, record_rows, row_checks
from bloodsmear.storage.database import Database, Read, Row, Statement, damaged_sentence
from bloodsmear.storage.event_log import EventLog, first_head
from bloodsmear.storage.kept_features import FeatureRow, KeptFeatures, statements_for
from bloodsmear.storage.network_drive import is_network_drive
from bloodsmear.storage.schema import (
    CONTENT_SINCE_VERSION,
    SCHEMA_VERSION,
    format_of,
    forward_from,
    knows_cameras,
    knows_decoders,
    knows_scales,
    knows_stated_scales,
    refuse_empty,
    told_format,
)
from bloodsmear.storage.study_backup import keep_before_upgrade

_MOST_CLASSIFIERS = 50
# Records fetched at a time: memory stays flat however many images a study has (SQLite allows 999 parameters).
_CHUNK = 256
_SELECT_LISTED = 'SELECT image, "case", status, sha256 FROM images WHERE listed = 1'


@dataclass(frozen=True, slots=True)
class StudyHead:
    """What a study is about: the root and folders of its images, the classifiers in use in a report's order.

    `check_denoised` says whether the answers on the denoised image were asked for. `camera_bits` are those that a
    reader set for files of 16 bits that don't say theirs; None takes those that the study has. `scales` are those that
    readers set; the study keeps its own.
    """

    root: Path
    folders: tuple[Path, ...]
    classifiers: tuple[ClassifierMark, ...]
    check_denoised: bool = False
    camera_bits: int | None = None
    scales: tuple[SetScale, ...] = ()


class StudyStore:
    """An open study. Writes go through one thread and are on the disk when they return; reads run in parallel.

    Nothing is lost when classifiers change or files disappear: older predictions and images stay in the file
    and count again when the classifier or the file is back. Every failure is a StudyError.
    """

    def __init__(self, database: Database, head: StudyHead, classifier_keys: tuple[int, ...]) -> None:
        """Use `open_or_create` or `open_existing`."""
        self._database = database
        self._head = head
        self._keys = classifier_keys
        self._select_images = record_rows.select_images(
            knows_cameras(database.read), knows_decoders(database.read), knows_stated_scales(database.read)
        )
        self.events = EventLog(database)
        self.features = KeptFeatures(database)

    @classmethod
    def open_or_create(
        cls, path: Path, head: StudyHead, on_network: Callable[[Path], bool] = is_network_drive
    ) -> Self:
        """Open the study at `path` for writing, or make it. Its classifiers become those of `head`.

        Raises StudyError: no study, a newer format, a study of other folders, a damaged one or one that was given
        what the program doesn't make, which are left as they are; StudyInUseError where somebody else writes it on a
        network drive (`on_network`), which leaves `open_existing`. A study of an older format is copied before it is
        brought forward.
        """
        if _has_content(path):
            with suppress(EmptyStudyError), cls.open_existing(path) as there:
                _refuse_other_folders(path, there.head, head)
                if there.damage():
                    raise StudyError(damaged_sentence(path))
                keep_before_upgrade(there._database)
        database = Database(path, "write", on_network)
        try:
            database.write_after_reading(lambda read: _creation(read, path, head))
            return cls(database, *_read_head(database))
        except BaseException:
            database.close()
            raise

    @classmethod
    def open_existing(cls, path: Path) -> Self:
        """Open a study for reading only. Raises StudyError: not there, no study, a newer format."""
        try:
            is_there, is_file = path.exists(), path.is_file()
        except OSError as error:
            raise StudyError(f"The study {path} cannot be opened: {error.strerror}.") from error
        if not is_there:
            raise NoStudyError(f"There is no study {path}. See that its name is right.")
        if not is_file:
            raise NoStudyError(f"{path} is a folder, not a study. Name the study's file.")
        database = Database(path, "read")
        try:
            refuse_empty(format_of(database.read, path), path)
            return cls(database, *_read_head(database))
        except BaseException:
            database.close()
            raise

    @property
    def path(self) -> Path:
        """The study's file."""
        return self._database.path

    @property
    def head(self) -> StudyHead:
        """What the study is about."""
        return self._head

    def camera_bits_now(self) -> int | None:
        """Those that the file has by now: another program may have set others than `head` has. Raises StudyError."""
        return _read_head(self._database)[0].camera_bits

    def take_scales(self) -> tuple[SetScale, ...]:
        """The scales that the file has by now: `head` has them from then on, whoever set them. Raises StudyError."""
        self._head = replace(self._head, scales=_read_head(self._database)[0].scales)
        return self._head.scales

    def set_camera_bits(self, bits: int | None) -> None:
        """How many bits the camera gives (None: as each file says). All images wait to be read anew; decisions stay."""
        statements = [
            Statement("UPDATE head SET camera_bits = ?", [(bits or 0,)]),
            Statement(record_rows.READ_ANEW),
        ]
        self._database.write_after_reading(
            lambda read: content_sums.counted(read, statements, ["setup", "images"])
        )
        self._head = replace(self._head, camera_bits=bits)

    def set_scale(self, scale: SetScale) -> tuple[SetScale, ...]:
        """Keep a scale in place of an earlier one of its folder and size; all scales then. Raises StudyError."""
        return self._change_scales(lambda there: with_scale(there, scale))

    def clear_scale(self, folder: str, size_px: tuple[int, int]) -> tuple[SetScale, ...]:
        """Forget the scale of this folder and size; all scales then. Raises StudyError."""
        return self._change_scales(lambda there: without_scale(there, folder, size_px))

    def _change_scales(
        self, change: Callable[[tuple[SetScale, ...]], tuple[SetScale, ...]]
    ) -> tuple[SetScale, ...]:
        def statements(read: Read) -> Iterator[Statement]:
            # As the file has them: another program may have set some since it was opened.
            text = json.dumps([astuple(one) for one in change(_head_in(read, self.path)[0].scales)])
            row_checks.scales(text)
            yield from content_sums.counted(
                read, [Statement("UPDATE head SET scales = ?", [(text,)])], ["setup"]
            )

        try:
            self._database.write_after_reading(statements)
        except ValueError as error:
            raise StudyError(
                f"The scale cannot be kept in {self.path}: it is not a scale, or there are too many."
            ) from error
        return self.take_scales()

    def list_images(self, images: Iterable[tuple[str, str]]) -> None:
        """Make these (image, case) the study's images: new ones wait for their screening, others are hidden.

        A hidden image has no record until it is listed again; what was said about it stays in the file.
        """
        statements = [Statement("UPDATE images SET listed = 0"), Statement(record_rows.LIST_IMAGE, images)]
        self._database.write_after_reading(lambda read: content_sums.counted(read, statements, ["images"]))

    def put(self, record: ImageRecord, row: FeatureRow | None = None) -> None:
        """Keep a record, and what teaching needs of the image, in place of older ones; both are on the disk then."""
        statements = record_rows.statements_for(record)
        statements += statements_for({record.image: row} if row is not None else {})
        self._database.write_after_reading(
            lambda read: content_sums.counted(read, statements, ["images", "answers"], record.image)
        )

    def record(self, image: str) -> ImageRecord | None:
        """The record of one image; None when the study doesn't list it."""
        query = "SELECT key FROM images WHERE image = ? AND listed = 1"
        keys = [row[0] for row in self._database.read(query, (image,))]
        return next(iter(self._records_of(keys)), None)

    def records(self) -> Iterator[ImageRecord]:
        """All records in the natural order of their images, read a few hundred at a time."""
        listed = self._database.read("SELECT key, image FROM images WHERE listed = 1")
        order = sorted(listed, key=lambda row: natural_key(record_rows.shown(row[1])))
        keys = [row[0] for row in order]
        for start in range(0, len(keys), _CHUNK):
            yield from self._records_of(keys[start : start + _CHUNK])

    def listed_images(self) -> list[ListedImage]:
        """All images of the study in natural order, without what classifiers said: quick for ten thousand."""
        rows = self._database.read(_SELECT_LISTED)
        listed = (record_rows.read_listed(row) for row in rows)
        return sorted(listed, key=lambda one: natural_key(one.image))

    def listed_image(self, image: str) -> ListedImage | None:
        """One image as a review needs it; None when the study doesn't list it."""
        rows = self._database.read(f"{_SELECT_LISTED} AND image = ?", (image,))
        return record_rows.read_listed(rows[0]) if rows else None

    def times_read(self) -> dict[str, str]:
        """When each listed image was last read, as the file has it (ISO 8601): 10,000 images take some 10 ms."""
        query = "SELECT image, screened_at FROM images WHERE listed = 1 AND screened_at IS NOT NULL"
        return {record_rows.shown(image): str(time) for image, time in self._database.read(query)}

    def done_record(self, image: str) -> ImageRecord | None:
        """The record of an image that needs no more screening while its file's bytes have the record's sha256.

        Done means an answer of every classifier in use, on the denoised image too when that was asked for, or
        that these very bytes cannot be read. Its `decoder` may be an older one.
        """
        record = self.record(image)
        if record is None or record.status == "not_screened":
            return None
        denoised_wanted = len(self._keys) if self._head.check_denoised and record.status == "ok" else 0
        return record if len(record.denoised_answers) >= denoised_wanted else None

    def damage(self) -> str:
        """What SQLite finds wrong with the file first; empty where it is well."""
        return self._database.damage()

    def close(self) -> None:
        """Finish what is being written and let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _records_of(self, keys: Sequence[int]) -> list[ImageRecord]:
        marks = ",".join("?" * len(keys))
        images = {row[0]: row for row in self._database.read(self._select_images + f"({marks})", keys)}
        predictions: dict[int, list[Row]] = {key: [] for key in keys}
        for row in self._database.read(record_rows.SELECT_PREDICTIONS + f"({marks})", keys):
            # A damaged index gives rows that were not asked for.
            if row[0] in predictions:
                predictions[row[0]].append(row)
        classifiers = dict(zip(self._keys, self._head.classifiers, strict=True))
        wanted = [(images[key], predictions[key]) for key in keys if key in images]
        return [
            record_rows.read_record(image, answers, classifiers, self._head.check_denoised)
            for image, answers in wanted
        ]


def _has_content(path: Path) -> bool:
    try:
        return path.exists() and path.stat().st_size > 0
    except OSError as error:
        raise StudyError(f"The study {path} cannot be opened: {error.strerror}.") from error


def _refuse_other_folders(path: Path, there: StudyHead, asked: StudyHead) -> None:
    if (there.root, set(there.folders)) == (asked.root, set(asked.folders)):
        return
    held = ", ".join(str(folder) for folder in there.folders)
    raise NoStudyError(
        f"The study {path} holds the images of {held}, not of the folders named now. Name another study."
    )


def _refuse_other_bits(path: Path, there: StudyHead, asked: StudyHead) -> None:
    """Answers on pictures of another brightness must not stand beside the new ones."""
    if None not in (there.camera_bits, asked.camera_bits) and there.camera_bits != asked.camera_bits:
        raise StudyError(
            f"The study {path} was screened for a camera of {there.camera_bits} bits, not of {asked.camera_bits}. "
            "Start a new one (--fresh), or leave the camera's bits out."
        )


def _creation(read: Read, path: Path, head: StudyHead) -> Iterator[Statement]:
    """Make what is not there yet and take over the head, in one transaction: another program may have been quicker."""
    version, anew = format_of(read, path), False
    if version:
        if told_format(read) != version:
            raise StudyError(
                f"The number of the format of the study {path} was changed outside of Bloodsmear, so it is only read. "
                "Go on with an earlier copy; `bloodsmear doctor --study` says more."
            )
        there = _head_in(read, path)[0]
        _refuse_other_folders(path, there, head)
        _refuse_other_bits(path, there, head)
        anew = head.camera_bits is not None and there.camera_bits is None
    yield from forward_from(version) if version < SCHEMA_VERSION else ()
    yield first_head()
    if 0 < version < CONTENT_SINCE_VERSION:
        sums = content_sums.text_of(content_sums.sums_of(read))
        yield Statement("UPDATE event_head SET content = ?", [(sums,)])
    yield from content_sums.counted(read, _take_over(head), ["setup"])
    if anew:
        # What was read without the camera's bits may have been read too dark.
        yield from content_sums.counted(read, [Statement(record_rows.READ_ANEW)], ["images"])


def _take_over(head: StudyHead) -> list[Statement]:
    created_at = datetime.now(UTC).replace(microsecond=0).isoformat()
    # JSON in ASCII, for a folder's name may be no Unicode (on Linux) and then no SQLite text.
    places = (json.dumps(str(head.root)), json.dumps([str(folder) for folder in head.folders]))
    head_row = (*places, head.check_denoised, __version__, created_at, head.camera_bits or 0)
    classifier_rows = [
        (place, mark.id, mark.name, mark.version_mark, mark.model_sha256, _labels_in_json(mark))
        for place, mark in enumerate(head.classifiers)
    ]
    return [
        Statement(
            "INSERT INTO head (one, root, folders, check_denoised, app_version, created_at, camera_bits) "
            "VALUES (1, ?, ?, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET check_denoised = excluded.check_denoised, "
            "camera_bits = max(head.camera_bits, excluded.camera_bits)",
            [head_row],
        ),
        Statement("UPDATE classifiers SET position = NULL"),
        Statement(
            "INSERT INTO classifiers (position, id, name, version_mark, model_sha256, label_keys) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id, version_mark, model_sha256) "
            # What a model put out stays; a card that names its outputs anew names the stored ones, too.
            "DO UPDATE SET position = excluded.position, name = excluded.name, label_keys = excluded.label_keys",
            classifier_rows,
        ),
    ]


def _read_head(database: Database) -> tuple[StudyHead, tuple[int, ...]]:
    """The head and the keys of its classifiers in the classifiers' order. Raises StudyError where it is damaged."""
    return _head_in(lambda sql, parameters: database.read(sql, parameters), database.path)


def _head_in(read: Read, path: Path) -> tuple[StudyHead, tuple[int, ...]]:
    query = (
        "SELECT key, id, name, version_mark, model_sha256, label_keys FROM classifiers "
        f"WHERE position IS NOT NULL ORDER BY position LIMIT {_MOST_CLASSIFIERS}"
    )
    bits = "camera_bits" if knows_cameras(read) else "0"
    scales = "scales" if knows_scales(read) else "'[]'"
    rows = read(f"SELECT root, folders, check_denoised, {bits}, {scales} FROM head", ())
    classifiers = read(query, ())
    try:
        [(root, folders, check_denoised, camera_bits, set_scales)] = rows
        head = StudyHead(
            root=Path(row_checks.place(root)),
            folders=tuple(Path(folder) for folder in row_checks.places(folders)),
            classifiers=tuple(_mark_of(row) for row in classifiers),
            check_denoised=row_checks.switch(check_denoised),
            camera_bits=row_checks.whole(camera_bits, 16) or None,
            scales=row_checks.scales(set_scales),
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise StudyError(damaged_sentence(path)) from error
    return head, tuple(row[0] for row in classifiers)


def _labels_in_json(mark: ClassifierMark) -> str:
    """The labels as a list; with the limits from which on they are sure, as an object of both.

    With names of a card's own, as a list of [key, name] or [key, name, limit].
    """
    if mark.label_names:
        parts = (mark.label_keys, mark.label_names, *([mark.sure_from] if mark.sure_from else []))
        return json.dumps(list(zip(*parts, strict=True)))
    if not mark.sure_from:
        return json.dumps(mark.label_keys)
    return json.dumps(dict(zip(mark.label_keys, mark.sure_from, strict=True)))


def _mark_of(row: Row) -> ClassifierMark:
    _, id_, name, version_mark, model_sha256, labels = row
    label_keys, sure_from, label_names = row_checks.labels_of_classifier(labels)
    return ClassifierMark(
        id=row_checks.classifier_id(id_),
        name=row_checks.text(name, 200),
        version_mark=row_checks.text(version_mark, 200),
        model_sha256=row_checks.text(model_sha256, 64),
        label_keys=label_keys,
        sure_from=sure_from,
        label_names=label_names,
    )
