import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 20,
  doc: 'A match takes part in other scenarios at several times, with different values of what those above them ask for.',
  up(db) {
    db.exec(`
      CREATE TABLE entry_next (
        grp INTEGER NOT NULL, time REAL NOT NULL, event INTEGER NOT NULL, step INTEGER NOT NULL, value NOT NULL, reads TEXT NOT NULL,
        PRIMARY KEY (grp, time, event, step, value, reads)
      ) WITHOUT ROWID;
      INSERT INTO entry_next SELECT grp, time, event, step, value, coalesce(reads, '') FROM entry;
      DROP TABLE entry;
      ALTER TABLE entry_next RENAME TO entry;
      CREATE TABLE passed_next (match INTEGER NOT NULL, scenario INTEGER NOT NULL, grp INTEGER NOT NULL, time REAL NOT NULL, step INTEGER NOT NULL, value NOT NULL,
        PRIMARY KEY (match, grp, time, step, value)) WITHOUT ROWID;
      INSERT INTO passed_next SELECT match, scenario, grp, time, step, value FROM passed;
      DROP TABLE passed;
      ALTER TABLE passed_next RENAME TO passed;
    `)
  },
})
