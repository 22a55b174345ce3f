-- +goose Up
CREATE TABLE profiles (
    user_id                 TEXT PRIMARY KEY,
    tier                    TEXT    NOT NULL, -- empty is FREE
    max_concurrent_services INTEGER,          -- of these numbers, NULL is the tier's
    max_memory_mb           INTEGER,
    max_cpu_percent         INTEGER,
    max_requests_per_minute INTEGER,
    max_services_per_hour   INTEGER,
    allowed_ports           TEXT    NOT NULL, -- a JSON array; empty is the tier's
    is_blocked              INTEGER NOT NULL,
    blocked_reason          TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
