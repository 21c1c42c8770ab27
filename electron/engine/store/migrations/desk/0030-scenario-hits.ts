import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 30,
  doc: 'What alerts of scenarios were raised from: their events are of many batches and partitions, and stay named here.',
  up(db) {
    db.exec(`
      -- alert_hit names these with the day -1. steps: JSON of [event, time, rule]; grp: JSON of field and value.
      CREATE TABLE scenario_hit (seq INTEGER PRIMARY KEY, scenario TEXT NOT NULL, match INTEGER NOT NULL, grp TEXT NOT NULL, fulfilled REAL NOT NULL, steps TEXT NOT NULL);
      CREATE INDEX scenario_hit_match ON scenario_hit (match);
    `)
  },
})
