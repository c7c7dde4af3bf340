/** Where a data file beside this folder's code lies: `assetUrl('facts/1.36.json')`. The bundled build copies the folders along. */
export function assetUrl(path: string): URL {
  return new URL(`./${path}`, import.meta.url);
}
