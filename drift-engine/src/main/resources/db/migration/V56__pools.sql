-- Pools judged as a whole. Everything here is counted where it changes, in the transaction that changes it;
-- one row per partition, so that two owners never meet on a row.

-- Hosts by what they are held against and how they differ from it.
create table pool_count (
  pool      text   not null,
  baseline  bytea  not null,                    -- statement; empty: none
  signature bytea  not null,                    -- drift signature; empty: nothing differs
  part      int    not null,
  hosts     bigint not null,
  primary key (pool, baseline, signature, part)
);
insert into pool_count
  select h.pool, coalesce(i.baseline, ''), coalesce(i.drift_signature, ''), i.part, count(*)
  from installation i join host h on h.id = i.host
  where i.announced is distinct from 'retired'
  group by 1, 2, 3, 4;

-- Hosts that began to be other than ordered, by ten minutes.
create table pool_turning (
  pool     text        not null,
  baseline bytea       not null,
  slot     timestamptz not null,
  part     int         not null,
  hosts    bigint      not null,
  primary key (pool, baseline, slot, part)
);

-- Much of a pool turned together: what it is held against is the suspect.
create table pool_turn (
  id          uuid        primary key,          -- from pool, baseline and time
  pool        text        not null,
  baseline    bytea       not null references baseline,
  since       timestamptz not null,
  turned      bigint      not null,             -- hosts that had, when it was found
  hosts       bigint      not null,             -- hosts of the pool that were held against it then
  sentence    text        not null,
  recorded_at timestamptz not null default now(),
  ended_at    timestamptz                       -- null: still so
);
create unique index pool_turn_open on pool_turn (pool, baseline) where ended_at is null;
create index pool_turn_pool on pool_turn (pool, since desc);
-- Hosts whose recommendation has to follow a turn, and its end.
create index installation_turned on installation (part, baseline)
  where verdict in ('artisanal', 'drifting') and recommendation <> 'fix-baseline';
create index installation_suspect on installation (part, baseline)
  where verdict in ('artisanal', 'drifting') and recommendation = 'fix-baseline';

-- Which life of its host an installation is: 1, 2, ...
alter table installation add column life int not null default 1;
update installation i set life = n.life from (
  select id, row_number() over (partition by host order by first_seen, id) as life from installation) n
where n.id = i.id and n.life > 1;
create function number_life() returns trigger language plpgsql as $$
begin
  new.life := 1 + (select count(*) from installation where host = new.host);
  return new;
end $$;
create trigger installation_life before insert on installation
  for each row execute function number_life();
create index installation_later on installation (host, life desc) where life > 1;

-- Hosts that differ alike.
create index installation_signature on installation (drift_signature) where drift_signature is not null;
