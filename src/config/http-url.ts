/** True for an absolute URL of HTTP or HTTPS. */
export function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol);
}
