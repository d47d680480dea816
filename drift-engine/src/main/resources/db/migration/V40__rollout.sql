-- A baseline that comes to its hosts wave by wave. While it does, the version before stays active.
create table rollout (
  id uuid primary key,
  name text not null,
  baseline bytea not null references baseline (statement),
  previous bytea not null references baseline (statement),
  state text not null check (state in ('under-way', 'paused', 'finished', 'rolled-back')),
  -- The waves up to this one are reached, the first from the beginning on.
  reached int not null,
  by_itself boolean not null,
  started_at timestamptz not null,
  started_by text not null,
  paused_at timestamptz,
  ended_at timestamptz,
  -- Catalogue revision of its last step: hosts behind it do not know of that yet.
  revision bigint not null
);
create unique index rollout_one_of_a_name on rollout (name) where state in ('under-way', 'paused');
create index rollout_baseline on rollout (baseline);
create index rollout_previous on rollout (previous);

-- Either so many in a hundred hosts, those of the waves before among them, or all that have labels.
create table rollout_wave (
  rollout uuid not null references rollout (id),
  number int not null,
  percent int check (percent between 1 and 100),
  labels jsonb,
  within_seconds bigint not null,
  reached_at timestamptz,
  deadline timestamptz,
  primary key (rollout, number),
  check ((percent is null) <> (labels is null))
);

-- Where an installation is in the rollout that its baseline is in (io.patina.engine.state.Transit).
alter table installation add column transit jsonb;
create index installation_transit on installation ((transit ->> 'rollout')) where transit is not null;
