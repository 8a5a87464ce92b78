-- compatible_from: 1

-- `accepted` is the highest number that was given to a replacement, `placed` the one of what is in place, a removal included.
create table slots (
  project_id text collate "C" not null references projects (id) on delete cascade,
  id text collate "C" not null,
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  slot text collate "C" not null,
  accepted bigint not null default 0,
  placed bigint not null default 0,
  updated_at timestamptz not null,
  primary key (project_id, id),
  unique (project_id, entity_type, entity_id, slot),
  check (placed between 0 and accepted)
);
create index slots_updated_at on slots (updated_at);

-- Images are referred to by id alone, because one may move to another project: those that read look whether it is still there.
create table slot_replacements (
  project_id text collate "C" not null,
  slot_id text collate "C" not null,
  number bigint not null check (number > 0),
  image_id text collate "C" not null references images (id) on delete cascade,
  source text not null check (source in ('upload', 'given', 'undo')),
  state text not null check (state in ('waiting', 'current', 'replaced', 'past', 'dropped')),
  by_kind text not null check (by_kind in ('user', 'api_key', 'service')),
  by_id text not null,
  accepted_at timestamptz not null,
  placed_at timestamptz,
  ended_at timestamptz,
  release_at timestamptz,
  reason text,
  primary key (project_id, slot_id, number),
  foreign key (project_id, slot_id) references slots (project_id, id) on delete cascade,
  check ((state = 'replaced') = (release_at is not null)),
  check (state <> 'current' or placed_at is not null),
  check ((state = 'dropped') = (reason is not null))
);
-- Deferred, because the picture in place and the one that it replaces are written in one transaction.
alter table slot_replacements add constraint slot_replacements_one_current
  exclude (project_id with =, slot_id with =) where (state = 'current') deferrable initially deferred;
create index slot_replacements_image on slot_replacements (image_id, state);
create index slot_replacements_waiting on slot_replacements (accepted_at) where state = 'waiting';
create index slot_replacements_release on slot_replacements (release_at) where state = 'replaced';

create table galleries (
  project_id text collate "C" not null references projects (id) on delete cascade,
  id text collate "C" not null,
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  primary_image_id text collate "C" references images (id) on delete set null,
  primary key (project_id, id),
  unique (project_id, entity_type, entity_id)
);
create index galleries_primary on galleries (primary_image_id) where primary_image_id is not null;

create table gallery_images (
  project_id text collate "C" not null,
  gallery_id text collate "C" not null,
  image_id text collate "C" not null references images (id) on delete cascade,
  position integer not null,
  caption text,
  added_at timestamptz not null,
  primary key (project_id, gallery_id, image_id),
  foreign key (project_id, gallery_id) references galleries (project_id, id) on delete cascade
);
create index gallery_images_image on gallery_images (image_id);

-- The token is kept as SHA-256 in lower-case hex only.
create table share_links (
  project_id text collate "C" not null references projects (id) on delete cascade,
  id text collate "C" not null,
  image_id text collate "C" references images (id) on delete cascade,
  gallery_id text collate "C",
  token_hash text collate "C" not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  title text,
  created_by_kind text not null check (created_by_kind in ('user', 'api_key', 'service')),
  created_by_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  views bigint not null default 0 check (views >= 0),
  last_viewed_at timestamptz,
  primary key (project_id, id),
  foreign key (project_id, gallery_id) references galleries (project_id, id) on delete cascade,
  check ((image_id is null) <> (gallery_id is null))
);
create index share_links_image on share_links (image_id, id) where image_id is not null;
create index share_links_gallery on share_links (project_id, gallery_id, id) where gallery_id is not null;
