-- The engine's memory. One transaction per slice of a partition writes all that the slice changed;
-- its first statement is the fence on partition_offset.
--
-- Times: observed_at is the broker's append time of the report that showed it, recorded_at this
-- database's clock. onset and end bounds are the host's own evidence, never later than observed_at.
-- Keys of facts may have 8192 bytes, more than an index entry holds: key_id, the first 16 bytes of
-- SHA-256 over facet, NUL and key, stands for them in indexes.

-- ---------------------------------------------------------------- the fence
create table partition_offset (
  topic_id    text        not null,           -- Kafka's topic id: a topic made anew has another
  part        int         not null,
  next        bigint      not null,           -- the first record whose effect is not in here yet
  turn        bigint      not null default 0, -- counts transactions, so that one that moves no offset is fenced too
  progress_at timestamptz not null default '-infinity', -- consumed up to here, by the broker's clock
  primary key (topic_id, part)
);

-- Records that retention removed before they were read.
create table loss_interval (
  topic_id    text        not null,
  part        int         not null,
  from_offset bigint      not null,
  to_offset   bigint      not null,           -- exclusive
  recorded_at timestamptz not null default now(),
  primary key (topic_id, part, from_offset)
);

-- ---------------------------------------------------------------- catalogue
create table catalogue (
  only_row boolean primary key default true check (only_row),
  revision bigint  not null
);
insert into catalogue (revision) values (0);

-- Manifests once per content.
create table manifest (
  digest      bytea       primary key,        -- SHA-256 of the canonical bytes
  entries     int         not null,
  bytes       bigint      not null,           -- canonical, not packed
  content     bytea       not null,           -- canonical bytes in one zstd frame
  accumulator bytea       not null,           -- LtHash16 lanes over all entries, 2048 bytes
  recorded_at timestamptz not null default now(),
  used_at     timestamptz not null default now()
);
alter table manifest alter column content set storage external; -- packed already

create table baseline (
  statement   bytea       primary key,        -- SHA-256 of the signed payload
  name        text        not null,
  version     text        not null,
  manifest    bytea       not null,
  policy      text        not null,
  selector    jsonb       not null,           -- {"installation"?, "labels": {}}
  author      text        not null,
  created_at  timestamptz not null,           -- as the statement says
  signer      text        not null,           -- key id
  envelope    text        not null,           -- the DSSE envelope as received
  state       text        not null check (state in ('draft', 'active', 'superseded', 'retired')),
  approved_by text,
  approved_at timestamptz,
  revision    bigint      not null,           -- catalogue revision of the last change of state
  entries     int,                            -- of its manifest, once that has been fetched
  problem     text,                           -- why it cannot be used, for people
  recorded_at timestamptz not null default now(),
  unique (name, version)
);

-- ---------------------------------------------------------------- hosts and their lives
create table host (
  id         uuid        primary key,
  name       text        not null,            -- asserted host name of the current installation
  pool       text        not null default 'default',
  labels     jsonb       not null default '{}', -- assigned ones only
  created_at timestamptz not null,
  retired_at timestamptz
);
create index host_name on host (name, id);

create table installation (
  id                   uuid        primary key, -- the 16 bytes on the wire
  host                 uuid        not null references host,
  part                 int         not null,    -- partition of its reports
  public_key           bytea       not null,    -- pinned
  first_seen           timestamptz not null,    -- broker's clock
  last_seen            timestamptz not null,    -- broker's clock; up to 5 s behind for heartbeats
  reported_at          timestamptz not null,    -- the host's own clock in its last report
  incarnation          uuid        not null,
  sequence             bigint      not null,    -- last one taken
  recent               bytea       not null default '', -- 8 bytes of each of the last signatures, newest first
  scope                bytea       not null,
  boot_id              bytea       not null default '',
  hostname             text        not null default '',
  asserted_labels      jsonb       not null default '{}',
  collector_version    text        not null default '',
  machine              bytea       not null default '',
  interval_seconds     int         not null default 300, -- of its heartbeats
  silent_after         timestamptz not null,    -- partition progress beyond this: silent
  silent               boolean     not null default false,
  announced            text        check (announced in ('started', 'stopping', 'rebooting', 'retired')),
  announced_at         timestamptz,
  -- what it is: reference + overlay
  reference            bytea       references manifest, -- null before the first snapshot
  reference_since      timestamptz,             -- when the snapshot that set it was taken
  fingerprint          bytea,                   -- proven one, 32 bytes
  overlay_size         int         not null default 0,
  sync                 text        not null default 'new' check (sync in ('new', 'proven', 'out-of-sync')),
  sync_since           timestamptz not null,
  sync_reason          text        not null default '',
  facts                bigint      not null default 0,
  gaps                 bigint      not null default 0,
  last_full_compare    timestamptz,
  lost                 bigint      not null default 0,
  watching             text        not null default '',
  -- identity
  conflict_since       timestamptz,             -- null: no identity conflict
  conflict_at          timestamptz,             -- last evidence of it
  conflict_reason      text        not null default '',
  -- what it should be, and how it is judged
  baseline             bytea       references baseline,
  catalogue_revision   bigint      not null default 0,
  open_deviations      bigint      not null default 0, -- all of them
  unlisted_deviations  bigint      not null default 0, -- of these, beyond the bound of rows per host
  unproven             bigint      not null default 0, -- expected but not observed: gaps
  drift_signature      bytea,                   -- null: nothing differs
  verdict              text        not null default 'unobserved'
    check (verdict in ('conforming', 'drifting', 'artisanal', 'updating', 'unobserved', 'unbaselined')),
  score                int         not null default 0,
  recommendation       text        not null default 'none',
  sentence             text        not null default '',
  reasons              jsonb       not null default '[]',
  verdict_since        timestamptz not null,
  verdict_number       bigint      not null default 0,
  judge_at             timestamptz              -- when time alone may change the verdict
) with (fillfactor = 70);                       -- heartbeats update in place
create index installation_host on installation (host);
create index installation_part on installation (part);
create index installation_verdict on installation (verdict, hostname, id);
create index installation_judge on installation (part, judge_at) where judge_at is not null;

-- Starts of a collector that a later one has replaced.
create table past_incarnation (
  installation  uuid        not null references installation,
  incarnation   uuid        not null,
  sequence      bigint      not null,           -- last one taken
  superseded_at timestamptz not null,
  primary key (installation, incarnation)
);

-- A snapshot that has not arrived completely.
create table snapshot_part (
  installation uuid   not null references installation,
  incarnation  uuid   not null,
  part         int    not null,
  sequence     bigint not null,
  content      bytea  not null,                 -- the payload as received, one zstd frame
  primary key (installation, incarnation, part)
);
alter table snapshot_part alter column content set storage external;

-- Where a host differs from its reference manifest.
create table overlay (
  installation uuid  not null references installation,
  key_id       bytea not null,
  facet        text  not null,
  key          bytea not null,
  entry        bytea,                           -- canonical bytes; null: absent
  unscoped     boolean not null default false,  -- has left scope: not observed, so not absent either
  since_earliest timestamptz,                   -- this has been so since: last seen otherwise
  since_latest   timestamptz not null,          -- first seen so; both equal: exact
  primary key (installation, key_id)
);

-- ---------------------------------------------------------------- deviations
create table deviation (
  id                 uuid        primary key,   -- from host, key, incarnation and sequence of the opening
  installation       uuid        not null references installation,
  host               uuid        not null references host,
  key_id             bytea       not null,
  facet              text        not null,
  key                bytea       not null,
  key_text           text        not null,      -- escaped: safe to print
  kind               text        not null check (kind in ('changed', 'missing', 'unexpected')),
  expected           jsonb       not null,      -- attribute -> shown value
  actual             jsonb       not null,      -- likewise; the latest
  owner              text,
  drift_class        text        not null,
  cause              text        not null,
  baseline           bytea       not null references baseline,
  fact_since         timestamptz not null,      -- the fact has been as it is at least since then
  onset_earliest     timestamptz,               -- last seen good; null: was so when first seen
  onset_latest       timestamptz not null,      -- first seen bad; both equal: exact
  end_earliest       timestamptz,               -- last seen bad
  end_latest         timestamptz,               -- first seen good; null: open
  end_cause          text,
  observed_at        timestamptz not null,
  recorded_at        timestamptz not null default now(),
  closed_observed_at timestamptz,
  closed_recorded_at timestamptz,
  settles_at         timestamptz not null,      -- weighs in the verdict from here on
  changes            int         not null default 0, -- how often the actual value changed while open
  previous           uuid,                      -- the interval before, if this one reopens it
  difference         bytea       not null,      -- canonical bytes, for the drift signature
  check ((end_latest is null) = (closed_observed_at is null))
);
create unique index deviation_open on deviation (installation, key_id) where end_latest is null;
create index deviation_host on deviation (host, onset_latest desc, id);
create index deviation_key on deviation (installation, key_id, closed_observed_at) where end_latest is not null;

-- ---------------------------------------------------------------- history
-- Immutable. Ids are derived from host, incarnation, sequence and kind: written twice is written once.
create table event (
  id           uuid        primary key,
  ordinal      bigint      generated always as identity,
  host         uuid        not null references host,
  installation uuid        not null references installation,
  kind         text        not null,            -- deviation.opened, verdict.changed, ...
  observed_at  timestamptz not null,
  recorded_at  timestamptz not null default now(),
  data         jsonb       not null
);
create index event_host on event (host, observed_at desc, ordinal desc);

create table verdict_interval (
  installation       uuid        not null references installation,
  number             bigint      not null,      -- 1, 2, ... per installation
  host               uuid        not null references host,
  verdict            text        not null,
  score              int         not null,
  recommendation     text        not null,
  sentence           text        not null,
  reasons            jsonb       not null,
  baseline           bytea,
  catalogue_revision bigint      not null,
  observed_at        timestamptz not null,
  recorded_at        timestamptz not null default now(),
  ended_at           timestamptz,               -- null: current
  primary key (installation, number)
);
create index verdict_interval_host on verdict_interval (host, observed_at desc);

-- Hosts, counted where they change so that the overview costs nothing. One row set per partition:
-- two owners never meet on a row.
create table fleet_count (
  part     int    not null,
  verdict  text   not null,
  pool     text   not null,
  baseline text   not null,                     -- name, or empty
  hosts    bigint not null,
  primary key (part, verdict, pool, baseline)
);

-- ---------------------------------------------------------------- on its way out
-- A sender holds the lock on its shard's row while it sends, so that one host's order holds.
create table outbox_shard (
  shard int primary key
);
insert into outbox_shard select generate_series(0, 15);

create table outbox (
  ordinal     bigint      generated always as identity primary key,
  shard       int         not null,
  topic       text        not null,
  key         bytea,
  headers     jsonb       not null default '{}', -- name -> text
  payload     bytea       not null,
  recorded_at timestamptz not null default now(),
  sent_at     timestamptz
);
create index outbox_unsent on outbox (shard, ordinal) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;

create table webhook_delivery (
  id              uuid        primary key,      -- of the event: the receiver's idempotency key
  ordinal         bigint      generated always as identity,
  host            uuid        not null,
  body            bytea       not null,
  state           text        not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts        int         not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_status     int,
  last_error      text,
  recorded_at     timestamptz not null default now(),
  delivered_at    timestamptz
);
create index webhook_delivery_pending on webhook_delivery (host, ordinal) where state = 'pending';

-- What could not be accepted, counted by claimed source, hour and reason. Only `kept` went to the
-- dead letters topic with its bytes: beyond the quota a record is counted and no more.
create table dead_letter_count (
  source    text        not null,               -- hexadecimal of the record's key, cut at 16 bytes
  hour      timestamptz not null,
  reason    text        not null,
  kept      bigint      not null,
  dropped   bigint      not null,
  last_text text        not null,               -- the last explanation
  primary key (source, hour, reason)
);
