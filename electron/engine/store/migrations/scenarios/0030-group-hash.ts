import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 30,
  doc: 'Groups are found by a hash of their values: an index of numbers stays in memory where one of texts does not. What is seen so far is begun anew.',
  up(db) {
    db.exec(`
      DELETE FROM entry;
      DELETE FROM match;
      DELETE FROM passed;
      DELETE FROM due;
      DROP TABLE grp;
      -- hash: of scenario and key. shown: null where it is the key itself.
      CREATE TABLE grp (id INTEGER PRIMARY KEY, scenario INTEGER NOT NULL, hash INTEGER NOT NULL, key TEXT NOT NULL, shown TEXT, shown_time REAL NOT NULL);
      CREATE INDEX grp_hash ON grp (hash);
      CREATE INDEX grp_scenario ON grp (scenario);
    `)
  },
})
