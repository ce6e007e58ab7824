/** Interlaced frames to whole ones, by FFmpeg's bwdif: two fields taken one after the other would show every edge twice. */

import { AV_BUFFERSRC_FLAG_KEEP_REF, AV_FRAME_FLAG_INTERLACED, AV_NOPTS_VALUE } from "node-av/constants";
import { Filter, type FilterContext, FilterGraph, Frame } from "node-av/lib";

/** Any will do: the filter asks for the order of frames alone. */
const TICKS_PER_SECOND = 1000;

interface Graph {
  readonly graph: FilterGraph;
  readonly source: FilterContext;
  readonly sink: FilterContext;
  /** Ticks that come out for each that goes in: bwdif counts in fields. */
  readonly ticksPerTick: bigint;
  /** Of the frames it takes. */
  readonly layout: string;
}

/**
 * Takes all frames of a stream from the first interlaced one on, for each is made with the help of its neighbours; progressive
 * ones come out as they went in. One frame comes out for each that goes in, one later, with its own time.
 */
export class Deinterlacer implements Disposable {
  readonly #out = new Frame();
  #graph: Graph | null = null;

  constructor() {
    this.#out.alloc();
  }

  /** @returns frames that are ready; the same Frame object each time */
  *push(frame: Frame): Generator<Frame, void> {
    const layout = layoutOf(frame);
    if (this.#graph?.layout !== layout) {
      yield* this.flush();
      this.#graph = openGraph(layout);
    }
    frame.pts = frame.bestEffortTimestamp;
    const taken = this.#graph?.source.buffersrcAddFrameSync(frame, AV_BUFFERSRC_FLAG_KEEP_REF) ?? -1;
    if (taken >= 0) yield* this.#ready();
    else {
      // Too small for the filter, or in a format of its own: with both fields in one picture it is at least read.
      frame.clearFlags(AV_FRAME_FLAG_INTERLACED);
      yield frame;
    }
  }

  /** The frames that are still held, after the last one. */
  *flush(): Generator<Frame, void> {
    if (this.#graph === null) return;
    this.#graph.source.buffersrcAddFrameSync(null);
    yield* this.#ready();
    this.#close();
  }

  *#ready(): Generator<Frame, void> {
    const out = this.#out;
    while (this.#graph !== null && this.#graph.sink.buffersinkGetFrameSync(out) >= 0) {
      const isTimed = out.pts !== AV_NOPTS_VALUE;
      out.bestEffortTimestamp = isTimed ? out.pts / this.#graph.ticksPerTick : AV_NOPTS_VALUE;
      yield out;
      out.unref();
    }
  }

  #close(): void {
    this.#graph?.graph.free();
    this.#graph = null;
  }

  [Symbol.dispose](): void {
    this.#close();
    this.#out.free();
  }
}

/** What a graph is made for, as the arguments of its source. */
function layoutOf({ width, height, format, colorSpace, colorRange, sampleAspectRatio }: Frame): string {
  const aspect = `${sampleAspectRatio.num}/${Math.max(1, sampleAspectRatio.den)}`;
  return (
    `video_size=${width}x${height}:pix_fmt=${format}:time_base=1/${TICKS_PER_SECOND}:pixel_aspect=${aspect}` +
    `:colorspace=${colorSpace}:range=${colorRange}`
  );
}

function ticksPerTick(sink: FilterContext): bigint {
  const { num, den } = sink.buffersinkGetTimeBase();
  return BigInt(Math.max(1, Math.round(den / (num * TICKS_PER_SECOND))));
}

function openGraph(layout: string): Graph | null {
  const graph = new FilterGraph();
  graph.alloc();
  graph.nbThreads = 1;
  const source = graph.createFilter(Filter.getByName("buffer")!, "in", layout);
  const filter = graph.createFilter(Filter.getByName("bwdif")!, "bwdif", "mode=send_frame:deint=interlaced");
  const sink = graph.createFilter(Filter.getByName("buffersink")!, "out");
  if (source !== null && filter !== null && sink !== null) {
    const isWhole = source.link(0, filter, 0) >= 0 && filter.link(0, sink, 0) >= 0 && graph.configSync() >= 0;
    if (isWhole) return { graph, source, sink, layout, ticksPerTick: ticksPerTick(sink) };
  }
  graph.free();
  return null;
}
