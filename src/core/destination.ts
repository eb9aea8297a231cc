// The place of backups in words. Records, the manifest and messages name it by one text: a container's name, or the
// absolute path of a folder, which alone has a slash or a backslash in it.
import { printable } from "./printable.ts";
import type { Destination } from "./profile.ts";

/** A container's name, or a folder's path. */
export function destinationName({ container, folder }: Destination): string {
  return folder ?? container;
}

export function isFolderPath(name: string): boolean {
  return /[\\/]/.test(name);
}

/** `the container "backups"`, `the folder "D:\Backups"`; safe to print. */
export function destinationWords(name: string): string {
  return `the ${isFolderPath(name) ? "folder" : "container"} "${printable(name, 200)}"`;
}

/** A run's folder in its destination, as one would type it: `backups/acme_...`, `D:\Backups\acme_...`. Safe to print. */
export function placeText(name: string, folder: string): string {
  const separator = name.includes("\\") ? "\\" : "/";
  return printable(`${name.replace(/[\\/]+$/, "")}${separator}${folder}`);
}
