/** The network for addresses that the person's own configuration names. */
import type { ExchangeFetch } from '../base/exchange.ts'
import type { Io } from './io.ts'

/** Where there is none, nothing is reached. */
export const exchangeOf = ({ exchange }: Io): ExchangeFetch =>
  exchange ?? (() => Promise.reject(new TypeError('no network')))
