import type { ComponentChildren } from "preact";

interface EmptyProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What to run, one command each. */
  readonly commands?: readonly string[];
}

/** Says what is missing and which commands make it. */
export function Empty({ title, children, commands = [] }: EmptyProps) {
  return (
    <section class="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {commands.length > 0 && (
        <pre>
          {commands.map((command) => (
            <code key={command}>{command}</code>
          ))}
        </pre>
      )}
    </section>
  );
}
