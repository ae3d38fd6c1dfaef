import { afterAll, describe, expect, test } from 'vitest';
import { createBench } from '../../support/ffmill-process.ts';

const NOBODY = { FFMILL_URL: 'http://127.0.0.1:3' };

describe('the command line', () => {
  const bench = createBench();
  afterAll(bench.clear);

  test.each([
    { args: ['transmute'], says: 'There is no command "transmute".' },
    { args: ['transcode', 'in.mp4'], says: 'OUT is missing.\nUsage: ffmill transcode IN OUT [OPTIONS]' },
    { args: ['show', '1', '--deep'], says: "Unknown option '--deep'.\nUsage: ffmill show JOB [OPTIONS]" },
    { args: ['transcode', 'in.mp4', 'out.mp4', '--crf', 'good'], says: '--crf takes a number' },
    { args: ['up', '--slots', '0'], says: '--slots takes a whole number' },
    { args: ['list'], env: { FFMILL_URL: 'farm:8080' }, says: 'FFMILL_URL is not an http address', code: 2 },
  ])('$args is a usage error: exit 2, one sentence, nothing on stdout', async ({ args, env, says }) => {
    const { code, stdout, stderr } = await bench.run(args, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`ffmill: ${says}`);
  });

  test.each([['--version'], ['help'], ['help', 'transcode'], ['list', '--help'], ['profiles']])(
    '%s %s answers without a farm',
    async (...args) => {
      const { code, stdout, stderr } = await bench.run(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );

  test.each([
    { args: ['--version'], document: { version: expect.any(String) } },
    { args: ['help'], document: { help: expect.any(String) } },
    {
      args: ['transmute'],
      document: { error: { code: 'invalid_request', message: expect.any(String), fault: 'request' } },
    },
    { args: ['list'], document: { error: { code: 'unavailable', message: expect.any(String), fault: 'us' } } },
  ])('--json makes $args exactly one document on stdout', async ({ args, document }) => {
    const { stdout } = await bench.run([...args, '--json'], NOBODY);
    expect(JSON.parse(stdout)).toEqual(document);
  });

  test('says at once when nobody answers, and what to do', async () => {
    const begun = performance.now();
    const { code, stderr } = await bench.run(['list'], NOBODY);
    expect(code).toBe(1);
    expect(stderr).toContain('nobody answers at http://127.0.0.1:3: ECONNREFUSED (FFMILL_URL)');
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('the help explains exit codes and shows examples', async () => {
    const { stdout } = await bench.run(['transcode', '--help']);
    expect(stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130 /);
    expect(stdout).toContain('Examples:\n  ffmill transcode in.mkv out.mp4');
  });
});
