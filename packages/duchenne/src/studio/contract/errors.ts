/** Another program listens on the studio's port. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";

  constructor(readonly port: number) {
    super(
      `--port: expected a free port, received ${port}, on which another program listens (perhaps another studio). ` +
        `Close it, or use --port ${port < 65535 ? port + 1 : port - 1}.`,
    );
  }
}

/** A path given to the studio that is no folder. */
export class StudioFolderError extends Error {
  override readonly name = "StudioFolderError";

  constructor(
    readonly path: string,
    readonly received: string,
  ) {
    super(`${path}: expected a folder with runs, stores or models, received ${received}. Check the path.`);
  }
}

/** The pages were not built. */
export class PagesError extends Error {
  override readonly name = "PagesError";

  constructor(readonly folder: string) {
    super(
      `${folder}: expected the studio's pages, received a folder without them. Install duchenne again; in a clone, run make build. \`npx duchenne doctor\` shows what else is missing.`,
    );
  }
}

/** A request that the server refuses or cannot answer. */
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
