/** What a labels file says of an image or video, and the column names under which people write it. */
const NAMES = {
  path: [
    ...["path", "file", "filename", "filepath", "image", "imagepath", "imagefile", "imagename", "imageid"],
    ...["img", "imgpath", "imgfile", "imgname", "video", "videopath", "videofile", "videoname", "clip"],
    ...["clippath", "framepath", "photo", "picture", "relativepath", "subdirectoryfilepath"],
  ],
  expression: [
    ...["expression", "expressionlabel", "expressionname", "facialexpression", "exp", "expr"],
    ...["emotion", "emotionlabel", "emotionname", "facialemotion", "label", "labels", "labelname"],
    ...["class", "classname", "classlabel", "target", "category"],
  ],
  valence: ["valence", "val"],
  arousal: ["arousal", "aro"],
  intensity: ["intensity", "strength"],
  time: ["time", "times", "timeseconds", "timesec", "seconds", "timestamp"],
  subject: [
    ...["subject", "subjectid", "person", "personid", "personname", "identity", "identityid", "id"],
    ...["participant", "participantid", "actor", "actorid", "speaker", "speakerid"],
  ],
  split: ["split", "splits", "usage", "set", "subset", "partition", "fold", "part", "phase"],
} as const satisfies Record<string, readonly string[]>;

export type LabelColumn = keyof typeof NAMES;

const COLUMNS = Object.keys(NAMES) as LabelColumn[];
const BY_NAME = new Map(
  COLUMNS.flatMap((column) => NAMES[column].map((name): [string, LabelColumn] => [name, column])),
);

/** Without regard to case, spaces, hyphens, underscores, dots and brackets: "File_Name" and "time (s)" are known. */
const plain = (name: string): string => name.toLowerCase().replace(/[\s_\-.()[\]]/g, "");

/** What a column of this name holds; undefined if the name is not known. */
export const labelColumn = (name: string): LabelColumn | undefined => BY_NAME.get(plain(name));

export type ChosenColumns = {
  /** Index of the column in the table. */
  indices: ReadonlyMap<LabelColumn, number>;
  /** Names of columns that are not read. */
  ignored: string[];
};

/** Which columns of a table are read: of several that say the same, the one whose name comes first in the list of names. */
export function chooseColumns(header: readonly string[]): ChosenColumns {
  const indices = new Map<LabelColumn, number>();
  const rank = (i: number, column: LabelColumn) =>
    (NAMES[column] as readonly string[]).indexOf(plain(header[i]!));
  header.forEach((name, i) => {
    const column = labelColumn(name);
    if (column === undefined) return;
    const known = indices.get(column);
    if (known === undefined || rank(i, column) < rank(known, column)) indices.set(column, i);
  });
  const read = new Set(indices.values());
  return { indices, ignored: header.filter((name, i) => name !== "" && !read.has(i)) };
}

/** The header that a labels file needs, for errors. */
export const EXPECTED_HEADER =
  "a header line with a column path (or file, filename, image), and any of expression (or emotion, label, class), " +
  "valence, arousal, intensity, time, subject (or person, identity), split; separated by comma, semicolon, tab or |";
