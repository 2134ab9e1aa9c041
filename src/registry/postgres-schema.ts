/** The tables of a registry on PostgreSQL (14 and later), in a schema of their own. */
export const postgresVersion = 1

/** Writers that take slots at once without waiting for each other. */
const stripes = 16

export const postgresSchema = `
create table version (version integer not null);
insert into version values (${postgresVersion});
create table entry (
  position bigint generated always as identity primary key,
  id text not null constraint entry_id unique,
  key text not null constraint entry_key unique,
  number text not null,
  slot bigint not null constraint entry_slot unique,
  certificate text not null,
  signing text not null,
  replaces text,
  text text,
  standing text not null
);
create index entry_number on entry (number);
create unique index entry_live on entry (number) where standing in ('live', 'suspended');
create table status_change (
  position bigint generated always as identity primary key,
  id text not null references entry (id),
  kind text not null,
  reason text not null,
  at text not null,
  successor text
);
create index status_change_id on status_change (id);
-- A writer takes the next slots of any stripe that no other writer holds, inside its own transaction: nobody waits, and what is
-- rolled back is not lost.
create table stripe (id integer primary key, next bigint not null, until bigint not null);
insert into stripe select i, 0, 0 from generate_series(0, ${stripes - 1}) as i;
create table slot_range (next bigint not null);
insert into slot_range values (0);
create table published (name text primary key, text text not null);
`

/** Slots that a stripe takes for itself at once. */
export const rangeSlots = 1024
