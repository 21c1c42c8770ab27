import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 170,
  doc: 'Evidence that is taken by itself: which alerts of an incident were looked at for packets, and which flows were carved.',
  up(db) {
    db.exec(`
      -- An alert of an incident without a row here is still to be looked at. state: done, none, failed. reason: why not, or why not all.
      CREATE TABLE evidence_carve (
        incident INTEGER NOT NULL, alert INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (incident, alert)
      ) WITHOUT ROWID;
      -- A flow is carved once for an incident. flow: what it is known by in any capture. evidence: EV-01.
      CREATE TABLE evidence_flow (incident INTEGER NOT NULL, flow TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (incident, flow)) WITHOUT ROWID;
    `)
  },
})
