/** The import rules of ARCHITECTURE.md, as errors. */
const only = (name, from, allowed, except = []) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: except },
  to: { pathNot: allowed },
})
/** Tests may start servers and read files. */
const TESTS = ['\\.test\\.tsx?$', '/testing/']
const builtinOrSelf = self => `^${self}/|^node_modules/`

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'core-depends-on-zod-only',
      comment:
        'core has no I/O, no SDK, no HTTP: zod and ulid are its only packages (tests beside the code may use more)',
      severity: 'error',
      from: { path: '^core/src', pathNot: '\\.test\\.ts$|^core/src/testing/' },
      to: { pathNot: '^core/|node_modules/(zod|ulid)/|^(node:)?(stream|crypto)$' },
    },
    only('contract-stands-alone', '^contract/', builtinOrSelf('contract')),
    only('sdk-through-contract', '^sdk/', '^(sdk|contract)/|^node_modules/', TESTS),
    only('cli-through-sdk', '^cli/', '^(cli|sdk)/|^node_modules/|^(node:)?[a-z/_]+$', TESTS),
    only('console-through-sdk', '^apps/console/src', '^(apps/console|sdk)/|^node_modules/', TESTS),
    only(
      'infrastructure-knows-the-bucket-only',
      '^infra/',
      '^infra/|^adapters/aws/src/s3/storage-rules\\.ts$|^node_modules/|^(node:)?[a-z/_]+$',
      TESTS,
    ),
    {
      name: 'nobody-imports-infrastructure',
      severity: 'error',
      from: { pathNot: '^infra/' },
      to: { path: '^infra/' },
    },
    {
      name: 'adapters-depend-on-core-only',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/' },
      to: { path: '^(adapters|apps|contract|sdk|bench|e2e)/', pathNot: '^adapters/$1/' },
    },
    {
      name: 'black-box-tests-never-import-the-product',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^(core|adapters|apps)/' },
    },
    {
      name: 'features-through-their-door',
      comment: 'Another feature of core is imported through its index.ts only',
      severity: 'error',
      from: { path: '^core/src/([^/]+)/' },
      to: { path: '^core/src/([^/]+)/.+', pathNot: ['^core/src/$1/', '/index\\.ts$'] },
    },
    {
      name: 'wiring-in-its-folder',
      comment: 'Routes and jobs get adapters from the wiring',
      severity: 'error',
      from: {
        path: '^apps/server/src/',
        pathNot: ['^apps/server/src/wiring/', '\\.(test|services)\\.ts$', '^apps/server/src/testing/'],
      },
      to: { path: '^adapters/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/\\.?dist[-/]' },
    // TypeScript 7 has no API that dependency-cruiser knows; swc reads the same imports, `import type` included.
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
