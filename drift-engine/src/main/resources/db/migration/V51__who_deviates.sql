-- Whom a decision may make a difference to. Heartbeats change no column of it: they go on updating in place.
create index installation_deviating on installation (part) where open_deviations > 0;
