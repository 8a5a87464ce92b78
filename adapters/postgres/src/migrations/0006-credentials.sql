-- compatible_from: 1
-- A service has scopes and no role; an API key has a role, which scopes may narrow.
alter table api_keys drop constraint api_keys_check;
alter table api_keys alter column role drop not null;
update api_keys set role = null where kind = 'service';
alter table api_keys add constraint api_keys_rights
  check ((kind = 'service') = (role is null) and (kind <> 'service' or scopes is not null));
