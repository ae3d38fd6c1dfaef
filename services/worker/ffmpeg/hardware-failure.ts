import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import { isHardware } from '../../../shared/job/pools.ts';
import { ownWords } from './log-line.ts';

/**
 * What FFmpeg, its libraries and drivers say when a device or its encoder fails, in the words of 5.1 to 7.1: no driver,
 * no device, no session or memory left, a profile or size that the device does not know, an encode that broke off.
 */
const DEVICE_FAILURES: readonly RegExp[] = [
  // NVENC
  /Cannot load (?:libcuda|libnvidia-encode|nvcuda|nvEncodeAPI)|minimum required Nvidia driver|CUDA_ERROR_|Failed loading/,
  /[Nn]o capable devices found|No NVENC capable devices|OpenEncodeSessionEx failed|InitializeEncoder failed/,
  /Failed creating CUDA context|EncodePicture failed|Failed (?:locking|unlocking) bitstream|CreateInputBuffer failed/,
  /cu(?:Init|DeviceGet|CtxCreate|CtxPushCurrent|MemAlloc)\S* failed|(?:not|un)supported by (?:the )?(?:device|GPU|hardware)/,
  // VAAPI
  /No VA display found|Failed to initialise VAAPI connection|No usable encoding (?:profile|entrypoint)/,
  /Failed to (?:create encode|begin picture|end picture|upload encode|sync to picture|map output)|vaapi.*not supported/i,
  /Driver does not support|hwupload|hardware (?:device|frames) (?:reference|context)/i,
  // Quick Sync
  /MFX session|Error (?:initializing|during|submitting).*(?:encod|MFX)|Current .*not supported|unsupported ratecontrol/i,
  // VideoToolbox
  /cannot create compression session|Error encoding frame|cannot prepare encoder|Error: -129\d\d/i,
  // any of them
  /Device creation failed|Failed to set value .* for option 'init_hw_device'|No device available|Device setup failed/,
];

/** What a run in hardware may be told for want of better words; the same run in software will tell, if it is not that. */
const DOUBTFUL: readonly ErrorCode[] = ['invalid_options', 'no_encoder', 'ffmpeg_failed', 'ffmpeg_stalled'];

/**
 * The failure of a run, put down to its hardware encoder where it was one and nothing else is known to be the cause:
 * `hardware_failed`, in FFmpeg's words.
 */
export function failureOfHardware(failure: AppError, complaints: readonly string[], args: readonly string[]): AppError {
  const encoder = args.find((value, place) => args[place - 1] === '-c:v' && isHardware(value));
  if (encoder === undefined) return failure;
  const line = complaints.find((candidate) => DEVICE_FAILURES.some((pattern) => pattern.test(candidate)));
  if (line === undefined && !DOUBTFUL.includes(failure.code)) return failure;
  const words = line === undefined ? failure.message : ownWords(line);
  return new AppError('hardware_failed', words.startsWith(`${encoder}:`) ? words : `${encoder}: ${words}`);
}
