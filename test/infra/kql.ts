// Microsoft's own language service over the columns that the alerts' queries may use.
import { createRequire } from "node:module";

/** The part of the language service that is used; its own types need its runtime's globals. */
interface Kusto {
  readonly Language: {
    readonly Symbols: {
      readonly TableSymbol: { From(schema: string): { WithName(name: string): object } };
      readonly DatabaseSymbol: { readonly ctor: new (name: string, members: readonly object[]) => object };
    };
    readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
    readonly KustoCode: { ParseAndAnalyze(text: string, globals: object): Analyzed };
  };
}

interface Analyzed {
  GetDiagnostics(): { readonly Count: number; getItem(index: number): { Message: string; Severity: string } };
  readonly ResultType: {
    readonly Columns?: {
      readonly Count: number;
      getItem(index: number): { Name: string; Type: { Name: string } };
    };
  };
}

// As Azure Monitor documents the table AppTraces.
const APP_TRACES =
  "(TimeGenerated: datetime, Message: string, SeverityLevel: int, AppRoleName: string, Properties: dynamic, _ResourceId: string)";

let language: Kusto["Language"] | undefined;

function load(): Kusto["Language"] {
  if (language !== undefined) return language;
  const require = createRequire(import.meta.url);
  require("@kusto/language-service-next/bridge.min.js");
  require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
  language = (globalThis as unknown as { Kusto: Kusto }).Kusto.Language;
  return language;
}

/** What the service finds wrong in a query, and the columns of its rows as `name: type`. */
export function analyze(query: string): { problems: readonly string[]; columns: readonly string[] } {
  const { Symbols, GlobalState, KustoCode } = load();
  const table = Symbols.TableSymbol.From(APP_TRACES).WithName("AppTraces");
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("logs", [table]));
  const code = KustoCode.ParseAndAnalyze(query, globals);
  const found = code.GetDiagnostics();
  const columns = code.ResultType.Columns;
  return {
    problems: Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message),
    columns: Array.from({ length: columns?.Count ?? 0 }, (_, index) => {
      const column = columns?.getItem(index);
      return `${column?.Name ?? ""}: ${column?.Type.Name ?? ""}`;
    }),
  };
}
