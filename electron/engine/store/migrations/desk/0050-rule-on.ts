import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 50,
  doc: 'Rules that somebody switched on although their status says that they are off by default.',
  up(db) {
    db.exec('CREATE TABLE rule_on (id TEXT PRIMARY KEY) WITHOUT ROWID')
  },
})
