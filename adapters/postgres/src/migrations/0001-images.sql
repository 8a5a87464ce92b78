-- compatible_from: 1
-- Ids are ULIDs: collation "C" makes their order the byte order whatever the database was created with.

create table organizations (
  id text collate "C" primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table projects (
  organization_id text collate "C" not null references organizations (id),
  id text collate "C" not null unique,
  name text not null,
  settings jsonb not null check (jsonb_typeof(settings) = 'object'),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, name)
);

-- Secrets are kept as SHA-256 in lower-case hex only.
create table api_keys (
  organization_id text collate "C" not null references organizations (id),
  id text collate "C" not null,
  name text not null,
  kind text not null default 'api_key' check (kind in ('api_key', 'service')),
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  key_hash text collate "C" not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
  project_ids text[],
  scopes text[],
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (organization_id, id),
  check ((kind = 'service') = (scopes is not null))
);

create table sign_in_links (
  organization_id text collate "C" not null references organizations (id),
  token_hash text collate "C" not null check (token_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  spent_at timestamptz,
  primary key (organization_id, token_hash),
  unique (token_hash)
);

create table sessions (
  organization_id text collate "C" not null references organizations (id),
  id text collate "C" not null,
  token_hash text collate "C" not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (organization_id, id)
);

-- The bytes that images refer to, owned by none of them.
create table originals (
  project_id text collate "C" not null references projects (id),
  object_key text collate "C" not null,
  sha256 text collate "C" check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null check (size_bytes >= 0),
  state text not null default 'live' check (state in ('live', 'purging')),
  created_at timestamptz not null default now(),
  primary key (project_id, object_key)
);
create unique index originals_live_sha256 on originals (project_id, sha256) where state = 'live' and sha256 is not null;
create index originals_object_key on originals (object_key);

create table images (
  project_id text collate "C" not null references projects (id),
  id text collate "C" not null,
  status text not null check (status in ('pending_upload', 'uploaded', 'processing', 'ready', 'failed', 'deleted')),
  origin text not null check (origin in ('upload', 'import', 'slot', 'migration')),
  origin_id text,
  file_name text not null,
  declared_type text,
  declared_size bigint,
  declared_sha256 text,
  content_type text,
  size_bytes bigint,
  sha256 text,
  original_key text collate "C",
  width integer,
  height integer,
  animated boolean,
  metadata jsonb,
  placeholder jsonb,
  uploaded_by_kind text not null check (uploaded_by_kind in ('user', 'api_key', 'service')),
  uploaded_by_id text not null,
  uploaded_at timestamptz,
  upload_expires_at timestamptz,
  confirmed_at timestamptz,
  analysis_status text not null check (analysis_status in ('none', 'queued', 'processing', 'completed', 'failed')),
  analysis_types text[] not null,
  analysis_result jsonb,
  analysis_updated_at timestamptz,
  priority text not null check (priority in ('low', 'normal', 'high')),
  failure_code text,
  failure_detail text,
  attempt integer not null default 0 check (attempt >= 0),
  engine_failures integer not null default 0 check (engine_failures >= 0),
  alt text,
  reference text,
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (project_id, id),
  check ((failure_code is null) = (failure_detail is null)),
  -- Deferred, because an image and its original are written in one transaction in any order; null after the purge.
  foreign key (project_id, original_key) references originals (project_id, object_key)
    on delete set null (original_key) deferrable initially deferred
);
create unique index images_id on images (id);
create index images_listed on images (project_id, id) where status <> 'deleted';
create index images_by_status on images (project_id, status, id);
create index images_by_reference on images (project_id, reference, id) where reference is not null;
create index images_by_original on images (project_id, original_key, id) where original_key is not null;
create index images_stale_uploads on images (upload_expires_at) where status = 'pending_upload';
create index images_under_way on images (updated_at) where status in ('uploaded', 'processing');
create index images_deleted on images (deleted_at) where status = 'deleted';

create table image_history (
  project_id text collate "C" not null,
  image_id text collate "C" not null,
  id bigint generated always as identity,
  status text not null check (status in ('pending_upload', 'uploaded', 'processing', 'ready', 'failed', 'deleted')),
  at timestamptz not null,
  detail text,
  primary key (project_id, image_id, id),
  foreign key (project_id, image_id) references images (project_id, id) on delete cascade
);

create table image_variants (
  project_id text collate "C" not null,
  image_id text collate "C" not null,
  name text not null,
  format text not null check (format in ('avif', 'webp', 'jpeg')),
  position integer not null,
  recipe_id text not null,
  content_type text not null,
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  size_bytes bigint not null check (size_bytes > 0),
  object_key text collate "C" not null,
  encoding jsonb not null check (jsonb_typeof(encoding) = 'object'),
  created_at timestamptz not null default now(),
  primary key (project_id, image_id, name, format),
  foreign key (project_id, image_id) references images (project_id, id) on delete cascade
);
create index image_variants_object_key on image_variants (object_key);

-- `xid` is the transaction that made the event: readers stay below every transaction that is still open.
create table events (
  project_id text collate "C" not null references projects (id),
  xid xid8 not null default pg_current_xact_id(),
  id bigserial not null,
  type text not null,
  payload jsonb not null check (jsonb_typeof(payload) = 'object'),
  created_at timestamptz not null default now(),
  primary key (project_id, xid, id)
);
create index events_in_order on events (xid, id);
create index events_created_at on events (created_at);

create table usage_entries (
  project_id text collate "C" not null references projects (id),
  id bigserial not null,
  cause text not null,
  purpose text not null,
  stored_bytes bigint not null default 0,
  puts bigint not null default 0 check (puts >= 0),
  gets bigint not null default 0 check (gets >= 0),
  delivered_bytes bigint not null default 0 check (delivered_bytes >= 0),
  created_at timestamptz not null default now(),
  primary key (project_id, id),
  unique (project_id, cause)
);
create index usage_entries_created_at on usage_entries (project_id, created_at);

-- Which job runners are alive; belongs to the installation, not to a project.
create table worker_heartbeats (
  worker_id text primary key,
  seen_at timestamptz not null default now()
);

-- A hash becomes known after the row was made; the loser of a race learns it without losing its transaction.
create function set_original_sha256(of_project text, of_key text, new_sha256 text) returns boolean
  language plpgsql as $$
begin
  update originals set sha256 = new_sha256 where project_id = of_project and object_key = of_key;
  return found;
exception
  when unique_violation then
    return false;
end;
$$;
