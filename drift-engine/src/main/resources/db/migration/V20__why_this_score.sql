-- What makes up the score: from which score on a host is artisanal, and each group of deviations with its
-- severity, number, points and one example.
alter table installation add column breakdown jsonb not null default '{"artisanalFrom": 0, "groups": []}';
alter table verdict_interval add column breakdown jsonb;

-- Why the recommendation is what it is, in sentences.
alter table installation add column advice jsonb not null default '[]';
