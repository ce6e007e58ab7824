import { useId } from "preact/hooks";

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  /** The id of the one chosen. */
  readonly value: string;
  readonly onChoose: (id: string) => void;
}

/** One of several by name. */
export function Choice({ label, options, value, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  );
}
