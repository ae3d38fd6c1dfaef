import { table } from '../../../services/cli/print/table.ts';

/** One line of the result: what was measured, the plain way measured beside it, and what was aimed at. */
export type Figure = {
  readonly what: string;
  readonly value: string;
  readonly plain?: string;
  readonly ratio?: number;
  readonly target?: { readonly text: string; readonly met: boolean };
};

const HEAD = ['figure', 'ffmill', 'plain alternative', 'ratio', 'target', 'met'];

/** All figures as a table for people. */
export function tableOf(figures: readonly Figure[]): string {
  return table(HEAD, figures.map(cellsOf));
}

function cellsOf({ what, value, plain = '', ratio, target }: Figure): string[] {
  return [what, value, plain, ratio?.toFixed(2) ?? '', target?.text ?? '', target ? (target.met ? 'yes' : 'NO') : ''];
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const perSecond = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)}/s`;
export const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
