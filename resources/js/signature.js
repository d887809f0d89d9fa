/* Drawing is offered only where it can work; typing one's name always does. */

const pad = document.querySelector('[data-pad]')
const choice = document.querySelector('[data-draw]')
if (pad && choice && window.PointerEvent) offer()

function offer() {
  const canvas = pad.querySelector('canvas')
  const image = pad.querySelector('input')
  const pen = canvas.getContext('2d')
  choice.hidden = false
  pad.hidden = false

  const scale = Math.min(devicePixelRatio || 1, 2)

  /** On white, so that the picture is one on any paper. */
  const clear = () => {
    canvas.width = canvas.clientWidth * scale
    canvas.height = canvas.clientHeight * scale
    pen.scale(scale, scale)
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight)
    Object.assign(pen, { lineWidth: 2.2, lineCap: 'round', lineJoin: 'round', strokeStyle: '#1f4d57' })
    image.value = ''
  }

  let drawing = false
  const point = (event) => [event.offsetX, event.offsetY]
  canvas.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    if (!image.value) clear()
    canvas.setPointerCapture(event.pointerId)
    drawing = true
    pen.beginPath()
    pen.moveTo(...point(event))
    pen.lineTo(...point(event))
    pen.stroke()
  })
  canvas.addEventListener('pointermove', (event) => {
    if (!drawing) return
    pen.lineTo(...point(event))
    pen.stroke()
  })
  for (const name of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(name, () => {
      if (drawing) image.value = canvas.toDataURL('image/png')
      drawing = false
    })
  }
  choice.querySelector('input').addEventListener('change', clear)
  pad.querySelector('button').addEventListener('click', clear)
}

const typed = document.querySelector('[data-typed]')
const name = document.querySelector('#field-name')
if (typed && name) name.addEventListener('input', () => (typed.textContent = name.value))
