-- The log (event) is the truth. What stands in comparison follows from it and from the revisions, and is kept
-- there so that the desk can list, filter and sort without judging anything.

CREATE TABLE comparison (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    words TEXT NOT NULL,          -- its name and those of its texts, folded, for searching
    author TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    last INTEGER NOT NULL,        -- the number of its last event
    last_author TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'in review', 'changes asked', 'signed off')),
    revision INTEGER NOT NULL CHECK (revision > 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('pass', 'review', 'block')),
    drift REAL NOT NULL,
    decided INTEGER NOT NULL,
    total INTEGER NOT NULL,
    major INTEGER NOT NULL        -- major findings that nobody has decided on
) STRICT;

CREATE INDEX comparison_last ON comparison (last);

CREATE TABLE revision (
    comparison TEXT NOT NULL REFERENCES comparison (id),
    number INTEGER NOT NULL CHECK (number > 0),
    content TEXT NOT NULL,        -- digest of its texts and of the settings that they were compared with
    result TEXT NOT NULL,         -- the comparison as JSON, before any policy
    created TEXT NOT NULL,
    author TEXT NOT NULL,
    PRIMARY KEY (comparison, number)
) STRICT;

CREATE INDEX revision_content ON revision (content);

-- The sources stand under the first revision alone.
CREATE TABLE text (
    comparison TEXT NOT NULL,
    revision INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('source', 'derivative')),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    form TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (comparison, revision, side, position),
    FOREIGN KEY (comparison, revision) REFERENCES revision (comparison, number)
) STRICT;

-- What of a finding is told once it is gone.
CREATE TABLE finding (
    comparison TEXT NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    rule TEXT NOT NULL,
    kind TEXT NOT NULL,
    types TEXT NOT NULL,          -- with spaces between them
    severity TEXT NOT NULL,
    confidence REAL NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (comparison, revision, position),
    FOREIGN KEY (comparison, revision) REFERENCES revision (comparison, number)
) STRICT;

CREATE TABLE event (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    comparison TEXT NOT NULL,
    revision INTEGER NOT NULL,
    act TEXT NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    finding TEXT NOT NULL,
    text TEXT NOT NULL,
    of INTEGER NOT NULL,
    FOREIGN KEY (comparison, revision) REFERENCES revision (comparison, number)
) STRICT;

CREATE INDEX event_comparison ON event (comparison, number);
CREATE INDEX event_author ON event (author, act, comparison);

CREATE TRIGGER event_stays BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END;
CREATE TRIGGER revision_stays BEFORE UPDATE ON revision
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
CREATE TRIGGER revision_remains BEFORE DELETE ON revision
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
CREATE TRIGGER text_stays BEFORE UPDATE ON text
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
CREATE TRIGGER text_remains BEFORE DELETE ON text
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
CREATE TRIGGER finding_stays BEFORE UPDATE ON finding
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
CREATE TRIGGER finding_remains BEFORE DELETE ON finding
BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
