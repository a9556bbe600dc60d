BEGIN TRANSACTION;
CREATE TABLE account (
    id TEXT NOT NULL, secret BLOB NOT NULL, ahead REAL NOT NULL DEFAULT 0,
    origin TEXT NOT NULL DEFAULT '');
INSERT INTO "account" VALUES('577c23dec6dd727009fe331d',X'F7CC442613303D178276102E4EAB39EE74DE898A36F9AA045E582E38B8CC70A2',7200.0,'http://127.0.0.1:37891');
CREATE TABLE annotations (
    world TEXT NOT NULL, id TEXT NOT NULL, task_id TEXT NOT NULL,
    PRIMARY KEY (world, id)) WITHOUT ROWID;
CREATE TABLE audits (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, task_id TEXT NOT NULL);
CREATE TABLE batches (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, name TEXT NOT NULL, project TEXT NOT NULL,
    status TEXT NOT NULL, created_at TEXT NOT NULL, completed_at TEXT, last_audited_at TEXT,
    studio_priority INTEGER, studio_groups TEXT, id TEXT NOT NULL UNIQUE,
    generative INTEGER NOT NULL, UNIQUE (world, name));
INSERT INTO "batches" VALUES(2,'test','week_1','parcels','completed','2026-11-25T18:32:25.058Z','2026-11-25T18:32:25.066Z',NULL,NULL,NULL,'6b0729b90fcdd69bd3000001',0);
CREATE TABLE contents (
    id TEXT PRIMARY KEY, world TEXT NOT NULL, task_id TEXT, mime_type TEXT NOT NULL,
    body BLOB NOT NULL);
INSERT INTO "contents" VALUES('d76b897b-45cc-4847-8ad7-2502933e6718','test',NULL,'text/plain',X'61');
INSERT INTO "contents" VALUES('53fd01ca-76c7-4857-957d-92ac081e0d96','test','6b0729b90fcdd69bd3000003','application/json',X'5B7B22616E6E6F746174696F6E73223A5B7B2275756964223A2237303434326134652D326661662D343930392D383734622D333430653964363164393561222C2274797065223A22626F78222C226C6162656C223A2270617263656C222C2261747472696275746573223A7B7D2C226C656674223A32332C22746F70223A32312C227769647468223A33322C22686569676874223A32367D5D7D5D');
CREATE TABLE dataset_deliveries (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, dataset TEXT NOT NULL,
    name TEXT NOT NULL, delivered_at TEXT NOT NULL, UNIQUE (world, dataset, name));
CREATE TABLE dataset_tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, task_id TEXT NOT NULL UNIQUE,
    dataset TEXT NOT NULL, delivery TEXT NOT NULL, delivered_at TEXT NOT NULL);
CREATE TABLE datasets (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    UNIQUE (world, name));
CREATE TABLE deliveries (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, world TEXT NOT NULL, event TEXT NOT NULL,
    task_id TEXT, batch TEXT, target TEXT NOT NULL, host TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT, created_at TEXT NOT NULL, due_at TEXT, tries TEXT NOT NULL, body TEXT NOT NULL);
INSERT INTO "deliveries" VALUES(1,'6b0729b90fcdd69bd3000004','test','completed','6b0729b90fcdd69bd3000003',NULL,'mail@example.com','','not_sent','Email is recorded and not sent.','2026-11-25T18:32:25.096Z',NULL,'[]','{"task":{"task_id":"6b0729b90fcdd69bd3000003","created_at":"2026-11-25T18:32:25.096Z","type":"videoannotation","status":"completed","instruction":"","is_test":true,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:25.096Z","work_started":true,"params":{"attachments":["scaledata://577c23dec6dd727009fe331d/d76b897b-45cc-4847-8ad7-2502933e6718"],"geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"mail@example.com","completed_at":"2026-11-25T18:32:25.096Z","response":{"annotations":{"url":"http://127.0.0.1:37891/v1/task/6b0729b90fcdd69bd3000003/response_url/53fd01ca-76c7-4857-957d-92ac081e0d96"}}},"response":{"annotations":{"url":"http://127.0.0.1:37891/v1/task/6b0729b90fcdd69bd3000003/response_url/53fd01ca-76c7-4857-957d-92ac081e0d96"}},"task_id":"6b0729b90fcdd69bd3000003","status":"completed"}');
INSERT INTO "deliveries" VALUES(2,'6b0729ba0fcdd69bd300000b','live','completed','6b0729b90fcdd69bd3000005',NULL,'x@example.com','','not_sent','Email is recorded and not sent.','2026-11-25T18:32:26.121Z',NULL,'[]','{"task":{"task_id":"6b0729b90fcdd69bd3000005","created_at":"2026-11-25T18:32:25.121Z","type":"imageannotation","status":"completed","instruction":"","is_test":false,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:26.121Z","work_started":true,"params":{"attachment_type":"image","attachment":"https://img.example.net/a.png","geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"x@example.com","completed_at":"2026-11-25T18:32:26.121Z","response":{"annotations":[{"uuid":"bc06a703-2573-4269-b93e-4594f9310e84","type":"box","label":"parcel","attributes":{},"left":41,"top":38,"width":33,"height":27}],"links":[],"global_attributes":{},"is_customer_fix":false}},"response":{"annotations":[{"uuid":"bc06a703-2573-4269-b93e-4594f9310e84","type":"box","label":"parcel","attributes":{},"left":41,"top":38,"width":33,"height":27}],"links":[],"global_attributes":{},"is_customer_fix":false},"task_id":"6b0729b90fcdd69bd3000005","status":"completed"}');
CREATE TABLE documents (key INTEGER PRIMARY KEY, body TEXT NOT NULL);
INSERT INTO "documents" VALUES(1,'{"type":"imageannotation","name":"parcels","created_at":"2026-11-25T18:32:25.044Z","archived":false,"param_history":[{"instruction":"Box.","version":0,"created_at":"2026-11-25T18:32:25.044Z"}]}');
INSERT INTO "documents" VALUES(2,'{"id":"6b0729b90fcdd69bd3000001","name":"week_1","project":"parcels","status":"completed","created_at":"2026-11-25T18:32:25.058Z","metadata":{},"completed_at":"2026-11-25T18:32:25.066Z"}');
INSERT INTO "documents" VALUES(3,'{"task_id":"6b0729b90fcdd69bd3000002","created_at":"2026-11-25T18:32:25.066Z","type":"imageannotation","status":"completed","instruction":"Box.","is_test":true,"urgency":"standard","metadata":{"n":1},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:25.066Z","work_started":true,"params":{"attachment_type":"image","attachment":"https://img.example.net/a.png","geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"project":"parcels","batch":"week_1","project_param_version":0,"unique_id":"u","tags":["a"],"completed_at":"2026-11-25T18:32:25.066Z","response":{"annotations":[{"uuid":"0a7b7a27-dc40-4235-8ebc-c97eecf08221","type":"box","label":"parcel","attributes":{},"left":23,"top":16,"width":30,"height":25}],"links":[],"global_attributes":{},"is_customer_fix":false}}');
INSERT INTO "documents" VALUES(4,'{"id":"b5134913-e5dc-4cfa-98c7-c15861b98fe1","attachment_url":"scaledata://577c23dec6dd727009fe331d/d76b897b-45cc-4847-8ad7-2502933e6718","mime_type":"text/plain","size":1,"project_names":[],"created_at":"2026-11-25T18:32:25.081Z","updated_at":"2026-11-25T18:32:25.081Z"}');
INSERT INTO "documents" VALUES(5,'{"task_id":"6b0729b90fcdd69bd3000003","created_at":"2026-11-25T18:32:25.096Z","type":"videoannotation","status":"completed","instruction":"","is_test":true,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:25.096Z","work_started":true,"params":{"attachments":["scaledata://577c23dec6dd727009fe331d/d76b897b-45cc-4847-8ad7-2502933e6718"],"geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"mail@example.com","completed_at":"2026-11-25T18:32:25.096Z","response":{"annotations":{"url":"http://127.0.0.1:37891/v1/task/6b0729b90fcdd69bd3000003/response_url/53fd01ca-76c7-4857-957d-92ac081e0d96"}}}');
INSERT INTO "documents" VALUES(6,'{"email":"a@x.net","role":"labeler","isStudioLabeler":true,"disableRapidEmails":false}');
INSERT INTO "documents" VALUES(7,'{"task_id":"6b0729b90fcdd69bd3000005","created_at":"2026-11-25T18:32:25.121Z","type":"imageannotation","status":"completed","instruction":"","is_test":false,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:26.121Z","work_started":true,"params":{"attachment_type":"image","attachment":"https://img.example.net/a.png","geometries":{"box":{"objects_to_annotate":["parcel"],"min_height":0,"min_width":0,"can_rotate":false,"integer_pixels":false}}},"callback_url":"x@example.com","completed_at":"2026-11-25T18:32:26.121Z","response":{"annotations":[{"uuid":"bc06a703-2573-4269-b93e-4594f9310e84","type":"box","label":"parcel","attributes":{},"left":41,"top":38,"width":33,"height":27}],"links":[],"global_attributes":{},"is_customer_fix":false}}');
INSERT INTO "documents" VALUES(8,'{"type":"chat","name":"talks","created_at":"2026-11-25T18:32:25.129Z","archived":false,"param_history":[{"version":0,"created_at":"2026-11-25T18:32:25.129Z"}]}');
INSERT INTO "documents" VALUES(9,'{"task_id":"6b0729b90fcdd69bd3000008","created_at":"2026-11-25T18:32:25.129Z","type":"chat","status":"completed","instruction":"","is_test":true,"urgency":"standard","metadata":{},"processed_attachments":[],"priority":0,"updated_at":"2026-11-25T18:32:25.129Z","work_started":true,"params":{},"project":"talks","project_param_version":0,"completed_at":"2026-11-25T18:32:25.129Z","response":{"responses":[{"type":"text","output":"test response"}]}}');
INSERT INTO "documents" VALUES(10,'{"id":"6b0729b90fcdd69bd300000a","name":"first","json":"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"properties\":{\"threads\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}","createdBy":"schemas@sandbox.example","createdAt":"2026-11-25T18:32:25.129Z","updatedBy":"schemas@sandbox.example","updatedAt":"2026-11-25T18:32:25.129Z"}');
INSERT INTO "documents" VALUES(11,'{"id":"6b0729b90fcdd69bd3000009","name":"first","task_count":1,"delivered_at":"2026-11-25T18:32:25.129Z","project":"talks","schema":"6b0729b90fcdd69bd300000a"}');
CREATE TABLE file_projects (
    world TEXT NOT NULL, project TEXT NOT NULL, created_at TEXT NOT NULL, id TEXT NOT NULL,
    key INTEGER NOT NULL, PRIMARY KEY (world, project, created_at, id)) WITHOUT ROWID;
CREATE TABLE files (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
    attachment_url TEXT NOT NULL UNIQUE, reference_id TEXT, created_at TEXT NOT NULL,
    content_id TEXT NOT NULL, width INTEGER, height INTEGER, UNIQUE (world, reference_id));
INSERT INTO "files" VALUES(4,'test','b5134913-e5dc-4cfa-98c7-c15861b98fe1','scaledata://577c23dec6dd727009fe331d/d76b897b-45cc-4847-8ad7-2502933e6718',NULL,'2026-11-25T18:32:25.081Z','d76b897b-45cc-4847-8ad7-2502933e6718',NULL,NULL);
CREATE TABLE idempotency_keys (
    world TEXT NOT NULL, name TEXT NOT NULL, task_id TEXT NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (world, name)) WITHOUT ROWID;
CREATE TABLE projects (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, name TEXT NOT NULL, created_at TEXT NOT NULL,
    product TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL UNIQUE, UNIQUE (world, name));
INSERT INTO "projects" VALUES(1,'test','parcels','2026-11-25T18:32:25.044Z','plain','imageannotation','6b0729b90fcdd69bd3000000');
INSERT INTO "projects" VALUES(8,'test','talks','2026-11-25T18:32:25.129Z','plain','chat','6b0729b90fcdd69bd3000006');
CREATE TABLE quality_tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE);
CREATE TABLE response_schemas (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE);
INSERT INTO "response_schemas" VALUES(10,'test','6b0729b90fcdd69bd300000a');
CREATE TABLE studio_assignments (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, email TEXT NOT NULL, project TEXT NOT NULL,
    UNIQUE (world, email, project));
CREATE TABLE studio_groups (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, project TEXT NOT NULL);
CREATE TABLE task_deliveries (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, project TEXT NOT NULL,
    name TEXT NOT NULL, delivered_at TEXT NOT NULL, UNIQUE (world, project, name));
INSERT INTO "task_deliveries" VALUES(11,'test','6b0729b90fcdd69bd3000009','talks','first','2026-11-25T18:32:25.129Z');
CREATE TABLE task_tags (
    key INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (key, tag)) WITHOUT ROWID;
INSERT INTO "task_tags" VALUES(3,'a');
CREATE TABLE tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, task_id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, completed_at TEXT, status TEXT NOT NULL,
    type TEXT NOT NULL, project TEXT, batch TEXT, unique_id TEXT, customer_review_status TEXT,
    clear_unique_id_on_error INTEGER NOT NULL DEFAULT 0, due_at TEXT, reads_left INTEGER,
    broken_attachments TEXT, delivery TEXT, UNIQUE (world, unique_id));
INSERT INTO "tasks" VALUES(3,'test','6b0729b90fcdd69bd3000002','2026-11-25T18:32:25.066Z','2026-11-25T18:32:25.066Z','2026-11-25T18:32:25.066Z','completed','imageannotation','parcels','week_1','u',NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(5,'test','6b0729b90fcdd69bd3000003','2026-11-25T18:32:25.096Z','2026-11-25T18:32:25.096Z','2026-11-25T18:32:25.096Z','completed','videoannotation',NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(7,'live','6b0729b90fcdd69bd3000005','2026-11-25T18:32:25.121Z','2026-11-25T18:32:26.121Z','2026-11-25T18:32:26.121Z','completed','imageannotation',NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(9,'test','6b0729b90fcdd69bd3000008','2026-11-25T18:32:25.129Z','2026-11-25T18:32:25.129Z','2026-11-25T18:32:25.129Z','completed','chat','talks',NULL,NULL,NULL,0,NULL,NULL,NULL,'6b0729b90fcdd69bd3000009');
CREATE TABLE teammates (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, email TEXT NOT NULL, UNIQUE (world, email));
INSERT INTO "teammates" VALUES(6,'test','a@x.net');
CREATE INDEX projects_by_age ON projects (world, created_at, key);
CREATE INDEX batches_by_age ON batches (world, created_at, key);
CREATE INDEX batches_by_project ON batches (world, project, created_at, key);
CREATE INDEX generative_batches ON batches (world, created_at, key) WHERE generative;
CREATE INDEX tasks_by_age ON tasks (world, created_at, task_id);
CREATE INDEX tasks_by_project ON tasks (world, project, created_at, task_id);
CREATE INDEX tasks_by_batch ON tasks (world, batch, created_at, task_id);
CREATE INDEX tasks_by_status ON tasks (world, status, created_at, task_id);
CREATE INDEX tasks_by_type ON tasks (world, type, created_at, task_id);
CREATE INDEX tasks_by_project_status ON tasks (world, project, status, created_at, task_id);
CREATE INDEX tasks_by_batch_status ON tasks (world, batch, status, created_at, task_id);
CREATE INDEX tasks_by_delivery ON tasks (world, delivery, created_at, task_id)
    WHERE delivery IS NOT NULL;
CREATE INDEX tasks_by_review ON tasks (world, customer_review_status, created_at, task_id)
    WHERE customer_review_status IS NOT NULL;
CREATE INDEX tasks_by_due ON tasks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX task_tags_by_tag ON task_tags (tag, key);
CREATE INDEX audits_by_task ON audits (world, task_id);
CREATE INDEX deliveries_by_task ON deliveries (task_id);
CREATE INDEX deliveries_by_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX studio_groups_by_project ON studio_groups (world, project);
CREATE INDEX dataset_tasks_by_dataset ON dataset_tasks (world, dataset, delivered_at, task_id);
CREATE INDEX dataset_tasks_by_delivery ON dataset_tasks (world, delivery, delivered_at, task_id);
COMMIT;
PRAGMA user_version = 2;
