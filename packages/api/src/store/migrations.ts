/**
 * The tables of the data folder, as numbered steps. A step that has been released is never changed: a later one follows it.
 * SQLite's user_version counts the steps that a database has had.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- A resource: what its Describe answers is in "body"; the other columns are what lists filter and sort by.
  CREATE TABLE record (
    kind TEXT NOT NULL,       -- as in its ARN: training-job, model, ...
    name TEXT NOT NULL,
    arn TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    created REAL NOT NULL,    -- seconds since 1970, as in the API
    modified REAL NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, name)
  ) WITHOUT ROWID;
  CREATE INDEX record_created ON record (kind, created, name);
  CREATE INDEX record_modified ON record (kind, modified, name);
  CREATE INDEX record_status ON record (kind, status, created, name);

  CREATE TABLE tag (
    arn TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (arn, key)
  ) WITHOUT ROWID;

  -- A unit of work that the scheduler starts once: it is there from the request to the end of the job.
  CREATE TABLE work (
    id INTEGER PRIMARY KEY,   -- the order of starting
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    started REAL,             -- set before anything runs; never set twice
    UNIQUE (kind, name)
  );

  -- CloudWatch's events. "at" is in milliseconds since 1970, as there.
  CREATE TABLE log_event (
    id INTEGER PRIMARY KEY,
    log_group TEXT NOT NULL,
    log_stream TEXT NOT NULL,
    at INTEGER NOT NULL,
    message TEXT NOT NULL
  );
  CREATE INDEX log_event_stream ON log_event (log_group, log_stream, id);

  -- Values that jobs print, as CloudWatch has them: per namespace, per resource, per metric.
  CREATE TABLE metric_value (
    id INTEGER PRIMARY KEY,
    namespace TEXT NOT NULL,
    resource TEXT NOT NULL,
    metric TEXT NOT NULL,
    at REAL NOT NULL,         -- seconds since 1970
    value REAL NOT NULL
  );
  CREATE INDEX metric_value_metric ON metric_value (namespace, resource, metric, at);
  `,
  `
  -- What events are in: streams are there before their first event, and groups without streams.
  CREATE TABLE log_group (
    name TEXT PRIMARY KEY,
    created INTEGER NOT NULL,   -- milliseconds since 1970, as all times of logs
    retention_days INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE log_stream (
    log_group TEXT NOT NULL,
    log_stream TEXT NOT NULL,
    created INTEGER NOT NULL,
    first_at INTEGER,
    last_at INTEGER,
    PRIMARY KEY (log_group, log_stream)
  ) WITHOUT ROWID;
  INSERT INTO log_stream SELECT log_group, log_stream, min(at), min(at), max(at) FROM log_event GROUP BY 1, 2;
  INSERT INTO log_group SELECT log_group, min(created), NULL FROM log_stream GROUP BY 1;

  -- Clients write events of any time: readers get them in the order of time.
  DROP INDEX log_event_stream;
  CREATE INDEX log_event_stream ON log_event (log_group, log_stream, at, id);
  CREATE INDEX log_event_group ON log_event (log_group, at, id);
  `,
  `
  -- The registry: contents are files by their digest; here is which repository has them. Repositories are records.
  CREATE TABLE registry_blob (
    repository TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (repository, digest)
  ) WITHOUT ROWID;
  CREATE INDEX registry_blob_digest ON registry_blob (digest);

  CREATE TABLE registry_image (
    repository TEXT NOT NULL,
    digest TEXT NOT NULL,       -- of the manifest
    media_type TEXT NOT NULL,
    artifact_type TEXT,
    bytes INTEGER NOT NULL,     -- of what it names
    pushed REAL NOT NULL,       -- seconds since 1970
    pulled REAL,
    PRIMARY KEY (repository, digest)
  ) WITHOUT ROWID;
  CREATE INDEX registry_image_digest ON registry_image (digest);

  -- What a manifest names: contents, or the manifests of a list.
  CREATE TABLE registry_reference (
    repository TEXT NOT NULL,
    image TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (repository, image, digest)
  ) WITHOUT ROWID;
  CREATE INDEX registry_reference_digest ON registry_reference (repository, digest);

  CREATE TABLE registry_tag (
    repository TEXT NOT NULL,
    tag TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (repository, tag)
  ) WITHOUT ROWID;
  CREATE INDEX registry_tag_digest ON registry_tag (repository, digest);
  `,
  `
  -- Images that refer to another one, such as its signatures.
  CREATE TABLE registry_subject (
    repository TEXT NOT NULL,
    subject TEXT NOT NULL,      -- what is referred to; it need not be there
    image TEXT NOT NULL,        -- what refers to it
    PRIMARY KEY (repository, subject, image)
  ) WITHOUT ROWID;
  `,
];
