-- What the API and the pages read by. Nothing here changes with a heartbeat: none of these columns
-- does, so heartbeats keep updating in place.

-- Hosts of one pool by name.
create index host_pool on host (pool, name, id);

-- The hosts that need a person, worst first.
create index installation_attention on installation (verdict, score desc, verdict_since desc, id);
create index installation_silent on installation (score desc, id) where silent;

-- Open deviations of one host, latest first; closed ones may outnumber them by far.
create index deviation_open_host on deviation (host, onset_latest desc, id desc) where end_latest is null;

-- What has been recorded a moment ago: how open pages learn of it (io.patina.engine.pages.Changes).
create index event_recorded on event (recorded_at);
