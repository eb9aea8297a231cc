// Finds the pinned Bicep compiler: on PATH, in the cache, or from NuGet by the .NET SDK. It is no part of the tree.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Another version compiles to another text: azuredeploy.json and the snapshots are made by this one. */
export const BICEP_VERSION = "0.49.2";

export type Compiler =
  | { readonly ok: true; readonly file: string }
  /** One sentence that says what is missing and how to get it. */
  | { readonly ok: false; readonly text: string };

/** The compiler's file; fetched once per machine where it is missing. */
export function findBicep(): Compiler {
  if (versionOf("bicep") === BICEP_VERSION) return { ok: true, file: "bicep" };
  const rid = ridOf(process.platform, process.arch, isMusl());
  const file = path.join(packageFolder(rid), "tools", process.platform === "win32" ? "bicep.exe" : "bicep");
  const restored = existsSync(file) ? undefined : restore(rid);
  if (!existsSync(file)) {
    const what = restored === undefined ? "" : ` (dotnet restore: ${restored})`;
    return {
      ok: false,
      text:
        `The Bicep compiler ${BICEP_VERSION} is missing${what}: put a bicep of this version on PATH, or install ` +
        "a .NET SDK of version 8 or later and let it reach NuGet, then repeat",
    };
  }
  // NuGet unpacks without the right to execute.
  if (process.platform !== "win32") chmodSync(file, 0o755);
  return { ok: true, file };
}

/** NuGet's name of the platform, as the compiler's packages carry it. */
export function ridOf(platform: NodeJS.Platform, arch: string, musl: boolean): string {
  const system = platform === "win32" ? "win" : platform === "darwin" ? "osx" : musl ? "linux-musl" : "linux";
  return `${system}-${arch}`;
}

/** A folder for what can be fetched again, outside the tree. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base =
    process.platform === "win32"
      ? (LOCALAPPDATA ?? path.join(homedir(), "AppData", "Local"))
      : (XDG_CACHE_HOME ?? path.join(homedir(), ".cache"));
  return path.join(base, "arcgis-backup-for-azure", "bicep");
}

function packageFolder(rid: string): string {
  return path.join(cacheFolder(), "packages", `azure.bicep.commandline.${rid}`, BICEP_VERSION);
}

/** Runs `dotnet restore` on a project that downloads the one package; what went wrong, or undefined. */
function restore(rid: string): string | undefined {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const project = path.join(folder, "bicep.csproj");
  writeFileSync(
    project,
    `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="Azure.Bicep.CommandLine.${rid}" Version="[${BICEP_VERSION}]" /></ItemGroup>
</Project>
`,
  );
  const args = ["restore", project, "--packages", path.join(folder, "packages"), "--nologo"];
  const run = spawnSync("dotnet", args, { encoding: "utf8", timeout: 300_000 });
  if (run.error !== undefined) return "dotnet cannot be started";
  if (run.status === 0) return undefined;
  return /error[^\n]*/.exec(run.stdout)?.[0].slice(0, 300) ?? `exit code ${run.status ?? "none"}`;
}

function versionOf(file: string): string | undefined {
  const run = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 30_000 });
  return run.status === 0 ? /version (\d+\.\d+\.\d+)/.exec(run.stdout)?.[1] : undefined;
}

function isMusl(): boolean {
  if (process.platform !== "linux") return false;
  try {
    return readFileSync("/usr/bin/ldd", "latin1").includes("musl");
  } catch (error) {
    // Without an ldd there is no Alpine either.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
