-- More differences than a host may have rows: kept once, for all hosts that differ alike.

-- What differs, named by its content: differences in the order of their keys, with their causes.
create table drift_set (
  id          bytea       primary key,          -- SHA-256 over all of it
  deviations  int         not null,
  baseline    bytea       not null references baseline, -- the one that it was first found against
  recorded_at timestamptz not null default now()
);
create index drift_set_baseline on drift_set (baseline, recorded_at desc);

create table drift_set_entry (
  set_id      bytea not null references drift_set on delete cascade,
  number      int   not null,                   -- 0, 1, ... in the order of keys
  facet       text  not null,
  key         bytea not null,
  key_text    text  not null,                   -- escaped: safe to print
  kind        text  not null check (kind in ('changed', 'missing', 'unexpected')),
  expected    jsonb not null,
  actual      jsonb not null,
  owner       text,
  drift_class text  not null,
  cause       text  not null,
  because     text  not null,
  actor       text  not null,
  difference  bytea not null,                   -- canonical bytes
  primary key (set_id, number)
);

-- One host's part in a set, as an interval like that of a deviation.
create table drift_share (
  id                 uuid        primary key,   -- from installation, origin of the comparison and set
  installation       uuid        not null references installation,
  host               uuid        not null references host,
  set_id             bytea       not null references drift_set,
  without            int[]       not null default '{}', -- entries that this host does not have, or has as rows
  deviations         int         not null,      -- entries but those
  group_id           uuid,                      -- of all of them
  baseline           bytea       not null references baseline,
  fact_since         timestamptz not null,      -- every fact in it has been so at least since then
  onset_earliest     timestamptz,               -- bounds of all onsets; null: was so when first seen
  onset_latest       timestamptz not null,      -- both equal: exact, for every one
  settles_at         timestamptz not null,
  end_earliest       timestamptz,
  end_latest         timestamptz,               -- null: open
  end_cause          text,
  continued          boolean     not null default false, -- part of it goes on in another share
  observed_at        timestamptz not null,
  recorded_at        timestamptz not null default now(),
  closed_observed_at timestamptz,
  closed_recorded_at timestamptz,
  check ((end_latest is null) = (closed_observed_at is null))
);
create index drift_share_open on drift_share (installation) where end_latest is null;
create index drift_share_host on drift_share (host, onset_latest desc, id desc);
create index drift_share_set on drift_share (set_id) where end_latest is null;
