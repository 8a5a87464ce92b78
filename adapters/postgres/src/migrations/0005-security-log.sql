-- compatible_from: 1

-- Who was refused what, and who changed access. A project may be gone while its entries stay; an organisation takes them along.
create table security_log (
  organization_id text collate "C" not null references organizations (id) on delete cascade,
  id text collate "C" not null,
  at timestamptz not null,
  event text not null,
  actor_kind text check (actor_kind in ('user', 'api_key', 'service')),
  actor_id text,
  ip text,
  project_id text collate "C",
  code text,
  detail text not null,
  request_id text,
  count integer not null check (count > 0),
  primary key (organization_id, id),
  check ((actor_kind is null) = (actor_id is null))
);
create index security_log_event on security_log (organization_id, event, id);
create index security_log_project on security_log (organization_id, project_id, id) where project_id is not null;
create index security_log_at on security_log (at);
