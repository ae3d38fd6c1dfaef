import { expect, test } from 'vitest';
import { type LockFile, missingOptionals } from '../../scripts/missing-optionals.ts';
import { read } from './repo-files.ts';

const lock: LockFile = JSON.parse(read('package-lock.json'));

test('the lock file does not say which registry served a package', () => {
  const resolved = Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined);
  expect(resolved.map(([name]) => name)).toEqual([]);
});

test('the lock file holds the optional packages of other platforms (else: node scripts/complete-lock-file.ts)', () => {
  expect(missingOptionals(lock)).toEqual({});
});

test('an optional package that npm left out is found, with its platform', () => {
  const pinned = { '@x/cli-linux-x64-musl': '1.2.3', '@x/cli-win32-arm64': '1.2.3', loose: '^1.0.0' };
  expect(
    missingOptionals({ packages: { 'node_modules/@x/cli': { dev: true, optionalDependencies: pinned } } }),
  ).toEqual({
    'node_modules/@x/cli-linux-x64-musl': {
      version: '1.2.3',
      cpu: ['x64'],
      libc: ['musl'],
      os: ['linux'],
      dev: true,
      optional: true,
    },
    'node_modules/@x/cli-win32-arm64': { version: '1.2.3', cpu: ['arm64'], os: ['win32'], dev: true, optional: true },
  });
});

test('the versions are exact, and the lock file agrees with package.json', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
  }
});
