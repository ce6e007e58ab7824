import { ExplainedError, setting, settingText } from "../../lib/errors.ts";

/** Another program listens on the studio's port. */
export class PortInUseError extends ExplainedError {
  override readonly name = "PortInUseError";

  constructor(readonly port: number) {
    super(
      setting("port"),
      "a free port",
      `${port}, on which another program listens (perhaps another studio)`,
      `Close it, or use ${settingText("port", port < 65535 ? port + 1 : port - 1)}.`,
    );
  }
}

/** A path given to the studio that is no folder. */
export class StudioFolderError extends ExplainedError {
  override readonly name = "StudioFolderError";

  constructor(path: string, received: string) {
    super(path, "a folder with runs, stores or models", received, "Check the path.");
  }
}

/** The pages were not built. */
export class PagesError extends ExplainedError {
  override readonly name = "PagesError";

  constructor(folder: string) {
    super(
      folder,
      "the studio's pages",
      "a folder without them",
      "Install duchenne again; in a clone, run make build. `npx duchenne doctor` shows what else is missing.",
    );
  }
}

/** A request that the server refuses or cannot answer: the text of an HTTP answer. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    readonly status: 400 | 403 | 404,
    message: string,
  ) {
    super(message);
  }
}

/** A batch or a map could not be made; the message is the library's. */
export class ComputeError extends Error {
  override readonly name = "ComputeError";
}
