import { table } from '../../services/cli/print/table.ts';
import { percentile } from '../support/percentile.ts';
import type { Fault, Target } from './faults.ts';
import type { Recovery } from './measure-recoveries.ts';

const WHAT: Readonly<Record<Fault['measure'], string>> = {
  takeover: 'its tasks run again (s)',
  'failed requests': 'client requests that failed',
  'gap in writes': 'no write was taken (s)',
  'stalled dispatch': 'a task waited for a claim (s)',
};

const HEADER = ['fault', 'times', 'clean', 'what', 'p50', 'p95', 'worst', 'target', 'met', 'worst of the others'];

/** A row for each kind of fault: clean strikes, then the worst of those into which another tier's fault fell. */
export function recoveryTable(recoveries: readonly Recovery[]): string {
  const kinds = [...new Set(recoveries.map(({ strike }) => strike.fault))];
  const rows = kinds
    .sort((one, other) => Number('target' in other) - Number('target' in one) || one.name.localeCompare(other.name))
    .map((fault) =>
      rowOf(
        fault,
        recoveries.filter(({ strike }) => strike.fault === fault),
      ),
    );
  return table(HEADER, rows);
}

function rowOf({ name, measure, target }: Fault, recoveries: readonly Recovery[]): string[] {
  const clean = recoveries.filter(({ isClean }) => isClean);
  const samples = clean.flatMap((one) => one.samples);
  const others = recoveries.filter(({ isClean }) => !isClean).flatMap((one) => one.samples);
  const figures = [0.5, 0.95, 1].map((share) => percentile(samples, share));
  return [
    name,
    `${recoveries.length}`,
    `${clean.length}`,
    WHAT[measure],
    ...figures.map((figure) => show(figure, measure)),
    target === undefined ? '' : `${target.of} <= ${target.atMost}`,
    target === undefined ? '' : isMet(target, figures),
    show(percentile(others, 1), measure),
  ];
}

function isMet({ of, atMost }: Target, [, p95, worst]: readonly (number | undefined)[]): string {
  const figure = of === 'p95' ? p95 : worst;
  if (figure === undefined) return 'not measured';
  return figure <= atMost ? 'met' : 'NOT MET';
}

function show(figure: number | undefined, measure: Fault['measure']): string {
  if (figure === undefined) return '-';
  return measure === 'failed requests' ? `${figure}` : figure.toFixed(1);
}
