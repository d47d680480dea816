-- What a collector could not keep, and how its state directory counts its starts.

-- The host's own clock when everything was last proven to be as it is known: the earliest that a
-- change can have happened that is found later. reported_at moves with every report, proven or not.
alter table installation add column seen_at timestamptz;
update installation set seen_at = reported_at;
alter table installation alter column seen_at set not null;

-- Starts on the host's state directory as its last snapshot counted them, and the start that said so:
-- a count that falls, or that two starts claim, means that the directory was copied or put back.
alter table installation add column starts bigint not null default 0;
alter table installation add column starts_of uuid;

-- Reports that never arrived because the host's spool reached its bound or its disk refused: what
-- happened in between is known by its result only.
create table lost_resolution (
  installation uuid        not null references installation,
  from_at      timestamptz not null,            -- the host's clock: when the first of them was made
  to_at        timestamptz not null,            -- likewise: the snapshot that says so
  reports      bigint      not null,
  observed_at  timestamptz not null,
  recorded_at  timestamptz not null default now(),
  primary key (installation, from_at)
);
