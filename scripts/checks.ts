/**
 * What `npm run check` runs: programs of node_modules/.bin, silent when all is well. test/repo/checks.test.ts runs the
 * same list, and shows that each of them can fail.
 */
export type Check = { readonly name: string; readonly args: readonly [program: string, ...string[]] };

export const CHECKS: readonly Check[] = [
  { name: 'format and lint', args: ['biome', 'ci', '--error-on-warnings', '--colors=off', '.'] },
  { name: 'promises', args: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', args: ['tsc', '--pretty', 'false'] },
  {
    name: 'imports',
    args: [
      'depcruise',
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      'shared',
      'services',
      'test',
      'scripts',
      'bin',
    ],
  },
];
