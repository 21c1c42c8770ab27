import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 20,
  doc: 'Alerts per detection kept as they are raised, so that the list of rules need not count all alerts; partitions that were checked.',
  up(db) {
    db.exec(`
      CREATE TABLE alert_total (detection TEXT PRIMARY KEY, alerts INTEGER NOT NULL, last REAL NOT NULL) WITHOUT ROWID;
      INSERT INTO alert_total SELECT detection, count(*), max(last) FROM alert GROUP BY detection;
      -- Which file (by its size and time of change) passed the thorough check.
      CREATE TABLE checked (day INTEGER PRIMARY KEY, size INTEGER NOT NULL, changed REAL NOT NULL);
    `)
  },
})
