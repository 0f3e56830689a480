"""The tables of a study's file."""

# Raised whenever a table changes; a reader for the older versions stays.
SCHEMA_VERSION = 1
# "blsm": tells a study from any other SQLite file.
APPLICATION_ID = 0x626C736D

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE IF NOT EXISTS head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        root TEXT NOT NULL,
        folders TEXT NOT NULL,
        check_denoised INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        created_at TEXT NOT NULL
    )
    """,
    # Every classifier that ever answered stays; `position` is its place in the report, NULL when not in use now.
    """
    CREATE TABLE IF NOT EXISTS classifiers (
        key INTEGER PRIMARY KEY,
        position INTEGER,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        version_mark TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        label_keys TEXT NOT NULL,
        UNIQUE (id, version_mark, model_sha256)
    )
    """,
    # `listed` is 0 for a file that the last run did not find any more: it has no row in a report.
    """
    CREATE TABLE IF NOT EXISTS images (
        key INTEGER PRIMARY KEY,
        image TEXT NOT NULL UNIQUE,
        "case" TEXT NOT NULL,
        listed INTEGER NOT NULL,
        status TEXT NOT NULL,
        error TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        width_px INTEGER,
        height_px INTEGER,
        sharpness REAL,
        dark_share REAL,
        bright_share REAL,
        screened_at TEXT
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS predictions (
        image INTEGER NOT NULL REFERENCES images (key) ON DELETE CASCADE,
        classifier INTEGER NOT NULL REFERENCES classifiers (key),
        denoised INTEGER NOT NULL,
        probabilities TEXT NOT NULL,
        feature_distance REAL,
        unlike_training INTEGER NOT NULL,
        PRIMARY KEY (image, classifier, denoised)
    ) WITHOUT ROWID
    """,
)
