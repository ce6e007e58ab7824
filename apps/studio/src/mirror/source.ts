/** Where pictures come from: the webcam, or a file that was chosen or dropped. */

export type MirrorSource =
  | { readonly kind: "webcam"; readonly element: HTMLVideoElement; readonly name: string }
  | { readonly kind: "video"; readonly element: HTMLVideoElement; readonly name: string }
  | { readonly kind: "image"; readonly element: HTMLImageElement; readonly name: string };

/** The picture cannot be had; the message says why. */
export class SourceError extends Error {
  override readonly name = "SourceError";
}

const WISHED = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
  facingMode: "user",
};

/** @throws SourceError if there is no camera, or it may not be used */
export async function openWebcam(): Promise<MirrorSource> {
  const source: MirrorSource = { kind: "webcam", element: newVideo(), name: "webcam" };
  try {
    source.element.srcObject = await navigator.mediaDevices.getUserMedia({ video: WISHED, audio: false });
    await source.element.play();
  } catch (error) {
    closeSource(source);
    throw new SourceError(webcamMessage(error as Error));
  }
  return source;
}

function webcamMessage({ name, message }: Error): string {
  if (name === "NotAllowedError")
    return "The browser was not allowed to use the camera: allow it beside the address, then try again. Or open a picture or a video.";
  if (name === "NotFoundError") return "No camera was found: connect one, or open a picture or a video.";
  if (name === "NotReadableError")
    return "The camera is in use by another program: close that, then try again.";
  return `The camera cannot be used: ${message}. Connect another, or open a picture or a video.`;
}

/** @throws SourceError if the browser cannot show it */
export async function openFile(file: File): Promise<MirrorSource> {
  const url = URL.createObjectURL(file);
  try {
    const source = await loadFile(file, url);
    const { width, height } = sizeOf(source);
    if (width > 0 && height > 0) return source;
    closeSource(source);
  } catch {
    URL.revokeObjectURL(url);
    throw new SourceError(
      `${file.name}: expected a picture (JPEG, PNG, WebP) or a film (MP4 with H.264, WebM), received a file that this browser cannot show. Convert it, or choose another.`,
    );
  }
  throw new SourceError(
    `${file.name}: expected a picture or a film of some width and height, received a file without: sound alone, or a drawing (SVG) of no size. Choose another, or give it a size.`,
  );
}

async function loadFile({ name, type }: File, url: string): Promise<MirrorSource> {
  if (type.startsWith("video/")) return { kind: "video", element: await playVideo(url), name };
  const element = new Image();
  element.alt = name;
  element.src = url;
  await element.decode();
  return { kind: "image", element, name };
}

async function playVideo(url: string): Promise<HTMLVideoElement> {
  const element = newVideo();
  element.src = url;
  element.loop = true;
  await element.play();
  if (element.duration === Number.POSITIVE_INFINITY) await findEnd(element);
  return element;
}

/** Past any film: a browser that is sent there reads how long this one is. */
const PAST_THE_END = 1e9;

/** Films that a browser recorded do not say how long they are. */
async function findEnd(element: HTMLVideoElement): Promise<void> {
  const told = new Promise<void>((resolve) => {
    element.addEventListener("durationchange", () => resolve(), { once: true });
  });
  element.currentTime = PAST_THE_END;
  await told;
  element.currentTime = 0;
}

function newVideo(): HTMLVideoElement {
  const element = document.createElement("video");
  element.muted = true;
  element.playsInline = true;
  return element;
}

/** Frees the camera, or the file's memory. */
export function closeSource({ element }: MirrorSource): void {
  if (element instanceof HTMLImageElement) {
    URL.revokeObjectURL(element.src);
    return;
  }
  element.pause();
  const { srcObject } = element;
  if (srcObject instanceof MediaStream) for (const track of srcObject.getTracks()) track.stop();
  else URL.revokeObjectURL(element.src);
}

/** Size of the picture, pixels. */
export function sizeOf({ element }: MirrorSource): { width: number; height: number } {
  return element instanceof HTMLImageElement
    ? { width: element.naturalWidth, height: element.naturalHeight }
    : { width: element.videoWidth, height: element.videoHeight };
}
