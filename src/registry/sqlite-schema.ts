/** The tables of a registry file, and how a file of each earlier version becomes one of the next. */
export const schemaVersion = 2

export const schema = `
create table entry (
  position integer primary key,
  id text not null unique,
  key text not null unique,
  number text not null,
  slot integer not null unique,
  certificate text not null,
  signing text not null,
  replaces text,
  text text,
  standing text not null
) strict;
create index entry_number on entry (number);
create unique index entry_live on entry (number) where standing in ('live', 'suspended');
create table status_change (
  position integer primary key,
  id text not null references entry (id),
  kind text not null,
  reason text not null,
  at text not null,
  successor text
) strict;
create table counter (name text primary key, next integer not null) strict, without rowid;
insert into counter values ('serial', 1), ('slot', 0);
create table published (name text primary key, text text not null) strict, without rowid;
pragma user_version = ${schemaVersion};
`

/** By the version that a file has. Each step leaves the next version behind and runs inside one transaction. */
export const migrations: ReadonlyMap<number, string> = new Map([
  [
    1,
    // Version 1 recorded no supersession: what is known of each stands in the certificate that took the place.
    `
alter table status_change add column successor text;
insert into status_change (id, kind, reason, at, successor)
  select old.id, 'supersede', coalesce(json_extract(new.certificate, '$.replaces.reason'), 'data-correction'),
    json_extract(new.signing, '$.created'), new.id
  from entry new join entry old on old.id = new.replaces
  where old.standing = 'superseded' order by new.position;
pragma user_version = 2;
`,
  ],
])
