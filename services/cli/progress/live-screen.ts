import type { Terminal } from '../output.ts';

/** A few lines at the end of a terminal that are drawn over and over, with room to say something above them. */
export type LiveScreen = {
  show(lines: readonly string[]): void;
  say(text: string): void;
  /** Draws what was shown last, and gives the cursor back. Safe twice. */
  close(): void;
};

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const ERASE_BELOW = '\x1b[J';
const ERASE_REST_OF_LINE = '\x1b[K';
/** Ten a second look smooth; more only make a slow connection slower. */
const BETWEEN_DRAWINGS_MS = 100;

export function createLiveScreen(terminal: Terminal): LiveScreen {
  let wanted: readonly string[] = [];
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;
  let lastDrawing = -Infinity;
  let open = true;

  const toTop = () => (drawn === 0 ? '\r' : `\x1b[${drawn}A\r`);
  function draw(): void {
    clearTimeout(timer);
    timer = undefined;
    lastDrawing = performance.now();
    const lines = wanted.map((line) => `${line}${ERASE_REST_OF_LINE}\n`).join('');
    terminal.write(`${HIDE_CURSOR}${toTop()}${lines}${ERASE_BELOW}`);
    drawn = wanted.length;
  }

  return {
    show(lines) {
      if (!open) return;
      wanted = lines;
      const wait = lastDrawing + BETWEEN_DRAWINGS_MS - performance.now();
      if (wait <= 0) draw();
      else timer ??= setTimeout(draw, wait);
    },
    say(text) {
      terminal.write(`${toTop()}${ERASE_BELOW}${text}\n`);
      drawn = 0;
      if (open && wanted.length > 0) draw();
    },
    close() {
      if (!open) return;
      if (wanted.length > 0) draw();
      open = false;
      terminal.write(SHOW_CURSOR);
    },
  };
}
