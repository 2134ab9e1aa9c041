/** How the reader of PDFs gives up: one throw from wherever it is, caught once at the door. */
import type { CarrierFault } from './carried.ts'

export class PdfRefusal extends Error {
  readonly fault: CarrierFault
  readonly detail: string
  constructor(fault: CarrierFault, detail: string) {
    super(detail)
    this.fault = fault
    this.detail = detail
  }
}

export function refuse(fault: CarrierFault, detail: string): never {
  throw new PdfRefusal(fault, detail)
}
