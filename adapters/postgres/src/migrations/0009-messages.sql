-- compatible_from: 1

-- What the detection pipeline is told, in the order in which it was left. A message lives as long as its image and moves with it.
create table pipeline_messages (
  project_id text collate "C" not null,
  id text collate "C" not null unique,
  image_id text collate "C" not null,
  position bigserial not null,
  types text[] not null,
  priority text not null check (priority in ('low', 'normal', 'high')),
  rank smallint generated always as (case priority when 'high' then 0 when 'normal' then 1 else 2 end) stored,
  status text not null default 'waiting' check (status in ('waiting', 'delivered', 'failed')),
  attempts integer not null default 0 check (attempts >= 0),
  last_error text,
  created_at timestamptz not null,
  since timestamptz not null,
  next_attempt_at timestamptz,
  delivered_at timestamptz,
  lease_token text collate "C",
  leased_until timestamptz,
  primary key (project_id, id),
  foreign key (project_id, image_id) references images (project_id, id) on update cascade on delete cascade,
  check ((status = 'waiting') = (next_attempt_at is not null))
);
create index pipeline_messages_image on pipeline_messages (project_id, image_id, position);
create index pipeline_messages_waiting on pipeline_messages (rank, position) where status = 'waiting';
create index pipeline_messages_due on pipeline_messages (next_attempt_at) where status = 'waiting';
create index pipeline_messages_status on pipeline_messages (project_id, status, id);

-- Where messages about images go. The secrets are sealed; the newest has no end.
create table webhooks (
  organization_id text collate "C" not null references organizations (id) on delete cascade,
  id text collate "C" not null unique,
  project_id text collate "C" references projects (id) on delete cascade,
  url text not null,
  description text not null,
  events text[] not null,
  secrets jsonb not null check (jsonb_typeof(secrets) = 'array'),
  disabled_at timestamptz,
  disabled_reason text check (disabled_reason in ('by_hand', 'gone')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  check ((disabled_at is null) = (disabled_reason is null))
);
create index webhooks_project on webhooks (project_id) where project_id is not null;

-- One message on its way to one webhook. The project may be gone while its last messages are on their way.
create table webhook_deliveries (
  organization_id text collate "C" not null,
  webhook_id text collate "C" not null,
  id text collate "C" not null,
  project_id text collate "C" not null,
  event text not null,
  body text not null,
  at timestamptz not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  attempts integer not null default 0 check (attempts >= 0),
  tries integer not null default 0 check (tries >= 0),
  retry_since timestamptz not null,
  next_attempt_at timestamptz,
  lease_token text collate "C",
  leased_until timestamptz,
  primary key (organization_id, webhook_id, id),
  foreign key (organization_id, webhook_id) references webhooks (organization_id, id) on delete cascade,
  check ((status = 'pending') = (next_attempt_at is not null))
);
create index webhook_deliveries_due on webhook_deliveries (organization_id, webhook_id, next_attempt_at, id)
  where status = 'pending';
create index webhook_deliveries_status on webhook_deliveries (organization_id, webhook_id, status, id);
create index webhook_deliveries_at on webhook_deliveries (at);

create table webhook_attempts (
  organization_id text collate "C" not null,
  webhook_id text collate "C" not null,
  delivery_id text collate "C" not null,
  number integer not null,
  at timestamptz not null,
  duration_ms integer not null check (duration_ms >= 0),
  status integer,
  error text,
  answer text,
  primary key (organization_id, webhook_id, delivery_id, number),
  foreign key (organization_id, webhook_id, delivery_id)
    references webhook_deliveries (organization_id, webhook_id, id) on delete cascade
);
