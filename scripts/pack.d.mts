/** Folders of the packages that are published. */
export function publishedFolders(): string[];
/** Packs every published package into a folder. @returns paths of the tarballs by the packages' names */
export function packAll(out: string): Record<string, string>;
