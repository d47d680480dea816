-- What a million hosts with a million open deviations need (docs/sizing.md).

-- Hosts that have not followed the catalogue yet, without looking at those that have.
create index installation_behind on installation (part, catalogue_revision);
