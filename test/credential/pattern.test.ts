import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patternCost } from '../../src/credential/pattern.ts'

describe('the cost of a pattern', () => {
  test.each<[pattern: string, degree: number, factor?: number]>([
    // Those of our own schema, then of the kind that published schemas have.
    ['^did:', 1],
    ['^[A-Z]{2}(-[A-Z0-9]{1,3})?$', 1],
    ['^[A-Za-z][A-Za-z0-9+.-]*:', 1],
    ['^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', 2],
    ['^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(Z|[+-]\\d{2}:\\d{2})$', 1],
    ['^(0|[1-9][0-9]{0,8})$', 1],
    ['^\\d-\\d{2}-\\d{2}-\\d{2}(-\\d{3})?/[123]$', 1],
    ['^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$', 2],
    ['^https:\\/\\/a\\.example\\/context(-\\d+\\.\\d+\\.\\d+)*\\.json$', 1],
    ['^context(-\\d+(\\.\\d+)*)?\\.json$', 3],
    ['(ext:)[a-z|A-Z|0-9|.|-|_]+', 2],
    ['^(?:[0-9a-f]{2}){16}$', 1],
    ['^(a){3}$', 1],
    ['^.*@.*$', 2, 2],
    ['^\\d+\\d+$', 2],
    ['\\.json$', 2],
    ['^a|b$', 2],
    ['^(a|b)$', 1],
    ['^[|(]a\\|$', 1],
    ['^\\p{L}+$', 1],
    ['^\\p{L}+\\p{N}$', 2],
    ['^\\u4e00\\u{1F600}\\x41\\cA\\t\\0\\.$', 1],
    ['^[^a-c]+[a-c]$', 1],
    ['^\\S+\\s\\W\\w\\D\\d$', 1],
    ['^\\S+\\S$', 2],
    ['^\\ud83d\\ude00$', 1],
    ['^a\\b.\\B$', 1],
    ['^a+?b??c{2,}?$', 1],
    ['^😀+😁$', 1],
    ['', 2],
    ['^$', 1],
    ['^(|a)$', 1],
    ['^([a-z]+\\.)*[a-z]+$', 2, 2],
  ])('%s grows with the power %i', (pattern, degree, factor = 1) => {
    expect(patternCost(pattern)).toEqual({ degree, factor })
  })

  test.each<[pattern: string, why: RegExp]>([
    ['(a+)+$', /repetition inside/],
    ['^(a*)*$', /match nothing/],
    ['^(a|a)*$', /two ways/],
    ['^(a|aa)+$', /two ways/],
    ['^(.*a){20}$', /two ways/],
    ['^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}$', /two ways|repetition inside/],
    ['^(\\w+\\s?)*$', /two ways|repetition inside/],
    ['^(a?){50}a{50}$', /match nothing/],
    ['^(a{1,2}){1,30}$', /repetition inside/],
    ['^(a+){3}$', /repetition inside/],
    ['^(a|b|ab)*c$', /two ways/],
    ['^(?:.|\\s)*$', /two ways/],
    ['^(\\d+|[0-9a-f]+)*$', /two ways|repetition inside/],
    ['^([^x]|y)*$', /two ways/],
    ['^(\\p{L}|a)+$', /two ways/],
    ['(a)\\1', /back-reference/],
    ['(?<n>a)\\k<n>', /named group/],
    ['^(?=a)', /look-around/],
    ['^(?!a)', /look-around/],
    ['(?<=a)b', /look-around/],
    ['(?<!a)b', /look-around/],
    ['^(a?|b?)c$', /empty alternatives/],
    ['(', /not a regular/],
    ['a{2,1}', /not a regular/],
    ['\\-', /not a regular/],
    [`${'('.repeat(25)}a${')'.repeat(25)}`, /groups inside/],
    ['a'.repeat(1025), /longer/],
    ['a'.repeat(301), /characters to match/],
    ['[a-z]{50}'.repeat(7), /characters to match/],
  ])('%s is refused', (pattern, why) => {
    expect(patternCost(pattern)).toEqual({ refused: expect.stringMatching(why) })
  })

  test('a choice outside of a loop multiplies', () => {
    expect(patternCost('^a?a?a?aaa$')).toEqual({ degree: 1, factor: 4 * 3 * 2 })
    expect(patternCost(`^${'(a|a)'.repeat(40)}b$`)).toEqual({ degree: 1, factor: 2 ** 79 })
  })

  const pieces = [
    'a',
    'b',
    '[ab]',
    '.',
    'a?',
    'a*',
    'b+',
    '(a|b)',
    '(ab)*',
    '(a|bc)+',
    '(?:b{1,3})',
    '|',
    '\\w+',
  ]
  test('whatever passes with a low power takes little time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 6 }),
        fc.constantFrom('', '*', '+', '?', '{2,9}'),
        (parts, outer) => {
          const pattern = `^(${parts.join('')})${outer}$`
          const cost = patternCost(pattern)
          if ('refused' in cost || cost.factor * 60 ** cost.degree > 2 ** 24) return
          const began = performance.now()
          for (const text of ['a'.repeat(60), 'ab'.repeat(30), 'b'.repeat(60)])
            new RegExp(pattern, 'u').test(`${text}!`)
          expect(performance.now() - began).toBeLessThan(1000)
        },
      ),
      { numRuns: 300 },
    )
  })
})
