import { tellsFrames } from "./frames.ts";

/** Longest search step, seconds: films of up to 60 frames a second lose no frame to it. */
const MOST_STEP = 1 / 60;
/** A frame that does not come is not waited for longer, milliseconds. */
const PATIENCE_MS = 500;
/** No frame of a film that is stepped through is longer than these steps together. */
const MOST_STEPS = 120;
/** Times of one frame differ by less, seconds. */
const SAME = 1e-3;

/**
 * Shows the frame after the one shown, or the one before, and pauses the film. No browser tells the length of a film's frames,
 * and a slow machine has not seen each of them: the film is moved by less than a frame until another one shows. Whoever moves or plays the
 * film meanwhile ends the search.
 * @param seconds time of the frame shown   @param frameSeconds a guess; the search goes by no more
 */
export async function stepFrame(
  video: HTMLVideoElement,
  seconds: number,
  direction: 1 | -1,
  frameSeconds: number,
): Promise<void> {
  video.pause();
  const by = Math.min(frameSeconds, MOST_STEP);
  for (let step = 0; step < MOST_STEPS; step++) {
    // First the middle of the shortest frame that may come: its edge may be shown as the frame before.
    const to = seconds + direction * by * (step + (direction > 0 ? 1.5 : 0.5));
    if (to < 0 || to > video.duration) return;
    const shown = await seekTo(video, to);
    const isMoved = !video.paused || Math.abs(video.currentTime - to) > SAME;
    const isOther = shown !== undefined && Math.abs(shown - seconds) > SAME;
    if (isMoved || isOther || !tellsFrames(video)) return;
  }
}

/** Goes to a time and waits for the frame there. @returns that frame's time; none if it did not come, or the browser does not tell */
function seekTo(video: HTMLVideoElement, to: number): Promise<number | undefined> {
  if (!tellsFrames(video)) {
    video.currentTime = to;
    return Promise.resolve(undefined);
  }
  return new Promise((resolve) => {
    let hasArrived = false;
    let shown: number | undefined;
    const end = () => {
      clearTimeout(timer);
      video.removeEventListener("seeked", arrive);
      video.cancelVideoFrameCallback(handle);
      resolve(shown);
    };
    const arrive = () => {
      hasArrived = true;
      if (shown !== undefined) end();
    };
    const listen = () =>
      video.requestVideoFrameCallback((_, { mediaTime }) => {
        shown = mediaTime;
        handle = listen();
        if (hasArrived) end();
      });
    let handle = listen();
    const timer = setTimeout(end, PATIENCE_MS);
    video.addEventListener("seeked", arrive);
    video.currentTime = to;
  });
}
