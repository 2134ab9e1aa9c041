import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { concat, utf8 } from '../../src/base/bytes.ts'
import { carrierLimits } from '../../src/carrier/carried.ts'
import { carrierOf } from '../../src/carrier/carriers.ts'
import { svg } from '../../src/carrier/svg.ts'
import { svgLimits } from '../../src/carrier/svg-scan.ts'
import { exampleJson, exampleJws, exampleSvgs, svgOf } from './pictures.ts'

const carrying = async (picture: Bytes) => {
  const found = await svg.read(picture)
  return found.ok ? found.carried.texts.map((text) => new TextDecoder().decode(text)) : found
}

const token = 'eyJhbGciOiJFZERTQSJ9.e30.c2ln'
const baked = `<openbadges:credential verify="${token}"/>`
const withCredential = (rest: string, attributes = '') => svgOf(`${baked}${rest}`, attributes)

describe('a picture with a credential', () => {
  test.each<[what: string, picture: Bytes, text: string]>([
    ['OB-16: the first example of the standard', utf8(exampleSvgs.jws), exampleJws],
    ['OB-16: the second example of the standard', utf8(exampleSvgs.json), `\n        ${exampleJson}\n      `],
    ['a tag that is closed at once', svgOf(baked), token],
    ['apostrophes', svgOf(`<openbadges:credential verify='${token}'/>`), token],
    [
      'another prefix',
      svgOf(`<ob:credential xmlns:ob="https://purl.imsglobal.org/ob/v3p0" verify="${token}"/>`),
      token,
    ],
    [
      'the namespace without a prefix',
      svgOf(`<credential xmlns="https://purl.imsglobal.org/ob/v3p0" verify="${token}"/>`),
      token,
    ],
    [
      'an SVG whose own elements have a prefix',
      utf8(
        `<s:svg xmlns:s="http://www.w3.org/2000/svg"><credential xmlns="https://purl.imsglobal.org/ob/v3p0" verify="${token}"/></s:svg>`,
      ),
      token,
    ],
    [
      'JSON as text',
      svgOf('<openbadges:credential>\n {"a":"&lt;&#26579;&#x67D3;>"}\n</openbadges:credential>'),
      '{"a":"<染染>"}',
    ],
    [
      'JSON in two sections',
      svgOf('<openbadges:credential><![CDATA[{"a":"]]]]><![CDATA[>"}]]></openbadges:credential>'),
      '{"a":"]]>"}',
    ],
    [
      'comments around it',
      svgOf('<openbadges:credential><!-- a --><![CDATA[{}]]><!-- b --></openbadges:credential>'),
      '{}',
    ],
    [
      'ends of lines of another system',
      svgOf('<openbadges:credential><![CDATA[{\r\n}]]></openbadges:credential>'),
      '{\n}',
    ],
    [
      'a byte order mark and a declaration',
      concat(utf8('\ufeff<?xml version="1.0" encoding="utf-8"?>\n'), svgOf(baked)),
      token,
    ],
    ['a comment in front of the picture', concat(utf8('<!-- made by hand -->\n'), svgOf(baked)), token],
    ['other elements in front of it', svgOf(`<title>徽章</title><g><path d="M0 0"/></g>${baked}`), token],
    [
      'an assertion of an older badge beside it',
      withCredential(
        '<openbadges:assertion xmlns:openbadges="http://openbadges.org" verify="https://badges.example/1"/>',
      ),
      token,
    ],
    [
      'what drawing programs write',
      withCredential(
        `<?xpacket begin="x"?><metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description rdf:about="https://a.example"><dc:source>x</dc:source></rdf:Description></rdf:RDF></metadata>
<style>@font-face{font-family:A;src:url("data:font/woff2;base64,AA==")}.a{fill:url(#g);/* b */}</style><defs><linearGradient id="g"/></defs>
<image xlink:href="data:image/png;base64,AA=="/><use href=" #g "/><rect fill="url( '#g' )" style="stroke:#fff" class="a"/><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject><animate attributeName="fill" values="#fff;#000"/>`,
        ' version="1.1" xml:space="preserve" aria-label="a &amp; b"',
      ),
      token,
    ],
  ])('carries %s', async (_, picture, text) => {
    expect(carrierOf(picture)?.kind).toBe('svg')
    expect(await carrying(picture)).toEqual([text])
  })
})

const html = (element: string) =>
  `<foreignObject><${element} xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>`

describe('a picture that would run or fetch something', () => {
  test.each<[inside: string]>([
    ['<script>alert(1)</script>'],
    ['<SCRIPT/>'],
    ['<script xlink:href="#a"/>'],
    ['<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>'],
    ['<g><defs><script/></defs></g>'],
    ['<handler/>'],
    ['<listener/>'],
    [' onload="alert(1)"'],
    ['<g ONCLICK="a"/>'],
    ['<g onmouseover=""/>'],
    ['<a href="javascript:alert(1)"/>'],
    ['<a xlink:href="java&#10;script:alert(1)"/>'],
    ['<a xlink:href="  &#106;avascript:alert(1)"/>'],
    ['<a x:href="javascript:1" xmlns:x="http://www.w3.org/1999/xlink"/>'],
    ['<a href="https://badges.example"/>'],
    ['<a href="//badges.example"/>'],
    ['<a href="other.svg#a"/>'],
    ['<use href="data:image/svg+xml,x#a"/>'],
    ['<a href="data:text/html,x"/>'],
    ['<image href="https://badges.example/a.png"/>'],
    ['<feImage xlink:href="a.png"/>'],
    ['<font-face-uri xlink:href="a.woff"/>'],
    ['<rect fill="url(https://badges.example/a.svg#b)"/>'],
    ['<rect fill="url(#a) url( &quot;//badges.example)"/>'],
    ['<rect filter="URL(a.svg#b)"/>'],
    ['<rect style="background:url(a.png)"/>'],
    ['<rect style="background:u\\72l(a.png)"/>'],
    ['<rect fill="u\\72l(a.svg)"/>'],
    ['<rect style="background:image-set(\'a.png\' 1x)"/>'],
    ['<style>@import "a.css";</style>'],
    ['<style>@im<!-- -->port "a.css";</style>'],
    ['<style><![CDATA[@im]]><![CDATA[port "a.css";]]></style>'],
    ['<style>&#64;import "a.css";</style>'],
    ['<style>@\\69mport "a.css";</style>'],
    ['<style>a{b:url(#c);d:url(e.png)}</style>'],
    ['<style xmlns="http://www.w3.org/1999/xhtml">@import "a.css";</style>'],
    ['<set attributeName="href" to="javascript:alert(1)"/>'],
    ['<animate attributeName="xlink:href" values="a;b"/>'],
    ['<set attributeName=" onclick" to="a"/>'],
    ['<?xml-stylesheet href="a.css"?>'],
    [' xml:base="https://badges.example/"'],
    ...'iframe,object,embed,video,audio,link,meta,base,form,frame,applet,template'
      .split(',')
      .map((element): [string] => [html(element)]),
    [html('script')],
    [html('img src="https://badges.example/a.png"')],
    [html('img srcset="#a, https://badges.example/a.png 2x"')],
    [html('p style="background:url(a.png)"')],
    [html('button formaction="https://badges.example"')],
    [html('iframe srcdoc="&lt;script>"')],
  ])('%s', async (rest) => {
    const inside = rest.replace(/^ [^<]*/, '')
    const attributes = rest.slice(0, rest.length - inside.length)
    expect(await carrying(withCredential(inside, attributes))).toMatchObject({ ok: false, fault: 'scripted' })
  })
})

describe('what is refused', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "&a${i - 1};&a${i - 1};">`).join('')}]>`

  test.each<[what: string, picture: Bytes, fault: string, detail: string]>([
    ['no credential', svgOf('<g/>'), 'nothing_inside', 'no openbadges:credential'],
    ['a credential in a comment', svgOf(`<!-- ${baked} -->`), 'nothing_inside', 'no openbadges:credential'],
    [
      'a credential in text',
      svgOf(`<text><![CDATA[${baked}]]></text>`),
      'nothing_inside',
      'no openbadges:credential',
    ],
    [
      'a badge of Open Badges 2',
      utf8(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="a.b.c"/></svg>',
      ),
      'nothing_inside',
      'a badge of another version',
    ],
    [
      'a credential of another namespace',
      utf8(
        `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v4p0">${baked}</svg>`,
      ),
      'nothing_inside',
      'a badge of another version',
    ],
    [
      'a namespace that is taken away again',
      svgOf(`<g xmlns:openbadges="http://openbadges.org">${baked}</g>`),
      'nothing_inside',
      'a badge of another version',
    ],
    ['two credentials', svgOf(`${baked}${baked}`), 'too_many_parts', 'two credentials'],
    [
      'two credentials, one of them hidden',
      svgOf(`${baked}<defs>${baked}</defs>`),
      'too_many_parts',
      'two credentials',
    ],
    ['a hundred credentials', svgOf(baked.repeat(100)), 'too_many_parts', 'two credentials'],
    [
      'a credential that is nested',
      svgOf(`<g>${baked}</g>`),
      'damaged',
      'a credential inside another element',
    ],
    [
      'a credential inside a credential',
      svgOf(`<openbadges:credential>${baked}</openbadges:credential>`),
      'too_many_parts',
      'two credentials',
    ],
    [
      'elements inside a credential',
      svgOf('<openbadges:credential>{<g/>}</openbadges:credential>'),
      'damaged',
      'a credential that has elements inside',
    ],
    [
      'a credential as attribute and as text',
      svgOf(`<openbadges:credential verify="${token}">{}</openbadges:credential>`),
      'damaged',
      'a credential as attribute and as content, or as neither',
    ],
    [
      'an empty credential',
      svgOf('<openbadges:credential> </openbadges:credential>'),
      'damaged',
      'a credential as attribute and as content, or as neither',
    ],
    [
      'a document type',
      concat(utf8('<!DOCTYPE svg PUBLIC "a" "b">'), svgOf(baked)),
      'damaged',
      'a document type',
    ],
    ['entities that grow', concat(utf8(bomb), svgOf(`${baked}<text>&a19;</text>`)), 'bomb', 'entities'],
    ['an entity that is not there', withCredential('<text>&a;</text>'), 'damaged', 'an entity'],
    ['half a reference', withCredential('<text>&#60</text>'), 'damaged', 'an entity'],
    ['an entity in an attribute', withCredential('<g id="&a;"/>'), 'damaged', 'an entity'],
    [
      'a reference to no character',
      svgOf('<openbadges:credential>&#xD800;</openbadges:credential>'),
      'damaged',
      'a character that XML does not hold',
    ],
    [
      'a reference beyond all characters',
      svgOf('<openbadges:credential>&#x110000;</openbadges:credential>'),
      'damaged',
      'a character that XML does not hold',
    ],
    ['a control character', withCredential('\u0001'), 'damaged', 'a character that XML does not hold'],
    ['bytes that are not UTF-8', concat(svgOf(baked), new Uint8Array([0xff])), 'damaged', 'not UTF-8'],
    [
      'another encoding',
      concat(utf8('<?xml version="1.0" encoding="GB18030"?>'), svgOf(baked)),
      'damaged',
      'its XML declaration',
    ],
    ['XML 1.1', concat(utf8('<?xml version="1.1"?>'), svgOf(baked)), 'damaged', 'its XML declaration'],
    ['a second declaration', withCredential('<?xml version="1.0"?>'), 'damaged', 'a second declaration'],
    ['no end', svgOf(baked).slice(0, -6), 'damaged', 'it ends within an element'],
    ['an end within a tag', svgOf(baked).slice(0, -1), 'damaged', 'an end without a beginning'],
    ['ends in the wrong order', withCredential('<g><a></g></a>'), 'damaged', 'an end without a beginning'],
    ['a second picture', concat(svgOf(baked), svgOf('')), 'damaged', 'a second picture'],
    ['text after the picture', concat(svgOf(baked), utf8('a')), 'damaged', 'text outside the picture'],
    ['a section outside', concat(svgOf(baked), utf8('<![CDATA[a]]>')), 'damaged', 'a CDATA section'],
    ['a section without an end', withCredential('<![CDATA['), 'damaged', 'a CDATA section'],
    [
      'an end of a section without one',
      withCredential('<text>]]></text>'),
      'damaged',
      'the end of a CDATA section',
    ],
    ['a comment in a comment', withCredential('<!-- <!-- --> -->'), 'damaged', 'a comment'],
    ['an instruction without an end', withCredential('<?a'), 'damaged', 'an instruction'],
    ['an attribute without quotation marks', withCredential('<g id=a/>'), 'damaged', 'a tag'],
    ['attributes without space between', withCredential('<g id="a"class="b"/>'), 'damaged', 'a tag'],
    ['an attribute given twice', withCredential('<g id="a" id="b"/>'), 'damaged', 'an attribute given twice'],
    [
      'an attribute given twice by two prefixes',
      withCredential('<g xmlns:x="u:a" xmlns:y="u:a" x:id="a" y:id="b"/>'),
      'damaged',
      'an attribute given twice',
    ],
    ['a prefix that is not declared', withCredential('<x:g/>'), 'damaged', 'a prefix that is not declared'],
    [
      'a prefix of an attribute that is not declared',
      withCredential('<g x:id=""/>'),
      'damaged',
      'a prefix that is not declared',
    ],
    ['a reserved prefix', withCredential('<g xmlns:xml="u:a"/>'), 'damaged', 'a namespace'],
    ['a prefix for nothing', withCredential('<g xmlns:a=""/>'), 'damaged', 'a namespace'],
    [
      'a picture without namespace',
      utf8(`<svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">${baked}</svg>`),
      'damaged',
      'not an SVG picture',
    ],
    [
      'a picture in another document',
      concat(utf8('<a>'), svgOf(baked), utf8('</a>')),
      'damaged',
      'not an SVG picture',
    ],
    ['great depth', withCredential('<g>'.repeat(200)), 'too_many_parts', 'elements inside each other'],
    [
      'many attributes',
      withCredential(`<g ${Array.from({ length: 200 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      'too_many_parts',
      'attributes of one element',
    ],
    [
      'very many elements',
      withCredential('<g/>'.repeat(svgLimits.pieces)),
      'too_many_parts',
      `more than ${svgLimits.pieces} pieces`,
    ],
    [
      'a text larger than any certificate',
      svgOf(`<openbadges:credential>${'x'.repeat(carrierLimits.textBytes + 1)}</openbadges:credential>`),
      'too_large',
      `${carrierLimits.textBytes + 1} bytes of text`,
    ],
    [
      'a text beyond all bounds',
      svgOf(`<openbadges:credential>${'x'.repeat(svgLimits.kept + 1)}</openbadges:credential>`),
      'too_large',
      'text',
    ],
    [
      'references beyond all bounds',
      svgOf(`<openbadges:credential>${'&amp;'.repeat(5_000_000)}</openbadges:credential>`),
      'too_many_parts',
      `more than ${svgLimits.pieces} pieces`,
    ],
    [
      'a huge picture',
      svgOf(' '.repeat(carrierLimits.fileBytes)),
      'too_large',
      `${carrierLimits.fileBytes + svgOf('').length} bytes`,
    ],
  ])('%s', async (_, picture, fault, detail) => {
    expect(await carrying(picture)).toEqual({ ok: false, fault, detail })
  })

  /** Each would take for ever if something were looked through again and again. */
  const filled = (unit: string, before = '', after = '') => {
    const room = carrierLimits.fileBytes - svgOf(`${baked}${before}${after}`).length
    return withCredential(`${before}${unit.repeat(Math.floor(room / unit.length))}${after}`)
  }
  test.each<[what: string, picture: () => Bytes, ok: boolean]>([
    ['a long path', () => filled('1 ', '<path d="', '"/>'), true],
    ['white space in a tag', () => filled(' ', '<g', '"/>'), false],
    ['white space around a sign', () => filled(' ', '<g a', '="'), false],
    ['a name without an end', () => filled('a', '<g '), false],
    ['a name of many parts', () => filled('a:', '<g '), false],
    ['openings', () => filled('<'), false],
    ['hyphens in a comment', () => filled('-', '<!--'), false],
    ['brackets', () => filled(']', '<text>', '</text>'), true],
    ['ampersands', () => filled('&', '<text>', '</text>'), false],
    ['references', () => filled('&#60;', '<g id="', '"/>'), false],
    ['addresses', () => filled('url(#a', '<g fill="', '"/>'), false],
    ['openings of addresses', () => filled('url( ', '<g fill="', '"/>'), false],
    ['names that are set later', () => filled(':on', '<set attributeName="', '&#10;x"/>'), false],
    ['instructions', () => filled('<?a?>'), false],
    ['comments', () => filled('<!---->'), false],
    [
      'prefixes that are looked for far outside',
      () =>
        filled(
          `<g ${Array.from({ length: 100 }, (_, i) => `n:a${i}=""`).join(' ')}/>`,
          `<g xmlns:n="u:n">${Array.from({ length: 61 }, (_, i) => `<g xmlns:m${i}="u:m">`).join('')}`,
        ),
      false,
    ],
    [
      'namespaces',
      () => filled(`<g ${Array.from({ length: 100 }, (_, i) => `xmlns:n${i}="u:${i}"`).join(' ')}/>`),
      false,
    ],
    [
      'short attributes',
      () => filled(`<g ${Array.from({ length: 100 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      false,
    ],
  ])('a picture as large as may be, full of %s, is answered', async (_, picture, ok) => {
    expect((await svg.read(picture())).ok).toBe(ok)
  })
})

test.each<[what: string, begins: string, isSvg: boolean]>([
  ['a page with a picture in it', '<!doctype html><html><svg/>', false],
  ['JSON that talks of it', '{"a":"<svg >"}', false],
  ['a picture with a long head', `<!-- ${'a'.repeat(3000)} --><svg>`, true],
  ['entities for a picture', '<!DOCTYPE svg [<!ENTITY a "b">', true],
  ['another document', '<rss><a/></rss>', false],
])('%s is told from a picture', (_, begins, isSvg) => {
  expect(carrierOf(utf8(begins))?.kind).toBe(isSvg ? 'svg' : undefined)
})

test('whatever is done to a picture, the reader answers, and never with another text that is no part of it', async () => {
  const whole = utf8(exampleSvgs.jws)
  const bytes = fc.oneof(fc.constantFrom(...utf8('<>&;"\'/!?-[]:= \u0000xml')), fc.nat(255))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), bytes), { minLength: 1, maxLength: 4 }),
      fc.nat(whole.length),
      async (changes, length) => {
        const changed = whole.slice()
        for (const [at, byte] of changes) changed[at] = byte
        const found = await carrying(changed)
        const where = new TextDecoder().decode(changed)
        if (Array.isArray(found)) expect(where).toContain(found[0])
        expect((await svg.read(whole.slice(0, length))).ok).toBe(length >= whole.length - 1)
      },
    ),
    { seed: 20260601, numRuns: 2000 },
  )
})
