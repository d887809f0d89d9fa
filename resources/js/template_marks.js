/* What the sheet may hold, as app/letters/templates/allowed.ts says; the server has the last word. */
const NAMES = new Set('P H2 BR STRONG EM U SPAN A UL OL LI TABLE THEAD TBODY TR TD TH'.split(' '))
const SAME = { B: 'STRONG', I: 'EM', DIV: 'P' }
const BLOCKS = 'p, h2, li, td, th'

/** Reads HTML without running or fetching anything, and copies only what is allowed. */
export function allowedNodes(html) {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  const kept = document.createDocumentFragment()
  copy(body, kept)
  return kept
}

function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim() || !to.matches?.('table, thead, tbody, tr, ul, ol')) to.append(node.data)
      continue
    }
    if (node.nodeType !== Node.ELEMENT_NODE || /^(SCRIPT|STYLE|TEMPLATE)$/.test(node.tagName)) continue
    const name = SAME[node.tagName] ?? node.tagName
    if (!NAMES.has(name)) {
      copy(node, to)
      continue
    }
    const element = document.createElement(name)
    if (node.className) element.className = node.className
    if (name === 'A' && /^(https:|mailto:|#)/.test(node.getAttribute('href') ?? '')) {
      element.setAttribute('href', node.getAttribute('href'))
    }
    if (node.colSpan > 1) element.colSpan = node.colSpan
    copy(node, element)
    to.append(element)
  }
}

/** The selection, when it is in that place. */
export function caretPlace(surface) {
  const selection = getSelection()
  if (!surface.isContentEditable || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  return surface.contains(range.commonAncestorContainer) ? range.cloneRange() : null
}

/** Gives the words selected one class of a family, or none; an alignment goes to their lines. */
export function wrapWords(surface, family, choice) {
  const range = caretPlace(surface)
  if (!range) return
  if (family === 'align') {
    for (const line of linesOf(surface, range)) setClass(line, family, choice)
    return
  }
  for (const text of wordsOf(surface, range)) {
    const parent = text.parentElement
    if (parent.tagName === 'SPAN' && parent.childNodes.length === 1) {
      setClass(parent, family, choice)
      continue
    }
    const span = document.createElement('span')
    text.replaceWith(span)
    span.append(text)
    setClass(span, family, choice)
  }
}

function setClass(element, family, choice) {
  const kept = [...element.classList].filter(
    (name) => !name.startsWith(`${family === 'align' ? 'align' : family}-`)
  )
  element.className = [...kept, choice].filter(Boolean).join(' ')
  if (!element.className) element.removeAttribute('class')
}

function linesOf(surface, range) {
  const touched = [...surface.querySelectorAll(BLOCKS)].filter((line) => range.intersectsNode(line))
  return touched.filter((line) => !line.querySelector(BLOCKS))
}

/** The pieces of text that the selection covers, cut at its ends. */
function wordsOf(surface, range) {
  const walker = document.createTreeWalker(surface, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) {
    if (range.intersectsNode(walker.currentNode)) found.push(walker.currentNode)
  }
  const { startContainer, startOffset, endContainer, endOffset } = range
  return found.flatMap((text) => {
    const end = text === endContainer ? endOffset : text.length
    const start = text === startContainer ? startOffset : 0
    if (end <= start || !text.data.slice(start, end).trim()) return []
    if (end < text.length) text.splitText(end)
    return [start > 0 ? text.splitText(start) : text]
  })
}
