/** The part of subset-font 2 that we call; it publishes no types. */
declare module 'subset-font' {
  export interface SubsetOptions {
    readonly targetFormat: 'truetype'
    readonly noLayoutClosure?: boolean
    readonly noHinting?: boolean
    /** Tags of four characters. */
    readonly dropTables?: readonly string[]
    /** By axis: the one value that is kept. */
    readonly variationAxes?: Readonly<Record<string, number>>
  }
  export default function subsetFont(
    font: Uint8Array,
    text: string,
    options: SubsetOptions,
  ): Promise<Uint8Array>
}
