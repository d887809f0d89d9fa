/* The letter in the page, drawn from the very bytes that were deposited. Without this, or where it fails, the link opens the file. */
import { getDocument, GlobalWorkerOptions, TextLayer } from 'pdfjs-dist/legacy/build/pdf.min.mjs'
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = worker

/** Enough for a page to be enlarged with two fingers and stay sharp, and for a telephone's memory. */
const CANVAS_WIDTH = 1400
/** How far from the screen a page is drawn, and its picture given back. */
const NEARBY = '150% 0px'
/** A page was shown when the middle of the screen was on it that long. */
const SHOWN_MS = 1000

const reader = document.querySelector('[data-reader]')
if (reader) {
  read().catch((error) => {
    reader.hidden = true
    console.warn('the letter is not shown in the page', error)
  })
}

async function read() {
  const response = await fetch(reader.dataset.reader)
  if (!response.ok || response.redirected) throw new Error(`${response.status}`)
  const data = new Uint8Array(await response.arrayBuffer())
  const same = await isSame(data, reader.dataset.sha256)
  if (same === false) throw new Error('the letter is not the one that was deposited')
  const pdf = await getDocument({ data, enableXfa: false }).promise
  const pages = []
  for (let number = 1; number <= pdf.numPages; number++) pages.push(await frame(pdf, number))
  reader.replaceChildren(...pages.map(({ element }) => element))
  reader.hidden = false
  if (same) document.querySelector('[data-same]').hidden = false
  fitWords(pages)
  drawNearby(pages)
  tellShown(pages)
}

/** Null where the browser keeps its digests for secure pages. */
async function isSame(data, sha256) {
  if (!globalThis.crypto?.subtle) return null
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === sha256
}

/** A sheet of the page's proportions, with its words for who does not see the picture. */
async function frame(pdf, number) {
  const page = await pdf.getPage(number)
  const viewport = page.getViewport({ scale: 1 })
  const element = document.createElement('div')
  element.className = 'sheet'
  element.role = 'group'
  element.ariaLabel = reader.dataset.page.replace('{number}', number).replace('{pages}', pdf.numPages)
  element.style.aspectRatio = `${viewport.width} / ${viewport.height}`
  const words = document.createElement('div')
  words.className = 'sheet-words'
  element.append(emptyCanvas(), words)
  await new TextLayer({ textContentSource: page.streamTextContent(), container: words, viewport }).render()
  return { element, page, number, width: viewport.width }
}

/** The words lie over the picture, whatever its size. */
function fitWords(pages) {
  const widths = new Map(pages.map(({ element, width }) => [element, width]))
  const observer = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries)
      target.style.setProperty('--total-scale-factor', contentRect.width / widths.get(target))
  })
  for (const { element } of pages) observer.observe(element)
}

function drawNearby(pages) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const sheet = pages.find(({ element }) => element === target)
        sheet.drawing?.cancel()
        if (isIntersecting) draw(sheet)
        else show(sheet, emptyCanvas())
      }
    },
    { rootMargin: NEARBY }
  )
  for (const { element } of pages) observer.observe(element)
}

/** On a canvas of its own each time: who scrolls away and back asks again before the first drawing is over. */
function draw(sheet) {
  const canvas = emptyCanvas()
  const viewport = sheet.page.getViewport({ scale: CANVAS_WIDTH / sheet.width })
  canvas.width = viewport.width
  canvas.height = viewport.height
  sheet.drawing = sheet.page.render({ canvas, viewport })
  sheet.drawing.promise.then(
    () => show(sheet, canvas),
    (error) => {
      if (error.name !== 'RenderingCancelledException') console.warn('a page is not drawn', error)
    }
  )
}

const show = ({ element }, canvas) => element.querySelector('canvas').replaceWith(canvas)

function emptyCanvas() {
  const canvas = document.createElement('canvas')
  canvas.ariaHidden = 'true'
  canvas.width = 0
  return canvas
}

/** Which pages were on the screen: an indication, never called reading. */
function tellShown(pages) {
  const untold = new Set(pages.map(({ number }) => number))
  const waits = new Map()
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const { number } = pages.find(({ element }) => element === target)
        clearTimeout(waits.get(number))
        if (isIntersecting && untold.has(number))
          waits.set(
            number,
            setTimeout(() => tell(number), SHOWN_MS)
          )
      }
    },
    { rootMargin: '-49% 0px -49% 0px' }
  )
  const tell = (number) => {
    untold.delete(number)
    const body = new URLSearchParams({ page: number, _csrf: document.querySelector('[name=_csrf]').value })
    fetch('/ere/views', { method: 'POST', body, redirect: 'manual', keepalive: true }).catch(() =>
      untold.add(number)
    )
  }
  for (const { element } of pages) observer.observe(element)
}
