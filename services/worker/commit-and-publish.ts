import { AppError, failure, failureOf } from '../../shared/errors.ts';
import type { PathNames } from '../../shared/storage/path-names.ts';
import type { Publication } from '../../shared/storage/publish-part.ts';
import { removeFilesOf } from '../../shared/storage/remove-files-of.ts';
import { type CommitBody, type ReportBody, reportBody } from '../../shared/wire/workers.ts';
import { type Delivery, deliver } from './deliver-report.ts';
import type { PublishOrder } from './journal.ts';
import { publishPatiently } from './publish-patiently.ts';
import type { Timing } from './timing.ts';

type Publishing = Delivery & { readonly paths: PathNames; readonly timing: Timing };

/**
 * The end of an attempt that publishes. The decision is recorded before the name changes (PROTOCOL A1):
 *
 * | step             | on disk                | row        | kill -9                     | paused past the lease      | lost answer      | fenced here          |
 * | ---------------- | ---------------------- | ---------- | --------------------------- | -------------------------- | ---------------- | -------------------- |
 * | verified part    | part                   | running    | claimed again; part swept   | claimed again: 409 below   | –                | lost: part removed   |
 * | journal          | part, entry            | running    | replay asks for the commit  | the same                   | –                | the commit says so   |
 * | commit asked     | part, entry            | either     | replay asks again           | settled, if committed      | asked again: 204 | 409: part removed    |
 * | 204              | part, entry            | committing | replay or a settler goes on | settler publishes this part | –               | not any more         |
 * | others unlinked  | part                   | committing | the same                    | the same                   | –                | –                    |
 * | link, rename     | final (and part)       | committing | final is the winner's: done | ENOENT, EEXIST: it is ours | –                | –                    |
 * | folder synced    | final                  | committing | the same                    | the same                   | –                | –                    |
 * | report asked     | final, entry           | either     | replay reports again        | 204, also after a settler  | asked again: 204 | –                    |
 * | 204              | final                  | completed  | –                           | –                          | –                | –                    |
 *
 * Returns what is to be reported.
 */
export async function commitAndPublish(
  publishing: Publishing,
  { order, body, begun, giveUp }: { order: PublishOrder; body: CommitBody; begun: boolean; giveUp: AbortSignal },
): Promise<ReportBody> {
  const { coordinator, sending, paths } = publishing;
  const attempt = order.winner;
  const entry = { type: 'commit', attempt, order, body } as const;
  const refusal = await deliver(publishing, entry, () => coordinator.commit(attempt, body, sending));
  if (refusal !== undefined) {
    await paths
      .locate(order.target.parts)
      .then((parts) => removeFilesOf(attempt, parts))
      .catch((error: unknown) => publishing.log.warn({ err: error, attempt }, 'part not removed'));
    return reportOfRefusal(refusal);
  }
  const report = await publish(publishing, { order, begun, missUntil: 0, giveUp }, body);
  // Only a settler may take the decision back, after a longer wait.
  return report.outcome === 'rolled_back' ? leftToOthers : report;
}

/**
 * `fenced` because the job is being canceled: the report confirms that. For another reason: the report is refused too.
 * A refusal of the body itself would come again and again, so it uses the retries.
 */
function reportOfRefusal(refusal: AppError): ReportBody {
  if (refusal.code === 'fenced' || refusal.code === 'not_found') return reportBody.parse({ outcome: 'canceled' });
  return reportBody.parse({ outcome: 'retry', error: failure('internal', `commit refused: ${refusal.message}`) });
}

type Decision = {
  readonly order: PublishOrder;
  readonly begun: boolean;
  readonly missUntil: number;
  readonly giveUp: AbortSignal;
};

/** Carries out a decision that is recorded, for the winner itself or on its behalf. Returns what is to be reported. */
export async function publish(
  { paths, timing, log }: Pick<Publishing, 'paths' | 'timing' | 'log'>,
  { order, begun, missUntil, giveUp }: Decision,
  { metrics, command }: Pick<CommitBody, 'metrics' | 'command'>,
): Promise<ReportBody> {
  try {
    const end = await publishPatiently(() => locate(order, paths, begun), {
      signal: giveUp,
      missUntil,
      timing,
      onTrouble: (error) => log.warn({ err: error, winner: order.winner }, 'publication has to wait'),
    });
    if (end === 'published') return reportBody.parse({ outcome: 'done', result: order.file, metrics, command });
    return end === 'vanished' ? vanished : leftToOthers;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return reportBody.parse({ outcome: 'reject', error: failureOf(error) });
  }
}

const vanished: ReportBody = reportBody.parse({
  outcome: 'rolled_back',
  error: failure('part_lost', 'the finished file has vanished'),
});

/** The decision stands; only who carries it out changes. */
const leftToOthers: ReportBody = reportBody.parse({
  outcome: 'interrupted',
  counted: false,
  error: failure('storage_failed', 'the finished file could not be published yet'),
});

async function locate(order: PublishOrder, paths: PathNames, begun: boolean): Promise<Publication> {
  const { kind, winner, target, file, source } = order;
  return {
    kind,
    winner,
    part: await paths.locate(file.part, 'keep'),
    parts: await paths.locate(target.parts),
    final: await paths.locate(target.output, 'keep'),
    source: await paths.locate(source),
    overwrite: target.overwrite,
    inode: file.inode,
    sizeBytes: file.size_bytes,
    begun,
  };
}
