import type { ErrorCode } from '../../../shared/errors.ts';

export type FailureRule = { readonly code: ErrorCode; readonly pattern: RegExp; readonly sentence: string };

/** What FFmpeg says when the storage of the output fails. */
export const STORAGE_RULES: readonly FailureRule[] = [
  { code: 'disk_full', pattern: /No space left on device|Disk quota exceeded/, sentence: 'the storage is full' },
  {
    code: 'storage_failed',
    pattern: /Input\/output error|Stale file handle|Read-only file system|Transport endpoint is not connected/,
    sentence: 'the storage failed',
  },
];

/**
 * What FFmpeg says when it fails, in the words of 5.1 and 7.1, and what that means. The first rule that any line meets
 * decides, so causes stand before what follows from them: a full disk makes a muxer fail, which makes an encoder fail;
 * a file without a `moov` is also "invalid data".
 */
export const FAILURE_RULES: readonly FailureRule[] = [
  ...STORAGE_RULES,
  {
    code: 'no_encoder',
    pattern: /Unknown encoder|Encoder not found|Encoder \(codec .*\) not found|Automatic encoder selection failed/,
    sentence: 'this FFmpeg lacks the encoder',
  },
  { code: 'input_missing', pattern: /No such file or directory/, sentence: 'the input does not exist' },
  { code: 'input_unreadable', pattern: /Permission denied/, sentence: 'the input may not be read' },
  { code: 'input_not_a_file', pattern: /Is a directory/, sentence: 'the input is a folder' },
  {
    code: 'input_truncated',
    pattern: /moov atom not found/,
    sentence: 'the input is cut off or its end is damaged: it has no index',
  },
  {
    code: 'input_not_media',
    pattern: /Format not on whitelist/,
    sentence: 'the input is of a kind that is not taken, because such files make FFmpeg read others',
  },
  {
    code: 'invalid_options',
    pattern: /Error setting (?:option|preset|profile)|Unable to parse option|maybe incorrect parameters/,
    sentence: 'the encoder refused the options',
  },
  {
    code: 'invalid_options',
    pattern: /Unrecognized option|Option .*not found|No such filter|Unknown pixel format|matches no streams/,
    sentence: 'FFmpeg refused the options',
  },
];

/** For lines that name the output: the same words then mean something else. */
export const OUTPUT_RULES: readonly FailureRule[] = [
  { code: 'output_exists', pattern: /already exists\. Exiting/, sentence: 'the output exists' },
  {
    code: 'storage_failed',
    pattern: /No such file or directory|Permission denied|Is a directory/,
    sentence: 'the output could not be opened',
  },
];

/** Only when nothing else fits: damage in the middle is "invalid data" too. */
export const OPENING_RULES: readonly FailureRule[] = [
  {
    code: 'input_not_media',
    pattern: /: Invalid data found when processing input$/,
    sentence: 'the input is not a media file that FFmpeg knows',
  },
  { code: 'input_truncated', pattern: /: End of file$/, sentence: 'the input is cut off' },
];

/** What FFmpeg only warns of, and then finds itself without packets. */
export const REFERENCE_RULES: readonly FailureRule[] = [
  {
    code: 'input_not_media',
    pattern: /Skipped opening external track/,
    sentence: 'the input holds no picture or sound of its own but names another file, which is not opened',
  },
];
