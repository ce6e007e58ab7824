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
      <h1>{title}</h1>
      <p>{children}</p>
      {commands.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
        <pre tabIndex={0}>
          {commands.map((command) => (
            <code key={command}>{command}</code>
          ))}
        </pre>
      )}
    </section>
  );
}
