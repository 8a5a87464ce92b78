-- compatible_from: 1

-- Remaking the variants of a project's images. The figures are written with the items they count, under the run's row lock.
create table remake_runs (
  project_id text collate "C" not null references projects (id) on delete cascade,
  id text collate "C" not null,
  state text not null default 'running' check (state in ('running', 'paused', 'completed', 'cancelled')),
  total integer not null default 0,
  done integer not null default 0,
  failed integer not null default 0,
  skipped integer not null default 0,
  started_at timestamptz not null,
  finished_at timestamptz,
  primary key (project_id, id),
  check (done + failed + skipped <= total)
);
create unique index remake_runs_id on remake_runs (id);
-- One at a time.
create unique index remake_runs_active on remake_runs (project_id) where state in ('running', 'paused');

-- Images may go or move while they stand here: the job finds out.
create table remake_items (
  project_id text collate "C" not null,
  run_id text collate "C" not null,
  image_id text collate "C" not null,
  state text not null default 'waiting' check (state in ('waiting', 'queued', 'working', 'done', 'failed', 'skipped')),
  losses integer not null default 0,
  code text,
  primary key (project_id, run_id, image_id),
  foreign key (project_id, run_id) references remake_runs (project_id, id) on delete cascade
);
create index remake_items_waiting on remake_items (project_id, run_id, image_id) where state = 'waiting';
create index remake_items_queued on remake_items (project_id, run_id, image_id) where state in ('queued', 'working');
create index remake_items_failed on remake_items (project_id, run_id, code) where state = 'failed';
-- The sweep asks whether somebody may be writing below the prefix of an image.
create index remake_items_working on remake_items (project_id, image_id) where state = 'working';

-- Variants that were replaced, kept until no signed URL leads to them.
create table retired_objects (
  project_id text collate "C" not null references projects (id) on delete cascade,
  object_key text collate "C" not null,
  keep_until timestamptz not null,
  primary key (object_key)
);
create index retired_objects_project on retired_objects (project_id);
