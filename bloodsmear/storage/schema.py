"""The tables of a study's file."""

# Raised whenever a table changes; a reader for the older versions stays. 2 brought the events.
SCHEMA_VERSION = 2
EVENTS_SINCE_VERSION = 2
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
    # What readers did: appended, never changed (docs/adr/0007). The hash covers the columns in this order.
    """
    CREATE TABLE IF NOT EXISTS events (
        number INTEGER PRIMARY KEY,
        act INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reader TEXT NOT NULL,
        image TEXT NOT NULL,
        "case" TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        decision TEXT NOT NULL,
        text TEXT NOT NULL,
        undoes INTEGER,
        answers_hidden INTEGER NOT NULL,
        at TEXT NOT NULL,
        app_version TEXT NOT NULL,
        hash TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS event_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        study_id TEXT NOT NULL,
        events INTEGER NOT NULL,
        last_hash TEXT NOT NULL
    )
    """,
    # Against slips of our own; the chain is what shows the work of others.
    """
    CREATE TRIGGER IF NOT EXISTS events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS events_are_not_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END
    """,
)
