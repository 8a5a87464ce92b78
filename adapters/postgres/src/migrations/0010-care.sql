-- compatible_from: 1

-- Who did what. `seq`, `prev_hash` and `hash` are set once, by the job that puts entries into the chain of their organisation.
create table audit_entries (
  organization_id text collate "C" not null references organizations (id) on delete cascade,
  id text collate "C" not null,
  -- What is hashed has milliseconds: nothing may hide below them.
  at timestamptz not null check (at = date_trunc('milliseconds', at)),
  action text not null,
  actor_kind text not null check (actor_kind in ('user', 'api_key', 'service')),
  actor_id text not null,
  project_id text collate "C",
  subject text collate "C",
  detail text not null,
  ip text,
  request_id text,
  seq bigint check (seq > 0),
  prev_hash text collate "C" check (prev_hash ~ '^[0-9a-f]{64}$'),
  hash text collate "C" check (hash ~ '^[0-9a-f]{64}$'),
  primary key (organization_id, id),
  unique (organization_id, seq),
  check (num_nulls(seq, prev_hash, hash) in (0, 3))
);
create index audit_entries_unsealed on audit_entries (organization_id, id) where seq is null;
create index audit_entries_action on audit_entries (organization_id, action, id);
create index audit_entries_project on audit_entries (organization_id, project_id, id) where project_id is not null;
create index audit_entries_subject on audit_entries (organization_id, subject, id) where subject is not null;
create index audit_entries_actor on audit_entries (organization_id, actor_id, id);

create function keep_audit_entries() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.seq is null and new.seq is not null
    and to_jsonb(new) - array['seq', 'prev_hash', 'hash'] = to_jsonb(old) - array['seq', 'prev_hash', 'hash'] then
    return new;
  end if;
  -- Of an organisation that is gone nothing stays.
  if tg_op = 'DELETE' and not exists (select from organizations where id = old.organization_id) then
    return old;
  end if;
  raise exception 'the audit log is append-only' using errcode = 'restrict_violation';
end;
$$;
create trigger audit_entries_kept before update or delete on audit_entries
  for each row execute function keep_audit_entries();
create trigger audit_entries_not_emptied before truncate on audit_entries
  for each statement execute function keep_audit_entries();

-- Comparisons of storage and records.
create table reconcile_runs (
  organization_id text collate "C" not null references organizations (id) on delete cascade,
  id text collate "C" not null,
  project_id text collate "C",
  apply boolean not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0 check (attempt >= 0),
  cut_off timestamptz not null,
  objects bigint not null default 0,
  rows bigint not null default 0,
  expected_rows bigint,
  position text collate "C",
  counts jsonb not null check (jsonb_typeof(counts) = 'object'),
  started_by_kind text not null check (started_by_kind in ('user', 'api_key', 'service')),
  started_by_id text not null,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  failure text,
  primary key (organization_id, id)
);
create unique index reconcile_runs_active on reconcile_runs (organization_id) where status in ('queued', 'running');

create table reconcile_findings (
  organization_id text collate "C" not null,
  run_id text collate "C" not null,
  kind text not null check (kind in ('unreferenced', 'missing_original', 'missing_variant', 'wrong_size')),
  object_key text collate "C" not null,
  project_id text collate "C" not null default '',
  image_id text collate "C" not null default '',
  expected_bytes bigint,
  actual_bytes bigint,
  outcome text not null check (outcome in ('found', 'removed', 'requeued', 'recorded')),
  primary key (organization_id, run_id, kind, object_key, project_id, image_id),
  foreign key (organization_id, run_id) references reconcile_runs (organization_id, id) on delete cascade
);

-- Awaited uploads by the key at which their bytes will lie: the third of the lists that are merged in byte order.
create index images_awaited_key on images (('uploads/' || id)) where status = 'pending_upload';
