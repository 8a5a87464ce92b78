-- compatible_from: 1

-- Which resources came of a request with an Idempotency-Key; never an answer. `result` is null while the first run is under way.
create table idempotency_keys (
  organization_id text collate "C" references organizations (id) on delete cascade,
  principal text collate "C" not null,
  route text collate "C" not null,
  key text collate "C" not null,
  request_hash text collate "C" not null check (request_hash ~ '^[0-9a-f]{64}$'),
  token text collate "C" not null,
  result jsonb,
  created_at timestamptz not null,
  leased_until timestamptz not null,
  expires_at timestamptz not null,
  primary key (principal, route, key)
);
create index idempotency_keys_expires_at on idempotency_keys (expires_at);
create index idempotency_keys_organization on idempotency_keys (organization_id);

-- Filters on attributes, by containment.
create index images_attributes on images using gin (attributes jsonb_path_ops);

-- An image that moves to another project takes its history and its variants along.
alter table image_history
  drop constraint image_history_project_id_image_id_fkey,
  add constraint image_history_project_id_image_id_fkey foreign key (project_id, image_id)
    references images (project_id, id) on update cascade on delete cascade;
alter table image_variants
  drop constraint image_variants_project_id_image_id_fkey,
  add constraint image_variants_project_id_image_id_fkey foreign key (project_id, image_id)
    references images (project_id, id) on update cascade on delete cascade;
