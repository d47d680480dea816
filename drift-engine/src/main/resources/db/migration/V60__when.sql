-- The host's clock minus the broker's in milliseconds, as a report in time had it last; null: not known.
alter table installation add column skew_ms bigint;

-- When the actual value changed last while it differed, by the host's evidence as onsets are; null: never.
alter table deviation add column changed_at timestamptz;

-- What begins and ends a time in which a host was not observed (io.patina.engine.fleet.Unobserved).
create index event_observation on event (host, observed_at, ordinal)
  where kind in ('host.silent', 'host.heard-again', 'host.announced', 'host.restarted', 'host.out-of-sync',
    'host.in-sync', 'resolution.lost');
