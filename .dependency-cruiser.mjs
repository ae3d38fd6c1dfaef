// Who may import whom (ARCHITECTURE.md has the picture). Each comment says what to do instead.

const PRODUCT = '^(shared|services)/';
const ENTRY_POINTS = ['^services/[^/]+/(main|demo)\\.ts$'];
const npm = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`;

/** A tool that has one home: nobody else in the product imports it. */
const oneHome = (name, to, homes, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: PRODUCT, pathNot: homes },
  to: { path: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Move what both files need into a third one, or pass it in as an argument.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'Correct the path (with its .ts), or add the package to package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file and it imports nothing: use it or delete it.',
      from: { orphan: true, path: '^(shared|services|scripts|bin)/', pathNot: ENTRY_POINTS },
      to: {},
    },
    {
      name: 'no-dead-files',
      severity: 'error',
      comment:
        'No process reaches this file (a test alone does not count): call it from where it belongs or delete it.',
      from: { path: ENTRY_POINTS },
      to: { path: PRODUCT, pathNot: ENTRY_POINTS, reachable: false },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      comment: 'Import the file that defines the thing, and give the index file a name that says what it holds.',
      from: { pathNot: '(^|/)node_modules/' },
      to: { path: '(^|/)index\\.[cm]?[jt]s$', pathNot: '(^|/)node_modules/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'no-barrels-made',
      severity: 'error',
      comment: 'index files are not made here: name the file after what it does, and let others import it directly.',
      from: { path: '(^|/)index\\.[cm]?[jt]s$', pathNot: '(^|/)node_modules/' },
      to: {},
    },
    {
      name: 'processes-meet-in-the-database',
      severity: 'error',
      comment:
        'A process never imports another. Move what both need to shared/, or let them meet in the database, the broker or over HTTP.',
      from: { path: '^services/([^/]+)/', pathNot: '^services/(embedded|cli)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'embedded-only-starts',
      severity: 'error',
      comment:
        'The embedded process reads the config.ts and calls the start.ts of the others, and knows nothing else of them.',
      from: { path: '^services/embedded/' },
      to: { path: '^services/', pathNot: ['^services/embedded/', '^services/[^/]+/(start|config)\\.ts$'] },
    },
    {
      name: 'cli-starts-only-the-embedded-farm',
      severity: 'error',
      comment:
        'Speak to a farm over HTTP (services/cli/client.ts). What runs in this process is started by services/embedded.',
      from: { path: '^services/cli/' },
      to: { path: '^services/', pathNot: ['^services/cli/', '^services/embedded/(start|config)\\.ts$'] },
    },
    {
      name: 'shared-knows-no-process',
      severity: 'error',
      comment: 'shared/ is below the processes: pass in what it needs, or move the file into the process that uses it.',
      from: { path: '^shared/' },
      to: { path: '^services/' },
    },
    {
      name: 'errors-at-the-bottom',
      severity: 'error',
      comment: 'shared/errors.ts is below everything: it imports nothing.',
      from: { path: '^shared/errors\\.ts$' },
      to: {},
    },
    {
      name: 'job-is-pure',
      severity: 'error',
      comment:
        'The domain does no I/O and knows no layer above it: take the value as an argument and do the I/O in a service.',
      from: { path: '^shared/job/' },
      to: {
        pathNot: [
          '^shared/(job/|errors\\.ts$)',
          '^(node:)?(crypto|path|path/posix|util|assert|assert/strict|buffer|url)$',
          npm('zod'),
        ],
      },
    },
    {
      name: 'wire-knows-only-the-domain',
      severity: 'error',
      comment: 'The wire format is schemas over shared/job; put what does I/O into an adapter or a service.',
      from: { path: '^shared/wire/' },
      to: { path: PRODUCT, pathNot: '^shared/(wire/|job/|errors\\.ts$)' },
    },
    {
      name: 'adapters-are-siblings',
      severity: 'error',
      comment: 'Adapters do not know each other: take the other one as an argument, and join them in a start.ts.',
      from: { path: '^shared/(db|broker|storage|runtime)/' },
      to: { path: '^shared/(db|broker|storage)/', pathNot: '^shared/$1/' },
    },
    {
      name: 'adapters-are-given-their-runtime',
      severity: 'error',
      comment: 'Import the type only (Clock, Logger, ...) and take the value as an argument: start.ts builds it once.',
      from: { path: '^shared/(db|broker|storage)/' },
      to: { path: '^shared/runtime/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'cli-speaks-http',
      severity: 'error',
      comment: 'The command line is an HTTP client: ask the API. Only the migrate command touches the database.',
      from: { path: '^services/cli/', pathNot: '^services/cli/commands/migrate\\.ts$' },
      to: { path: '^shared/(db|broker)/' },
    },
    oneHome(
      'sql-has-one-home',
      `${npm('kysely', 'mysql2', 'better-sqlite3')}|^(node:)?sqlite$`,
      ['^shared/db/', '^services/worker/journal\\.ts$', '^shared/runtime/lock-directory\\.ts$'],
      'SQL lives in shared/db: add a statement to shared/db/queries/ and call that.',
    ),
    {
      name: 'sqlite-files-of-their-own',
      severity: 'error',
      comment: 'The journal and the folder lock may open a node:sqlite file of their own, but build no queries.',
      from: { path: ['^services/worker/journal\\.ts$', '^shared/runtime/lock-directory\\.ts$'] },
      to: { path: npm('kysely', 'mysql2', 'better-sqlite3') },
    },
    oneHome(
      'broker-has-one-home',
      npm('amqplib', 'mqtt'),
      ['^shared/broker/'],
      'AMQP and MQTT live in shared/broker: publish and consume through it.',
    ),
    oneHome(
      'express-has-one-home',
      npm('express', 'express-serve-static-core'),
      ['^services/coordinator/http/', '^services/coordinator/start\\.ts$'],
      'Routes live in services/coordinator/http. A process that needs no more than a health page takes node:http.',
    ),
    oneHome(
      'subprocesses-have-one-home',
      `${npm('execa')}|^(node:)?child_process$`,
      [
        '^services/worker/ffmpeg/',
        '^services/worker/storage/check-storage\\.ts$',
        '^services/cli/',
        '^shared/runtime/shutdown\\.ts$',
      ],
      'FFmpeg is run by services/worker/ffmpeg alone: everything else asks it, so that no process outlives its worker.',
    ),
    {
      name: 'product-needs-no-tests',
      severity: 'error',
      comment: 'The product does not import tests, scripts or the launcher: move what it needs to shared/.',
      from: { path: PRODUCT },
      to: { path: '^(test|scripts|bin)/' },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      comment:
        'A package the product runs on belongs in "dependencies" of package.json (a type import may stay in devDependencies).',
      from: { path: [PRODUCT, '^bin/'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: ['^test/fixtures/', '/dashboard/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports count: a layer that knows another's types knows the other.
    tsPreCompilationDeps: 'specify',
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
    skipAnalysisNotInRules: true,
  },
};
