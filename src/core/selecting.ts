// Rules of the plan that come before all others: what the run's options leave out is read no further.
import { type Choice, noValue } from "./choice.ts";
import type { ListedItem } from "./item.ts";
import { type GroupItems, leftOutBy, type Taken } from "./select.ts";

export interface SelectContext extends Taken {
  /** What the groups that the lists name hold. */
  readonly groups?: GroupItems;
  /** False: items of type Service Definition are not taken. */
  readonly serviceDefinitions?: boolean;
}

/** Set for an item that the run does not take; the reason names the list or the option. */
export function notSelected(item: ListedItem, context: SelectContext): Choice | undefined {
  const list = leftOutBy(item, context, context.groups);
  if (list !== undefined) return noValue("not-selected", list);
  return context.serviceDefinitions === false && item.type.toLowerCase() === "service definition"
    ? noValue("not-selected", "Service definition: left out by the option serviceDefinitions")
    : undefined;
}
