"""Tables and indexes of the database.

The column ``world`` holds the mode, ``test`` or ``live``. ``probes`` lists the tasks whose
attachments have not been probed yet.
"""

from __future__ import annotations

VERSION = 3
"""Version of the schema, stored in ``PRAGMA user_version``."""

SCHEMA = """
CREATE TABLE account (
    id TEXT NOT NULL, secret BLOB NOT NULL, ahead REAL NOT NULL DEFAULT 0,
    origin TEXT NOT NULL DEFAULT '', frozen_at TEXT);
CREATE TABLE documents (key INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE projects (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, name TEXT NOT NULL, created_at TEXT NOT NULL,
    product TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL UNIQUE, UNIQUE (world, name));
CREATE INDEX projects_by_age ON projects (world, created_at, key);
CREATE TABLE batches (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, name TEXT NOT NULL, project TEXT NOT NULL,
    status TEXT NOT NULL, created_at TEXT NOT NULL, completed_at TEXT, last_audited_at TEXT,
    studio_priority INTEGER, studio_groups TEXT, id TEXT NOT NULL UNIQUE,
    generative INTEGER NOT NULL, UNIQUE (world, name));
CREATE INDEX batches_by_age ON batches (world, created_at, key);
CREATE INDEX batches_by_project ON batches (world, project, created_at, key);
CREATE INDEX generative_batches ON batches (world, created_at, key) WHERE generative;
CREATE TABLE tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, task_id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, completed_at TEXT, status TEXT NOT NULL,
    type TEXT NOT NULL, project TEXT, batch TEXT, unique_id TEXT, customer_review_status TEXT,
    clear_unique_id_on_error INTEGER NOT NULL DEFAULT 0, due_at TEXT, reads_left INTEGER,
    broken_attachments TEXT, delivery TEXT, UNIQUE (world, unique_id));
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
CREATE INDEX tasks_by_due ON tasks (world, due_at) WHERE due_at IS NOT NULL;
CREATE TABLE task_tags (
    key INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (key, tag)) WITHOUT ROWID;
CREATE INDEX task_tags_by_tag ON task_tags (tag, key);
CREATE TABLE probes (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, task_id TEXT NOT NULL UNIQUE);
CREATE TABLE audits (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, task_id TEXT NOT NULL);
CREATE INDEX audits_by_task ON audits (world, task_id);
CREATE TABLE deliveries (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, world TEXT NOT NULL, event TEXT NOT NULL,
    task_id TEXT, batch TEXT, target TEXT NOT NULL, host TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT, created_at TEXT NOT NULL, due_at TEXT, tries TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX deliveries_by_task ON deliveries (task_id);
CREATE INDEX deliveries_by_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE idempotency_keys (
    world TEXT NOT NULL, name TEXT NOT NULL, task_id TEXT NOT NULL, created_at TEXT NOT NULL,
    PRIMARY KEY (world, name)) WITHOUT ROWID;
CREATE TABLE files (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
    attachment_url TEXT NOT NULL, reference_id TEXT, created_at TEXT NOT NULL,
    content_id TEXT NOT NULL, width INTEGER, height INTEGER, UNIQUE (world, attachment_url),
    UNIQUE (world, reference_id));
CREATE TABLE file_projects (
    world TEXT NOT NULL, project TEXT NOT NULL, created_at TEXT NOT NULL, id TEXT NOT NULL,
    key INTEGER NOT NULL, PRIMARY KEY (world, project, created_at, id)) WITHOUT ROWID;
CREATE TABLE teammates (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, email TEXT NOT NULL, UNIQUE (world, email));
CREATE TABLE studio_assignments (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, email TEXT NOT NULL, project TEXT NOT NULL,
    UNIQUE (world, email, project));
CREATE TABLE studio_groups (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, project TEXT NOT NULL);
CREATE INDEX studio_groups_by_project ON studio_groups (world, project);
CREATE TABLE quality_tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE);
CREATE TABLE annotations (
    world TEXT NOT NULL, id TEXT NOT NULL, task_id TEXT NOT NULL,
    PRIMARY KEY (world, id)) WITHOUT ROWID;
CREATE TABLE response_schemas (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE);
CREATE TABLE task_deliveries (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, project TEXT NOT NULL,
    name TEXT NOT NULL, delivered_at TEXT NOT NULL, UNIQUE (world, project, name));
CREATE TABLE datasets (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    UNIQUE (world, name));
CREATE TABLE dataset_deliveries (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, id TEXT NOT NULL UNIQUE, dataset TEXT NOT NULL,
    name TEXT NOT NULL, delivered_at TEXT NOT NULL, UNIQUE (world, dataset, name));
CREATE TABLE dataset_tasks (
    key INTEGER PRIMARY KEY, world TEXT NOT NULL, task_id TEXT NOT NULL UNIQUE,
    dataset TEXT NOT NULL, delivery TEXT NOT NULL, delivered_at TEXT NOT NULL);
CREATE INDEX dataset_tasks_by_dataset ON dataset_tasks (world, dataset, delivered_at, task_id);
CREATE INDEX dataset_tasks_by_delivery ON dataset_tasks (world, delivery, delivered_at, task_id);
CREATE TABLE contents (
    id TEXT PRIMARY KEY, world TEXT NOT NULL, task_id TEXT, mime_type TEXT NOT NULL,
    body BLOB NOT NULL);
"""
