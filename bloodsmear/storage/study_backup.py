"""A copy of an older study, kept before a newer program brings its file forward."""

from pathlib import Path

from bloodsmear.storage.database import Database
from bloodsmear.storage.schema import SCHEMA_VERSION, format_of


def keep_before_upgrade(database: Database) -> Path | None:
    """Copy a study of an older format beside itself, once; None where its format is this program's. StudyError.

    The older program opens the copy: `NAME before format 3.bloodsmear`.
    """
    if format_of(database.read, database.path) >= SCHEMA_VERSION:
        return None
    path = database.path
    backup = path.with_name(f"{path.stem} before format {SCHEMA_VERSION}{path.suffix}")
    if not backup.exists():
        database.copy_to(backup)
    return backup
