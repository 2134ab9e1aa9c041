/** Names of the files beside certificates that hold their anchors. */

const sidecarEnd = '.anchor.json'

export const isSidecarName = (name: string): boolean => name.toLowerCase().endsWith(sidecarEnd)

/** `NUMBER.anchor.json` beside `NUMBER.json` and `NUMBER.jwt`; an SD-JWT of the same number has its own beside it. */
export const sidecarName = (file: string): string =>
  file.endsWith('.sd-jwt') ? `${file}${sidecarEnd}` : `${file.replace(/\.[^./]+$/, '')}${sidecarEnd}`

/** The names under which a certificate's anchors may stand. */
export const sidecarNames = (file: string): readonly string[] => [
  ...new Set([sidecarName(file), `${file}${sidecarEnd}`, `${file.replace(/\.[^./]+$/, '')}${sidecarEnd}`]),
]
