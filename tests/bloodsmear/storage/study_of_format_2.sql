-- Written by Bloodsmear 0.1.0 when a study's format was 2.
PRAGMA application_id = 1651274605;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE classifiers (
        key INTEGER PRIMARY KEY,
        position INTEGER,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        version_mark TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        label_keys TEXT NOT NULL,
        UNIQUE (id, version_mark, model_sha256)
    );
INSERT INTO "classifiers" VALUES(1,0,'vgg16','VGG16','1.0+1a','1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a','["benign", "pre_b"]');
CREATE TABLE event_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        study_id TEXT NOT NULL,
        events INTEGER NOT NULL,
        last_hash TEXT NOT NULL
    );
INSERT INTO "event_head" VALUES(1,'2c1d2e02195a41bb8b99b7282c93eba6',2,'f258093b7e7ea2db7a43e96e4ab1112c972a6d163a02bae6178929111c77c01a');
CREATE TABLE events (
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
    );
INSERT INTO "events" VALUES(1,1,'decided','Ada','1.png','case','abababababababababababababababababababababababababababababababab','pre_b','',NULL,0,'2026-11-29T05:35:49Z','0.1.0','d9e03a651fcf14548c3b1d15c6f63479215a8cbff3908cc113a3c649c298f210');
INSERT INTO "events" VALUES(2,2,'noted','Grace','2.png','case','','','ячейка',NULL,0,'2026-11-29T05:35:49Z','0.1.0','f258093b7e7ea2db7a43e96e4ab1112c972a6d163a02bae6178929111c77c01a');
CREATE TABLE head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        root TEXT NOT NULL,
        folders TEXT NOT NULL,
        check_denoised INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        created_at TEXT NOT NULL
    );
INSERT INTO "head" VALUES(1,'"/smears"','["/smears"]',0,'0.1.0','2026-11-29T05:35:49+00:00');
CREATE TABLE images (
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
    );
INSERT INTO "images" VALUES(1,'1.png','case',1,'ok','','abababababababababababababababababababababababababababababababab',NULL,NULL,NULL,NULL,NULL,'2026-11-23T01:02:03+00:00');
INSERT INTO "images" VALUES(2,'2.png','case',1,'not_screened','','',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE predictions (
        image INTEGER NOT NULL REFERENCES images (key) ON DELETE CASCADE,
        classifier INTEGER NOT NULL REFERENCES classifiers (key),
        denoised INTEGER NOT NULL,
        probabilities TEXT NOT NULL,
        feature_distance REAL,
        unlike_training INTEGER NOT NULL,
        PRIMARY KEY (image, classifier, denoised)
    ) WITHOUT ROWID
    ;
INSERT INTO "predictions" VALUES(1,1,0,'[0.25, 0.75]',3.5,0);
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;
COMMIT;
