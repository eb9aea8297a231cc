// `node tools/button.ts OWNER/REPOSITORY TAG`: the Deploy to Azure button of a release, as Markdown. The portal of Azure
// loads template and form in the browser, from the raw addresses of a public repository.

/** Link to the portal of Azure with the template and the form of a tag. */
export function buttonLink(repository: string, tag: string): string {
  const raw = (file: string) =>
    encodeURIComponent(
      `https://raw.githubusercontent.com/${repository}/${encodeURIComponent(tag)}/infra/${file}`,
    );
  const form = `createUIDefinitionUri/${raw("createUiDefinition.json")}`;
  return `https://portal.azure.com/#create/Microsoft.Template/uri/${raw("azuredeploy.json")}/${form}`;
}

/** Where the package of a release is downloaded: what the form asks for as the address of the package. */
export function packageLink(repository: string, tag: string): string {
  return `https://github.com/${repository}/releases/download/${encodeURIComponent(tag)}/arcgis-backup-for-azure.zip`;
}

if (import.meta.main) {
  const [repository = "", tag = ""] = process.argv.slice(2);
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || tag === "") {
    console.error("Needed: OWNER/REPOSITORY TAG");
    process.exitCode = 2;
  } else {
    console.log(`[![Deploy to Azure](https://aka.ms/deploytoazurebutton)](${buttonLink(repository, tag)})\n`);
    console.log(`Address of the package: ${packageLink(repository, tag)}\n`);
  }
}
