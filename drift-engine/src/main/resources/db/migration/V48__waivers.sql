-- What people decide of hosts: exceptions, quiet times, the end of hosts. Every change takes the next
-- revision; the owner of a partition looks anew at the hosts concerned, under its fence.

create table decision (
  only_row boolean primary key default true check (only_row),
  revision bigint  not null
);
insert into decision (revision) values (0);

-- How far the hosts of a partition have followed.
create table decision_progress (
  topic_id text   not null,
  part     int    not null,
  revision bigint not null,
  primary key (topic_id, part)
);

-- Exceptions for a time: what they match does not weigh and is not told.
create table waiver (
  id             uuid        primary key,
  facet          text        not null,
  keys           text        not null,          -- glob over the key
  expected       text,                          -- SHA-256 of the content as it should be; null: any
  actual         text,                          -- likewise as it is
  host           uuid        references host,   -- all that is stated must be so of a host
  pool           text,
  labels         jsonb       not null default '{}',
  reason         text        not null,
  ticket         text        not null,
  owner          text        not null,
  requested_by   text        not null,          -- as authenticated
  requested_at   timestamptz not null,
  expires_at     timestamptz not null,
  soon_at        timestamptz not null,          -- from here on it expires soon
  approved_by    text,                          -- as authenticated: neither owner nor whoever asked for it
  approved_at    timestamptz,
  revoked_by     text,
  revoked_at     timestamptz,
  revoked_why    text,
  revision       bigint      not null,          -- of its last change
  soon_told_at   timestamptz,
  ended_told_at  timestamptz,
  check (expires_at <= requested_at + interval '180 days' and expires_at > requested_at),
  check ((approved_by is null) = (approved_at is null))
);
create index waiver_live on waiver (expires_at) where revoked_at is null;
create index waiver_revision on waiver (revision);
