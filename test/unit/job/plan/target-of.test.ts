import { expect, it } from 'vitest';
import { completeAssembleSpec } from '../../../../shared/job/plan/complete-assemble-spec.ts';
import { planEncode } from '../../../../shared/job/plan/plan-encode.ts';
import { planProbe } from '../../../../shared/job/plan/plan-probe.ts';
import { targetOf } from '../../../../shared/job/plan/target-of.ts';
import { timeLimitMs } from '../../../../shared/job/plan/time-limit-ms.ts';
import { facts, request } from './sample-facts.ts';

it('parts lie in a hidden folder beside the output', () => {
  expect(targetOf('j', { output: '/media/a b/out.MKV', overwrite: true })).toEqual({
    ...{ output: '/media/a b/out.MKV', container: 'matroska', overwrite: true, parts: '/media/a b/.ffmill-j' },
  });
  expect(targetOf('j', { output: '${media}/out.mp4', overwrite: false }).parts).toBe('${media}/.ffmill-j');
});

it('an output without a known extension is refused', () => {
  for (const output of ['/media/out', '/media/out.exe', '/media/mp4'])
    expect(() => targetOf('j', { output, overwrite: false })).toThrow(
      expect.objectContaining({ code: 'invalid_path' }),
    );
});

it('the probe knows what it has to look for', () => {
  const { kind, spec } = planProbe({ jobId: 'j', request: request(), slots: 4 });
  expect([kind, spec.scratch, spec.slots, spec.input]).toEqual(['probe', '${scratch}/j', 4, '/media/in.mp4']);
});

it('the time limit is the one asked for, else follows from the media', () => {
  expect(timeLimitMs(7, 100)).toBe(7000);
  expect(timeLimitMs(0, 0)).toBe(600_000);
  expect(timeLimitMs(0, 10)).toBeGreaterThan(timeLimitMs(0, 1));
});

it('the join gets the segments in the order of time and expects the sum of their frames', () => {
  const assemble = planEncode(facts()).tasks.find((task) => task.kind === 'assemble');
  if (assemble === undefined) throw new Error('nothing is joined');
  const part = (ordinal: number) => ({
    ...{ ordinal, frames: 250, first_ticks: ordinal * 128_000, last_ticks: ordinal * 128_000 + 127_488, damage: [] },
    file: { path: `\${scratch}/${ordinal}`, size_bytes: 1 },
  });
  const rest = { path: '${scratch}/rest', size_bytes: 2 };
  const spec = completeAssembleSpec(assemble.spec, [part(2), part(0), part(1)], { file: rest, damage: [] });
  expect(spec.segments.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2]);
  expect(spec.expect.frames).toBe(750);
  expect(spec.rest).toEqual(rest);
});
