/**
 * The editor of templates. Without it the page is a plain field of the same
 * HTML: nothing here decides what is kept, the server reads it again.
 */
import { allowedNodes, caretPlace, wrapWords } from './template_marks.js'
import { completeTags } from './template_tags.js'

const TYPED_MS = 400
const PREVIEWED_MS = 1200

function start(form) {
  const field = form.elements.body
  const subject = form.elements.subject
  const hasMarks = form.querySelector('[data-marks="yes"]') !== null
  const surface = hasMarks ? dress(field) : field
  const changed = watch(form, () => hasMarks && (field.value = surface.innerHTML))
  surface.addEventListener('input', changed)
  subject?.addEventListener('input', changed)
  if (hasMarks) bindToolbar(form, surface, changed)
  bindPicker(form, surface, changed)
  for (const target of [surface, subject].filter(Boolean)) completeTags(target, knownTags(form), changed)
  bindMends(surface, subject, changed)
  bindPreview(form)
  document.execCommand('defaultParagraphSeparator', false, 'p')
}

/** Puts the words on a sheet in place of the field, which stays in the form. */
function dress(field) {
  const sheet = document.createElement('div')
  sheet.id = 'template-editor'
  sheet.className = 'sheet'
  sheet.contentEditable = 'true'
  sheet.lang = field.lang
  sheet.setAttribute('role', 'textbox')
  sheet.setAttribute('aria-multiline', 'true')
  const label = document.querySelector(`label[for="${field.id}"]`)
  label.id = `${field.id}-label`
  label.addEventListener('click', () => sheet.focus())
  sheet.setAttribute('aria-labelledby', label.id)
  const notes = field.getAttribute('aria-describedby')
  if (notes) sheet.setAttribute('aria-describedby', notes)
  sheet.append(allowedNodes(field.value))
  sheet.addEventListener('paste', (event) => {
    event.preventDefault()
    document.execCommand('insertText', false, event.clipboardData.getData('text/plain'))
  })
  sheet.addEventListener('drop', (event) => event.preventDefault())
  field.hidden = true
  field.required = false
  field.after(sheet)
  return sheet
}

/** After a change: the field follows at once, the linter when typing rests. */
function watch(form, copy) {
  const panel = document.querySelector('[data-lint-panel]')
  let timer = 0
  let asked = null
  const lint = async () => {
    asked?.abort()
    asked = new AbortController()
    const request = { method: 'POST', body: new URLSearchParams(new FormData(form)), signal: asked.signal }
    const response = await fetch(form.dataset.lint, request).catch(() => null)
    if (response?.ok) showMessages(panel, await response.text())
  }
  showMends(panel)
  return () => {
    copy()
    colourTags()
    clearTimeout(timer)
    timer = setTimeout(lint, TYPED_MS)
  }
}

function showMessages(panel, html) {
  panel.innerHTML = html
  showMends(panel)
}

const showMends = (panel) => {
  for (const button of panel.querySelectorAll('[data-mend]')) button.hidden = false
}

function bindMends(surface, subject, changed) {
  document.querySelector('[data-lint-panel]').addEventListener('click', (event) => {
    const button = event.target.closest('[data-mend]')
    if (!button) return
    const { mendAppend, mendReplace, mendBy, mendField } = button.dataset
    if (mendField === 'subject') {
      subject.value = subject.value.replace(mendReplace, () => mendBy)
    } else if (surface.isContentEditable) {
      if (mendAppend) surface.append(allowedNodes(mendAppend))
      else replaceWords(surface, mendReplace, mendBy)
    } else {
      const plain = mendAppend && allowedNodes(mendAppend).textContent
      surface.value = plain ? `${surface.value}\n${plain}` : surface.value.replace(mendReplace, () => mendBy)
    }
    changed()
    ;(mendField === 'subject' ? subject : surface).focus()
  })
}

function replaceWords(surface, from, to) {
  const walker = document.createTreeWalker(surface, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(from)
    if (at < 0) continue
    walker.currentNode.replaceData(at, from.length, to)
    return
  }
}

const knownTags = (form) =>
  [...form.querySelectorAll('[data-tag]')].map((button) => ({
    name: button.dataset.tag,
    kind: button.dataset.kind,
    meaning: button.querySelector('[data-meaning]').textContent,
  }))

function bindPicker(form, surface, changed) {
  let last = null
  document.addEventListener('selectionchange', () => {
    const place = caretPlace(surface)
    if (place) last = place
  })
  form.addEventListener('click', (event) => {
    const button = event.target.closest('[data-tag]')
    if (!button) return
    insertTag(surface, button.dataset, caretPlace(surface) ?? last)
    changed()
  })
}

/** A table stands alone in its paragraph; a word goes where the caret is. */
function insertTag(surface, { tag, kind }, place) {
  surface.focus()
  if (!surface.isContentEditable) {
    surface.setRangeText(`#${tag}`, surface.selectionStart, surface.selectionEnd, 'end')
    return
  }
  if (place?.startContainer.isConnected) select(place)
  if (kind !== 'block') {
    document.execCommand('insertText', false, `#${tag}`)
    return
  }
  const paragraph = document.createElement('p')
  paragraph.textContent = `#${tag}`
  const around = topBlock(surface, place?.startContainer)
  if (around) around.after(paragraph)
  else surface.append(paragraph)
  getSelection().collapse(paragraph, 1)
}

const select = ({ startContainer, startOffset, endContainer, endOffset }) =>
  getSelection().setBaseAndExtent(startContainer, startOffset, endContainer, endOffset)

function topBlock(surface, node) {
  let block = node
  while (block && block.parentNode !== surface) block = block.parentNode
  return block
}

const COMMANDS = {
  undo: 'undo',
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  list: 'insertUnorderedList',
  numbers: 'insertOrderedList',
}

function bindToolbar(form, surface, changed) {
  const toolbar = form.querySelector('[data-toolbar]')
  toolbar.hidden = false
  /* The words stay selected while a button is pressed. */
  toolbar.addEventListener('mousedown', (event) => {
    if (event.target.closest('button')) event.preventDefault()
  })
  let words = null
  document.addEventListener('selectionchange', () => {
    const place = caretPlace(surface)
    if (!place) return
    words = place
    for (const name of ['bold', 'italic', 'underline']) {
      toolbar
        .querySelector(`[data-command="${name}"]`)
        .setAttribute('aria-pressed', String(document.queryCommandState(name)))
    }
    const inTable = Boolean(cellAt(surface))
    for (const name of ['row', 'row_less', 'column', 'column_less']) {
      toolbar.querySelector(`[data-command="${name}"]`).disabled = !inTable
    }
  })
  for (const name of ['row', 'row_less', 'column', 'column_less']) {
    toolbar.querySelector(`[data-command="${name}"]`).disabled = true
  }
  /* What is selected now, or was before a list was opened. */
  const back = () => {
    words = caretPlace(surface) ?? words
    surface.focus()
    if (words?.startContainer.isConnected) select(words)
  }
  toolbar.addEventListener('click', (event) => {
    const command = event.target.closest('[data-command]')?.dataset.command
    if (!command) return
    back()
    if (COMMANDS[command]) document.execCommand(COMMANDS[command])
    else if (command === 'link') return askLink(surface, back, changed)
    else if (command === 'logo') insertTag(surface, { tag: 'logo', kind: 'block' }, words)
    else changeTable(surface, command)
    changed()
  })
  toolbar.addEventListener('change', (event) => {
    const { target } = event
    back()
    if (target.matches('[data-style]')) document.execCommand('formatBlock', false, target.value)
    else wrapWords(surface, target.dataset.family, target.value)
    if (target.dataset.family) target.value = ''
    changed()
  })
}

function askLink(surface, back, changed) {
  const dialog = document.getElementById('link-dialog')
  dialog.returnValue = ''
  dialog.showModal()
  dialog.addEventListener(
    'close',
    () => {
      back()
      const href = document.getElementById('link-address').value.trim()
      if (dialog.returnValue !== 'set' || !/^(https:\/\/\S+|mailto:\S+|#\w+)$/.test(href)) return
      if (getSelection().isCollapsed) document.execCommand('insertText', false, href)
      else document.execCommand('createLink', false, href)
      changed()
    },
    { once: true }
  )
}

const cellAt = (surface) => {
  const node = getSelection().anchorNode
  const cell = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.('td, th')
  return cell && surface.contains(cell) ? cell : null
}

/** A table of two columns with a head, then rows and columns more or less. */
function changeTable(surface, command) {
  if (command === 'table') return addTable(surface)
  const cell = cellAt(surface)
  if (!cell) return
  const row = cell.parentElement
  const table = cell.closest('table')
  const rows = [...table.rows]
  if (command === 'row') {
    const added = document.createElement('tr')
    for (let index = 0; index < row.cells.length; index++) added.append(emptyCell('td'))
    if (row.parentElement.tagName === 'THEAD') (table.tBodies[0] ?? table.createTBody()).prepend(added)
    else row.after(added)
  } else if (command === 'row_less') {
    if (rows.length === 1) table.remove()
    else row.remove()
  } else if (command === 'column') {
    for (const one of rows) {
      const near = one.cells[cell.cellIndex] ?? one.lastElementChild
      near.after(near.tagName === 'TH' ? headCell(one.cells.length + 1) : emptyCell('td'))
    }
  } else if (row.cells.length === 1) {
    table.remove()
  } else {
    const index = cell.cellIndex
    for (const one of rows) one.cells[index]?.remove()
  }
}

function addTable(surface) {
  const table = document.createElement('table')
  const head = table.createTHead().insertRow()
  head.append(headCell(1), headCell(2))
  const body = table.createTBody()
  for (let index = 0; index < 2; index++) body.insertRow().append(emptyCell('td'), emptyCell('td'))
  const around = topBlock(surface, getSelection().anchorNode)
  const after = document.createElement('p')
  after.append(document.createElement('br'))
  if (around) around.after(table, after)
  else surface.append(table, after)
  getSelection().selectAllChildren(head.cells[0])
}

/** A head says something from the start: an empty one is read as nothing. */
function headCell(number) {
  const cell = document.createElement('th')
  cell.textContent = `${document.querySelector('[data-column-name]').dataset.columnName} ${number}`
  return cell
}

function emptyCell(name) {
  const cell = document.createElement(name)
  cell.append(document.createElement('br'))
  return cell
}

/** Tags stand out as they are typed; those that do not exist, in another colour. */
function colourTags() {
  const surface = document.getElementById('template-editor')
  if (!surface || !('highlights' in CSS)) return
  const known = new Set([...document.querySelectorAll('[data-tag]')].map(({ dataset }) => dataset.tag))
  const ranges = { known: [], unknown: [] }
  const walker = document.createTreeWalker(surface, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    for (const match of walker.currentNode.data.matchAll(/##|#([a-z][a-z0-9_]*)/gi)) {
      if (!match[1]) continue
      const range = new Range()
      range.setStart(walker.currentNode, match.index)
      range.setEnd(walker.currentNode, match.index + match[0].length)
      ranges[known.has(match[1].toLowerCase()) ? 'known' : 'unknown'].push(range)
    }
  }
  CSS.highlights.set('tag-known', new Highlight(...ranges.known))
  CSS.highlights.set('tag-unknown', new Highlight(...ranges.unknown))
}

/** The draft is saved, then drawn beside: on demand, or a while after the last change. */
function bindPreview(form) {
  const frame = document.querySelector('[data-preview]')
  const choice = document.querySelector('[data-preview-form]')
  const link = document.querySelector('[data-preview-link]')
  let saved = new URLSearchParams(new FormData(form)).toString()
  let timer = 0
  const draw = async () => {
    clearTimeout(timer)
    const body = new URLSearchParams(new FormData(form))
    if (body.toString() !== saved) {
      const headers = { 'X-Requested-With': 'fetch' }
      const response = await fetch(form.dataset.autosave, { method: 'POST', body, headers }).catch(() => null)
      if (!response?.ok) return
      saved = body.toString()
    }
    const query = new URLSearchParams(
      choice.elements.claim.value ? { claim: choice.elements.claim.value } : {}
    )
    link.href = `${frame.dataset.preview}?${query}`
    query.set('at', Date.now())
    frame.src = `${frame.dataset.preview}?${query}#navpanes=0&view=FitH`
  }
  choice.addEventListener('submit', (event) => {
    event.preventDefault()
    draw()
  })
  choice.addEventListener('change', draw)
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(draw, PREVIEWED_MS)
  })
}

start(document.getElementById('draft'))
colourTags()
