"""The one door to sqlite3: a file with one writer thread, and as many readers as ask at once."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from bloodsmear.errors import NoStudyError, StudyError
from bloodsmear.private_file import create_plain
from bloodsmear.storage.network_drive import is_network_drive
from bloodsmear.storage.open_mark import OpenMark, claim_study
from bloodsmear.storage.sqlite_side_files import refuse_side_files

Row = tuple[Any, ...]
Mode = Literal["write", "read"]
# Rows of a query, its parameters after it.
Read = Callable[[str, Sequence[Any]], list[Row]]
# How long to wait for another program that writes the same file, in seconds.
BUSY_TIMEOUT_S = 10.0
_LOOK_AGAIN_S = 0.05
# What a file from anywhere may make SQLite do (sqlite.org/limits.html, sqlite.org/security.html): a study's cells, rows
# and statements are far smaller. Nothing may attach another file or start one trigger from another.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 4_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 10,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
# A damaged file can have thousands of rows share one text of 4 MB: 8 MB on the disk would be 30 GB in the memory. All
# long notes of a study together are far less.
_LONG_CELL, _MOST_IN_LONG_CELLS = 2_000, 64_000_000
_ROWS_AT_ONCE = 32
# SQLite's sentence about a damaged file may quote bytes of it that are not text.
_FAILURES = (sqlite3.Error, UnicodeDecodeError)
# SQLite on Linux and macOS has 512 bytes for a path with the endings of the files beside it.
_LONGEST_PATH_BYTES = 500

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement, carried out for each row of parameters, or once where there are no parameters."""

    sql: str
    rows: Iterable[Row] | None = None


class Database:
    """An SQLite file. Writes wait their turn in one thread and are on the disk when `write` returns.

    Reads run in parallel, each on a connection of its own, which the next one uses again. On a network drive one
    program writes at a time, with a rollback journal. Every failure is a StudyError that names the file.
    """

    def __init__(
        self, path: Path, mode: Mode = "write", on_network: Callable[[Path], bool] = is_network_drive
    ) -> None:
        """Open `path`, creating it in mode "write". Raises StudyError, and StudyInUseError where another one writes."""
        self.path = path
        self._mode = mode
        self._on_network = mode == "write" and on_network(path)
        self._mark: OpenMark | None = claim_study(path) if self._on_network else None
        self._lock = threading.Lock()
        # Not one for each thread: the window's lanes have a new thread for each decision, and a file open for each
        # of them ended the program after some hundred (256 open files are a Mac's limit).
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="study-writer")
        self._write_connection: sqlite3.Connection | None = None
        self._written: os.stat_result | None = None
        try:
            if mode == "write":
                self._write_connection = self._on_writer(self._open_for_writing)
            self.read("SELECT count(*) FROM sqlite_master", ())
        except BaseException:
            self.close()
            raise

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query; safe from any thread. Raises StudyError."""
        try:
            with self._reader() as connection:
                return _rows(connection, sql, parameters)
        except _FAILURES as error:
            raise self._refusal(error) from error

    def write(self, statements: Sequence[Statement]) -> None:
        """Carry out the statements in one transaction: all or none. Returns when they are on the disk. StudyError."""
        self._on_writer(lambda: self._write_now(lambda _read: statements))

    def write_after_reading(self, decide: Callable[[Read], Iterable[Statement]]) -> None:
        """As `write`, for statements that depend on what stands in the file: no other program writes in between.

        `decide` reads through its argument, on the writer's thread; what it raises leaves the file unchanged. Where it
        yields its statements one by one, it reads what those before have changed.
        """
        self._on_writer(lambda: self._write_now(decide))

    def damage(self) -> str:
        """What SQLite's own look at the whole file finds first; empty where it is well. Raises StudyError."""
        found = str(self.read("PRAGMA quick_check(1)")[0][0])
        return "" if found == "ok" else found

    def copy_to(self, target: Path) -> None:
        """Write a whole copy, with what lies in the write-ahead log, to `target`, at once or not. Raises StudyError."""
        part = target.with_name(f"{target.name}.part")
        try:
            part.unlink(missing_ok=True)
            create_plain(part)
            refuse_side_files(part)
            with closing(sqlite3.connect(part)) as copy, self._reader() as connection:
                connection.backup(copy)
            part.replace(target)
        except _FAILURES as error:
            raise self._refusal(error) from error
        except OSError as error:
            raise StudyError(
                f"The study {self.path} cannot be copied to {target}: {error.strerror}. Free some space or give "
                "permission; until then it is not changed."
            ) from error

    def close(self) -> None:
        """Finish what is being written and let go of the file."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._writer.shutdown(wait=True)
        for connection in self._idle:
            connection.close()
        # The writer goes last: the last connection folds the write-ahead log into the file.
        if self._write_connection is not None:
            self._write_connection.close()
        if self._mark is not None:
            self._mark.release()

    def _on_writer(self, work: Callable[[], _Value]) -> _Value:
        try:
            future: Future[_Value] = self._writer.submit(work)
        except RuntimeError as error:
            raise StudyError(f"The study {self.path} is closed already.") from error
        try:
            return future.result()
        except _FAILURES as error:
            raise self._refusal(error) from error

    def _write_now(self, decide: Callable[[Read], Iterable[Statement]]) -> None:
        connection = self._write_connection
        if connection is None:
            raise StudyError(f"The study {self.path} is open for reading only.")
        self._refuse_another_file()
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in decide(lambda sql, parameters: _rows(connection, sql, parameters)):
                if statement.rows is None:
                    connection.execute(statement.sql)
                else:
                    connection.executemany(statement.sql, statement.rows)
            connection.execute("COMMIT")
        except BaseException:
            # A full disk has already rolled back by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _refuse_another_file(self) -> None:
        """Raise StudyError where the file was renamed or deleted under us: SQLite goes on writing where nobody looks.

        Not on a network drive, whose numbers of files may change: there nobody else writes.
        """
        if self._on_network or self._written is None:
            return
        try:
            is_another = not os.path.samestat(self._written, self.path.stat())
        except OSError as error:
            # Of other failures SQLite says better what is wrong.
            is_another = isinstance(error, FileNotFoundError)
        if is_another:
            raise StudyError(
                f"The study {self.path} was set aside, moved or deleted while it was open, so nothing can be kept in "
                "it. Open its folder again."
            )

    def _open_for_writing(self) -> sqlite3.Connection:
        # What is in the way SQLite says better.
        with suppress(OSError):
            create_plain(self.path)
        refuse_side_files(self.path)
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            _restrict(connection)
            self._choose_journal(connection)
            # FULL: a finished image and a decision survive a power cut; 1 to 10 ms beside 150 ms an image.
            connection.execute("PRAGMA synchronous = FULL")
            # On macOS fsync leaves the drive's own cache unwritten; elsewhere these two change nothing.
            connection.execute("PRAGMA fullfsync = ON")
            connection.execute("PRAGMA checkpoint_fullfsync = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            with suppress(OSError):
                self._written = self.path.stat()
        except BaseException:
            connection.close()
            raise
        return connection

    def _choose_journal(self, connection: sqlite3.Connection) -> None:
        """WAL where the disk allows it, else a rollback journal. Some drives fail only at the first write."""
        connection.execute("PRAGMA schema_version").fetchone()
        if self._on_network:
            # Also turns back a study that was copied from a local disk.
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            return
        try:
            _start_write_ahead_log(connection)
        except sqlite3.OperationalError:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection for one reading. What is being read when the file is closed is read to its end."""
        connection = self._take_reader()
        try:
            yield connection
        finally:
            with self._lock:
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)

    def _take_reader(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StudyError(f"The study {self.path} is closed already.")
            return self._idle.pop() if self._idle else self._open_for_reading()

    def _open_for_reading(self) -> sqlite3.Connection:
        # Only a connection that might write tidies the write-ahead log away when it is the last to close.
        options = ["mode=rw", "mode=ro"]
        if self._mode == "read" and not self.path.with_name(self.path.name + "-wal").exists():
            # In a folder that may not be written a WAL file opens only as unchanging, which is right there.
            options.append("immutable=1")
        while True:
            try:
                return self._connect_reading(options.pop(0))
            except sqlite3.OperationalError:
                if not options:
                    raise

    def _connect_reading(self, option: str) -> sqlite3.Connection:
        refuse_side_files(self.path)
        connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?{option}",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _restrict(connection)
            connection.execute("PRAGMA query_only = ON")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def _refusal(self, error: Exception) -> StudyError:
        is_none = getattr(error, "sqlite_errorname", "").startswith("SQLITE_NOTADB")
        return (NoStudyError if is_none else StudyError)(_sentence(self.path, error))


def rows_after(statements: Iterable[str], sql: str) -> list[Row]:
    """The rows of a query after the statements were carried out in an empty database in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements:
            connection.execute(statement)
        return connection.execute(sql).fetchall()


def _restrict(connection: sqlite3.Connection) -> None:
    """What is in the file is data: nothing that it defines is trusted, and every page is looked at as it is read."""
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


def _rows(connection: sqlite3.Connection, sql: str, parameters: Sequence[Any]) -> list[Row]:
    try:
        return _bounded(connection.execute(sql, parameters))
    except sqlite3.OperationalError as error:
        # Python's own "Could not decode to UTF-8", which carries no code of SQLite's: one damaged text must not cost
        # all rows, so it is shown by its bytes. The texts of a study that is well are decoded without this.
        if hasattr(error, "sqlite_errorcode") or connection.text_factory is not str:
            raise
        connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
        return _bounded(connection.execute(sql, parameters))


def _bounded(cursor: sqlite3.Cursor) -> list[Row]:
    rows: list[Row] = []
    left = _MOST_IN_LONG_CELLS
    while some := cursor.fetchmany(_ROWS_AT_ONCE):
        rows += some
        left -= sum(
            len(cell)
            for row in some
            for cell in row
            if isinstance(cell, str | bytes) and len(cell) > _LONG_CELL
        )
        if left < 0:
            raise sqlite3.DataError("more text than a study holds")
    return rows


def _start_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Two programs that make one study at once: SQLite answers BUSY without waiting while the other one does this."""
    until_s = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until_s:
                raise
            time.sleep(_LOOK_AGAIN_S)


def _sentence(path: Path, error: Exception) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, UnicodeDecodeError | sqlite3.DataError):
        return damaged_sentence(path)
    if name.startswith("SQLITE_FULL"):
        return f"The disk of the study {path} is full. Free some space, then do it once more."
    if name.startswith("SQLITE_NOTADB"):
        return f"{path} is not a study of Bloodsmear, or it is damaged. Choose another file."
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_TOOBIG", "SQLITE_ERROR")):
        return damaged_sentence(path)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"The study {path} is in use by another program. Close it there and try again."
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return f"The study {path} may not be written. Choose a place where you may write."
    if name.startswith("SQLITE_CONSTRAINT"):
        return (
            f"The study {path} was changed by another program than Bloodsmear, so nothing can be added. "
            "Go on with an earlier copy."
        )
    if name.startswith("SQLITE_CANTOPEN"):
        if len(os.fsencode(path)) > _LONGEST_PATH_BYTES:
            return f"The study's path is too long to be opened; choose a place nearer to the top of the disk: {path}"
        return f"The study {path} cannot be opened. See that its folder is there and may be written."
    return f"The study {path} cannot be read or written ({error}). See that its disk works and has space."


def damaged_sentence(path: Path) -> str:
    """What is said of a study whose file holds what the program never writes."""
    return (
        f"The study {path} is damaged. Go on with an earlier copy; to begin anew, move it to another folder or give "
        "`bloodsmear screen --fresh`."
    )
