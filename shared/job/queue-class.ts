/**
 * The canonical form of what a task needs, e.g. `libx264`, `aac+libx264`, or `any`. Tasks of one class are
 * interchangeable for a worker; each class has one queue.
 */
export type QueueClass = string;

/** The class of a task that needs these encoders. Order and repetition do not matter. */
export function queueClass(encoders: readonly string[]): QueueClass {
  const needed = [...new Set(encoders)].sort();
  return needed.length === 0 ? 'any' : needed.join('+');
}

/** The encoders that a class stands for: the inverse of `queueClass`. */
export function encodersOfClass(name: QueueClass): string[] {
  return name === 'any' ? [] : name.split('+');
}

/** Whether a worker that proved these encoders may take tasks of the class. */
export function serves(proved: readonly string[], name: QueueClass): boolean {
  return encodersOfClass(name).every((encoder) => proved.includes(encoder));
}
