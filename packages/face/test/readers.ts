/** The two ways to read a video: FFmpeg in the process (node-av), and the system's program. */
import { readVideoByProgram } from "../src/decode/programVideo.ts";
import { readVideo } from "../src/decode/video.ts";

export const READERS = [
  ["in the process", readVideo],
  ["by the program", readVideoByProgram],
] as const;
