import { expect, test } from 'vitest';
import {
  FINAL_JOB_STATES,
  JOB_TRANSITIONS,
  jobStatesBefore,
  TASK_TRANSITIONS,
  taskStatesBefore,
} from '../../../shared/job/transitions.ts';

test('nothing leaves a final job state', () => {
  for (const state of FINAL_JOB_STATES) expect(JOB_TRANSITIONS[state]).toEqual([]);
});

test('canceling has one exit', () => {
  expect(TASK_TRANSITIONS.canceling).toEqual(['canceled']);
  expect(JOB_TRANSITIONS.canceling).toEqual(['canceled']);
});

test('once a decision to publish stands, nothing leads to a cancel', () => {
  expect(TASK_TRANSITIONS.committing).not.toContain('canceling');
  expect(TASK_TRANSITIONS.committing).not.toContain('canceled');
});

test('the guards derive from the tables', () => {
  expect(taskStatesBefore('committing')).toEqual(['running']);
  expect(taskStatesBefore('running')).toEqual(['pending', 'assigned']);
  expect(jobStatesBefore('completed')).toEqual(['running']);
});
