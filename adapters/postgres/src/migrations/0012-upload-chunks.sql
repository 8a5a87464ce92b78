-- compatible_from: 1

-- The pieces of uploads that are resumed. Other objects under resumable/ were left behind by processes that were killed.
create table upload_chunks (
  project_id text collate "C" not null,
  image_id text collate "C" not null,
  start_at bigint not null check (start_at >= 0),
  size_bytes bigint not null check (size_bytes > 0),
  object_key text collate "C" not null unique,
  primary key (project_id, image_id, start_at),
  foreign key (project_id, image_id) references images (project_id, id) on update cascade on delete cascade
);
