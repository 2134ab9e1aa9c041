/** The verifier page: takes what a person gives, hands it to a worker, and draws what comes back. One script for both. */

import { CodedError } from '../base/coded-error.ts'
import { instantAt } from '../base/instant.ts'
import type { Language } from '../base/message.ts'
import { version } from '../base/version.ts'
import { filled } from '../base/visible.ts'
import { readEvidence } from '../evidence/evidence.ts'
import { readRoster } from '../intake/roster.ts'
import { reportWriters } from '../render/report-writers.ts'
import { readTrust } from '../trust/trust.ts'
import { openCamera } from './camera.ts'
import { certificateView, oddNames } from './certificate-view.ts'
import { fileButton, save } from './controls.ts'
import { element, fill, foreign } from './element.ts'
import { joined, readGiven } from './given.ts'
import { inputsView } from './inputs-view.ts'
import { judgeFiles } from './judge-worker.ts'
import { leftAloneView } from './left-alone-view.ts'
import type { JudgeRequest, NamedFile, WorkerMessage } from './messages.ts'
import { progressText } from './progress.ts'
import { rosterView } from './roster-view.ts'
import { chosenFiles, droppedFiles, type Found } from './sources.ts'
import { type Ask, firstState, nothingFound, type State } from './state.ts'
import { firstTable, type Judged, resultTable, type TableState, tableControls } from './table-view.ts'
import { askView, trustView } from './trust-view.ts'
import { pageWords } from './words.ts'

function startPage(): void {
  const builtIn = readGiven()
  const state = firstState(builtIn, /^zh/i.test(navigator.language) ? 'zh' : 'en')
  const root = document.body
  const workers: Worker[] = []
  // A page from a disk has no address to load a second script from: workers are made from this one's text.
  const source = (document.getElementById('program') as HTMLScriptElement).textContent ?? ''
  const pictures = new Map<string, string>()

  function startWorker(): Worker {
    const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
    const made = new Worker(address)
    URL.revokeObjectURL(address)
    made.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => take(data))
    made.addEventListener('error', () => {
      state.fault = pageWords.crashed[state.language]
      state.phase = 'done'
      for (const one of workers.splice(0)) one.terminate()
      draw()
    })
    return made
  }

  /** What was found before is gone from the page at once: it is no answer to what comes now. */
  function clear(phase: State['phase']): number {
    for (const address of pictures.values()) URL.revokeObjectURL(address)
    pictures.clear()
    Object.assign(state, {
      run: state.run + 1,
      found: nothingFound,
      judged: [],
      leftAlone: [],
      expected: undefined,
      phase,
      fault: undefined,
      asks: [],
      opened: undefined,
      table: firstTable,
      roster: undefined,
    })
    draw()
    return state.run
  }

  /** Judges files, in place of those before. */
  function judge({ files, leftAlone }: Found): void {
    if (state.isScanning) closeCamera()
    clear(files.length === 0 ? 'done' : 'reading')
    Object.assign(state, {
      found: { files, leftAlone },
      leftAlone: [...leftAlone],
      started: performance.now(),
    })
    draw()
    if (files.length === 0) return
    const isMuch = files.length > manyFiles || files.some(({ blob }) => blob.size > manyBytes)
    const of = isMuch ? Math.min(mostWorkers, navigator.hardwareConcurrency || 1) : 1
    while (workers.length < of) workers.push(startWorker())
    state.atWork = of
    const now = instantAt(Date.now())
    const given = joined(state.builtIn, state.given)
    for (const [index, worker] of workers.entries()) {
      // Those that have nothing to do leave what they were at.
      const request: JudgeRequest = { run: state.run, given, files, now, part: { index, of } }
      worker.postMessage(index < of ? request : { ...request, run: -state.run, files: [] })
    }
  }

  function take(message: WorkerMessage): void {
    if (message.run !== state.run) return
    const takers: {
      readonly [Kind in WorkerMessage['kind']]: (one: Extract<WorkerMessage, { kind: Kind }>) => void
    } = {
      expected: ({ count }) => {
        state.expected = count
        state.phase = 'judging'
      },
      judged: ({ path, place, report }) => {
        state.judged.push({ path, place, report })
      },
      left_alone: ({ path, why, detail = '' }) => {
        state.leftAlone.push({ path, why, detail })
      },
      trust_met: ({ path, text }) => {
        state.asks.push({ kind: 'trust', path, text })
      },
      chains_met: ({ path, text }) => {
        state.asks.push({ kind: 'chains', path, text })
      },
      evidence_met: ({ texts }) => {
        state.given = { ...state.given, evidence: [...new Set([...state.given.evidence, ...texts])] }
        drawTrust()
      },
      refused: ({ what }) => {
        state.fault = filled(pageWords.refused[state.language], { what })
        state.phase = 'done'
      },
      done: () => {
        state.atWork--
        if (state.atWork > 0) return
        state.phase = 'done'
        state.ended = performance.now()
        state.judged.sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1])
        if (state.judged.length === 1) state.opened = state.judged[0]
        drawRoster()
      },
    }
    ;(takers[message.kind] as (one: WorkerMessage) => void)(message)
    drawSoon()
  }

  let isDrawing = false
  /** Thousands of messages come in a second; the page is drawn a few times in it. */
  function drawSoon(): void {
    if (isDrawing) return
    isDrawing = true
    setTimeout(
      () => {
        isDrawing = false
        drawResults()
      },
      state.phase === 'done' ? 0 : 250 + state.judged.length / 10,
    )
  }

  function judgeText(text: string, name: string): void {
    const given = text.trim()
    const file: NamedFile = { path: name, blob: new Blob([given]), from: 'text' }
    judge({ files: given === '' ? [] : [file], leftAlone: [] })
  }

  async function scan(): Promise<void> {
    if (state.isScanning) return stopScan()
    state.isScanning = true
    clear('waiting')
    const camera = await openCamera(video, (text) => {
      state.isScanning = false
      state.camera = undefined
      judgeText(text, pageWords.scanned[state.language])
    })
    if (camera !== null && state.isScanning) state.camera = camera
    else {
      camera?.stop()
      if (camera === null && state.isScanning) {
        state.isScanning = false
        state.fault = pageWords.noCamera[state.language]
        draw()
      }
    }
  }

  function closeCamera(): void {
    state.camera?.stop()
    state.camera = undefined
    state.isScanning = false
  }

  function stopScan(): void {
    closeCamera()
    draw()
  }

  const header = element('header', { class: 'page' })
  // It goes on showing what the camera sees, whatever is drawn around it.
  const video = element('video', { id: 'camera', muted: true, playsinline: true })
  const inputs = element('section', { class: 'inputs' })
  const trustBox = element('section', { class: 'trust', 'aria-labelledby': 'trust-title' })
  const live = element('p', { class: 'progress', role: 'status', 'aria-live': 'polite' })
  const results = element('section', { class: 'all' })
  const main = element('main', {}, inputs, trustBox, live, results)
  fill(root, header, main)

  function draw(): void {
    const { language } = state
    const text = (words: Readonly<Record<Language, string>>) => words[language]
    document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en'
    document.title = text(pageWords.title)
    fill(
      header,
      element('h1', {}, text(pageWords.title)),
      element('p', {}, text(pageWords.promise)),
      element(
        'button',
        {
          type: 'button',
          lang: language === 'zh' ? 'en' : 'zh-Hans',
          class: 'language',
          click: () => {
            state.language = language === 'zh' ? 'en' : 'zh'
            draw()
          },
        },
        text(pageWords.otherLanguage),
      ),
    )
    video.setAttribute('aria-label', text(pageWords.scanning))
    fill(inputs, inputsView({ language, isScanning: state.isScanning, video, judge, judgeText, scan }))
    // A film that was taken out of the page for a moment stands still.
    if (state.camera !== undefined) void video.play().catch(() => undefined)
    drawTrust()
    drawRoster()
    drawResults()
  }

  const drawTrust = () => fill(trustBox, trustView({ ...state, loadTrust, loadEvidence }))

  /** Choosing a file at this button is naming whom one trusts. */
  async function loadTrust(list: FileList): Promise<void> {
    load(await textsIn(list), addTrust)
  }

  async function loadEvidence(list: FileList): Promise<void> {
    load(await textsIn(list), addEvidence)
  }

  const textsIn = (list: FileList): Promise<readonly string[]> =>
    Promise.all([...list].map((file) => file.text()))

  function addTrust(trust: string): void {
    readTrust(trust)
    state.given = { ...state.given, trust: [...new Set([...state.given.trust, trust])] }
  }

  function addEvidence(evidence: string): void {
    readEvidence(evidence)
    state.given = { ...state.given, evidence: [...new Set([...state.given.evidence, evidence])] }
  }

  /** Takes what can be taken and says what cannot; the same files are judged under what is trusted now. */
  function load(texts: readonly string[], add: (text: string) => void): void {
    state.fault = undefined
    for (const text of texts) attempt(() => add(text))
    again()
  }

  function attempt(act: () => void): void {
    try {
      act()
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      state.fault = error.explain(state.language)
    }
  }

  function again(): void {
    const { fault, found, roster } = state
    if (found.files.length > 0) judge(found)
    state.fault = fault
    state.roster = roster
    draw()
  }

  function drawResults(): void {
    const { language, judged, opened } = state
    const text = (words: Readonly<Record<Language, string>>) => words[language]
    main.classList.toggle('has-results', state.phase !== 'waiting')
    fill(live, progressText(state))
    const parts: (HTMLElement | null)[] = [
      state.fault === undefined
        ? null
        : element('p', { class: 'warning', role: 'alert' }, foreign(state.fault, oddNames(language))),
      ...state.asks.map(asked),
    ]
    if (opened !== undefined) {
      parts.push(
        element(
          'p',
          { class: 'buttons no-print' },
          judged.length > 1
            ? element(
                'button',
                { type: 'button', id: 'back', click: () => open(undefined) },
                text(pageWords.back),
              )
            : null,
          element(
            'button',
            { type: 'button', id: 'print', click: () => window.print() },
            text(pageWords.print),
          ),
        ),
        element('h2', { class: 'print-only' }, text(pageWords.receipt)),
        certificateView(opened.report, {
          language,
          path: opened.path,
          program: `gradecert ${version}`,
          picture: pictureOf(opened.path),
        }),
      )
    } else if (judged.length > 0) {
      const options = { language, state: state.table, change: changeTable, open }
      parts.push(
        tableControls(options),
        element(
          'p',
          { class: 'buttons' },
          element('button', { type: 'button', id: 'csv', click: saveCsv }, text(pageWords.saveCsv)),
          fileButton(
            text(pageWords.roster),
            { id: 'roster', accept: '.csv,.txt' },
            (list) => void compareRoster(list[0]),
          ),
        ),
        rosterBox,
        resultTable(judged, options),
      )
    }
    if (state.leftAlone.length > 0) parts.push(leftAloneView(state))
    // What is being typed into the search stays where it is.
    const focused = document.activeElement?.id
    const typed =
      document.activeElement instanceof HTMLInputElement ? document.activeElement.selectionStart : null
    fill(results, parts)
    if (focused !== undefined && focused !== '') {
      const field = document.getElementById(focused)
      field?.focus()
      if (field instanceof HTMLInputElement && field.type === 'search' && typed !== null)
        field.setSelectionRange(typed, typed)
    }
  }

  function changeTable(table: TableState): void {
    state.table = table
    drawResults()
  }

  function open(judged: Judged | undefined): void {
    state.opened = judged
    drawResults()
    if (judged !== undefined) document.getElementById('finding')?.focus()
    window.scrollTo(0, 0)
  }

  /** The picture that was given, for the eye beside what counts. */
  function pictureOf(path: string): string | undefined {
    const known = pictures.get(path)
    if (known !== undefined) return known
    const [file, another] = state.found.files.filter((one) => one.path === path)
    // An SVG is a document; shown as a picture it runs nothing, and loads nothing.
    if (file === undefined || another !== undefined || !/\.(png|jpe?g|gif|webp|bmp|svg)$/i.test(path))
      return undefined
    const type = path.toLowerCase().endsWith('.svg') ? 'image/svg+xml' : ''
    const address = URL.createObjectURL(type === '' ? file.blob : new Blob([file.blob], { type }))
    pictures.set(path, address)
    return address
  }

  function asked(ask: Ask): HTMLElement {
    const drop = () => {
      state.asks = state.asks.filter((one) => one.text !== ask.text)
    }
    return askView(ask, {
      language: state.language,
      accept() {
        drop()
        // A file that only names whom to trust has nothing to judge again.
        const isAlone = state.phase === 'done' && state.judged.length === 0
        if (isAlone) Object.assign(state, { found: nothingFound, phase: 'waiting' })
        if (ask.kind === 'trust') return load([ask.text], addTrust)
        state.given = { ...state.given, chains: ask.text }
        again()
      },
      refuse() {
        drop()
        drawResults()
      },
    })
  }

  function saveCsv(): void {
    const { csv } = reportWriters
    const parts = [csv.head(), ...state.judged.map(({ path, report }) => csv.row(path, report))]
    save('verification.csv', parts.join(''))
  }

  const rosterBox = element('div', { class: 'roster' })

  async function compareRoster(file: File | undefined): Promise<void> {
    if (file === undefined) return
    const { run } = state
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (state.run !== run) return
    state.fault = undefined
    attempt(() => {
      state.roster = readRoster(bytes)
    })
    drawRoster()
    drawResults()
  }

  /** Who is in the roster is said once everything is judged: before, people would be missing who are not. */
  function drawRoster(): void {
    const { language, roster, judged, phase } = state
    fill(rosterBox, roster !== undefined && phase === 'done' ? rosterView(roster, judged, language) : null)
  }

  document.addEventListener('dragover', (event) => event.preventDefault())
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    if (event.dataTransfer === null) return
    const found = droppedFiles(event.dataTransfer)
    const run = clear('reading')
    void found.then((files) => {
      if (state.run === run) judge(files)
    })
  })
  document.addEventListener('paste', (event) => {
    if (event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement) return
    const { files } = event.clipboardData ?? {}
    if (files !== undefined && files.length > 0) judge(chosenFiles(files))
    else judgeText(event.clipboardData?.getData('text/plain') ?? '', pageWords.pasted[state.language])
  })
  draw()
  // A link from a printed code: its fragment is read here and sent nowhere. The next code may come to the same page.
  const judgeFragment = () => {
    if (location.hash.length > 1) judgeText(fragmentOf(location.hash), pageWords.scanned[state.language])
  }
  addEventListener('hashchange', judgeFragment)
  judgeFragment()
}

/** What stands behind `#`; as it is where it is not encoded right, and then judged for what it is. */
function fragmentOf(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1))
  } catch {
    return hash.slice(1)
  }
}

/** So many files, or a file of so many bytes, are worth more than one worker. */
const manyFiles = 200
const manyBytes = 1_000_000
const mostWorkers = 4

/** In a worker there is no document; then this script judges and draws nothing. */
function startJudging(): void {
  let current = 0
  addEventListener('message', ({ data }: MessageEvent<JudgeRequest>) => {
    current = data.run
    void judgeFiles(
      data,
      (message) => postMessage(message),
      () => data.run === current,
    )
  })
}

if (typeof document === 'undefined') startJudging()
else startPage()
