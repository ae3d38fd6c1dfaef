// npm run check [-- --fix]: format, lint, promises, types and import boundaries; says nothing when all is well.
import path from 'node:path';
import { CHECKS } from './checks.ts';
import { runCheck } from './run-check.ts';

const root = path.resolve(import.meta.dirname, '..');

if (process.argv.includes('--fix')) {
  await runCheck({ name: 'fix', args: ['biome', 'check', '--write', '.'] }, root);
}

const results = await Promise.all(CHECKS.map((check) => runCheck(check, root)));
for (const { name, passed, output } of results) {
  if (passed) continue;
  console.error(`\n── ${name} ──\n${output}`);
  process.exitCode = 1;
}
