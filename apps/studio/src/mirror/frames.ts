/** When a film or the camera has another frame. */
import type { MirrorSource } from "./source.ts";

/** A film that goes on for so long and so many updates of the page, and tells no frame, tells none: WebKit's on Linux is such a one. */
const SILENT_SECONDS = 1;
const SILENT_UPDATES = 30;

const silent = new WeakSet<HTMLVideoElement>();
/** Times of the frames told last by those that tell them. */
const told = new WeakMap<HTMLVideoElement, number>();
/** Times of the frames taken last from those that are silent. */
const taken = new WeakMap<HTMLVideoElement, number>();

/** Whether the browser says which frame of a film is shown. */
export const tellsFrames = (video: HTMLVideoElement): boolean =>
  "requestVideoFrameCallback" in video && !silent.has(video);

/**
 * The next frame of a film; a picture has one. A film that was stopped has no next one: the signal ends the waiting. The last one before a
 * pause comes twice, because a frame that stands still is looked at more thoroughly; the next one of a paused film comes after a seek.
 * @returns its time in the film, seconds; about that if the browser does not tell it
 */
export async function nextFrame({ element }: MirrorSource, signal: AbortSignal): Promise<number> {
  if (element instanceof HTMLImageElement) return 0;
  if (tellsFrames(element)) {
    const seconds = await toldFrame(element, signal);
    if (seconds !== undefined || signal.aborted) return seconds ?? 0;
  }
  return movedFrame(element, signal);
}

/** @returns undefined if it was stopped, or does not tell its frames */
function toldFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const handle = video.requestVideoFrameCallback((_, { mediaTime }) => {
      told.set(video, mediaTime);
      end(mediaTime);
    });
    let isOver = false;
    const end = (seconds?: number) => {
      isOver = true;
      signal.removeEventListener("abort", stop);
      video.removeEventListener("pause", lookAgain);
      video.cancelVideoFrameCallback(handle);
      resolve(seconds);
    };
    const stop = () => end();
    signal.addEventListener("abort", stop);
    // The frame shown may be one that is about to be told.
    const lookAgain = () =>
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (!isOver && video.paused && !video.seeking && told.has(video)) end(told.get(video));
        }),
      );
    video.addEventListener("pause", lookAgain);
    if (!told.has(video))
      afterSilence(
        video,
        () => isOver,
        () => {
          silent.add(video);
          end();
        },
      );
  });
}

function afterSilence(video: HTMLVideoElement, isOver: () => boolean, then: () => void): void {
  const start = video.currentTime;
  let updates = 0;
  const look = () => {
    if (isOver()) return;
    const isSilent = ++updates > SILENT_UPDATES && Math.abs(video.currentTime - start) > SILENT_SECONDS;
    if (isSilent) then();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Waits until the film is at another time than that of the frame taken last. */
function movedFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<number> {
  const wasPaused = video.paused;
  return new Promise((resolve) => {
    const look = () => {
      const { currentTime, seeking, paused } = video;
      const isSame = currentTime === taken.get(video) && (wasPaused || !paused);
      if (!signal.aborted && (seeking || isSame)) {
        requestAnimationFrame(look);
        return;
      }
      taken.set(video, currentTime);
      resolve(currentTime);
    };
    requestAnimationFrame(look);
  });
}
