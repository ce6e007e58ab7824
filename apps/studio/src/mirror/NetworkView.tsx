import { useLayoutEffect, useRef } from "preact/hooks";

interface NetworkViewProps {
  /** [size, size, 3] RGB; undefined where no face is seen. */
  readonly view: Uint8Array | undefined;
  readonly size: number;
}

/** What the network sees of the face. */
export function NetworkView({ view, size }: NetworkViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // With the update that shows the frame.
  useLayoutEffect(() => {
    const context = canvas.current!.getContext("2d")!;
    if (view === undefined) {
      context.clearRect(0, 0, size, size);
      return;
    }
    const image = context.createImageData(size, size);
    for (let from = 0, to = 0; from < view.length; from += 3, to += 4) {
      image.data[to] = view[from]!;
      image.data[to + 1] = view[from + 1]!;
      image.data[to + 2] = view[from + 2]!;
      image.data[to + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [view, size]);
  return (
    <figure class="network-view">
      <canvas ref={canvas} width={size} height={size} role="img" aria-label="What the network sees" />
      <figcaption>What the network sees: {size} px</figcaption>
    </figure>
  );
}
