import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 120,
  doc: 'Decisions by method: reason, the test it rests on, the incident it led to; and tunings with their counts.',
  up(db) {
    db.exec(`
      ALTER TABLE alert ADD COLUMN why TEXT;
      -- rests_on: JSON, the verification and its test. incident: number that the decision joined.
      ALTER TABLE alert_action ADD COLUMN why TEXT;
      ALTER TABLE alert_action ADD COLUMN rests_on TEXT;
      ALTER TABLE alert_action ADD COLUMN incident TEXT;
      -- draft: JSON. Times in microseconds.
      CREATE TABLE tuning (
        id TEXT PRIMARY KEY, detection TEXT NOT NULL, draft TEXT NOT NULL, title TEXT NOT NULL, expires REAL NOT NULL,
        created REAL NOT NULL, created_by TEXT NOT NULL, insisted TEXT, ended REAL, ended_by TEXT,
        removed INTEGER NOT NULL DEFAULT 0, last REAL, file TEXT
      ) WITHOUT ROWID;
      CREATE INDEX tuning_active ON tuning (expires) WHERE ended IS NULL;
      -- Events that a threshold has counted since a time, by alert key.
      CREATE TABLE tuning_count (tuning TEXT NOT NULL, key TEXT NOT NULL, since REAL NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (tuning, key)) WITHOUT ROWID;
    `)
  },
})
