/**
 * What several pieces of one sweep amount to. Each is done whatever becomes of the others: one queue in trouble shall
 * not keep the other classes from their tokens. @throws the first failure, when all are over.
 */
export async function sumOfAll(pieces: readonly Promise<number>[]): Promise<number> {
  const ended = await Promise.allSettled(pieces);
  const failed = ended.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return ended.reduce((sum, end) => sum + (end.status === 'fulfilled' ? end.value : 0), 0);
}
