-- What a million hosts with a million open deviations need (docs/sizing.md).

-- Hosts of a partition in turn, as they follow the catalogue. Of columns that never change: an index over the revision
-- would make every host's update write all of its indexes.
create index installation_in_turn on installation (part, id);
