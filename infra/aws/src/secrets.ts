import { Fn, SecretValue } from 'aws-cdk-lib'
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { DATABASE_NAME, DATABASE_USER, type Database } from './database.ts'
import type { Deployment } from './deployment.ts'
import { POSTGRES_PORT } from './ports.ts'

const SECRET_KEY_LENGTH = 64

/** Variables of the server that come out of Secrets Manager when a task starts. */
export type SecretVariables = Readonly<Record<string, ISecret>>

/** The secrets of every process: made here, or told by their ARN where only the operator has the value. */
export function createSecrets(scope: Construct, deployment: Deployment, database: Database): SecretVariables {
  const { cdn, mail } = deployment
  const given = (id: string, secretCompleteArn: string) => Secret.fromSecretAttributes(scope, id, { secretCompleteArn })
  return {
    DATABASE_URL: createDatabaseUrl(scope, database),
    SECRET_KEY: new Secret(scope, 'SecretKey', {
      description: 'SECRET_KEY: signs URLs and sessions; another one makes all of them invalid',
      generateSecretString: { excludePunctuation: true, passwordLength: SECRET_KEY_LENGTH },
    }),
    CLOUDFRONT_PRIVATE_KEY: given('CdnPrivateKey', cdn.key.privateKeySecretArn),
    ...(cdn.nextKey
      ? { CLOUDFRONT_NEXT_PRIVATE_KEY: given('CdnNextPrivateKey', cdn.nextKey.privateKeySecretArn) }
      : {}),
    ...(mail ? { SMTP_URL: given('SmtpUrl', mail.urlSecretArn) } : {}),
  }
}

/** CloudFormation puts the password in when it makes the secret: it is in no template and in no variable of a task definition. */
function createDatabaseUrl(scope: Construct, { instance, credentials }: Database): Secret {
  const password = credentials.secretValueFromJson('password').unsafeUnwrap()
  const { hostname } = instance.instanceEndpoint
  const url = Fn.join('', [
    ...[`postgres://${DATABASE_USER}:`, password, '@', hostname],
    `:${POSTGRES_PORT}/${DATABASE_NAME}?sslmode=verify-full`,
  ])
  return new Secret(scope, 'DatabaseUrl', {
    description: 'DATABASE_URL: made of the credentials of the database',
    secretStringValue: SecretValue.unsafePlainText(url),
  })
}

/** Empty until the operator puts in what `init` showed; no task may read it. */
export const createOwnerKey = (scope: Construct): CfnSecret =>
  new CfnSecret(scope, 'OwnerKey', { description: 'The owner key that init showed; put in by the operator' })
