-- compatible_from: 1

-- What is deleted is there for nobody but the job that removes it.
alter table organizations
  add column deleted_at timestamptz,
  -- The one that the first start made; whoever runs the program has its owner key.
  add column installed boolean not null default false;
update organizations set installed = true
  where id = (select id from organizations order by created_at, id limit 1);

alter table projects add column deleted_at timestamptz;
alter table projects drop constraint projects_organization_id_name_key;
create unique index projects_name on projects (organization_id, name) where deleted_at is null;
create index projects_deleted on projects (organization_id) where deleted_at is not null;

-- Outlives the project: delivery has to refuse URLs that were signed before.
create table deleted_projects (
  organization_id text collate "C" not null,
  project_id text collate "C" primary key,
  deleted_at timestamptz not null,
  removed_at timestamptz
);
create index deleted_projects_removed on deleted_projects (removed_at);

create table memberships (
  organization_id text collate "C" not null references organizations (id) on delete cascade,
  user_id text collate "C" not null references users (id) on delete cascade,
  id text collate "C" not null,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  joined_at timestamptz not null,
  primary key (organization_id, user_id),
  unique (organization_id, id)
);
create index memberships_user on memberships (user_id, id);

-- Tokens are kept as SHA-256 in lower-case hex only.
create table invitations (
  organization_id text collate "C" not null references organizations (id) on delete cascade,
  id text collate "C" not null,
  email text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  token_hash text collate "C" not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  invited_by_kind text not null check (invited_by_kind in ('user', 'api_key', 'service')),
  invited_by_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text collate "C",
  revoked_at timestamptz,
  primary key (organization_id, id)
);
create index invitations_pending on invitations (organization_id, expires_at)
  where accepted_at is null and revoked_at is null;

-- Credentials have no life of their own.
alter table api_keys drop constraint api_keys_organization_id_fkey,
  add foreign key (organization_id) references organizations (id) on delete cascade;
alter table sign_in_links drop constraint sign_in_links_organization_id_fkey,
  add foreign key (organization_id) references organizations (id) on delete cascade;
alter table sessions drop constraint sessions_organization_id_fkey,
  add foreign key (organization_id) references organizations (id) on delete cascade;

-- What a project cost stays counted when the project is gone, and calls are counted a moment after they were made.
alter table usage_entries drop constraint usage_entries_project_id_fkey;
