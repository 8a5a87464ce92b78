import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2'
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Deployment } from './deployment.ts'
import { createLogGroup, retentionOf } from './logs.ts'
import type { Network } from './network.ts'
import { POSTGRES_PORT } from './ports.ts'

/** The major version that tests and compose.yaml run on; minor ones come by themselves. */
export const POSTGRES_MAJOR = '18'
export const DATABASE_NAME = 'calotype'
export const DATABASE_USER = 'calotype'
const PASSWORD_LENGTH = 40

export interface Database {
  instance: DatabaseInstance
  /** The user's name and password, as RDS has them. */
  credentials: Secret
}

/** PostgreSQL on encrypted storage that nothing but our tasks reaches, by TLS only, and that no mistake deletes. */
export function createDatabase(scope: Construct, deployment: Deployment, network: Network): Database {
  const { name, database } = deployment
  const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of(POSTGRES_MAJOR, POSTGRES_MAJOR) })
  const credentials = new Secret(scope, 'DatabaseCredentials', {
    description: 'User and password of the database',
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: DATABASE_USER }),
      generateStringKey: 'password',
      // It becomes part of a URL.
      excludePunctuation: true,
      passwordLength: PASSWORD_LENGTH,
    },
  })
  const logs = createLogGroup(scope, 'DatabaseLogs', `/aws/rds/instance/${name}/postgresql`, retentionOf(deployment))
  const instance = new DatabaseInstance(scope, 'Database', {
    instanceIdentifier: name,
    engine,
    instanceType: new InstanceType(database.instance),
    vpc: network.vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroups: [network.database],
    port: POSTGRES_PORT,
    databaseName: DATABASE_NAME,
    credentials: Credentials.fromSecret(credentials, DATABASE_USER),
    parameterGroup: new ParameterGroup(scope, 'DatabaseParameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
    publiclyAccessible: false,
    storageEncrypted: true,
    storageType: StorageType.GP3,
    allocatedStorage: database.storageGb,
    maxAllocatedStorage: database.maxStorageGb,
    multiAz: database.standby,
    backupRetention: Duration.days(database.backupDays),
    copyTagsToSnapshot: true,
    deleteAutomatedBackups: false,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    cloudwatchLogsExports: ['postgresql'],
    deletionProtection: true,
    removalPolicy: RemovalPolicy.SNAPSHOT,
  })
  // RDS would make it without an end.
  instance.node.addDependency(logs)
  return { instance, credentials }
}
