-- Previews of large fleets, which are examined in the background by the replica that took them.
create table preview_job (
  id           uuid        primary key,
  name         text        not null,
  version      text        not null,
  asked_by     text        not null,
  state        text        not null default 'waiting'
    check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
  examined     bigint      not null default 0,
  planned      bigint,                          -- null until hosts have been picked
  cancel       boolean     not null default false,
  result       jsonb,
  problem      text,
  requested_at timestamptz not null default now(),
  heard_at     timestamptz not null default now() -- from its replica
);
