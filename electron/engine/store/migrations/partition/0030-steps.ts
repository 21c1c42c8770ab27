import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 30,
  doc: 'Matches of rules that are steps of scenarios, one row for each batch that has any: what scenarios are made of, in order.',
  up(db) {
    db.exec(`
      -- base: id of the first event of the batch's block. data: JSON, compressed where size (its length) is not null.
      CREATE TABLE step (seq INTEGER PRIMARY KEY, base INTEGER NOT NULL, size INTEGER, data BLOB NOT NULL);
      CREATE INDEX step_base ON step (base);
    `)
  },
})
