/** Makes elements of a page. Text becomes text nodes and nothing else: no markup of a stranger's is ever parsed. */
import { type Oddity, visibleParts } from '../base/visible.ts'

type Child = Node | string | null | undefined | readonly Child[]

type Attributes = Readonly<Record<string, string | number | boolean | EventListener | undefined>>

/** Attributes by name; a function listens to the event of its name; `true` sets an attribute without a value. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value)
    else if (value !== undefined && value !== false)
      made.setAttribute(name, value === true ? '' : String(value))
  }
  append(made, children)
  return made
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined) continue
    if (Array.isArray(child)) append(parent, child)
    else parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : (child as Node))
  }
}

/** What an element holds, replaced. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren()
  append(parent, children)
}

/**
 * Text of a stranger: kept from turning what stands around it, with what deceives the eye shown as its code point. `title`
 * says what an odd character is.
 */
export function foreign(text: string, oddNames: Readonly<Record<Oddity, string>>): HTMLElement {
  const parts = visibleParts(text).map(({ text: piece, odd }) => {
    if (odd === undefined) return piece
    const code = `U+${(piece.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`
    const shown = odd === 'look_alike' ? `${piece}[${code}]` : `[${code}]`
    return element('mark', { class: 'odd', title: oddNames[odd] }, shown)
  })
  return element('bdi', {}, parts)
}

/** Words with elements in the places of their names: what a stranger wrote does not turn the words around it. */
export function placed(words: string, values: Readonly<Record<string, Node>>): readonly (Node | string)[] {
  return words.split(/\{(\w+)\}/).map((part, i) => (i % 2 === 0 ? part : (values[part] ?? part)))
}

/** Signs beside words, drawn and not written: many devices have no letter for them. In a square of 16 units. */
const signs = {
  good: 'M2.5 8.5 6.5 12.5 13.5 3.5',
  bad: 'M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5',
  open: 'M5 5.5a3 3 0 1 1 4.4 2.6C8.4 8.7 8 9.2 8 10.4M8 13v.4',
  none: 'M4 8h8',
} as const

export type Sign = keyof typeof signs

/** A sign for the eye; whoever listens hears the words beside it. */
export function sign(name: Sign): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const drawing = document.createElementNS(space, 'svg')
  const path = document.createElementNS(space, 'path')
  for (const [attribute, value] of Object.entries({
    class: 'mark',
    viewBox: '0 0 16 16',
    'aria-hidden': 'true',
  }))
    drawing.setAttribute(attribute, value)
  path.setAttribute('d', signs[name])
  drawing.append(path)
  return drawing
}
