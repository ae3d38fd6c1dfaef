import { OWN_PATHS } from '../../../shared/job/path-variable.ts';
import { lackOf, type Needs, type Offer } from '../../../shared/job/queue-class.ts';

/** What these needs ask of a worker, in words that follow a subject: `has ${media} and has proved libx264`. */
export function wordsForNeeds({ encoders, paths }: Needs): string {
  const variables = paths.filter((path) => path !== OWN_PATHS).map(variable);
  return [
    ...(variables.length > 0 ? [`has ${variables.join(' and ')}`] : []),
    ...(paths.includes(OWN_PATHS) ? ['takes absolute names'] : []),
    ...(encoders.length > 0 ? [`has proved ${encoders.join(' and ')}`] : []),
  ].join(' and ');
}

/**
 * Why none of these workers can serve the needs: what none of them has, else all of it, which none has together. A
 * variable that is missing may be a slip of the pen, so those that there are follow.
 */
export function explainLack(needs: Needs, online: readonly Offer[]): string {
  const all: Offer = {
    encoders: online.flatMap(({ encoders }) => encoders),
    paths: [...new Set(online.flatMap(({ paths }) => paths))],
  };
  const lack = lackOf(all, needs);
  const missing = lack.encoders.length + lack.paths.length > 0 ? lack : needs;
  const sentence = `No worker that is online ${wordsForNeeds(missing)}.`;
  const known = all.paths.filter((path) => path !== OWN_PATHS).map(variable);
  return lack.paths.length > 0 && known.length > 0
    ? `${sentence} Path variables there are: ${known.join(', ')}.`
    : sentence;
}

function variable(name: string): string {
  return `\${${name}}`;
}
