import type { CommandSpec } from './command.ts';
import { JOB_OPTIONS } from './job-options.ts';

const SLOTS = { value: 'N', help: 'how many encodes run at once on this machine; default: one per processor' };

/** Every command, in the order of the help. */
export const COMMANDS = {
  transcode: {
    operands: ['IN', 'OUT'],
    summary: 'encode a file and wait for it; without FFMILL_URL on this machine alone',
    options: { ...JOB_OPTIONS, slots: SLOTS },
    examples: [
      'ffmill transcode in.mkv out.mp4',
      'ffmill transcode in.mkv out.mkv --profile hevc-1080p --verify full --overwrite',
      'ffmill transcode in.mp4 out.mp4 --crf 18 --preset slow --audio-codec copy',
      'ffmill transcode --segment 20 -- -odd-name.mp4 out.mp4',
    ],
    load: async () => (await import('./commands/transcode.ts')).transcode,
  },
  up: {
    operands: [],
    summary: 'start a farm on this machine: coordinator, janitor and worker in one process',
    options: {
      port: { value: 'PORT', help: 'where it listens on 127.0.0.1; 0 takes a free one; default: FFMILL_PORT or 8080' },
      data: { value: 'DIR', help: 'where its state is kept; default: FFMILL_DATA_DIR or ~/.local/state/ffmill' },
      slots: SLOTS,
    },
    examples: ['ffmill up', 'ffmill up --port 9000 --data /srv/ffmill --slots 4'],
    load: async () => (await import('./commands/up.ts')).up,
  },
  submit: {
    operands: ['IN', 'OUT'],
    summary: 'hand a job to the farm and print it; does not wait',
    options: JOB_OPTIONS,
    examples: ['ffmill submit in.mkv out.mp4 --profile av1', 'ffmill submit --json in.mkv out.mp4 | jq -r .id'],
    load: async () => (await import('./commands/submit.ts')).submit,
  },
  list: {
    operands: [],
    summary: 'list jobs, newest first',
    options: {
      state: { value: 'STATE', help: 'only jobs in this state, e.g. running' },
      label: { value: 'LABEL', help: 'only jobs with this label' },
      limit: { value: 'N', help: 'at most so many; default 20' },
    },
    examples: ['ffmill list', 'ffmill list --state failed --json'],
    load: async () => (await import('./commands/list.ts')).list,
  },
  show: {
    operands: ['JOB'],
    summary: 'show a job and its tasks',
    options: {},
    examples: ['ffmill show 12', 'ffmill show --json 12 | jq .job.stats'],
    load: async () => (await import('./commands/show.ts')).show,
  },
  watch: {
    operands: ['JOB'],
    summary: 'follow a job until it ends',
    options: {},
    examples: ['ffmill watch 12'],
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  logs: {
    operands: ['JOB'],
    summary: 'print what FFmpeg said',
    options: { follow: { value: null, help: 'go on until the job ends' } },
    examples: ['ffmill logs 12', 'ffmill logs 12 --follow'],
    load: async () => (await import('./commands/logs.ts')).logs,
  },
  cancel: {
    operands: ['JOB'],
    summary: 'cancel a job and wait until nothing of it runs any more',
    options: {},
    examples: ['ffmill cancel 12'],
    load: async () => (await import('./commands/cancel.ts')).cancel,
  },
  retry: {
    operands: ['JOB'],
    summary: 'submit a failed or canceled job once more, as a new job',
    options: {},
    examples: ['ffmill retry 12'],
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  workers: {
    operands: ['[drain|resume|forget]', '[NAME]'],
    summary: 'list the machines that do the work; drain one (it finishes and takes no more), resume or forget it',
    options: { wait: { value: null, help: 'with drain: go on until it holds no task any more' } },
    examples: [
      'ffmill workers',
      'ffmill workers drain mill-3 --wait',
      'ffmill workers resume mill-3',
      'ffmill workers forget mill-3',
    ],
    load: async () => (await import('./commands/workers.ts')).workers,
  },
  why: {
    operands: ['JOB'],
    summary: 'say why a job is in the state it is in',
    options: {},
    examples: ['ffmill why 12'],
    load: async () => (await import('./commands/why.ts')).why,
  },
  profiles: {
    operands: [],
    summary: 'list the profiles',
    options: {},
    examples: ['ffmill profiles'],
    load: async () => (await import('./commands/profiles.ts')).profiles,
  },
  admin: {
    operands: ['janitor', 'run', '[SWEEP]'],
    summary: 'let the janitor sweep now and tell what it repaired',
    options: {},
    examples: ['ffmill admin janitor run', 'ffmill admin janitor run reconcile-queues --json'],
    load: async () => (await import('./commands/admin.ts')).admin,
  },
  migrate: {
    operands: [],
    summary: 'bring the database of a farm (FFMILL_DATABASE, an account that may change tables) to this version',
    options: {},
    examples: ['ffmill migrate'],
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  help: {
    operands: ['[COMMAND]'],
    summary: 'explain a command',
    options: {},
    examples: ['ffmill help transcode'],
    load: async () => (await import('./commands/help.ts')).help,
  },
} as const satisfies Record<string, CommandSpec>;

type CommandName = keyof typeof COMMANDS;

/** Looks a command up by what the user typed. */
export function findCommand(name: string): CommandSpec | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name as CommandName] : undefined;
}
