import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 100,
  doc: 'Whether what alerts tell of worked: the standing result beside the alert, and every result there was.',
  up(db) {
    db.exec(`
      -- Index in IMPACTS; 2 is attempted, which is also what is not verified yet. The confidence is null until it is.
      ALTER TABLE alert ADD COLUMN impact INTEGER NOT NULL DEFAULT 2;
      ALTER TABLE alert ADD COLUMN impact_confidence REAL;
      -- How many events the alert had, and when its last one was, when it was verified.
      ALTER TABLE alert ADD COLUMN verified_count INTEGER;
      CREATE INDEX alert_impact ON alert (state, severity DESC, impact DESC, raised DESC, id DESC);
      CREATE INDEX alert_unverified ON alert (id) WHERE verified_count IS NULL OR verified_count < count;
      CREATE TABLE verification (
        alert INTEGER NOT NULL, number INTEGER NOT NULL, at REAL NOT NULL, by TEXT NOT NULL, cause TEXT NOT NULL, result INTEGER NOT NULL,
        confidence REAL NOT NULL, body TEXT NOT NULL, PRIMARY KEY (alert, number)
      ) WITHOUT ROWID;
    `)
  },
})
