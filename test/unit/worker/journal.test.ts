import { expect, test } from 'vitest';
import { type JournalEntry, openJournal } from '../../../services/worker/journal.ts';
import { type AttemptId, type InstanceId, newId } from '../../../shared/job/ids.ts';
import { reportBody } from '../../../shared/wire/workers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const report = (attempt: AttemptId, outcome: 'done' | 'canceled' = 'done'): JournalEntry => ({
  ...{ type: 'report', attempt },
  body: reportBody.parse({ outcome }),
});

test('entries outlast the process, in the order in which they were first written', async () => {
  const folder = await temporaryFolder();
  const [first, second, third] = [newId<AttemptId>(), newId<AttemptId>(), newId<AttemptId>()];
  const journal = openJournal(folder);
  for (const attempt of [first, second, third]) journal.put(report(attempt));
  journal.put(report(first, 'canceled'));
  journal.remove(second);
  journal.close();
  const reopened = openJournal(folder);
  expect(reopened.entries()).toEqual([report(first, 'canceled'), report(third)]);
  reopened.close();
});

test('it remembers folders once, until they are forgotten', async () => {
  const journal = openJournal(await temporaryFolder());
  for (const path of ['/b', '/a', '/b']) journal.rememberFolder(path);
  expect(journal.folders()).toEqual(['/a', '/b']);
  journal.forgetFolder('/a');
  expect(journal.folders()).toEqual(['/b']);
  journal.close();
});

test('it knows the last registered life', async () => {
  const journal = openJournal(await temporaryFolder());
  expect(journal.formerInstance()).toBeNull();
  const [first, second] = [newId<InstanceId>(), newId<InstanceId>()];
  journal.setInstance(first);
  journal.setInstance(second);
  expect(journal.formerInstance()).toBe(second);
  journal.close();
});
