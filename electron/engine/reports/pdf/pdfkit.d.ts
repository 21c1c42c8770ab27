/** What is used of pdfkit, which brings no types: its objects, fonts, links and outline. What is drawn we write ourselves. */
declare module 'pdfkit' {
  export interface OutlineItem {
    addItem(title: string): OutlineItem
  }
  export interface PdfFont {
    readonly id: string
    /** fontkit's. */
    readonly font: { hasGlyphForCodePoint(code: number): boolean }
    /** Glyphs (four hexadecimal digits each, of those that go into the document) and their widths in thousandths. */
    encode(text: string): [glyphs: string[], positions: readonly { readonly xAdvance: number; readonly advanceWidth: number }[]]
    /** The same without taking the glyphs into the document. */
    layout(text: string): { readonly positions: readonly { readonly xAdvance: number; readonly advanceWidth: number }[] }
    /** The object that a page names it by. */
    ref(): object
  }
  export class PDFDocument {
    constructor(options: {
      size: string
      margin: number
      /** Null: no standard font, whose metrics are files of their own. */
      font: null
      autoFirstPage: boolean
      bufferPages: boolean
      compress: boolean
      lang: string
      displayTitle: boolean
      pdfVersion: string
      info: Readonly<Record<string, string | Date>>
    })
    readonly page: { readonly fonts: Record<string, object> }
    readonly outline: OutlineItem
    /** The font that was chosen last. */
    readonly _font: PdfFont
    on(event: 'data', listener: (chunk: Uint8Array) => void): this
    on(event: 'end', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
    registerFont(name: string, bytes: Uint8Array): this
    font(name: string): this
    addPage(): this
    /** Operators of the page, whose y grows downwards. */
    addContent(operators: string): this
    addNamedDestination(name: string, kind: 'XYZ', x: number, y: number, zoom: null): void
    goTo(x: number, y: number, width: number, height: number, name: string): this
    end(): void
  }
}
