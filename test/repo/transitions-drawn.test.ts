import { expect, test } from 'vitest';
import { JOB_TRANSITIONS, TASK_TRANSITIONS } from '../../shared/job/transitions.ts';
import { read } from './repo-files.ts';

/** The arrows of the n-th state diagram of ARCHITECTURE.md. */
function drawn(index: number): string[] {
  const diagrams = [...read('ARCHITECTURE.md').matchAll(/```mermaid\nstateDiagram-v2\n([\s\S]*?)```/g)];
  return [...(diagrams[index]?.[1] ?? '').matchAll(/(\w+) --> (\w+)/g)]
    .map(([, from, to]) => `${from} ${to}`)
    .toSorted();
}

function allowed(table: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(table)
    .flatMap(([from, targets]) => targets.map((to) => `${from} ${to}`))
    .toSorted();
}

test('the diagram of tasks shows exactly the transitions that the code allows', () => {
  expect(drawn(0)).toEqual(allowed(TASK_TRANSITIONS));
});

test('the diagram of jobs shows exactly the transitions that the code allows', () => {
  expect(drawn(1)).toEqual(allowed(JOB_TRANSITIONS));
});
