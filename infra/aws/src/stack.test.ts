import { readFileSync } from 'node:fs'
import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { POSTGRES_MAJOR } from './database.ts'
import { templateOf } from './testing/template.ts'

const hobby = templateOf({ running: true })
const team = templateOf({ running: true, size: 'team' })
const SERVICE = 'AWS::ECS::Service'

describe('the database', () => {
  const DATABASE = 'AWS::RDS::DBInstance'

  it('has the major version that everything is tested on', () => {
    const compose = readFileSync(new URL('../../../compose.yaml', import.meta.url), 'utf8')
    expect(compose).toContain(`image: postgres:${POSTGRES_MAJOR}-`)
    hobby.hasResourceProperties(DATABASE, { Engine: 'postgres', EngineVersion: POSTGRES_MAJOR })
  })

  it('is encrypted, private, backed up, and not deleted by mistake', () => {
    hobby.hasResource(DATABASE, {
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: {
        StorageEncrypted: true,
        PubliclyAccessible: false,
        DeletionProtection: true,
        BackupRetentionPeriod: 7,
        DeleteAutomatedBackups: false,
        CopyTagsToSnapshot: true,
        AutoMinorVersionUpgrade: true,
        AllowMajorVersionUpgrade: false,
        MaxAllocatedStorage: 100,
      },
    })
    hobby.hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: { 'rds.force_ssl': '1' } })
  })

  it('is in subnets that no route leads out of', () => {
    hobby.hasResourceProperties('AWS::RDS::DBSubnetGroup', {
      SubnetIds: [
        { Ref: Match.stringLikeRegexp('databaseSubnet1') },
        { Ref: Match.stringLikeRegexp('databaseSubnet2') },
      ],
    })
    const routes = Object.keys(hobby.findResources('AWS::EC2::Route'))
    expect(routes.length).toBeGreaterThan(0)
    expect(routes.filter(id => id.includes('database'))).toEqual([])
  })

  it('is called by our tasks only', () => {
    const rules = Object.values(hobby.findResources('AWS::EC2::SecurityGroupIngress')).map(rule => rule.Properties)
    const callers = rules.filter(rule => rule.ToPort === 5432).map(rule => JSON.stringify(rule.SourceSecurityGroupId))
    expect(callers.toSorted()).toEqual([expect.stringMatching(/Api/), expect.stringMatching(/Worker/)])
  })

  it('has a standby for a team', () => {
    hobby.hasResourceProperties(DATABASE, { MultiAZ: false, DBInstanceClass: 'db.t4g.micro' })
    team.hasResourceProperties(DATABASE, { MultiAZ: true, DBInstanceClass: 'db.t4g.medium', BackupRetentionPeriod: 14 })
  })
})

describe('the network', () => {
  it('is open for HTTPS, and for HTTP that leads there; tasks are reached by the load balancer only', () => {
    hobby.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'HTTPS from the world, and on to the API',
      SecurityGroupIngress: [
        Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 80, ToPort: 80 }),
        Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }),
      ],
    })
    const open = Object.values(hobby.findResources('AWS::EC2::SecurityGroup')).filter(
      group => group.Properties.SecurityGroupIngress !== undefined,
    )
    expect(open).toHaveLength(1)
    hobby.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 3000,
      ToPort: 3000,
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Balancer'), 'GroupId'] },
    })
  })

  it('needs no gateway for a hobby, and has one for a team; S3 is reached past both', () => {
    hobby.resourceCountIs('AWS::EC2::NatGateway', 0)
    team.resourceCountIs('AWS::EC2::NatGateway', 1)
    const addresses = (AssignPublicIp: string) => ({
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp }) },
    })
    hobby.allResourcesProperties(SERVICE, addresses('ENABLED'))
    team.allResourcesProperties(SERVICE, addresses('DISABLED'))
    for (const size of [hobby, team])
      size.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' })
  })
})

describe('the services', () => {
  it('do not run before the database is prepared', () => {
    const before = templateOf({ running: false })
    before.allResourcesProperties(SERVICE, { DesiredCount: 0 })
    before.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0)
  })

  it('replace tasks without a gap, and go back where new ones do not live', () => {
    hobby.resourceCountIs(SERVICE, 2)
    hobby.allResourcesProperties(SERVICE, {
      LaunchType: 'FARGATE',
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
    })
  })

  it.each([
    ['api', /^ApiService/, 60, 2, 6],
    ['worker', /^WorkerService/, 70, 2, 8],
  ])('%s keeps its tasks (%s) at %d percent of CPU, from %d to %d of them', (role, service, percent, min, max) => {
    team.hasResourceProperties(SERVICE, { ServiceName: role, DesiredCount: min })
    team.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: min,
      MaxCapacity: max,
      ResourceId: {
        'Fn::Join': [
          '',
          ['service/', Match.anyValue(), '/', { 'Fn::GetAtt': [Match.stringLikeRegexp(service.source), 'Name'] }],
        ],
      },
    })
    team.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        TargetValue: percent,
      },
    })
  })

  it('get more workers while storage events wait', () => {
    hobby.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 900, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 900, ScalingAdjustment: 3 },
        ],
      },
    })
    hobby.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 100,
      Dimensions: [
        { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^StorageEvents(?!Dead)'), 'QueueName'] } },
      ],
    })
  })
})

describe('the load balancer', () => {
  it('has TLS 1.2 and 1.3 with the certificate, and leads plain HTTP there', () => {
    hobby.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      Certificates: [{ CertificateArn: Match.stringLikeRegexp(':certificate/') }],
    })
    hobby.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [
        {
          Type: 'redirect',
          RedirectConfig: Match.objectLike({ Port: '443', Protocol: 'HTTPS', StatusCode: 'HTTP_301' }),
        },
      ],
    })
  })

  it('asks whether tasks live, not whether the database does', () => {
    hobby.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckPath: '/api/health/liveness',
      Port: 3000,
      TargetType: 'ip',
    })
  })

  it('drops idle connections before the server does, and headers that are none', () => {
    hobby.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'idle_timeout.timeout_seconds', Value: '60' },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
      ]),
    })
  })

  it('gets its name where the zone is known', () => {
    hobby.resourceCountIs('AWS::Route53::RecordSet', 0)
    templateOf({ hostedZone: { id: 'Z0123456789', name: 'example.org' } }).hasResourceProperties(
      'AWS::Route53::RecordSet',
      { Name: 'photos.example.org.', Type: 'A', AliasTarget: Match.anyValue() },
    )
  })
})
