import { defineMigration } from '../define.ts'

export default defineMigration({
  number: 10,
  doc: 'Alerts with their history, sources, switches of rules, saved views and settings.',
  up(db) {
    db.exec(`
      -- Detection texts as they stood, one row for each text there ever was.
      CREATE TABLE detection_text (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, detection TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, detection, hash));
      -- State: 0 open, 1 snoozed, 2 decided. Times in microseconds. A spark is twelve u32, the last of them for slot spark_slot (20 min since 1970).
      CREATE TABLE alert (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, kind TEXT NOT NULL, detection TEXT NOT NULL, title TEXT NOT NULL,
        severity INTEGER NOT NULL, attack TEXT NOT NULL, category TEXT,
        src_ip TEXT, src_port INTEGER, src_name TEXT, dst_ip TEXT, dst_port INTEGER, dst_name TEXT, asset TEXT NOT NULL, user TEXT,
        count INTEGER NOT NULL, first REAL NOT NULL, last REAL NOT NULL, raised REAL NOT NULL, state INTEGER NOT NULL,
        owner TEXT, taken_at REAL, snoozed_until REAL, verdict TEXT, reason TEXT, decided_at REAL, decided_by TEXT,
        spark_slot INTEGER NOT NULL, spark BLOB NOT NULL, revision INTEGER NOT NULL,
        text INTEGER, event INTEGER NOT NULL, marks TEXT NOT NULL
      );
      CREATE INDEX alert_key ON alert (key, state);
      CREATE INDEX alert_urgency ON alert (state, severity DESC, raised DESC, id DESC);
      CREATE INDEX alert_last ON alert (state, last DESC, id DESC);
      CREATE INDEX alert_raised ON alert (state, raised);
      CREATE INDEX alert_detection ON alert (detection, id);
      CREATE INDEX alert_taken ON alert (taken_at) WHERE taken_at IS NOT NULL;
      CREATE INDEX alert_decided ON alert (decided_at) WHERE decided_at IS NOT NULL;
      -- Which hits of which partition are in an alert.
      CREATE TABLE alert_hit (alert INTEGER NOT NULL, day INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (alert, day, seq)) WITHOUT ROWID;
      -- Up to which hit of each partition the alerts are made.
      CREATE TABLE applied (day INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
      -- Who did what when: only added to, but for undone. One step may act on many alerts; before is what it changed, for undo.
      CREATE TABLE alert_action (
        id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL, alert INTEGER NOT NULL, at REAL NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
        verdict TEXT, reason TEXT, until REAL, undone INTEGER NOT NULL DEFAULT 0, before TEXT
      );
      CREATE INDEX alert_action_alert ON alert_action (alert, id);
      CREATE INDEX alert_action_by ON alert_action (by, step) WHERE before IS NOT NULL AND undone = 0;
      CREATE TABLE source (id TEXT PRIMARY KEY, settings TEXT NOT NULL, created TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE rule_off (id TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE rule_folder (place INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
      CREATE TABLE view (id TEXT PRIMARY KEY, page TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, saved REAL NOT NULL) WITHOUT ROWID;
      CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    `)
  },
})
