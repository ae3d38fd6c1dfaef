import { PROFILES } from '../../../shared/job/profile.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { table } from '../print/table.ts';

/** A farm may be of another version than this client; without one these are the profiles of `transcode`. */
export const profiles: CommandRun = async (context) => {
  const found = context.env.FFMILL_URL ? await farmClient(context).listProfiles() : PROFILES;
  const text = table(
    ['PROFILE', 'WHAT IT MAKES'],
    found.map(({ name, description }) => [name, description]),
  );
  context.output.answer({ profiles: found }, text);
  return EXIT.done;
};
