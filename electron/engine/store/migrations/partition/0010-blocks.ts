import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 10,
  doc: 'Events of one day of receipt in blocks, what was detected in them, and where reading of each source stands.',
  up(db) {
    db.exec(`
      CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
      -- Columns speak of fields by number.
      CREATE TABLE field (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
      -- Rows of a block are events seq … seq + rows - 1. A block that was merged into a larger one stays for a while, so that
      -- readers that have begun can end; the larger one has the greater id. Times in microseconds, replaced_at in milliseconds.
      CREATE TABLE block (
        id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, rows INTEGER NOT NULL, min_time REAL NOT NULL, max_time REAL NOT NULL,
        raw_bytes INTEGER NOT NULL, replaced_at INTEGER, head BLOB NOT NULL
      );
      CREATE INDEX block_replaced ON block (replaced_at) WHERE replaced_at IS NOT NULL;
      -- What heads point to: columns (several small ones together), raw chunks, places, filters.
      CREATE TABLE piece (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
      -- Events that one detection matched on one pair within one batch, and not further apart than the grouping window: events
      -- base + rows (u16 each); slots is JSON of [20 minutes since 1970, count]. What raises an alert stands in hit_body, until the
      -- hit has joined an alert that another one raised.
      CREATE TABLE hit_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
      CREATE TABLE hit (
        seq INTEGER PRIMARY KEY, key INTEGER NOT NULL, base INTEGER NOT NULL, count INTEGER NOT NULL, first REAL NOT NULL, last REAL NOT NULL,
        severity INTEGER NOT NULL, slots TEXT NOT NULL, rows BLOB NOT NULL
      );
      CREATE TABLE hit_body (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
      CREATE TABLE reject (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, origin TEXT NOT NULL, record INTEGER, offset INTEGER, length INTEGER NOT NULL,
        reason TEXT NOT NULL, at REAL NOT NULL, raw BLOB NOT NULL
      );
      CREATE INDEX reject_source ON reject (source, id);
      CREATE TABLE position (
        source TEXT NOT NULL, file TEXT NOT NULL, origin TEXT NOT NULL, offset INTEGER NOT NULL, records INTEGER NOT NULL, tail TEXT NOT NULL,
        format TEXT NOT NULL, parser_state TEXT, complete INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (source, file)
      ) WITHOUT ROWID;
      CREATE INDEX position_file ON position (file);
      CREATE TABLE total (
        source TEXT PRIMARY KEY, records INTEGER NOT NULL, events INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL, last REAL
      ) WITHOUT ROWID;
      -- Counts per minute of event time (minutes since 1970).
      CREATE TABLE event_minute (
        minute INTEGER NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (minute, source, type)
      ) WITHOUT ROWID;
      CREATE TABLE detection_minute (
        minute INTEGER NOT NULL, severity INTEGER NOT NULL, detection TEXT NOT NULL, asset TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (minute, severity, detection, asset)
      ) WITHOUT ROWID;
      -- By the minute of receipt.
      CREATE TABLE reject_minute (minute INTEGER NOT NULL, source TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (minute, source)) WITHOUT ROWID;
    `)
  },
})
