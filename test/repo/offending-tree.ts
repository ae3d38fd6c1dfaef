import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './repo-files.ts';

const CONFIGURATION = ['package.json', 'tsconfig.json', 'biome.json', '.oxlintrc.json', '.dependency-cruiser.mjs'];

/** Files that break the house rules. What a file imports must exist, hence the innocent ones. */
const FILES: Readonly<Record<string, string>> = {
  'services/janitor/main.ts': "import './start.ts';\nimport '../../shared/job/index.ts';\n",
  'services/janitor/start.ts': "import '../worker/start.ts';\nimport '../../test/support.ts';\nimport 'vitest';\n",
  'services/janitor/execa.ts': "import 'node:child_process';\nimport 'execa';\n",
  'services/worker/start.ts': "import 'express';\nimport '../../shared/db/rows.ts';\n",
  'services/worker/journal.ts': "import 'kysely';\nimport 'node:sqlite';\n",
  'services/worker/cycle-a.ts': "import './cycle-b.ts';\nimport './nowhere.ts';\n",
  'services/worker/cycle-b.ts': "import './cycle-a.ts';\n",
  'services/worker/sql.ts': "import 'node:sqlite';\n",
  'services/cli/jobs.ts': "import '../../shared/db/rows.ts';\n",
  'services/embedded/start.ts': "import '../worker/sql.ts';\n",
  'shared/errors.ts': "import './job/index.ts';\n",
  'shared/job/index.ts': "import 'node:fs';\n",
  'shared/job/lonely.ts': 'export const lonely = 1;\n',
  'shared/wire/jobs.ts': "import '../storage/publish.ts';\n",
  'shared/storage/publish.ts': "import '../db/rows.ts';\nimport '../runtime/clock.ts';\n",
  'shared/runtime/clock.ts': "import '../../services/janitor/start.ts';\n",
  'shared/db/rows.ts': "import type { Clock } from '../runtime/clock.ts';\nexport type Rows = Clock;\n",
  'bin/start.mjs': "import '../services/janitor/execa.ts';\n",
  'test/support.ts': 'export const support = 1;\n',
  'scripts/promises.ts': `
    async function work(): Promise<number> { return 1; }
    work();
    export const answer = async () => await 42;
    [1].forEach(async () => { await work(); });
    export async function caught() { try { return work(); } catch { return 0; } }
    type Kind = 'a' | 'b';
    export function nameOf(kind: Kind) { switch (kind) { case 'a': return 1; } return 0; }
  `,
  'scripts/types.ts': `
    enum Color { Red }
    export const first: string = ([] as string[])[0];
    export class Point { constructor(private x: number) {} }
    export const optional: { a?: number } = { a: undefined };
    import { Color as Type } from './camelCase.ts';
  `,
  'scripts/camelCase.ts': "export * from './types.ts';\nexport type Color = any\nexport default 1;\n",
};

type Offence = { readonly check: string; readonly rule: string };
const found = (check: string, ...rules: string[]): Offence[] => rules.map((rule) => ({ check, rule }));

/** What the checks must find in the tree. */
export const OFFENCES: readonly Offence[] = [
  ...found('format and lint', 'useFilenamingConvention', 'noDefaultExport', 'noExplicitAny', 'noReExportAll', 'format'),
  ...found('promises', 'no-floating-promises', 'await-thenable', 'no-misused-promises', 'return-await'),
  ...found('promises', 'switch-exhaustiveness-check'),
  ...found('types', 'erasableSyntaxOnly', 'exactOptionalPropertyTypes', 'TS2322', 'TS6133'),
  ...found('imports', 'no-cycles', 'no-unresolvable', 'no-orphans', 'no-dead-files', 'no-barrels:', 'no-barrels-made'),
  ...found('imports', 'processes-meet-in-the-database', 'embedded-only-starts', 'shared-knows-no-process'),
  ...found('imports', 'errors-at-the-bottom', 'job-is-pure', 'wire-knows-only-the-domain', 'adapters-are-siblings'),
  ...found('imports', 'adapters-are-given-their-runtime', 'cli-speaks-http', 'sql-has-one-home'),
  ...found('imports', 'sqlite-files-of-their-own', 'express-has-one-home', 'subprocesses-have-one-home'),
  ...found('imports', 'product-needs-no-tests', 'no-dev-packages'),
];

/** A small repository with this one's configuration and packages, in which every rule is broken. */
export async function makeOffendingTree(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ffmill-offences-'));
  for (const file of CONFIGURATION) await cp(path.join(ROOT, file), path.join(folder, file));
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [file, text] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
