import type { CommandSpec, OptionSpec } from './command.ts';

type Commands = Readonly<Record<string, CommandSpec>>;

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  json: { value: null, help: 'print exactly one JSON document on stdout, errors included' },
  help: { value: null, help: 'explain the command' },
} as const satisfies Record<string, OptionSpec>;

const ENDINGS = `Exit codes:
  0    done
  1    failed: the job, or what was asked
  2    the command line or the request is not valid
  130  canceled or interrupted

Environment:
  FFMILL_URL       the farm to talk to, e.g. http://farm:8080; without it transcode works on this machine alone,
                   and the other commands ask http://127.0.0.1:8080 (ffmill up)
  FFMILL_DATA_DIR  where this machine keeps state; default $XDG_STATE_HOME/ffmill or ~/.local/state/ffmill
  NO_COLOR         no colours

Ctrl-C cancels the job and waits until nothing of it is left; a second one ends at once. The same transcode command
run again after a crash goes on where it was.`;

/** All commands on one page. */
export function overview(commands: Commands): string {
  const rows = Object.entries(commands).map(([name, { operands, summary }]) => [
    [name, ...operands].join(' '),
    summary,
  ]);
  return [
    'Usage: ffmill COMMAND [OPTIONS]',
    '',
    columns(rows),
    '',
    'ffmill help COMMAND explains one of them. JOB is a number or an id. --json works everywhere.',
    '',
    ENDINGS,
  ].join('\n');
}

/** One command on one page, with examples. */
export function commandHelp(name: string, spec: CommandSpec): string {
  const options = Object.entries({ ...spec.options, ...COMMON_OPTIONS });
  return [
    usageLine(name, spec),
    '',
    `${spec.summary.charAt(0).toUpperCase()}${spec.summary.slice(1)}.`,
    '',
    'Options:',
    columns(options.map(([option, { value, help }]) => [[`--${option}`, ...(value ? [value] : [])].join(' '), help])),
    '',
    'Examples:',
    ...spec.examples.map((example) => `  ${example}`),
    '',
    ENDINGS,
  ].join('\n');
}

/** The line that follows a usage error. */
export function usageLine(name: string, spec: CommandSpec): string {
  return ['Usage: ffmill', name, ...spec.operands, '[OPTIONS]'].join(' ');
}

function columns(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([left = '']) => left.length));
  return rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
