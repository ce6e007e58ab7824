/** A process that films the actors that its parent names, and ends when its parent does. */
import { loadVideoWriter } from "../lib/video/videoWriter.ts";
import { filmActor, type WorkerReply, type WorkerTask } from "./produce.ts";

const loaded = loadVideoWriter();

process.on("message", ({ start, index }: WorkerTask) => {
  // A parent that is gone hears nothing; that is no failure.
  void loaded.then(() => process.send?.(perform({ start, index }), () => undefined));
});
// Ctrl-C reaches the whole group of processes; the parent hears it, and ends this one after its actor.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

function perform({ start, index }: WorkerTask): WorkerReply {
  try {
    return filmActor(start, index);
  } catch (error) {
    return { error: (error as Error).message };
  }
}
