import type { BatchPicture, BatchRow, BatchViews } from "duchenne/studio";
import { ClipPlayer } from "./ClipPlayer.tsx";

interface ClipRowProps {
  readonly row: BatchRow;
  readonly groups: BatchViews["groups"];
  readonly storeId: string;
}

/** One clip of a batch: its film, and what became of the frames drawn from it. */
export function ClipRow({ row, groups, storeId }: ClipRowProps) {
  const { label, clip, pictures } = row;
  const frames = groups[0]!.columns.map((name, i) => ({ name, key: pictures[0]![i]!.key }));
  return (
    <li class="clip">
      <header>
        <h2>{label}</h2>
        {clip && clip.source !== label && <p class="note">{clip.source}</p>}
      </header>
      {clip && clip.frameCount > 1 && <ClipPlayer clip={clip} storeId={storeId} frames={frames} />}
      <div class="groups">
        {groups.map(({ title, columns }, g) => (
          <section key={title} class={`group group-${g + 1}`} aria-label={`${title}, ${label}`}>
            <h3>{title}</h3>
            <ul>
              {pictures[g]!.map((picture, i) => (
                <Tile key={picture.url} column={columns[i]!} picture={picture} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </li>
  );
}

interface TileProps {
  readonly column: string;
  readonly picture: BatchPicture;
}

function Tile({ column, picture: { url, caption, isPale } }: TileProps) {
  return (
    <li class={isPale ? "tile pale" : "tile"}>
      {/* Its names stand beneath it. */}
      <img src={url} alt="" loading="lazy" />
      <span>{column}</span>
      <span class="muted">{caption}</span>
    </li>
  );
}
