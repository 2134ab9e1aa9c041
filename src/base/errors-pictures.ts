/** Words for what can go wrong with pictures that show or carry a certificate. */
import type { Explanation } from './message.ts'

export const picturesErrors = {
  'render.not_a_picture': {
    en: ['{path} is neither a PNG nor an SVG picture.', 'Give a picture of one of these two kinds.'],
    zh: ['{path} 不是 PNG 或 SVG 图片。', '请提供这两种格式的图片。'],
  },
  'render.picture_refused': {
    en: [
      'The picture cannot be used ({fault}: {what}).',
      'Give a whole PNG, or a plain SVG without scripts, entities and addresses outside.',
    ],
    zh: ['无法使用该图片（{fault}：{what}）。', '请提供完整的 PNG，或不含脚本、实体和外部引用的普通 SVG。'],
  },
  'render.nothing_baked': {
    en: [
      '{path} carries no credential ({what}).',
      'Give a badge of Open Badges 3.0 with its credential inside.',
    ],
    zh: ['{path} 中没有凭证（{what}）。', '请提供内含凭证的 Open Badges 3.0 徽章图片。'],
  },
  'render.text_not_printed': {
    en: ['The text in {path} has control characters.', 'Have it written to a file with --out.'],
    zh: ['{path} 中的文本含有控制字符。', '请用 --out 写入文件。'],
  },
  'render.text_unfit': {
    en: ['The text cannot be baked into a picture ({what}).', 'Give a certificate as it was issued.'],
    zh: ['该文本不能嵌入图片（{what}）。', '请提供签发时的证书原文。'],
  },
  'render.glyph_missing': {
    en: [
      'No font has the character {character} ({code}), which {field} needs.',
      'Give a font that has it as well.',
    ],
    zh: ['字体缺少字符 {character}（{code}），用于 {field}。', '请另外提供含有该字符的字体。'],
  },
  'render.font_unreadable': {
    en: ['Font {number} is neither TrueType nor OpenType, or damaged.', 'Give a whole TTF or OTF file.'],
    zh: ['第 {number} 个字体不是 TrueType 或 OpenType 字体，或已损坏。', '请提供完整的 TTF 或 OTF 文件。'],
  },
} as const satisfies Readonly<Record<string, Explanation>>
