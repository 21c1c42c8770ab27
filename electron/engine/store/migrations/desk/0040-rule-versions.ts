import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 40,
  doc: 'Texts that own rules of the desk had, so that two of them can be compared, and one be taken back.',
  up(db) {
    db.exec(`
      CREATE TABLE rule_version (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, at REAL NOT NULL, by TEXT NOT NULL, text TEXT NOT NULL);
      CREATE INDEX rule_version_rule ON rule_version (rule, id);
    `)
  },
})
