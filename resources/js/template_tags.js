const MOST = 8

/**
 * While a `#` is being typed, the tags that may follow: arrows choose, Enter or
 * Tab takes, Escape leaves. `target` is a field or the sheet.
 */
export function completeTags(target, tags, changed) {
  const list = document.createElement('ul')
  list.className = 'completion'
  list.id = `${target.id || target.name}-completion`
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', '#')
  list.hidden = true
  target.after(list)
  target.setAttribute('aria-autocomplete', 'list')
  if (!target.isContentEditable) target.setAttribute('role', 'combobox')
  if (!target.isContentEditable) target.setAttribute('aria-expanded', 'false')
  let found = []
  let chosen = 0

  const close = () => {
    list.hidden = true
    found = []
    target.removeAttribute('aria-activedescendant')
    target.removeAttribute('aria-controls')
    if (!target.isContentEditable) target.setAttribute('aria-expanded', 'false')
  }
  const choose = (index) => {
    chosen = (index + found.length) % found.length
    for (const [at, item] of [...list.children].entries())
      item.setAttribute('aria-selected', String(at === chosen))
    target.setAttribute('aria-activedescendant', list.children[chosen].id)
    list.children[chosen].scrollIntoView({ block: 'nearest' })
  }
  const open = (word) => {
    const typed = word.slice(1).toLowerCase()
    found = [
      ...tags.filter(({ name }) => name.startsWith(typed)),
      ...tags.filter(({ name }) => !name.startsWith(typed) && name.includes(typed)),
    ].slice(0, MOST)
    if (found.length === 0 || (found.length === 1 && found[0].name === typed)) return close()
    list.replaceChildren(...found.map((tag, index) => line(tag, `${list.id}-${index}`)))
    list.hidden = false
    placeBelow(list, target)
    target.setAttribute('aria-controls', list.id)
    if (!target.isContentEditable) target.setAttribute('aria-expanded', 'true')
    choose(0)
  }
  const take = (index) => {
    insert(target, found[index].name)
    close()
    changed()
  }

  target.addEventListener('input', () => {
    const word = wordBefore(target)
    if (word) open(word)
    else close()
  })
  target.addEventListener('blur', close)
  target.addEventListener('keydown', (event) => {
    if (found.length === 0) return
    const acts = {
      ArrowDown: () => choose(chosen + 1),
      ArrowUp: () => choose(chosen - 1),
      Enter: () => take(chosen),
      Tab: () => take(chosen),
      Escape: close,
    }
    if (!acts[event.key]) return
    event.preventDefault()
    acts[event.key]()
  })
  list.addEventListener('mousedown', (event) => {
    event.preventDefault()
    const item = event.target.closest('[role="option"]')
    if (item) take([...list.children].indexOf(item))
  })
}

function line({ name, meaning }, id) {
  const item = document.createElement('li')
  item.id = id
  item.setAttribute('role', 'option')
  const code = document.createElement('code')
  code.textContent = `#${name}`
  const words = document.createElement('span')
  words.textContent = meaning
  item.append(code, words)
  return item
}

/** Under the line being typed, or over it when there is no room. */
function placeBelow(list, target) {
  if (!target.isContentEditable) return
  const caret = getSelection().getRangeAt(0).getClientRects()[0]
  if (!caret) return
  const box = list.offsetParent.getBoundingClientRect()
  const hasRoom = caret.bottom + list.offsetHeight < innerHeight
  list.style.insetBlockStart = `${(hasRoom ? caret.bottom : caret.top - list.offsetHeight) - box.top}px`
}

/** The `#word` that ends at the caret, when it is one. */
function wordBefore(target) {
  const text = target.isContentEditable ? textBefore() : target.value.slice(0, target.selectionStart)
  return /(?<!#)#[a-z0-9_]*$/i.exec(text)?.[0] ?? null
}

function textBefore() {
  const { anchorNode, anchorOffset, isCollapsed } = getSelection()
  return isCollapsed && anchorNode?.nodeType === Node.TEXT_NODE ? anchorNode.data.slice(0, anchorOffset) : ''
}

function insert(target, name) {
  const { length } = wordBefore(target)
  if (!target.isContentEditable) {
    target.setRangeText(`#${name}`, target.selectionStart - length, target.selectionStart, 'end')
    return
  }
  const { anchorNode, anchorOffset } = getSelection()
  getSelection().setBaseAndExtent(anchorNode, anchorOffset - length, anchorNode, anchorOffset)
  document.execCommand('insertText', false, `#${name}`)
}
