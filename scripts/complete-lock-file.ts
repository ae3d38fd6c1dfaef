// node scripts/complete-lock-file.ts: run it after `npm install` has changed package-lock.json.
// npm leaves optional packages of other platforms out of the lock file when it could not see them, and `npm ci` then
// refuses that lock file on every machine. Their parents pin them exactly, so the entries follow from the lock itself.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LockFile, missingOptionals } from './missing-optionals.ts';

const file = path.resolve(import.meta.dirname, '..', 'package-lock.json');
const lock: LockFile = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingOptionals(lock);
const packages = Object.fromEntries(
  Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1)),
);
if (Object.keys(missing).length > 0) writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.log(`added ${Object.keys(missing).length} packages of other platforms`);
