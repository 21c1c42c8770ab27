import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 110,
  doc: 'Incidents: heads, alerts, timeline, parts with the bodies they had before, changes to take back, and drafts.',
  up(db) {
    db.exec(`
      -- A number is given once and never again.
      CREATE TABLE incident_number (year INTEGER PRIMARY KEY, last INTEGER NOT NULL);
      -- Times in microseconds; times: JSON by phase. search: what free text is looked for in, in lower case.
      CREATE TABLE incident (
        id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL UNIQUE, title TEXT NOT NULL, summary TEXT NOT NULL, severity INTEGER NOT NULL,
        tlp TEXT NOT NULL, pap TEXT NOT NULL, status TEXT NOT NULL, times TEXT NOT NULL, owner TEXT, watchers TEXT NOT NULL, tags TEXT NOT NULL,
        attack TEXT NOT NULL, customer TEXT, merged_into TEXT, created REAL NOT NULL, created_by TEXT NOT NULL, revision INTEGER NOT NULL, search TEXT NOT NULL
      );
      CREATE INDEX incident_status ON incident (status, id);
      CREATE TABLE incident_link (incident INTEGER NOT NULL, other INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (incident, other)) WITHOUT ROWID;
      -- An alert is in one incident at most.
      CREATE TABLE incident_alert (alert INTEGER PRIMARY KEY, incident INTEGER NOT NULL, at REAL NOT NULL, by TEXT NOT NULL);
      CREATE INDEX incident_alert_incident ON incident_alert (incident, alert);
      -- body: text, event and cites. What was removed stays, marked as gone, so that it can come back.
      CREATE TABLE incident_entry (
        incident INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, time REAL NOT NULL, until REAL, title TEXT NOT NULL, severity INTEGER,
        alert INTEGER, grp TEXT NOT NULL, internal INTEGER NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL, at REAL NOT NULL, by TEXT NOT NULL,
        gone INTEGER NOT NULL, PRIMARY KEY (incident, id)
      );
      CREATE INDEX incident_entry_time ON incident_entry (incident, time, id, until, kind, grp) WHERE gone = 0;
      CREATE INDEX incident_entry_alert ON incident_entry (alert) WHERE alert IS NOT NULL;
      -- Entities, edges, sentences, notes, tasks, evidence, playbooks. key: what an entity is known by. state: of a task.
      CREATE TABLE incident_part (
        incident INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, key TEXT, state TEXT, body TEXT NOT NULL, bytes INTEGER NOT NULL,
        created REAL NOT NULL, created_by TEXT NOT NULL, revision INTEGER NOT NULL, at REAL NOT NULL, by TEXT NOT NULL, gone INTEGER NOT NULL,
        PRIMARY KEY (incident, kind, id)
      );
      CREATE INDEX incident_part_count ON incident_part (incident, kind, state, bytes) WHERE gone = 0;
      CREATE INDEX incident_part_key ON incident_part (key, incident) WHERE key IS NOT NULL AND gone = 0;
      -- What a part was at an earlier revision, for merging and for taking back; null where it was gone.
      CREATE TABLE incident_version (
        incident INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT, PRIMARY KEY (incident, kind, id, revision)
      );
      -- What a person did in one go. items: how to take it back, null where that cannot be.
      CREATE TABLE incident_change (
        id INTEGER PRIMARY KEY AUTOINCREMENT, incident INTEGER NOT NULL, by TEXT NOT NULL, at REAL NOT NULL, action TEXT NOT NULL, items TEXT, undone INTEGER NOT NULL
      );
      CREATE INDEX incident_change_by ON incident_change (incident, by, id) WHERE items IS NOT NULL AND undone = 0;
      CREATE TABLE incident_draft (incident INTEGER NOT NULL, by TEXT NOT NULL, draft TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (incident, by));
      -- The entry of an alert is as the alert is, whoever changes it.
      CREATE TRIGGER incident_alert_changed AFTER UPDATE OF first, last, severity, count, state, verdict, impact, impact_confidence ON alert
      WHEN EXISTS (SELECT 1 FROM incident_alert WHERE alert = NEW.id)
      BEGIN
        UPDATE incident_entry SET time = NEW.first, until = CASE WHEN NEW.last > NEW.first THEN NEW.last END, severity = NEW.severity
        WHERE alert = NEW.id AND kind = 'alert' AND gone = 0;
        UPDATE incident SET revision = revision + 1 WHERE id = (SELECT incident FROM incident_alert WHERE alert = NEW.id);
      END;
    `)
  },
})
