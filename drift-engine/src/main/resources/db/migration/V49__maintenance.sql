-- Times in which what happens to hosts is recorded and not told.
create table maintenance (
  id         uuid        primary key,
  host       uuid        references host,       -- all that is stated must be so of a host
  pool       text,
  labels     jsonb       not null default '{}',
  reason     text        not null,
  ticket     text        not null,
  begun_by   text        not null,              -- as authenticated
  begun_at   timestamptz not null,
  until      timestamptz not null,
  ended_by   text,                              -- by hand, before its time
  ended_at   timestamptz,
  revision   bigint      not null,              -- of its last change
  check (until > begun_at),
  check ((ended_by is null) = (ended_at is null))
);
create index maintenance_live on maintenance (until) where ended_at is null;
create index maintenance_revision on maintenance (revision);

-- What was not told because of a maintenance or a waiver. When nothing holds it back any more, what is
-- still so is told, once; the row goes.
create table held_notice (
  event        uuid        primary key,         -- that was recorded and not told
  installation uuid        not null references installation,
  kind         text        not null,            -- verdict.changed, group.opened
  thing        uuid,                            -- the group
  verdict      text,                            -- before it changed
  held_at      timestamptz not null
);
create index held_notice_installation on held_notice (installation, held_at);
