/** Properties of a video, by ffprobe. */

import { MediaError } from "../errors.ts";
import { statesEnd } from "./clock.ts";
import { type Orientation, orientationOf } from "./orientation.ts";
import { runFfprobe } from "./program.ts";
import { requireFile } from "./readable.ts";

/** The video stream of a file. */
export interface ProbedVideo {
  /** Number of the stream in the file. */
  readonly stream: number;
  readonly pixelFormat: string;
  /** False if the stream says that none of its frames is interlaced. */
  readonly mayBeInterlaced: boolean;
  readonly width: number;
  readonly height: number;
  /** Width of a pixel over its height. */
  readonly pixelAspect: number;
  /** Seconds per timestamp tick. */
  readonly tickSeconds: number;
  readonly frameSeconds: number;
  /** 0 if the container does not state it. */
  readonly durationSeconds: number;
  /** See `ClockSettings`. */
  readonly isDurationTheEnd: boolean;
  /** Of the file, or of its first frame. */
  readonly orientation: Orientation | null;
  /** True if the container states it; otherwise frames may state another. */
  readonly isOrientationOfFile: boolean;
  /** False for bare streams, for which ffmpeg makes times up. */
  readonly hasTimes: boolean;
}

/** FFmpeg's names of formats that are a codec's stream and nothing else. */
const BARE = /^(h26[1345]|hevc|vvc|evc|m4v|mpegvideo|obu|cavsvideo|avs2|avs3|dirac|vc1)$/;

/** What ffprobe prints; each field may be missing. */
interface Side {
  readonly displaymatrix?: string;
}
interface Stream {
  readonly index: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly pix_fmt?: string;
  readonly field_order?: string;
  readonly width?: number;
  readonly height?: number;
  readonly time_base?: string;
  readonly sample_aspect_ratio?: string;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly duration?: string;
  readonly bit_rate?: string;
  readonly nb_frames?: string;
  readonly disposition?: Readonly<Record<string, number>>;
  readonly side_data_list?: readonly Side[];
}
interface Printed {
  readonly streams?: readonly Stream[];
  readonly format?: { readonly duration?: string; readonly format_name?: string };
  readonly frames?: readonly { readonly side_data_list?: readonly Side[] }[];
}

/** Keeps playlists from fetching addresses, and names with a colon from being taken for a protocol. */
export const inputOf = (path: string): string[] => ["-protocol_whitelist", "file", "-i", `file:${path}`];

/** @throws MediaError if the file cannot be opened as video */
export async function probeVideo(path: string): Promise<ProbedVideo> {
  await requireFile(path);
  const { streams = [], format } = await probe(path, ["-show_streams", "-show_format"]);
  const stream = pick(streams, path);
  const hasTimes = !BARE.test(format?.format_name ?? "");
  const stated = matrixOf(stream.side_data_list);
  return {
    stream: stream.index,
    pixelFormat: stream.pix_fmt ?? "",
    mayBeInterlaced: stream.field_order !== "progressive",
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    pixelAspect: ratio(stream.sample_aspect_ratio?.replace(":", "/")) || 1,
    tickSeconds: ratio(stream.time_base) || 1e-3,
    // The other rate is a guess from the stream's own clock, which need not be set.
    frameSeconds: 1 / (ratio(stream.avg_frame_rate) || (hasTimes && ratio(stream.r_frame_rate)) || 25),
    durationSeconds: seconds(stream.duration) || seconds(format?.duration),
    isDurationTheEnd: statesEnd(format?.format_name),
    hasTimes,
    orientation: stated ?? (await orientationOfFrame(path, stream.index)),
    isOrientationOfFile: stated !== null,
  };
}

async function probe(path: string, show: readonly string[]): Promise<Printed> {
  const { stdout, stderr, failed } = await runFfprobe([
    "-v",
    "error",
    ...show,
    "-of",
    "json",
    ...inputOf(path),
  ]);
  if (!failed) return JSON.parse(stdout) as Printed;
  const reason = stderr.trim().split("\n").at(-1)?.replace(`file:${path}: `, "");
  throw new MediaError(path, "media that FFmpeg reads", reason || "a file that it refuses");
}

/** As FFmpeg's own choice: the default stream, then the one with the most data. */
function pick(streams: readonly Stream[], path: string): Stream {
  const isPicture = (stream: Stream) => stream.disposition?.attached_pic === 1;
  const videos = streams.filter((stream) => stream.codec_type === "video" && !isPicture(stream));
  const weight = ({ disposition, bit_rate, nb_frames }: Stream) => [
    (disposition?.default ?? 0) - (disposition?.visual_impaired ?? 0),
    Number(bit_rate ?? 0),
    Number(nb_frames ?? 0),
  ];
  const [best] = videos.toSorted((a, b) => {
    const [left, right] = [weight(a), weight(b)];
    return (
      right.map((value, i) => value - left[i]!).find((difference) => difference !== 0) ?? a.index - b.index
    );
  });
  if (best === undefined) {
    const audio = streams.some((stream) => stream.codec_type === "audio");
    throw new MediaError(path, "a video stream", audio ? "audio only" : "neither video nor audio");
  }
  if (best.codec_name === undefined || best.codec_name === "unknown")
    throw new MediaError(path, "a video codec with a decoder", "another");
  return best;
}

/** H.264 and HEVC may state it with their frames. */
async function orientationOfFrame(path: string, stream: number): Promise<Orientation | null> {
  const show = ["-select_streams", `${stream}`, "-show_frames", "-read_intervals", "%+#1"];
  // A first frame that does not decode says nothing; reading the film will tell.
  const { frames = [] } = await probe(path, show).catch((): Printed => ({}));
  return matrixOf(frames[0]?.side_data_list);
}

/** "00000000:  0  65536  0\n00000001: ..." to a matrix. */
function matrixOf(sides: readonly Side[] | undefined): Orientation | null {
  const text = sides?.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix;
  if (text === undefined) return null;
  const rows = text.trim().split("\n");
  const values = rows.flatMap((row) => row.replace(/^\d+:/, "").trim().split(/\s+/).map(Number));
  return orientationOf(new Uint8Array(Int32Array.from(values).buffer));
}

/** "30000/1001" or "1/12800"; 0 for "0/0" and for none. */
function ratio(text: string | undefined): number {
  const [num, den] = (text ?? "").split("/").map(Number);
  return num! > 0 && den! > 0 ? num! / den! : 0;
}

const seconds = (text: string | undefined): number => Math.max(0, Number(text ?? 0)) || 0;
