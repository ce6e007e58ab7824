/** Longest search step, seconds: films of up to 60 frames a second lose no frame to it. */
const MOST_STEP = 1 / 60;
/** A browser that does not tell which frame it shows is not waited for longer, milliseconds. */
const PATIENCE_MS = 500;

/**
 * Shows the frame after the one shown, or the one before, and pauses the film. No browser tells the length of a film's frames,
 * and a slow machine has not seen each of them: the film is moved by less than a frame until another one shows.
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
  // The middle of the shortest frame that may come: its edge may be shown as the frame before.
  for (let moved = direction > 0 ? 1.5 * by : 0.5 * by; ; moved += by) {
    const to = seconds + direction * moved;
    if (to < 0 || to > video.duration) return;
    const shown = await seekTo(video, to);
    if (shown === undefined || Math.abs(shown - seconds) > 1e-4) return;
  }
}

/** Goes to a time and waits for the frame there. @returns that frame's time; none if the browser does not tell */
function seekTo(video: HTMLVideoElement, to: number): Promise<number | undefined> {
  if (!("requestVideoFrameCallback" in video)) {
    (video as HTMLVideoElement).currentTime = to;
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
