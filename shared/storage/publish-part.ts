import { link as linkFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import type { AttemptId } from '../job/ids.ts';
import { errnoOf } from './errno.ts';
import { type FileIdentity, identifyFile } from './file-identity.ts';
import { fsyncDirectory } from './fsync-directory.ts';
import { removeIfEmpty, unlinkIfThere } from './remove-if-there.ts';
import { reserveName } from './reserve-name.ts';
import { unlinkOtherParts } from './unlink-other-parts.ts';

/** A decision to publish that is recorded: whose file goes from where to where. All paths are of this machine. */
export type Publication = {
  readonly kind: string;
  readonly winner: AttemptId;
  readonly part: string;
  /** The folder of the part. */
  readonly parts: string;
  readonly final: string;
  /** The job's input, which is never replaced whatever it is called. */
  readonly source: string;
  readonly overwrite: boolean;
  readonly inode: string;
  readonly sizeBytes: number;
  /** Somebody may have begun before: then an empty file under the final name can be a reservation of ours. */
  readonly begun: boolean;
};

type Link = (from: string, to: string) => Promise<void>;

/** What `link` says on file systems without hard links: vfat, exFAT, SMB, some FUSE. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Puts the winner's part under the final name, durably. Safe to call again after anything, by anyone who holds the
 * decision: it goes on where it was left. `vanished`: neither the part nor its file under the final name is there.
 *
 * @throws AppError `output_exists`, `same_file`, `output_not_a_file`: it can never be published. An error of the system
 * (ENOSPC, EROFS, ESTALE …): try again later, the decision stands.
 */
export async function publishPart(
  publication: Publication,
  { link = linkFile }: { link?: Link } = {},
): Promise<'published' | 'vanished'> {
  const part = await identifyFile(publication.part);
  if (part !== undefined) {
    // Fencing comes first, and only with the part in hand: without one there is nothing that the others could disturb.
    await unlinkOtherParts(publication.parts, publication.kind, publication.winner);
    await refuseSource(publication);
    await (publication.overwrite ? replace(publication) : putUnderFreeName(publication, link));
  }
  const final = await identifyFile(publication.final);
  if (final === undefined || !isWinners(final, publication)) return 'vanished';
  await fsyncDirectory(dirname(publication.final));
  await unlinkIfThere(publication.part);
  await removeIfEmpty(publication.parts);
  return 'published';
}

function isWinners(file: FileIdentity, { inode, sizeBytes }: Publication): boolean {
  return file.inode === inode && file.sizeBytes === sizeBytes;
}

async function refuseSource({ final, source }: Publication): Promise<void> {
  const [present, input] = await Promise.all([
    identifyFile(final, { follow: true }),
    identifyFile(source, { follow: true }),
  ]);
  if (present !== undefined && present.device === input?.device && present.inode === input.inode)
    throw new AppError('same_file', `${final} is the input itself`);
}

/** A part that has just gone (another settler was faster) is no error: the look at the final name decides. */
async function replace({ part, final }: Publication): Promise<void> {
  try {
    await rename(part, final);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EISDIR' || code === 'ENOTEMPTY' || code === 'EEXIST')
      throw new AppError('output_not_a_file', `${final} is a folder`, { cause: error });
    if (code !== 'ENOENT') throw error;
  }
}

async function putUnderFreeName(publication: Publication, link: Link): Promise<void> {
  const { part, final } = publication;
  try {
    await link(part, final);
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code === 'EEXIST') return refuseUnlessWinners(publication);
    if (NO_LINKS.includes(code)) return reserveAndReplace(publication);
    if (code !== 'ENOENT') throw error;
  }
}

async function refuseUnlessWinners(publication: Publication): Promise<void> {
  const present = await identifyFile(publication.final);
  // Gone again between the two looks: said as the storage's error, so that the whole is tried again.
  if (present === undefined) throw Object.assign(new Error('the final name came and went'), { code: 'EAGAIN' });
  if (!isWinners(present, publication)) throw outputExists(publication);
}

async function reserveAndReplace(publication: Publication): Promise<void> {
  const reserved = await reserveName(publication.final, { begun: publication.begun });
  if (reserved) return replace(publication);
  await refuseUnlessWinners(publication);
}

function outputExists({ final }: Publication): AppError {
  return new AppError('output_exists', `${final} exists and may not be replaced`);
}
