-- compatible_from: 1
-- People, and what the authentication library keeps about them. They belong to the installation: memberships tie them to organisations.

create table users (
  id text collate "C" primary key,
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_email on users (lower(email));

-- Ways to sign in; `password` is a salted scrypt hash.
create table user_accounts (
  id text collate "C" primary key,
  user_id text collate "C" not null references users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index user_accounts_user on user_accounts (user_id);

-- `token` is the SHA-256 of the session's secret in lower-case hex.
create table user_sessions (
  id text collate "C" primary key,
  user_id text collate "C" not null references users (id) on delete cascade,
  token text collate "C" not null unique check (token ~ '^[0-9a-f]{64}$'),
  active_organization_id text collate "C" references organizations (id) on delete set null,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index user_sessions_user on user_sessions (user_id);
create index user_sessions_organization on user_sessions (active_organization_id) where active_organization_id is not null;
create index user_sessions_expires_at on user_sessions (expires_at);

-- Single-use tokens, e.g. for a forgotten password; `identifier` holds a hash of the token.
create table user_verifications (
  id text collate "C" primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index user_verifications_identifier on user_verifications (identifier);
create index user_verifications_expires_at on user_verifications (expires_at);

-- Key pairs that sign our own JWTs; the private half is encrypted.
create table user_keys (
  id text collate "C" primary key,
  public_key text not null,
  private_key text not null,
  alg text,
  crv text,
  expires_at timestamptz,
  created_at timestamptz not null default now()
);
