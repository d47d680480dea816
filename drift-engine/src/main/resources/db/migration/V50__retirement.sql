-- Hosts that people have taken out of service: one row for each life of a host at that time.
create table retirement (
  id           uuid        primary key,
  host         uuid        not null references host,
  installation uuid        not null references installation,
  reason       text        not null,
  retired_by   text        not null,            -- as authenticated
  retired_at   timestamptz not null,
  applied_at   timestamptz,                     -- when the owner of its partition had it retired
  revision     bigint      not null
);
create index retirement_host on retirement (host, retired_at desc);
create index retirement_revision on retirement (revision);
create index retirement_due on retirement (installation) where applied_at is null;
create index host_retired on host (retired_at desc, id) where retired_at is not null;

-- Which hosts the decision of a revision is about.
create view decision_extent as
  select revision, host, pool, labels from waiver
  union all
  select revision, host, pool, labels from maintenance
  union all
  select revision, host, null, '{}' from retirement;
