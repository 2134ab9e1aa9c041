/** The codes of drawing certificates. */
import type { Explanation } from './message.ts'

export const renderErrors = {
  'render.glyph_missing': {
    en: [
      'No font has {character} ({codePoint}), which stands in {field} of {number}.',
      'Give a font that has it after the others: --font FILE. Nothing was drawn, since a blank would stand in its place.',
    ],
    zh: [
      '所有字体均缺少 {number} 的 {field} 中的字符 {character}（{codePoint}）。',
      '请用 --font 文件 追加含有该字的字体。未生成文件，以免出现空白。',
    ],
  },
  'render.text_not_given': {
    en: [
      'The character {character} ({codePoint}) was not among the certificates that the fonts were made ready for.',
      'Give all certificates of the batch at the beginning.',
    ],
    zh: ['准备字体时给出的证书中没有字符 {character}（{codePoint}）。', '请在开始时提供整批证书。'],
  },
  'render.does_not_fit': {
    en: [
      'What {number} says does not fit on its page at a size that can be read ({field}).',
      'Shorten the texts in the catalogue.',
    ],
    zh: ['{number} 的内容即使缩小到可读下限也排不进页面（{field}）。', '请精简目录中的文字。'],
  },
  'render.no_font': {
    en: [
      'No font with Chinese characters was found.',
      'Give one with --font FILE (TTF, OTF or TTC), or install one: npm install @expo-google-fonts/noto-sans-sc',
    ],
    zh: [
      '未找到含中文的字体。',
      '请用 --font 文件 指定（TTF、OTF 或 TTC），或安装：npm install @expo-google-fonts/noto-sans-sc',
    ],
  },
  'render.font_malformed': {
    en: ['{name} is no font that can be set.', 'Give a font file: TTF, OTF or TTC.'],
    zh: ['{name} 不是可用的字体文件。', '请提供 TTF、OTF 或 TTC 字体。'],
  },
  'render.picture_malformed': {
    en: [
      'The picture for {what} is no PNG of at most {limit} by {limit} pixels.',
      'Save it as PNG, with a clear background.',
    ],
    zh: ['{what} 的图片不是不超过 {limit}×{limit} 像素的 PNG。', '请另存为 PNG，背景宜透明。'],
  },
  'render.code_too_long': {
    en: [
      'The text of the QR code is longer than a code holds: {bytes} bytes.',
      'Make the code anew, with less in it.',
    ],
    zh: ['二维码文本共 {bytes} 字节，超出容量。', '请重新生成内容更少的码。'],
  },
  'render.not_a_certificate': {
    en: [
      '{file} is no grade certificate that can be put on paper ({what}).',
      'Give badges or SD-JWT certificates; notices and completions of training have no page.',
    ],
    zh: [
      '{file} 不是可打印的等级证书（{what}）。',
      '请提供徽章或 SD-JWT 形式的证书；考核结果通知与培训合格证明没有证书版面。',
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>
