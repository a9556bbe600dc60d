BEGIN TRANSACTION;
CREATE TABLE account (
    id TEXT NOT NULL, secret BLOB NOT NULL, ahead REAL NOT NULL DEFAULT 0,
    origin TEXT NOT NULL DEFAULT '');
INSERT INTO "account" VALUES('ee7aa8e91b9c9c658a32ea2c',X'D073F60E7135FC9AC5B469D2709D7600C098695F891D5D1D9EBF9F64BA42A152',7200.0,'http://127.0.0.1:33169');
CREATE TABLE audits (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, task_id TEXT NOT NULL);
CREATE TABLE batches (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, name TEXT NOT NULL, project TEXT NOT NULL,
    status TEXT NOT NULL, created_at TEXT NOT NULL, completed_at TEXT, last_audited_at TEXT,
    studio_priority INTEGER, studio_groups TEXT, UNIQUE (world, name));
INSERT INTO "batches" VALUES(2,'test','week_1','parcels','completed','2026-11-25T18:32:19.712Z','2026-11-25T18:32:19.722Z',NULL,NULL,NULL);
CREATE TABLE contents (
    id TEXT PRIMARY KEY, world TEXT NOT NULL, task_id TEXT, mime_type TEXT NOT NULL,
    body BLOB NOT NULL);
INSERT INTO "contents" VALUES('d62f5566-186f-4d4c-b2ce-92e2ab11bb03','test',NULL,'text/plain',X'61');
INSERT INTO "contents" VALUES('f8ea2ad7-3d8d-4af0-8ac9-f076dede4423','test','6b0729b30440f0a6b6000002','application/json',X'5B7B22616E6E6F746174696F6E73223A5B7B2275756964223A2230333337343665332D383931392D343539302D393632342D326261663430393933386630222C2274797065223A22626F78222C226C6162656C223A2270617263656C222C2261747472696275746573223A7B7D2C226C656674223A31312C22746F70223A35302C227769647468223A34392C22686569676874223A33377D5D7D5D');
CREATE TABLE deliveries (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, world TEXT NOT NULL, event TEXT NOT NULL,
    task_id TEXT, batch TEXT, target TEXT NOT NULL, host TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT, created_at TEXT NOT NULL, due_at TEXT, tries TEXT NOT NULL, body TEXT NOT NULL);
INSERT INTO "deliveries" VALUES(1,'6b0729b30440f0a6b6000003','test','completed','6b0729b30440f0a6b6000002',NULL,'mail@example.com','','not_sent','E-mail is recorded and not sent.','2026-11-25T18:32:19.746Z',NULL,'[]','{"task":{"task_id":"6b0729b30440f0a6b6000002","created_at":"2026-11-25T18:32:19.746Z","type":"videoannotation","status":"completed","instruction":"","is_test":true,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:19.746Z","work_started":true,"params":{"attachments":["scaledata://ee7aa8e91b9c9c658a32ea2c/d62f5566-186f-4d4c-b2ce-92e2ab11bb03"],"geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"mail@example.com","completed_at":"2026-11-25T18:32:19.746Z","response":{"annotations":{"url":"http://127.0.0.1:33169/v1/task/6b0729b30440f0a6b6000002/response_url/f8ea2ad7-3d8d-4af0-8ac9-f076dede4423"}}},"response":{"annotations":{"url":"http://127.0.0.1:33169/v1/task/6b0729b30440f0a6b6000002/response_url/f8ea2ad7-3d8d-4af0-8ac9-f076dede4423"}},"task_id":"6b0729b30440f0a6b6000002","status":"completed"}');
INSERT INTO "deliveries" VALUES(2,'6b0729b40440f0a6b6000005','live','completed','6b0729b30440f0a6b6000004',NULL,'x@example.com','','not_sent','E-mail is recorded and not sent.','2026-11-25T18:32:20.770Z',NULL,'[]','{"task":{"task_id":"6b0729b30440f0a6b6000004","created_at":"2026-11-25T18:32:19.770Z","type":"imageannotation","status":"completed","instruction":"","is_test":false,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:20.770Z","work_started":true,"params":{"attachment_type":"image","attachment":"https://img.example.net/a.png","geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"x@example.com","completed_at":"2026-11-25T18:32:20.770Z","response":{"annotations":[{"uuid":"87abce3c-bd3e-4076-9084-199e9e641e4e","type":"box","label":"parcel","attributes":{},"left":26,"top":33,"width":30,"height":26}],"links":[],"global_attributes":{},"is_customer_fix":false}},"response":{"annotations":[{"uuid":"87abce3c-bd3e-4076-9084-199e9e641e4e","type":"box","label":"parcel","attributes":{},"left":26,"top":33,"width":30,"height":26}],"links":[],"global_attributes":{},"is_customer_fix":false},"task_id":"6b0729b30440f0a6b6000004","status":"completed"}');
CREATE TABLE documents (key INTEGER PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO "documents" VALUES(1,'{"type":"imageannotation","name":"parcels","created_at":"2026-11-25T18:32:19.703Z","archived":false,"param_history":[{"instruction":"Box.","version":0,"created_at":"2026-11-25T18:32:19.703Z"}]}');
INSERT INTO "documents" VALUES(2,'{"id":"6b0729b30440f0a6b6000000","name":"week_1","project":"parcels","status":"completed","created_at":"2026-11-25T18:32:19.712Z","metadata":{},"completed_at":"2026-11-25T18:32:19.722Z"}');
INSERT INTO "documents" VALUES(3,'{"task_id":"6b0729b30440f0a6b6000001","created_at":"2026-11-25T18:32:19.722Z","type":"imageannotation","status":"completed","instruction":"Box.","is_test":true,"urgency":"standard","metadata":{"n":1},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:19.722Z","work_started":true,"params":{"attachment_type":"image","attachment":"https://img.example.net/a.png","geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"project":"parcels","batch":"week_1","project_param_version":0,"unique_id":"u","tags":["a"],"completed_at":"2026-11-25T18:32:19.722Z","response":{"annotations":[{"uuid":"6e426217-5997-461a-9f86-e3becf597208","type":"box","label":"parcel","attributes":{},"left":6,"top":6,"width":26,"height":34}],"links":[],"global_attributes":{},"is_customer_fix":false}}');
INSERT INTO "documents" VALUES(4,'{"id":"be958729-1d91-4555-a19c-e5ad0b8b1810","attachment_url":"scaledata://ee7aa8e91b9c9c658a32ea2c/d62f5566-186f-4d4c-b2ce-92e2ab11bb03","mime_type":"text/plain","size":1,"project_names":[],"created_at":"2026-11-25T18:32:19.738Z","updated_at":"2026-11-25T18:32:19.738Z"}');
INSERT INTO "documents" VALUES(5,'{"task_id":"6b0729b30440f0a6b6000002","created_at":"2026-11-25T18:32:19.746Z","type":"videoannotation","status":"completed","instruction":"","is_test":true,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:19.746Z","work_started":true,"params":{"attachments":["scaledata://ee7aa8e91b9c9c658a32ea2c/d62f5566-186f-4d4c-b2ce-92e2ab11bb03"],"geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"mail@example.com","completed_at":"2026-11-25T18:32:19.746Z","response":{"annotations":{"url":"http://127.0.0.1:33169/v1/task/6b0729b30440f0a6b6000002/response_url/f8ea2ad7-3d8d-4af0-8ac9-f076dede4423"}}}');
INSERT INTO "documents" VALUES(6,'{"email":"a@x.net","role":"labeler","isStudioLabeler":true,"disableRapidEmails":false}');
INSERT INTO "documents" VALUES(7,'{"task_id":"6b0729b30440f0a6b6000004","created_at":"2026-11-25T18:32:19.770Z","type":"imageannotation","status":"completed","instruction":"","is_test":false,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:20.770Z","work_started":true,"params":{"attachment_type":"image","attachment":"https://img.example.net/a.png","geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"x@example.com","completed_at":"2026-11-25T18:32:20.770Z","response":{"annotations":[{"uuid":"87abce3c-bd3e-4076-9084-199e9e641e4e","type":"box","label":"parcel","attributes":{},"left":26,"top":33,"width":30,"height":26}],"links":[],"global_attributes":{},"is_customer_fix":false}}');
CREATE TABLE file_projects (
    world TEXT NOT NULL, project TEXT NOT NULL, created_at TEXT NOT NULL, id TEXT NOT NULL,
    key INTEGER NOT NULL, PRIMARY KEY (world, project, created_at, id)) WITHOUT ROWID;
CREATE TABLE files (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
    attachment_url TEXT NOT NULL UNIQUE, reference_id TEXT, created_at TEXT NOT NULL,
    content_id TEXT NOT NULL, width INTEGER, height INTEGER, UNIQUE (world, reference_id));
INSERT INTO "files" VALUES(4,'test','be958729-1d91-4555-a19c-e5ad0b8b1810','scaledata://ee7aa8e91b9c9c658a32ea2c/d62f5566-186f-4d4c-b2ce-92e2ab11bb03',NULL,'2026-11-25T18:32:19.738Z','d62f5566-186f-4d4c-b2ce-92e2ab11bb03',NULL,NULL);
CREATE TABLE idempotency_keys (
    world TEXT NOT NULL, name TEXT NOT NULL, task_id TEXT NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (world, name)) WITHOUT ROWID;
CREATE TABLE projects (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, name TEXT NOT NULL, created_at TEXT NOT NULL,
    product TEXT NOT NULL, UNIQUE (world, name));
INSERT INTO "projects" VALUES(1,'test','parcels','2026-11-25T18:32:19.703Z','plain');
CREATE TABLE quality_tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE);
CREATE TABLE studio_assignments (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, email TEXT NOT NULL, project TEXT NOT NULL,
    UNIQUE (world, email, project));
CREATE TABLE studio_groups (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, project TEXT NOT NULL);
CREATE TABLE task_tags (
    key INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (key, tag)) WITHOUT ROWID;
INSERT INTO "task_tags" VALUES(3,'a');
CREATE TABLE tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, task_id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, completed_at TEXT, status TEXT NOT NULL,
    type TEXT NOT NULL, project TEXT, batch TEXT, unique_id TEXT, customer_review_status TEXT,
    clear_unique_id_on_error INTEGER NOT NULL DEFAULT 0, due_at TEXT, reads_left INTEGER,
    broken_attachments TEXT,     UNIQUE (world, unique_id));
INSERT INTO "tasks" VALUES(3,'test','6b0729b30440f0a6b6000001','2026-11-25T18:32:19.722Z','2026-11-25T18:32:19.722Z','2026-11-25T18:32:19.722Z','completed','imageannotation','parcels','week_1','u',NULL,0,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(5,'test','6b0729b30440f0a6b6000002','2026-11-25T18:32:19.746Z','2026-11-25T18:32:19.746Z','2026-11-25T18:32:19.746Z','completed','videoannotation',NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(7,'live','6b0729b30440f0a6b6000004','2026-11-25T18:32:19.770Z','2026-11-25T18:32:20.770Z','2026-11-25T18:32:20.770Z','completed','imageannotation',NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
CREATE TABLE teammates (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, email TEXT NOT NULL, UNIQUE (world, email));
INSERT INTO "teammates" VALUES(6,'test','a@x.net');
CREATE INDEX projects_by_age ON projects (world, created_at, key);
CREATE INDEX batches_by_age ON batches (world, created_at, key);
CREATE INDEX batches_by_project ON batches (world, project, created_at, key);
CREATE INDEX tasks_by_age ON tasks (world, created_at, task_id);
CREATE INDEX tasks_by_project ON tasks (world, project, created_at, task_id);
CREATE INDEX tasks_by_batch ON tasks (world, batch, created_at, task_id);
CREATE INDEX tasks_by_status ON tasks (world, status, created_at, task_id);
CREATE INDEX tasks_by_type ON tasks (world, type, created_at, task_id);
CREATE INDEX tasks_by_project_status ON tasks (world, project, status, created_at, task_id);
CREATE INDEX tasks_by_batch_status ON tasks (world, batch, status, created_at, task_id);
CREATE INDEX tasks_by_due ON tasks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX audits_by_task ON audits (world, task_id);
CREATE INDEX deliveries_by_task ON deliveries (task_id);
CREATE INDEX deliveries_by_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX studio_groups_by_project ON studio_groups (world, project);
COMMIT;
PRAGMA user_version = 1;
