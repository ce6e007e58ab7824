/** The networks that find faces, in a thread of their own: the page's thread takes frames and paints meanwhile. */
import { answerCalls } from "./answerCalls.ts";
import { scaledBox } from "./boxes.ts";
import { FaceFollower, type FollowedFace, type KnownFace } from "./faceFollower.ts";
import { type FaceNetworks, loadFaceNetworks } from "./faceNetworks.ts";

/** A frame to look at. */
export interface FindRequest {
  /** As large as the source, or reduced. */
  readonly frame: VideoFrame | ImageBitmap;
  /** Width of the source, pixels. */
  readonly sourceWidth: number;
  /** Whether the frame is the first of another source, follows a jump, or follows the one before. */
  readonly follows: "source" | "jump" | "frame";
  /** Whether no later frame will make up for a face that is overlooked. */
  readonly isStill: boolean;
  /** Faces that were seen at about this time of the film, in pixels of the source. */
  readonly known: readonly KnownFace[];
  /** Above the numbers of all faces that were seen in the film. */
  readonly nextId: number;
}

/** What the worker is sent: first that it shall load the networks, then frames. */
export type FaceRequest = "load" | FindRequest;
export type FaceAnswer = "loaded" | FoundFaces;

/** What was found in a frame. */
export interface FoundFaces {
  /** The frame as it is shown. */
  readonly picture: ImageBitmap;
  /** The frame as it was looked at; undefined if there is no face. */
  readonly pixels: ImageData | undefined;
  /** Size of the frame as it was looked at. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the source in one of the frame that was looked at. */
  readonly reduction: number;
  /** The largest first. */
  readonly followed: readonly FollowedFace[];
}

/** Longer side of the pictures looked at, pixels: faces of a large one are no better for it. */
const MOST_SIDE = 480;
/** Longer side of the pictures shown, pixels. */
const MOST_SHOWN = 1280;

const shown = new OffscreenCanvas(1, 1);
const lookedAt = new OffscreenCanvas(1, 1);
let networks: FaceNetworks;
let follower: FaceFollower;

answerCalls<FaceRequest, FaceAnswer>(
  async (request) => {
    if (request !== "load") return find(request);
    networks = await loadFaceNetworks();
    return "loaded";
  },
  (answer) =>
    answer === "loaded" ? [] : [answer.picture, ...(answer.pixels ? [answer.pixels.data.buffer] : [])],
);

async function find({
  frame,
  sourceWidth,
  follows,
  isStill,
  known,
  nextId,
}: FindRequest): Promise<FoundFaces> {
  const [frameWidth, frameHeight] =
    frame instanceof ImageBitmap ? [frame.width, frame.height] : [frame.displayWidth, frame.displayHeight];
  const sizeWithin = (side: number) => {
    const scale = Math.min(1, side / Math.max(frameWidth, frameHeight));
    return [Math.round(frameWidth * scale), Math.round(frameHeight * scale)] as const;
  };
  try {
    drawTo(shown, frame, ...sizeWithin(MOST_SHOWN));
  } finally {
    frame.close();
  }
  const [width, height] = sizeWithin(MOST_SIDE);
  const context = drawTo(lookedAt, shown, width, height);
  const picture = shown.transferToImageBitmap();
  const reduction = sourceWidth / width;
  if (follows === "source") follower = new FaceFollower(networks, nextId);
  if (follows !== "frame")
    follower.reset(known.map(({ id, box }) => ({ id, box: scaledBox(box, 1 / reduction) })));
  const followed = await follower.next({ picture: lookedAt, width, height }, isStill);
  const pixels = followed.length > 0 ? context.getImageData(0, 0, width, height) : undefined;
  return { picture, pixels, width, height, reduction, followed };
}

function drawTo(
  canvas: OffscreenCanvas,
  picture: CanvasImageSource,
  width: number,
  height: number,
): OffscreenCanvasRenderingContext2D {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // Its pixels are read back, so it is kept in main memory.
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, width, height);
  return context;
}
