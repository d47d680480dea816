-- Who may speak for which host.

-- The name was assigned by enrolment or an operator: what the host calls itself does not change it.
alter table host add column named boolean not null default false;
create unique index host_named on host (name) where named;

-- How an installation came in. Written when it appears, and by persons.
alter table installation add column admission text not null default 'migrated'
  check (admission in ('enrolled', 'approved', 'pinned', 'first-use', 'migrated'));
alter table installation add column admitted_by text not null default ''; -- a person, or the token's id
alter table installation add column admitted_at timestamptz;
create index installation_pinned on installation (first_seen) where admission = 'pinned';

-- Its key before the one of now, and since when that counts.
alter table installation add column previous_key bytea;
alter table installation add column key_since timestamptz;

-- What persons decided about it; whoever reads its reports looks at it and never writes it.
alter table installation add column revoked_at timestamptz;
alter table installation add column revoked_by text;
alter table installation add column revoked_why text;
alter table installation add column replaced_by uuid references installation; -- a later life of its host
alter table installation add column replaced_at timestamptz;
alter table installation add column decisions bigint not null default 0;      -- how many there were

-- The host has a later life, and whoever reads this one's reports has put an end to it.
alter table installation add column ended boolean not null default false;
create index installation_replaced on installation (part) where replaced_by is not null and not ended;

-- The pool in which the fleet's figures count it; null: the host's.
alter table installation add column counted_pool text;

-- What lets a key in. The token's text is the seed of an Ed25519 key and is kept nowhere; what is kept
-- checks a proof and cannot make one.
create table enrolment_token (
  id         uuid        primary key,
  public_key bytea       not null unique,
  note       text        not null default '',
  host       uuid        references host,      -- for this host; or
  host_name  text,                             -- for the host of this name, made if there is none; or any
  pool       text,                             -- null: default for a new host, unchanged for a known one
  labels     jsonb       not null default '{}',
  uses       int         not null check (uses > 0),
  used       int         not null default 0 check (used <= uses),
  created_by text        not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text
);

-- A person lets one key in, without a token: taken at its next report.
create table admission_grant (
  installation uuid        primary key,
  public_key   bytea       not null,
  host         uuid        references host,    -- null: a host of its own
  pool         text,
  labels       jsonb       not null default '{}',
  granted_by   text        not null,
  granted_at   timestamptz not null default now()
);

-- Who knocks and is not let in. Bounded: who can write to the topic can invent any number.
create table knock (
  installation uuid        not null,
  public_key   bytea       not null,
  claimed_name text        not null default '', -- what it calls itself, escaped
  reason       text        not null,
  shown        boolean     not null,            -- its last snapshot showed a token, which does not count
  reports      bigint      not null,
  first_at     timestamptz not null,
  last_at      timestamptz not null,
  primary key (installation, public_key)
);
create index knock_last on knock (last_at desc);
