-- compatible_from: 1

-- A deleted image keeps its bytes until `purge_at`; `purge_state` is set from the moment at which it cannot be restored any more.
alter table images
  add column former_status text
    check (former_status in ('pending_upload', 'uploaded', 'processing', 'ready', 'failed')),
  add column purge_at timestamptz,
  add column purge_state text check (purge_state in ('purging', 'purged')),
  add column lost_attempts integer not null default 0 check (lost_attempts >= 0),
  add column perceptual_hash text collate "C" check (perceptual_hash ~ '^[0-9a-f]{16}$'),
  add column notes text[] not null default '{}';

-- The bytes of what was deleted before are gone or on their way: the sweep makes sure of it.
update images set purge_at = deleted_at, purge_state = 'purging' where status = 'deleted';

alter table images add constraint images_tombstone
  check (status = 'deleted' or (former_status is null and purge_at is null and purge_state is null));

create index images_purge_due on images (purge_at) where status = 'deleted' and purge_state is distinct from 'purged';
create index images_purged on images (deleted_at) where purge_state = 'purged';
-- Near duplicates are looked for among the newest of a project, in this index alone.
create index images_similar on images (project_id, id desc) include (perceptual_hash)
  where status = 'ready' and perceptual_hash is not null;
