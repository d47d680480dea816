-- Which image a baseline is of, "ID VERSION"; empty if it says nothing of that, null until looked at.
alter table baseline add column image text;

-- Which image an installation runs, and whether no approved baseline is of that image.
alter table installation add column image text not null default '';
alter table installation add column image_unknown boolean not null default false;
create index installation_image_unknown on installation (image) where image_unknown;
