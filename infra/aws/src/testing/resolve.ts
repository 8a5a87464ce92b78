import type { Template } from 'aws-cdk-lib/assertions'
import { z } from 'zod'

const Resource = z.object({ Type: z.string(), Properties: z.looseObject({}).default({}) })
const Reference = z.object({ Ref: z.string() })
const Attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
const Joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Region': 'eu-central-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
}

/** What AWS would answer for a resource: the value of `Ref`, or of an attribute. */
const ANSWERS: Readonly<Record<string, (id: string, name: unknown) => string>> = {
  'AWS::SQS::Queue': id => `https://sqs.eu-central-1.amazonaws.com/123456789012/${id}`,
  'AWS::CloudFront::Distribution DomainName': () => 'd111111abcdef8.cloudfront.net',
  'AWS::CloudFront::Distribution': () => 'E2EXAMPLE',
  'AWS::CloudFront::PublicKey': id => `K${id.toUpperCase()}`,
  'AWS::RDS::DBInstance Endpoint.Address': () => 'calotype.abc.eu-central-1.rds.amazonaws.com',
}

/** Gives a value of a template the text that it would have once deployed; what has no known answer keeps its name in pointed brackets. */
export function resolverOf(template: Template): (value: unknown) => string {
  const resources = z.record(z.string(), Resource).parse(template.toJSON().Resources)
  const answer = (id: string, attribute: string): string => {
    const type = resources[id]?.Type ?? ''
    const known = ANSWERS[`${type} ${attribute}`.trim()]
    return PSEUDO[id] ?? known?.(id, attribute) ?? `<${id}${attribute && '.'}${attribute}>`
  }
  const resolve = (value: unknown): string => {
    if (typeof value === 'string') return value
    const reference = Reference.safeParse(value).data
    if (reference && resources[reference.Ref]?.Type === 'AWS::S3::Bucket')
      return resolve(resources[reference.Ref]?.Properties.BucketName)
    if (reference) return answer(reference.Ref, '')
    const attribute = Attribute.safeParse(value).data
    if (attribute) return answer(...attribute['Fn::GetAtt'])
    const joined = Joined.safeParse(value).data
    if (joined) return joined['Fn::Join'][1].map(resolve).join(joined['Fn::Join'][0])
    throw new Error(`No value of a template that is known here: ${JSON.stringify(value)}`)
  }
  return resolve
}
