/** Text inside XML and HTML: escaped, without characters that neither may hold. */

import { visibleInMarkup } from '../base/visible.ts'

/** XML 1.0, section 2.2: other controls, half surrogates and non-characters are not allowed even as references. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const names: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it is shown: the characters that an eye, or a font, gets to see. */
export const shown = (text: string): string => visibleInMarkup(text.replace(forbidden, '\ufffd'))

/** For text and for attributes in quotation marks. */
export const escaped = (text: string): string =>
  shown(text).replace(/[&<>"']/g, (character) => names[character] as string)

/** The head of a page that loads nothing and runs nothing. */
export const pageHead = (title: string, style: string): string => `<!doctype html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
`

export const pageEnd = '</body>\n</html>\n'

/** Shared by all pages that list things: readable on a screen and on paper, in black and white too. */
export const tableStyle = `
body{font:16px/1.5 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:78rem;padding:0 1rem;color:#111;background:#fff}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:700;padding:.5rem 0}
th,td{border:1px solid #999;padding:.35rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eee}td.valid::before{content:"✔ "}td.invalid::before{content:"✘ "}td.undetermined::before{content:"? "}td.missing::before{content:"– "}
td.invalid{font-weight:700}small{color:#444}@media print{body{margin:0;max-width:none}tr{break-inside:avoid}thead{display:table-header-group}}
`
