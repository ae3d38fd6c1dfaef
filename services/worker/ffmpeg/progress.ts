/** How far FFmpeg is. A value that FFmpeg does not know yet (`N/A`) is null. */
export type FfmpegProgress = {
  readonly frame: number;
  readonly fps: number | null;
  /** Seconds of media made in a second. */
  readonly speed: number | null;
  readonly outTimeUs: number | null;
  readonly totalSize: number | null;
};

/**
 * Reads what `-progress` writes: lines `key=value`, of which `progress=continue` or `progress=end` closes a block.
 * Unknown keys are passed over: every version has more of them.
 */
export function readProgress(onProgress: (progress: FfmpegProgress) => void): (line: string) => void {
  const block = new Map<string, string>();
  return (line) => {
    const equals = line.indexOf('=');
    if (equals < 0) return;
    const key = line.slice(0, equals);
    block.set(key, line.slice(equals + 1).trim());
    if (key !== 'progress') return;
    onProgress(progressOf(block));
    block.clear();
  };
}

function progressOf(block: ReadonlyMap<string, string>): FfmpegProgress {
  return {
    frame: numberOf(block.get('frame')) ?? 0, // absent when no video is written
    fps: numberOf(block.get('fps')),
    speed: numberOf(block.get('speed')),
    outTimeUs: numberOf(block.get('out_time_us')),
    totalSize: numberOf(block.get('total_size')),
  };
}

/** `25.00`, `1.5x`, ` 0.98x`; anything else is unknown. */
function numberOf(text: string | undefined): number | null {
  const number = Number.parseFloat(text ?? '');
  return Number.isFinite(number) ? number : null;
}
