import { expect, test } from 'vitest';
import { byteSize, clockTime, counted, percent } from '../../../../services/cli/print/amounts.ts';

test.each([
  [0, '0:00'],
  [7.4, '0:07'],
  [59.6, '1:00'],
  [3723, '1:02:03'],
  [-1, '0:00'],
])('%d s is %s', (seconds, text) => {
  expect(clockTime(seconds)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [41_103_522, '41.1 MB'],
  [987_654_321, '988 MB'],
  [3e15, '3000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.29, '29 %'],
  [0.999, '99 %'],
  [1, '100 %'],
  [1.5, '100 %'],
])('%d done is %s', (part, text) => {
  expect(percent(part)).toBe(text);
});

test('one is no plural', () => {
  expect([counted(1, 'segment'), counted(2, 'segment')]).toEqual(['1 segment', '2 segments']);
});
